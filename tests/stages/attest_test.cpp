#include <boost/test/unit_test.hpp>

#include "core/crypto/hash.h"
#include "core/lineage/keys.h"
#include "stages/files.h"
#include "stages/plans.h"
#include "stages/world.h"

// Maintainers attest under keys of their own, never under those of the pipeline (trust.md T3).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_attest)

using stages::Claim;
using stages::kAttest;
using stages::only;
using stages::Values;
using stages::World;

namespace {

struct Files : World {
  Files() {
    facts.policy.signers.push_back(
        {"tests", ".github/workflows/tests.yml", {"push"}, "", {"build", "install-test-v1.33.7"}});
    ports.file = [this](const std::string& path) { return files.at(path); };
  }

  std::map<std::string, std::string> files{{"dist/web.tar.gz", "bytes"}, {"dist/web.json", R"({"found": []})"}};

  Claim claim(const Values& given) {
    use_inputs(kAttest, given);
    return only<Claim>(planned(kAttest));
  }
  void refuses(const Values& given, const std::vector<std::string_view>& said) {
    use_inputs(kAttest, given);
    World::refuses(kAttest, Fault::kInput, said);
  }
};

const std::string kSomeDigest = "sha256:" + std::string(64, '1');

}  // namespace

BOOST_AUTO_TEST_CASE(checks_of_a_chart_are_a_test_result_under_their_own_key) {
  Files world;
  world.use_inputs(kAttest, {{"key", "install-test-v1.33.7"},
                             {"chart", "charts/web"},
                             {"subject-path", "dist/web.tar.gz\ndist/web.json"},
                             {"checks", "ct install, smoke"}});
  const auto plan = world.planned(kAttest);
  stages::check_golden(plan, "attest");
  const lineage::Stamp stamp = only<Claim>(plan).stamp;
  BOOST_TEST(stamp.key == "install-test-v1.33.7");
  BOOST_TEST(stamp.stage == "tests", "the policy's name of the signer, by which it is verified");
  BOOST_TEST(stamp.shipment.chart == "charts/web");
  BOOST_TEST(stamp.policy.text() == world.facts.policy.digest.text());
}

BOOST_AUTO_TEST_CASE(a_check_of_ones_own_says_what_its_run_was_about) {
  Files world;
  world.facts.occasion = {12, "integration", std::string(40, '2'), std::string(40, '3')};
  // The pull request has moved on since: what the job looked at was the event's head.
  world.pull("integration", "main");
  const lineage::Stamp stamp = world.claim({{"subject-path", "dist/web.tar.gz"}, {"checks", "helm install"}}).stamp;
  BOOST_TEST(stamp.pull_request == 12);
  BOOST_TEST(stamp.base_ref == "integration");
  BOOST_TEST(stamp.base == std::string(40, '2'));
  BOOST_TEST(stamp.head == std::string(40, '3'));
}

BOOST_AUTO_TEST_CASE(every_key_of_the_pipeline_is_refused) {
  for (const std::string& key : lineage::Journey::all_keys())
    Files().refuses({{"key", key}, {"subject-path", "dist/web.tar.gz"}, {"checks", "all"}},
                    {"the key `" + key + "` belongs to a stage of the pipeline"});
  Files().refuses({{"key", "lint-test-v9.9.9"}, {"subject-path", "dist/web.tar.gz"}}, {"belongs to a stage"});
}

BOOST_AUTO_TEST_CASE(a_file_is_named_by_its_name_and_digested) {
  const Claim claim = Files().claim({{"subject-path", "dist/web.tar.gz"}});
  BOOST_REQUIRE(claim.subjects.size() == 1U);
  BOOST_TEST(claim.subjects.front().name == "web.tar.gz");
  BOOST_TEST(claim.subjects.front().digest.text() == crypto::sha256("bytes").text());
}

BOOST_AUTO_TEST_CASE(without_checks_and_predicate_it_is_provenance) {
  const Claim claim = Files().claim({{"subject-digest", kSomeDigest}, {"subject-name", "tool"}});
  BOOST_TEST(std::holds_alternative<Claim::Produced>(claim.content));
  BOOST_TEST(claim.key == "build");
  BOOST_TEST(claim.subjects.front().digest.text() == kSomeDigest);
}

BOOST_AUTO_TEST_CASE(a_predicate_of_another_kind_is_taken_from_its_file) {
  const Claim claim = Files().claim({{"subject-path", "dist/web.tar.gz"},
                                     {"predicate-type", "https://scan.example/v1"},
                                     {"predicate-path", "dist/web.json"}});
  const auto& described = std::get<Claim::Described>(claim.content);
  BOOST_TEST(described.predicate_type == "https://scan.example/v1");
  BOOST_TEST(described.predicate == Json({{"found", Json::array()}}));
}

BOOST_AUTO_TEST_CASE(what_says_nothing_is_refused_with_what_to_write) {
  Files().refuses({}, {"`attest` has nothing to be about", "subject-path: "});
  Files().refuses({{"subject-digest", kSomeDigest}}, {"the subject " + kSomeDigest + " has no name", "subject-name: "});
  Files().refuses({{"subject-digest", "sha256:12"}, {"subject-name", "tool"}},
                  {"64 lower-case hexadecimal digits are wanted"});
  Files().refuses({{"subject-path", "dist/web.tar.gz"}, {"predicate-path", "dist/web.tar.gz"}}, {"dist/web.tar.gz"});
}

BOOST_AUTO_TEST_CASE(a_key_that_nobody_may_sign_is_refused) {
  Files().refuses({{"key", "unit-test"}, {"subject-path", "dist/web.tar.gz"}},
                  {"the policy names no signer of the key `unit-test`"});
}

BOOST_AUTO_TEST_CASE(a_chart_alone_is_the_subject_as_a_commit_holds_it) {
  Files world;
  const Oid before = world.main();
  world.change("main", stages::web_image("app:2"));
  for (const Oid& commit : {before, world.main()})
    BOOST_TEST(
        (world.claim({{"chart", "charts/web"}, {"commit", commit.hex()}}).subjects == world.web(commit).subjects()));
  BOOST_TEST((world.web(before).subjects() != world.web(world.main()).subjects()));
  world.refuses({{"chart", "charts/none"}, {"commit", "origin/main"}}, {"has no chart at `charts/none`"});
  world.refuses({{"chart", "charts/web"}, {"commit", "origin/nowhere"}},
                {"`origin/nowhere` is no commit, branch or tag here"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
