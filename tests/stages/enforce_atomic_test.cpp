#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/lineage/keys.h"
#include "stages/voyage.h"
#include "testing/refusal.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_enforce_atomic)

using stages::kEnforceAtomic;
using stages::Stop;
using stages::Voyage;
using stages::World;
namespace keys = lineage::keys;

namespace {

// The contribution's pull request into integrate/web.
struct Split : Voyage {
  Split() : Voyage(Stop::kSplit) {}

  // The branch of the pull request anew, with these files on main.
  void holds(const testing::Files& files, const std::string& message = "Split charts/web off integration") {
    world.branch(split, world.main());
    world.change(split, files, message);
    world.pull(split, "integrate/web");
  }

  void refuses(Fault fault, const std::vector<std::string_view>& said) { world.refuses(kEnforceAtomic, fault, said); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(one_chart_alone_is_attested_and_merged_at_exactly_this_head) {
  Split split;
  const auto plan = split.world.planned(kEnforceAtomic);
  const Oid head = split.world.tip(split.split);
  BOOST_TEST(plan.outputs().at("chart") == "charts/web");
  const auto claims = stages::steps<stages::Claim>(plan);
  BOOST_REQUIRE(claims.size() == 1U);
  BOOST_TEST(claims.front().key == keys::kAtomic);
  BOOST_TEST(claims.front().stamp.shipment.source->hex() == split.source.hex());
  BOOST_TEST(claims.front().stamp.shipment.split->hex() == head.hex());
  BOOST_TEST(claims.front().stamp.head == head.hex());
  const auto merged = stages::steps<stages::EnsureMerged>(plan);
  BOOST_REQUIRE(merged.size() == 1U);
  BOOST_TEST(merged.front().head.hex() == head.hex());
  BOOST_TEST(merged.front().method == "merge");
  const auto checks = stages::steps<stages::EnsureCheck>(plan);
  BOOST_TEST(checks.front().name == "waybill/enforce-atomic");
  // Nothing is merged before it is attested and checked.
  BOOST_TEST((std::holds_alternative<stages::EnsureMerged>(plan.steps().back())));
}

BOOST_AUTO_TEST_CASE(the_plan_as_json_is_what_people_were_shown_before) {
  Split split;
  stages::check_golden(split.world.planned(kEnforceAtomic), "enforce-atomic");
}

BOOST_AUTO_TEST_CASE(people_merge_where_the_policy_says_so) {
  Split split;
  split.world.facts.policy.merging.integrate = false;
  BOOST_TEST(stages::steps<stages::EnsureMerged>(split.world.planned(kEnforceAtomic)).empty());
}

BOOST_AUTO_TEST_CASE(two_charts_are_refused_and_named) {
  Split split;
  split.holds({{"charts/web/values.yaml", "image: x\n"}, {"charts/api/values.yaml", "image: y\n"}});
  split.refuses(Fault::kUntrusted, {"exactly one chart may change, but these differ: charts/api charts/web"});
}

BOOST_AUTO_TEST_CASE(a_file_beside_the_chart_is_refused_and_named) {
  for (const char* path : {"README.md", ".github/workflows/enforce-atomic.yml", ".waybill.yml", "charts/web2"}) {
    Split split;
    split.holds(stages::joined({split.contribution, {{path, "x\n"}}}));
    split.refuses(Fault::kUntrusted, {"these differ: charts/web ", path});
  }
}

BOOST_AUTO_TEST_CASE(nothing_that_differs_is_refused) {
  Split split;
  split.holds({});
  split.refuses(Fault::kUntrusted, {"but these differ: none"});
}

BOOST_AUTO_TEST_CASE(a_pull_request_by_a_person_is_refused) {
  Split split;
  split.world.facts.pull->author = "mallory";
  split.refuses(
      Fault::kUntrusted,
      {"pull request #31 is by `mallory` from `octo/charts`; only `waybill[bot]` may open it from `octo/charts`"});
}

BOOST_AUTO_TEST_CASE(a_pull_request_from_a_fork_is_refused) {
  Split split;
  split.world.facts.pull->head_repository = "mallory/charts";
  split.refuses(Fault::kUntrusted, {"is by `waybill[bot]` from `mallory/charts`"});
}

BOOST_AUTO_TEST_CASE(a_branch_of_another_pattern_or_chart_is_refused) {
  Split split;
  split.world.facts.pull->head_ref = "feature/web";
  split.refuses(Fault::kUntrusted, {"comes from branch `feature/web`; `split/web/<sha8>` is wanted"});
  split.world.facts.pull->head_ref = "split/api/01234567";
  split.refuses(Fault::kUntrusted, {"comes from branch `split/api/01234567`; `split/web/<sha8>` is wanted"});
}

BOOST_AUTO_TEST_CASE(another_base_is_refused) {
  for (const char* base : {"main", "release", "integrate/api"}) {
    Split split;
    split.world.branch("integrate/api", split.world.main());
    split.world.facts.pull->base_ref = base;
    split.refuses(Fault::kUntrusted, {"is into `", base, "`; `charts/web` goes into `integrate/web`"});
  }
}

BOOST_AUTO_TEST_CASE(a_head_that_is_a_merge_is_refused) {
  Split split;
  split.world.branch(split.split, split.world.main());
  split.world.fixture.merge("refs/remotes/origin/" + split.split, split.source, stages::chart_files("web"), "merge");
  split.world.pull(split.split, "integrate/web");
  split.refuses(Fault::kUntrusted, {"has 2 parents, one is wanted"});
}

BOOST_AUTO_TEST_CASE(a_base_that_moved_is_stale) {
  Split split;
  split.world.change("integrate/web", stages::web_image("app:9"));
  split.world.pull(split.split, "integrate/web");
  split.refuses(Fault::kStale, {"but `integrate/web` is at "});
}

BOOST_AUTO_TEST_CASE(content_that_was_changed_after_validation_is_refused) {
  Split split;
  split.holds(stages::web_image("evil:2"));
  split.refuses(Fault::kUntrusted, {"`filter` of charts/web: no statement about sha256:",
                                    "`lint-test-v1.33.7` of charts/web: no statement about sha256:"});
}

BOOST_AUTO_TEST_CASE(an_ignored_file_or_a_mode_changed_after_validation_is_refused) {
  for (const testing::Files& files :
       {testing::Files{{"charts/web/values.yaml", testing::executable("image: registry.example/app:2\n")}},
        stages::joined({stages::web_image("app:2"), {{"charts/web/.git-notes", "x"}}})}) {
    Split split;
    split.holds(files);
    split.refuses(Fault::kUntrusted, {"`validate` of charts/web: no statement about sha256:"});
  }
}

BOOST_AUTO_TEST_CASE(an_older_contribution_replayed_after_its_release_is_refused) {
  Split split;
  World& world = split.world;
  const Oid released =
      world.change("main", stages::joined({split.contribution, stages::release_files("web", "1.3.0")}));
  world.release(released, split.source);
  world.change("integration", stages::web_image("app:3"), "fix: app:2 is broken");
  const std::string said = "does not come after " + split.source.hex() + ", which is shipped already";
  split.refuses(Fault::kUntrusted, {said});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
