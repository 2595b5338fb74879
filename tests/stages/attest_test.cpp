#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "stages/world.h"
#include "testing/refusal.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_attest)

using stages::World;

namespace {

// The policy lets one workflow of the maintainers' sign `install-test-v1.33.7`.
struct Own {
  World world;

  Own() {
    world.facts.policy.signers.push_back(
        {"cluster", ".github/workflows/cluster.yml", {"push"}, "", {"install-test-v1.33.7"}});
    world.inputs = {{"key", "install-test-v1.33.7"},
                    {"subject-path", ""},
                    {"subject-digest", ""},
                    {"subject-name", ""},
                    {"chart", ""},
                    {"commit", "HEAD"},
                    {"checks", "helm install"},
                    {"predicate-type", ""},
                    {"predicate-path", ""}};
  }

  stages::Claim claim() {
    const auto claims = stages::steps<stages::Claim>(stages::kAttest.plan(world.job()));
    BOOST_REQUIRE(claims.size() == 1U);
    return claims.front();
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_check_of_ones_own_says_what_its_run_was_about) {
  Own own;
  World& world = own.world;
  world.inputs["subject-digest"] = "sha256:" + std::string(64, '7');
  world.inputs["subject-name"] = "cluster";
  world.inputs["chart"] = "charts/web";
  world.facts.occasion = {12, "integration", std::string(40, '2'), std::string(40, '3')};
  // The pull request has moved on since: what the job looked at was the event's head.
  world.pull("integration", "main");
  const lineage::Stamp stamp = own.claim().stamp;
  BOOST_TEST(stamp.stage == "cluster", "the policy's name of the signer, by which it is verified");
  BOOST_TEST(stamp.pull_request == 12);
  BOOST_TEST(stamp.base_ref == "integration");
  BOOST_TEST(stamp.base == std::string(40, '2'));
  BOOST_TEST(stamp.head == std::string(40, '3'));
  BOOST_TEST(stamp.shipment.chart == "charts/web");
}

BOOST_AUTO_TEST_CASE(a_chart_alone_is_the_subject_as_a_commit_holds_it) {
  Own own;
  const Oid before = own.world.main();
  own.world.change("main", {{"charts/web/values.yaml", "image: registry.example/app:2\n"}});
  own.world.inputs["chart"] = "charts/web";
  for (const Oid& commit : {before, own.world.main()}) {
    own.world.inputs["commit"] = commit.hex();
    BOOST_TEST((own.claim().subjects == own.world.web(commit).subjects()));
  }
  BOOST_TEST((own.world.web(before).subjects() != own.world.web(own.world.main()).subjects()));
}

BOOST_AUTO_TEST_CASE(a_statement_has_a_subject_a_place_and_a_signer) {
  Own own;
  const auto refused = [&own](std::string_view text) {
    testing::refuses(Fault::kInput, text, [&own] { static_cast<void>(stages::kAttest.plan(own.world.job())); });
  };
  refused("`attest` has nothing to be about");
  own.world.inputs["chart"] = "charts/none";
  own.world.inputs["commit"] = "origin/main";
  refused("has no chart at `charts/none`");
  own.world.inputs["commit"] = "origin/nowhere";
  refused("`origin/nowhere` is no commit, branch or tag here");
  own.world.inputs["key"] = "unit-test";
  refused("the policy names no signer of the key `unit-test`");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
