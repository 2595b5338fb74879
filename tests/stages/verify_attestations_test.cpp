#include "core/stages/verify_attestations.h"

#include <boost/test/unit_test.hpp>

#include "core/crypto/hash.h"
#include "core/sigstore/identity.h"
#include "stages/plans.h"
#include "stages/world.h"
#include "testing/virtual_run.h"

// Any file, by bundles and by what is required of who signed them (trust.md T8, T23, T28).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_verify_attestations)

using stages::kVerify;
using stages::Plan;
using stages::Values;
using stages::World;

namespace {

// dist/tool, attested by a run of octo/charts.
struct Attested : World {
  Attested() {
    identity.issuer = "https://token.virtual.example";
    add("mine.json", identity);
    files["dist/tool"] = "a tool";
    files["root.json"] = journey.sigstore.trusted_root_json();
    ports.file = [this](const std::string& path) { return files.at(path); };
    ports.artifact = [this](const std::string& path, const std::set<std::string>&) {
      return sigstore::Artifact::of_bytes(files.at(path));
    };
    ports.known_root = [](std::string_view) { return std::nullopt; };
  }

  sigstore::Identity identity = testing::virtual_run(".github/workflows/tag.yml", "push");
  std::map<std::string, std::string> files;
  Values given{{"subject-path", "dist/tool"},
               {"bundle", "mine.json"},
               {"server", "https://forge.example"},
               {"issuer", "https://token.virtual.example"},
               {"repo", "octo/charts"},
               {"trusted-root", "root.json"}};

  std::string signed_by(const sigstore::Identity& signer) {
    return journey.sigstore
               .sign({.subjects = {{"tool", crypto::sha256("a tool")}},
                      .predicate_type = "https://slsa.dev/provenance/v1",
                      .predicate = {{"made", journey.sigstore.requests.size()}}},
                     signer)
               .json() +
           "\n";
  }

  void add(const std::string& file, const sigstore::Identity& signer) { files[file] += signed_by(signer); }

  Plan verified() {
    use_inputs(kVerify, given);
    return planned(kVerify);
  }

  void refuses(Fault fault, const std::vector<std::string_view>& said) {
    use_inputs(kVerify, given);
    World::refuses(kVerify, fault, said);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_file_is_verified_by_who_signed_it) {
  Attested world;
  const Plan plan = world.verified();
  BOOST_TEST(plan.outputs().at("verdict") == "verified");
  stages::check_note(plan, "signed by " + world.identity.subject);
  stages::check_note(plan, "https://slsa.dev/provenance/v1");
  stages::check_note(plan, "dist/tool is verified: " + crypto::sha256("a tool").text());
  stages::check_note(plan, "1 of 1 bundles are as required, 1 wanted; trusted root root.json (sha256:");
  world.given["subject-path"] = crypto::sha256("a tool").text();
  BOOST_TEST(world.verified().outputs().at("verdict") == "verified");
  world.given["subject-path"] = crypto::sha256("another tool").text();
  world.refuses(Fault::kUntrusted, {"mine.json:1: artifact: sha256:", "is no subject of the statement"});
}

BOOST_AUTO_TEST_CASE(bundles_are_looked_for_where_the_caller_says) {
  Attested world;
  std::vector<std::string> asked;
  world.ports.bundles = [&](const std::string& place, const Digest& subject) {
    asked.push_back(place + " " + subject.text());
    return place == "git" ? std::vector<std::string>{world.files.at("mine.json"), "", "junk"}
                          : std::vector<std::string>();
  };
  world.given.erase("bundle");
  world.given["bundle-from"] = "git\noci://r.example/x";
  const Plan plan = world.verified();
  BOOST_TEST(plan.outputs().at("verdict") == "verified");
  stages::check_note(plan, "1 of 3 bundles are as required");
  const std::string digest = crypto::sha256("a tool").text();
  BOOST_TEST(asked == (std::vector<std::string>{"git " + digest, "oci://r.example/x " + digest}));
  world.given["bundle-from"] = "github";
  world.refuses(Fault::kUntrusted, {"0 of 0 bundles are as required"});
  world.given["bundle"] = "mine.json";
  BOOST_TEST(world.verified().outputs().at("verdict") == "verified");
}

BOOST_AUTO_TEST_CASE(each_requirement_has_an_input) {
  const std::size_t at = testing::virtual_run(".github/workflows/tag.yml", "push").subject.rfind('@');
  Attested world;
  const std::string subject = world.identity.subject;
  const std::pair<const char*, std::string> right[] = {
      {"owner", "octo"},
      {"identity", subject},
      {"signer-workflow", subject.substr(0, at).substr(std::string("https://forge.example/").size())},
      {"signer-ref", subject.substr(at + 1)},
      {"signer-digest", world.identity.signer_digest},
      {"source-ref", world.identity.source_ref},
      {"source-digest", world.identity.source_digest},
      {"event", "push"},
      {"runner-environment", "github-hosted"},
      {"predicate-type", "https://slsa.dev/provenance/v1"}};
  for (const auto& [input, value] : right) {
    BOOST_TEST_CONTEXT(input) {
      world.given[input] = value;
      BOOST_TEST(world.verified().outputs().at("verdict") == "verified");
      world.given[input] = value + "x";
      world.refuses(Fault::kUntrusted, {"x` is wanted"});
      world.given.erase(input);
    }
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_verified_when_nobody_is_named) {
  Attested world;
  world.given.erase("repo");
  world.given["event"] = "push";
  world.refuses(Fault::kUnbound, {"nothing says who should have signed it", world.identity.subject});
}

BOOST_AUTO_TEST_CASE(junk_is_counted_and_neither_fatal_nor_sufficient) {
  Attested world;
  sigstore::Identity other = world.identity;
  other.repository_uri = "https://forge.example/mallory/charts";
  std::string& file = world.files["mine.json"];
  const std::string mine = file;
  file.clear();
  for (int i = 0; i < 900; ++i)
    file += R"({"mediaType":"junk"})"
            "\n";
  for (int i = 0; i < 5; ++i) file += world.signed_by(other);
  world.refuses(Fault::kUntrusted, {"0 of 905 bundles are as required, 1 wanted",
                                    "mine.json:905: repository: `https://forge.example/mallory"});
  file += mine;
  stages::check_note(world.verified(), "1 of 906 bundles are as required, 1 wanted");
  for (int i = 0; i < 100; ++i) file += "{}\n";
  world.refuses(Fault::kInput, {"mine.json: more than 1000 bundles in all"});
}

BOOST_AUTO_TEST_CASE(a_minimum_counts_different_statements) {
  Attested world;
  world.given["minimum"] = "2";
  world.refuses(Fault::kUntrusted, {"1 of 1 bundles are as required, 2 wanted"});
  Json again = parse_json(world.files["mine.json"], "bundle");
  again["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=0.3";
  again["dsseEnvelope"]["signatures"][0]["keyid"] = "another";
  again["verificationMaterial"].erase("timestampVerificationData");
  world.files["again.json"] = again.dump() + "\n";
  world.given["bundle"] = "mine.json\nagain.json";
  world.refuses(Fault::kUntrusted, {"1 of 2 bundles are as required, 2 wanted"});
  world.add("again.json", world.identity);
  BOOST_TEST(world.verified().outputs().at("verdict") == "verified");
  for (const std::string none : {"0", "1001", "99999999999999999999999999"}) {
    world.given["minimum"] = none;
    world.refuses(Fault::kInput, {"`minimum` is `" + none + "`, a number from 1 to 1000 is wanted"});
  }
}

BOOST_AUTO_TEST_CASE(the_verdict_is_json_when_asked_for) {
  Attested world;
  world.given["format"] = "json";
  const Json json = parse_json(world.verified().notes().front(), "verdict");
  BOOST_TEST(json["verdict"] == "verified");
  BOOST_TEST(json["accepted"][0]["identity"]["sourceRepositoryURI"] == "https://forge.example/octo/charts");
  BOOST_TEST(json["rejected"] == 0);
}

BOOST_AUTO_TEST_CASE(without_a_root_the_instance_s_own_is_taken_and_the_verdict_says_which) {
  Attested world;
  world.given.erase("trusted-root");
  world.refuses(Fault::kInput, {"no trusted root is known for certificates by `virtual.example`"});
  world.ports.known_root = [&](std::string_view organisation) -> std::optional<stages::KnownRoot> {
    BOOST_TEST(organisation == "virtual.example");
    return stages::KnownRoot{world.files["root.json"], "virtual, 3 days old"};
  };
  stages::check_note(world.verified(), "trusted root virtual, 3 days old (sha256:");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
