#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/lineage/keys.h"
#include "core/stages/under_way.h"
#include "stages/shipment.h"
#include "testing/refusal.h"

// A statement under a policy that is no longer current is void (trust.md T22). What is on its way then is attested anew
// by the stages, as data, each sending the next.
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_policy_change)

using stages::ShipmentUnderWay;
namespace keys = lineage::keys;
using Texts = std::vector<std::string>;

namespace {

constexpr const char* kAnew = "charts/web was attested under an earlier policy, its statements are made anew";

void check_stage(const stages::Plan& plan, const Texts& attested, const Texts& dispatched) {
  BOOST_TEST(ShipmentUnderWay::attested(plan) == attested, boost::test_tools::per_element());
  BOOST_TEST(ShipmentUnderWay::dispatched(plan) == dispatched, boost::test_tools::per_element());
}

// Nothing but statements, dispatches and entries of a waybill: no branch, commit, pull request, merge or tag.
void check_no_effect(const stages::Plan& plan) {
  for (const auto& step : plan.steps())
    BOOST_TEST((std::holds_alternative<stages::Claim>(step) || std::holds_alternative<stages::EnsureDispatch>(step) ||
                std::holds_alternative<stages::EnsureWaybill>(step)),
               stages::title(step));
}

const Texts kStageOne{"lint-test-v1.32.11", "lint-test-v1.33.7", "validate"};

}  // namespace

BOOST_AUTO_TEST_CASE(what_is_under_way_is_found_in_git_alone) {
  ShipmentUnderWay shipment;
  auto found = stages::under_way(shipment.world.job());
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(found.front().path == "charts/web");
  BOOST_TEST(found.front().shipment.source->hex() == shipment.source.hex());
  BOOST_TEST(!found.front().shipment.last_shipped);
  shipment.split_off();  // the chart's own branch holds what main has: nobody contributed that
  BOOST_TEST(stages::under_way(shipment.world.job()).size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_older_and_still_stands_goes_first) {
  ShipmentUnderWay shipment;
  shipment.composed();
  const Oid later = shipment.another_contribution();
  const auto found = stages::under_way(shipment.world.job());
  BOOST_REQUIRE(found.size() == 2U);  // the older one stands before main, and goes first
  BOOST_TEST(found[0].shipment.source->hex() == shipment.source.hex());
  BOOST_TEST(found[1].shipment.source->hex() == later.hex());
  BOOST_TEST(shipment.world.forge.asked().empty());
}

BOOST_AUTO_TEST_CASE(what_was_shipped_is_no_longer_under_way) {
  ShipmentUnderWay shipment;
  shipment.tagged();
  BOOST_TEST(stages::under_way(shipment.world.job()).empty());
  const Oid later = shipment.another_contribution();
  const auto found = stages::under_way(shipment.world.job());
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(found.front().shipment.source->hex() == later.hex());
  BOOST_TEST(found.front().shipment.last_shipped->hex() == shipment.source.hex());
}

BOOST_AUTO_TEST_CASE(a_chart_that_came_back_to_integration_is_under_way_until_it_has_its_tag) {
  ShipmentUnderWay shipment;
  shipment.merged_to_main();
  shipment.world.branch("integration",
                        shipment.world.fixture.merge(
                            "refs/remotes/origin/integration", shipment.world.main(),
                            [&] {
                              testing::Files files = stages::chart_files("api");
                              for (const auto& [name, file] : shipment.world.web(shipment.world.main()).subtree)
                                files.emplace("charts/web/" + name, file.content);
                              return files;
                            }(),
                            "Bring main back"));
  const auto found = stages::under_way(shipment.world.job());
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(found.front().shipment.source->hex() == shipment.source.hex());
}

BOOST_AUTO_TEST_CASE(stage_1_validates_anew_and_sends_stage_2) {
  ShipmentUnderWay shipment;
  shipment.split_off();
  shipment.world.attest(keys::kAtomic, shipment.source, shipment.source);
  BOOST_TEST(stages::titles(shipment.planned(stages::kValidateContribution)).empty());
  shipment.policy_changes();
  const auto plan = shipment.planned(stages::kValidateContribution);
  check_stage(plan, kStageOne, {"filter-charts"});
  for (const auto& claim : stages::steps<stages::Claim>(plan)) BOOST_TEST(!claim.stamp.shipment.source);
  // Killed before the dispatch: the next run sends stage 2 all the same.
  shipment.carry_out(plan);
  check_stage(shipment.planned(stages::kValidateContribution), {}, {"filter-charts"});
}

BOOST_AUTO_TEST_CASE(stage_2_after_a_merge_asks_for_validation_instead_of_refusing) {
  ShipmentUnderWay shipment;
  shipment.validated();
  shipment.policy_changes();
  shipment.world.facts.event = "pull_request_target";
  auto& pull = shipment.world.pull("integration", "integration");
  pull.head = shipment.source;
  pull.merge_commit = shipment.source;
  pull.merged = true;
  pull.state = "closed";
  const auto plan = shipment.planned(stages::kFilterCharts);
  check_stage(plan, {}, {"validate-contribution"});
  BOOST_TEST(plan.notes().front() == "charts/web was validated under an earlier policy and is validated anew");
}

BOOST_AUTO_TEST_CASE(what_was_never_validated_is_still_refused_aloud) {
  ShipmentUnderWay shipment;
  shipment.policy_changes();
  shipment.world.facts.event = "pull_request_target";
  auto& pull = shipment.world.pull("integration", "integration");
  pull.merge_commit = shipment.source;
  pull.merged = true;
  testing::refuses(Fault::kUntrusted, "`validate` of charts/web: no statement about",
                   [&] { static_cast<void>(shipment.planned(stages::kFilterCharts)); });
}

BOOST_AUTO_TEST_CASE(stage_2_says_again_where_split_off_content_came_from) {
  ShipmentUnderWay open;
  open.split_off();
  open.policy_changes();
  open.validated();
  auto plan = open.planned(stages::kFilterCharts);
  check_stage(plan, {"filter"}, {"enforce-atomic"});
  BOOST_TEST(stages::steps<stages::EnsurePullRequest>(plan).size() == 1U);  // its waybill gets the new entries
  open.carry_out(plan);
  check_stage(open.planned(stages::kFilterCharts), {}, {"enforce-atomic"});
  open.world.attest(keys::kAtomic, open.source, open.source);
  check_stage(open.planned(stages::kFilterCharts), {}, {});

  ShipmentUnderWay merged;
  merged.stands_alone();
  merged.policy_changes();
  merged.validated();
  plan = merged.planned(stages::kFilterCharts);
  check_stage(plan, {"filter"}, {"enforce-atomic"});
  check_no_effect(plan);
  BOOST_TEST(stages::steps<stages::Claim>(plan).front().stamp.shipment.source->hex() == merged.source.hex());
  // Killed before the dispatch.
  merged.carry_out(plan);
  check_stage(merged.planned(stages::kFilterCharts), {}, {"enforce-atomic"});
}

BOOST_AUTO_TEST_CASE(stage_3_proves_a_split_anew_whether_it_is_open_or_merged) {
  ShipmentUnderWay open;
  open.split_off();
  open.policy_changes();
  auto plan = open.planned(stages::kEnforceAtomic);
  check_stage(plan, {}, {"validate-contribution"});
  BOOST_TEST(plan.notes().front() == kAnew);
  open.validated();
  open.world.attest(keys::kFilter, open.source, open.source);
  plan = open.planned(stages::kEnforceAtomic);
  check_stage(plan, {"atomic"}, {});
  BOOST_TEST(stages::steps<stages::EnsureMerged>(plan).front().pull_request == 31);
  BOOST_TEST(stages::steps<stages::EnsureCheck>(plan).front().pull_request == 31);

  ShipmentUnderWay merged;
  merged.stands_alone();
  merged.policy_changes();
  merged.validated();
  merged.world.attest(keys::kFilter, merged.source, merged.source);
  plan = merged.planned(stages::kEnforceAtomic);
  check_stage(plan, {"atomic"}, {"format-chart-pr"});
  check_no_effect(plan);
  const auto claim = stages::steps<stages::Claim>(plan).front();
  BOOST_TEST(claim.stamp.shipment.split->hex() == merged.world.tip(merged.split).hex());
  BOOST_TEST(claim.stamp.pull_request == 31);
  merged.carry_out(plan);
  check_stage(merged.planned(stages::kEnforceAtomic), {}, {"format-chart-pr"});
}

BOOST_AUTO_TEST_CASE(stage_3_does_not_prove_a_branch_that_touches_more) {
  ShipmentUnderWay shipment;
  shipment.stands_alone();
  shipment.policy_changes();
  shipment.validated();
  shipment.world.attest(keys::kFilter, shipment.source, shipment.source);
  shipment.world.branch(shipment.split, shipment.world.main());
  shipment.world.change(shipment.split,
                        {{"charts/web/values.yaml", "image: registry.example/app:2\n"}, {"README.md", "x"}});
  testing::refuses(Fault::kUntrusted, "these differ: charts/web README.md",
                   [&] { static_cast<void>(shipment.planned(stages::kEnforceAtomic)); });
}

BOOST_AUTO_TEST_CASE(stage_4_formats_anew_what_stands_before_main) {
  ShipmentUnderWay shipment;
  shipment.bumped();
  BOOST_TEST(stages::titles(shipment.planned(stages::kFormatChartPr)).empty());
  shipment.policy_changes();
  check_stage(shipment.planned(stages::kFormatChartPr), {}, {"validate-contribution"});
  shipment.validated();
  for (const std::string_view key : {keys::kFilter, keys::kAtomic})
    shipment.world.attest(key, shipment.source, shipment.source);
  const auto plan = shipment.planned(stages::kFormatChartPr);
  check_stage(plan, {"format"}, {"validate-and-bump"});
  BOOST_TEST(stages::steps<stages::EnsureCommit>(plan).empty());
  BOOST_TEST(stages::steps<stages::EnsurePullRequest>(plan).size() == 1U);
  shipment.carry_out(plan);
  check_stage(shipment.planned(stages::kFormatChartPr), {}, {"validate-and-bump"});
}

BOOST_AUTO_TEST_CASE(stage_5_verifies_anew_what_waits_before_main) {
  ShipmentUnderWay shipment;
  shipment.bumped();
  BOOST_TEST(stages::titles(shipment.planned(stages::kValidateAndBump)).empty());
  shipment.policy_changes();
  check_stage(shipment.planned(stages::kValidateAndBump), {}, {"validate-contribution"});
  shipment.validated();
  for (const std::string_view key : {keys::kFilter, keys::kAtomic, keys::kFormat})
    shipment.world.attest(key, shipment.source, shipment.source);
  const auto plan = shipment.planned(stages::kValidateAndBump);
  check_stage(plan, {"workflow-5-verify", "workflow-5-semver", "workflow-5-overall"}, {});
  BOOST_TEST(stages::steps<stages::EnsureCommit>(plan).empty());  // the version stands there already
  BOOST_TEST(stages::steps<stages::EnsureCheck>(plan).front().pull_request == 32);
  for (const auto& claim : stages::steps<stages::Claim>(plan)) {
    BOOST_TEST((claim.subjects == shipment.world.web(shipment.final_commit).subjects()));
    BOOST_TEST(claim.stamp.pull_request == 32);
  }
}

BOOST_AUTO_TEST_CASE(what_reached_main_without_a_tag_is_verified_anew_as_it_was_merged) {
  ShipmentUnderWay shipment;
  shipment.merged_to_main();
  shipment.policy_changes();
  auto plan = shipment.planned(stages::kTagCharts);
  BOOST_TEST(ShipmentUnderWay::attested(plan).empty());
  BOOST_TEST((std::ranges::find(plan.notes(), kAnew) != plan.notes().end()));
  BOOST_TEST(stages::steps<stages::EnsureTag>(plan).empty());
  BOOST_TEST((ShipmentUnderWay::dispatched(plan) == Texts{"validate-contribution"}));

  plan = shipment.planned(stages::kValidateContribution);
  check_stage(plan, kStageOne, {"filter-charts"});
  shipment.carry_out(plan);
  plan = shipment.planned(stages::kFilterCharts);
  check_stage(plan, {"filter"}, {"enforce-atomic"});
  shipment.carry_out(plan);
  plan = shipment.planned(stages::kEnforceAtomic);
  check_stage(plan, {"atomic"}, {"format-chart-pr"});
  shipment.carry_out(plan);
  plan = shipment.planned(stages::kFormatChartPr);
  check_stage(plan, {"format"}, {"validate-and-bump"});
  check_no_effect(plan);
  shipment.carry_out(plan);
  plan = shipment.planned(stages::kValidateAndBump);
  check_stage(plan, {"workflow-5-verify", "workflow-5-semver", "workflow-5-overall"}, {"tag-charts"});
  check_no_effect(plan);
  shipment.carry_out(plan);
  plan = shipment.planned(stages::kTagCharts);
  BOOST_TEST((ShipmentUnderWay::attested(plan) == Texts{"tag"}));
  BOOST_TEST(stages::steps<stages::EnsureTag>(plan).size() == 1U);
}

BOOST_AUTO_TEST_CASE(of_two_contents_of_a_chart_the_older_one_goes_first) {
  ShipmentUnderWay shipment;
  shipment.bumped();
  const Oid later = shipment.another_contribution();
  shipment.policy_changes();
  auto plan = shipment.planned(stages::kValidateContribution);
  check_stage(plan, kStageOne, {"filter-charts", "validate-contribution"});
  BOOST_TEST(stages::steps<stages::Claim>(plan).front().stamp.head == shipment.source.hex());
  shipment.carry_out(plan);
  plan = shipment.planned(stages::kValidateContribution);
  BOOST_TEST(stages::steps<stages::Claim>(plan).front().stamp.head == later.hex());
  shipment.carry_out(plan);
  plan = shipment.planned(stages::kFilterCharts);
  check_stage(plan, {"filter"}, {"enforce-atomic", "filter-charts"});
  BOOST_TEST(stages::steps<stages::Claim>(plan).front().stamp.shipment.source->hex() == shipment.source.hex());
  shipment.carry_out(plan);
}

BOOST_AUTO_TEST_CASE(the_stage_that_runs_when_the_policy_changes_starts_it_all) {
  ShipmentUnderWay shipment;
  shipment.split_off();
  shipment.world.facts.event = "push";
  BOOST_TEST(ShipmentUnderWay::dispatched(shipment.planned(stages::kTagCharts)).empty());
  shipment.policy_changes();
  BOOST_TEST((ShipmentUnderWay::dispatched(shipment.planned(stages::kTagCharts)) == Texts{"validate-contribution"}));
}

BOOST_AUTO_TEST_CASE(what_the_run_of_the_last_tag_looked_at_is_looked_at_again_when_the_policy_changes) {
  ShipmentUnderWay shipment;
  shipment.tagged();
  shipment.another_contribution();
  shipment.world.facts.event = "push";
  shipment.policy_changes();  // of which git knows nothing
  BOOST_TEST(ShipmentUnderWay::dispatched(shipment.planned(stages::kTagCharts)).empty());
  shipment.world.change("main", {{".waybill.yml", "app: waybill-release\n"}}, "ci: another policy");
  BOOST_TEST((ShipmentUnderWay::dispatched(shipment.planned(stages::kTagCharts)) == Texts{"validate-contribution"}));
}

BOOST_AUTO_TEST_CASE(a_tag_that_was_not_published_before_holds_nothing_up) {
  ShipmentUnderWay shipment;
  shipment.tagged();
  shipment.policy_changes();
  const auto job = shipment.world.job();
  const auto tags = job.ports.git().tags();
  const std::string name = tags.front().name;
  const std::string why = name +
                          " was tagged under an earlier policy and is not published; charts/web goes out with its "
                          "next version";
  auto plan = shipment.planned(stages::kTagCharts);
  BOOST_TEST((std::ranges::find(plan.notes(), why) != plan.notes().end()));
  for (const auto& step : stages::steps<stages::EnsurePullRequest>(plan)) BOOST_TEST(step.base != "release");

  shipment.world.branch("release", shipment.world.main());
  plan = shipment.planned(stages::kPublishCharts);
  BOOST_TEST((std::ranges::find(plan.notes(), why) != plan.notes().end()));
  BOOST_TEST(plan.steps().empty());
}

BOOST_AUTO_TEST_CASE(a_dispatch_with_nothing_on_its_way_does_nothing) {
  stages::World world;
  world.facts.event = "workflow_dispatch";
  world.forge.knows_pulls = world.forge.knows_releases = true;
  for (const stages::Stage* stage : stages::table())
    if (stage->survey != nullptr) BOOST_TEST(stages::titles(world.planned(*stage)).empty(), stage->name);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
