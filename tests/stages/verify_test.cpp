#include <boost/test/unit_test.hpp>

#include "core/crypto/hash.h"
#include "core/lineage/keys.h"
#include "stages/plans.h"
#include "stages/world.h"

// An expectation is required, and exact bytes meet it (trust.md T8, T23).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_verify)

using stages::kVerify;
using stages::Plan;
using stages::Values;
using stages::World;
namespace keys = lineage::keys;

namespace {

constexpr const char* kPackage = "dist/web-1.2.3.tgz";
constexpr const char* kLineage = "dist/web-1.2.3.lineage.jsonl";
const Values kByPolicy{{"subject-path", kPackage}, {"policy", ".waybill.yml"}, {"trusted-root", "root.json"}};
const Values kByName{{"subject-path", kPackage},
                     {"repo", "octo/charts"},
                     {"repository-id", "2002"},
                     {"server", "https://forge.example"},
                     {"trusted-root", "root.json"}};

// charts/web 1.2.3, released by octo/charts with everything signed.
struct Released : World {
  Released() {
    for (const std::string& key : lineage::Journey::all_keys()) attest(key, main(), main());
    package = chart::package(web(main()).subtree, "charts/web");
    files = {{kPackage, package->bytes},
             {kLineage, lines()},
             {"root.json", journey.sigstore.trusted_root_json()},
             {".waybill.yml", lineage::kPolicyText}};
    ports.file = [this](const std::string& path) { return files.at(path); };
  }

  std::optional<chart::Package> package;
  std::map<std::string, std::string> files;

  std::string lines() const {
    std::string all;
    for (const std::string& key : lineage::Journey::all_keys()) all += journey.bundle(key).json() + "\n";
    return all;
  }

  Plan verified(const Values& given) {
    use_inputs(kVerify, given);
    return planned(kVerify);
  }
  void refuses(const Values& given, Fault fault, const std::vector<std::string_view>& said) {
    use_inputs(kVerify, given);
    World::refuses(kVerify, fault, said);
  }
};

Values with(Values values, const std::string& name, const std::string& value) {
  values.insert_or_assign(name, value);
  return values;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_instance_that_the_policy_names_is_the_one_that_counts) {
  Released world;
  std::string asked;
  world.ports.known_root = [&](std::string_view organisation) -> std::optional<stages::KnownRoot> {
    asked = organisation;
    return stages::KnownRoot{world.files.at("root.json"), "known"};
  };
  Values given = kByPolicy;
  given.erase("trusted-root");
  world.use_inputs(kVerify, given);
  world.planned(kVerify);
  BOOST_TEST(asked != "GitHub, Inc.");
  world.files[".waybill.yml"] += "sigstore: {instance: github}\n";
  world.refuses(given, Fault::kUntrusted, {"it was made under policy"});
  BOOST_TEST(asked == "GitHub, Inc.");
}

BOOST_AUTO_TEST_CASE(a_package_is_verified_with_its_whole_journey_against_the_policy) {
  Released released;
  const Plan plan = released.verified(kByPolicy);
  BOOST_TEST(plan.steps().empty());
  BOOST_TEST(plan.outputs().at("verdict") == "verified");
  BOOST_TEST(plan.outputs().at("version") == "1.2.3");
  for (const std::string& key : lineage::Journey::all_keys()) stages::check_note(plan, key);
  stages::check_note(plan, "web 1.2.3 is verified: " + released.package->digest.text());
  stages::check_note(plan, "https://forge.example/octo/charts (repository id 2002), trusted root root.json (sha256:");
}

BOOST_AUTO_TEST_CASE(a_name_alone_expects_the_standard_workflows_of_github_s_issuer) {
  Released released;
  released.refuses(kByName, Fault::kUntrusted, {"issuer (.8) is `https://token.virtual.example`"});
  for (const std::string& key : lineage::Journey::all_keys())
    released.journey.store.lose(released.journey.link(key).statement);
  released.journey.policy.anchor.issuer = lineage::Anchor().issuer;
  for (const std::string& key : lineage::Journey::all_keys()) released.attest(key, released.main(), released.main());
  released.files[kLineage] = released.lines();
  BOOST_TEST(released.verified(kByName).outputs().at("verdict") == "verified");
  released.refuses(with(kByName, "repo", "octo/other"), Fault::kUntrusted, {"`https://forge.example/octo/other"});
  released.refuses(with(kByName, "repository-id", "2003"), Fault::kUntrusted, {"`2002`, `2003` is wanted"});
  released.refuses(with(kByName, "server", "https://github.com"), Fault::kUntrusted,
                   {"`https://github.com/octo/charts"});
  released.refuses(with(kByName, "branch", "trunk"), Fault::kUntrusted, {"@refs/heads/trunk"});
}

BOOST_AUTO_TEST_CASE(a_name_with_its_issuer_is_expected_of_a_forge_of_ones_own) {
  Released released;
  BOOST_TEST(released.verified(with(kByName, "issuer", "https://token.virtual.example")).outputs().at("verdict") ==
             "verified");
  released.refuses(with(kByName, "issuer", "https://token.elsewhere.example"), Fault::kUntrusted,
                   {"issuer (.8) is `https://token.virtual.example`"});
}

BOOST_AUTO_TEST_CASE(without_an_expectation_it_says_who_signed_and_that_nothing_is_verified) {
  Released released;
  released.refuses(with(kByPolicy, "policy", ""), Fault::kUnbound,
                   {"web-1.2.3.tgz is signed, but nothing says who should have signed it",
                    ".github/workflows/publish-charts.yml@refs/heads/main", "--repo OWNER/NAME"});
  released.files[kLineage] = "";
  released.refuses(with(kByPolicy, "policy", ""), Fault::kUnbound, {"signed by: nobody"});
}

BOOST_AUTO_TEST_CASE(a_renamed_file_is_refused) {
  Released released;
  released.files["dist/web-9.9.9.tgz"] = released.package->bytes;
  released.refuses(with(kByPolicy, "subject-path", "dist/web-9.9.9.tgz"), Fault::kUntrusted,
                   {"`web-9.9.9.tgz` holds web 1.2.3: `web-1.2.3.tgz` is wanted"});
}

BOOST_AUTO_TEST_CASE(other_bytes_of_the_same_content_are_refused) {
  Released released;
  std::string& bytes = released.files[kPackage];
  bytes[9] = 3;  // RFC 1952 section 2.3.1: the operating system that compressed it
  released.refuses(kByPolicy, Fault::kUntrusted, {"no statement about " + crypto::sha256(bytes).text()});
}

BOOST_AUTO_TEST_CASE(a_lineage_with_a_hole_is_refused) {
  Released released;
  const std::string whole = released.files[kLineage];
  for (std::size_t begin = 0; begin < whole.size();) {
    const std::size_t end = whole.find('\n', begin) + 1;
    released.files[kLineage] = whole.substr(0, begin) + whole.substr(end);
    const bool last = end == whole.size();
    released.refuses(kByPolicy, Fault::kUntrusted, {last ? "no statement about" : "is nowhere to be found"});
    begin = end;
  }
}

BOOST_AUTO_TEST_CASE(the_lineage_of_another_version_is_refused) {
  Released released;
  lineage::Draft other = released.journey.draft(keys::kReleaseOverall);
  other.subjects = {{"web-1.2.3.tgz", released.package->digest}};
  other.stamp.shipment.source = released.main();
  other.stamp.version = "1.2.4";
  other.resource = "https://forge.example/octo/charts/releases/tag/web-v1.2.4";
  released.journey.sign(other);
  released.files[kLineage] = released.lines();
  released.refuses(kByPolicy, Fault::kUntrusted,
                   {"it is about `https://forge.example/octo/charts/releases/tag/web-v1.2.4`",
                    "`https://forge.example/octo/charts/releases/tag/web-v1.2.3` is wanted"});
}

BOOST_AUTO_TEST_CASE(another_trusted_root_than_was_signed_under_or_than_the_policy_pins_is_refused) {
  Released released;
  released.files["root.json"] = testing::VirtualSigstore().trusted_root_json();
  released.refuses(kByPolicy, Fault::kUntrusted, {"`release-overall`: no statement about"});

  Released pinned;
  const std::string digest(64, '1');
  pinned.files[".waybill.yml"] = std::string(lineage::kPolicyText) +
                                 "sigstore:\n  trusted-root: {file: root.json, sha256: " + digest +
                                 "}\n  signing-config: {file: config.json, sha256: " + digest + "}\n";
  pinned.refuses(kByPolicy, Fault::kUntrusted,
                 {"the trusted root is " + crypto::sha256(pinned.files["root.json"]).text(),
                  ", the policy pins sha256:" + digest});
}

BOOST_AUTO_TEST_CASE(a_policy_that_is_no_longer_in_force_is_named) {
  Released released;
  released.files[".waybill.yml"] = std::string(lineage::kPolicyText) + "# another one\n";
  released.refuses(kByPolicy, Fault::kUntrusted, {"it was made under policy ", " is in force"});
}

BOOST_AUTO_TEST_CASE(a_withdrawal_is_asked_for_where_one_says_under_every_name_of_the_release) {
  Released released;
  std::vector<std::string> asked;
  std::vector<std::string> answer;
  released.ports.bundles = [&](const std::string& place, const Digest& subject) {
    asked.push_back(place + " " + subject.text());
    return answer;
  };
  stages::check_note(released.verified(kByPolicy), "whether it was withdrawn was not asked: --withdrawals-from github");
  BOOST_TEST(asked.empty());
  const Values given = with(kByPolicy, "withdrawals-from", "github\noci://r.example/web");
  stages::check_note(released.verified(given), "not withdrawn, by what github, oci://r.example/web has");
  const std::string package = released.package->digest.text();
  BOOST_TEST(asked == (std::vector<std::string>{"github " + package, "oci://r.example/web " + package}),
             boost::test_tools::per_element());

  lineage::Draft failed = released.journey.draft(keys::kReleaseOverall);
  failed.subjects = {{"web-1.2.3.tgz", released.package->digest}};
  failed.passed = false;
  failed.links.clear();
  failed.reason = "renders a password";
  answer = {"junk", released.journey.signature(failed).json()};
  released.refuses(given, Fault::kUntrusted, {"`release-overall`: withdrawn on ", ": renders a password"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
