#include "core/stages/merge_group.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/lineage/keys.h"
#include "stages/files.h"
#include "stages/plans.h"
#include "stages/world.h"

// What a merge queue tries together is judged by what it holds, never by who says so.
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_merge_group)

using stages::kMergeQueue;
using stages::kValidateAndBump;
using stages::kValidateContribution;
using stages::only;
using stages::World;
namespace keys = lineage::keys;

namespace {

// Two pull requests in the queue of a branch, tried together.
struct Queue {
  World world;
  std::string branch;

  explicit Queue(const std::string& base) : branch("gh-readonly-queue/" + base + "/pr-8-0123") {
    world.branch(branch, world.tip(base));
    world.facts.event = "workflow_dispatch";
    world.use_helm();
  }
  void add(const testing::Files& files, const std::vector<std::string>& removed = {}) {
    world.change(branch, files, "feat: tried", removed);
  }
  void look(const std::string& base) { world.facts.group = {{branch, base, world.tip(base), world.tip(branch)}}; }
  Oid head() const { return world.tip(branch); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(what_nobody_attested_as_it_is_in_the_group_is_validated_and_its_commit_answered) {
  Queue queue("integration");
  World& world = queue.world;
  queue.add(stages::web_image("app:2"));
  queue.look("integration");
  const auto plan = world.planned(kValidateContribution);
  const auto claims = stages::steps<stages::Claim>(plan);
  BOOST_REQUIRE(claims.size() == 3U);
  BOOST_TEST((claims.back().subjects == world.web(queue.head()).subjects()));
  const auto check = only<stages::EnsureCheck>(plan);
  BOOST_TEST(check.name == "waybill/validate-contribution");
  BOOST_TEST((std::get<Oid>(check.head) == queue.head()));
  BOOST_TEST(check.base_ref == "integration");
  BOOST_TEST(check.pull_request == 0);
  BOOST_TEST(stages::steps<stages::EnsureWaybill>(plan).empty());
}

BOOST_AUTO_TEST_CASE(what_was_validated_alone_is_not_validated_again) {
  Queue queue("integration");
  World& world = queue.world;
  queue.add(stages::web_image("app:2"));
  world.attest_stage("validate-contribution", queue.head(), queue.head());
  queue.look("integration");
  const auto plan = world.planned(kValidateContribution);
  BOOST_TEST(stages::steps<stages::Claim>(plan).empty());
  BOOST_TEST(only<stages::EnsureCheck>(plan).name == "waybill/validate-contribution");
}

BOOST_AUTO_TEST_CASE(a_group_may_bring_no_more_than_a_contribution) {
  Queue queue("integration");
  World& world = queue.world;
  queue.add({{"README.md", "# smuggled\n"}});
  queue.look("integration");
  world.refuses(kValidateContribution, Fault::kInput, {"1 paths that belong to no chart, first `README.md`"});
  queue.add({}, {"README.md", "charts/api/Chart.yaml", "charts/api/values.yaml"});
  queue.look("integration");
  world.refuses(kValidateContribution, Fault::kInput, {"belong to no chart"});
  world.facts.group->base_ref = "main";
  world.refuses(kValidateContribution, Fault::kInput, {"is into `main`, contributions go into `integration`"});
}

BOOST_AUTO_TEST_CASE(what_comes_back_from_the_default_branch_is_let_through) {
  Queue queue("integration");
  World& world = queue.world;
  world.change("main", {{"README.md", "# ours\n"}}, "docs: readme");
  world.facts.anchor = world.main();
  queue.add({{"README.md", "# ours\n"}});
  queue.look("integration");
  BOOST_TEST(only<stages::EnsureCheck>(world.planned(kValidateContribution)).base_ref == "integration");
}

BOOST_AUTO_TEST_CASE(only_verified_releases_come_to_the_default_branch) {
  Queue queue("main");
  World& world = queue.world;
  queue.add(stages::web_image("app:2"));
  queue.look("main");
  world.refuses(kValidateAndBump, Fault::kUntrusted, {"charts/web has no `workflow-5-overall` that verifies"});
  for (const char* stage :
       {"validate-contribution", "filter-charts", "enforce-atomic", "format-chart-pr", "validate-and-bump"})
    world.attest_stage(stage, queue.head(), world.tip("integration"));
  const auto plan = world.planned(kValidateAndBump);
  BOOST_TEST(plan.steps().size() == 1U);
  BOOST_TEST((std::get<Oid>(only<stages::EnsureCheck>(plan).head) == queue.head()));
  world.attest_stage("tag-charts", queue.head(), world.tip("integration"));
  world.refuses(kValidateAndBump, Fault::kUntrusted, {"charts/web goes back to 1.2.3, which is released"});
  world.facts.group->base_ref = "integration";
  world.refuses(kValidateAndBump, Fault::kUntrusted, {"is into `integration`; releases go into `main`"});
}

BOOST_AUTO_TEST_CASE(the_stages_of_the_branch_are_started_and_told_its_name) {
  World world;
  world.facts.event = "merge_group";
  world.facts.occasion.base_ref = "gh-readonly-queue/integration/pr-8-0123";
  const auto dispatch = only<stages::EnsureDispatch>(world.planned(kMergeQueue));
  BOOST_TEST(dispatch.workflow == "validate-contribution");
  BOOST_TEST(dispatch.ref == "main");
  BOOST_TEST(dispatch.merge_group == "gh-readonly-queue/integration/pr-8-0123");
  world.facts.occasion.base_ref = "gh-readonly-queue/main/pr-8-0123";
  BOOST_TEST(only<stages::EnsureDispatch>(world.planned(kMergeQueue)).workflow == "validate-and-bump");
  world.facts.occasion.base_ref = "gh-readonly-queue/release/pr-8-0123";
  world.refuses(kMergeQueue, Fault::kInput, {"is no merge queue's branch for `integration` or `main`"});
  world.facts.event = "push";
  world.refuses(kMergeQueue, Fault::kInput, {"started by `push`"});
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
