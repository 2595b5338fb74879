#include <boost/test/unit_test.hpp>

#include "core/lineage/keys.h"
#include "stages/voyage.h"

// What was merged into integration is taken apart, and only what stage 1 attested goes on (trust.md T5, T9, T11, T12).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_filter_charts)

using stages::check_idle;
using stages::check_note;
using stages::check_steps;
using stages::EnsureCommit;
using stages::joined;
using stages::kFilterCharts;
using stages::only;
using stages::Stop;
using stages::Voyage;
using stages::web_image;
using stages::World;
namespace keys = lineage::keys;

namespace {

// One contribution that brings a new image to charts/web and makes charts/api depend on it.
struct Dependent {
  World world;
  Oid source = world.change("integration", joined({web_image("app:2"), stages::dependent_files("api", "web")}));

  Dependent() {
    for (const char* path : {"charts/web", "charts/api"})
      world.attest_stage("validate-contribution", source, source, path);
    world.branch("feature", source);
    world.merged("feature", "integration", source);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_contribution_becomes_one_commit_on_main_and_one_pull_request) {
  Voyage merged(Stop::kMerged);
  const auto plan = merged.world.planned(kFilterCharts);
  stages::check_golden(plan, "filter-charts");
  BOOST_TEST(only<stages::Claim>(plan).stamp.shipment.source->hex() == merged.source.hex());
  merged.world.make(only<EnsureCommit>(plan));
}

BOOST_AUTO_TEST_CASE(the_chart_s_branch_is_built_upon_when_there_is_one) {
  Voyage merged(Stop::kMerged);
  merged.world.branch("integrate/web", merged.world.main());
  const Oid before = merged.world.change("integrate/web", web_image("app:1"));
  const auto plan = merged.world.planned(kFilterCharts);
  check_steps(plan, {"attest filter of charts/web", "commit to split/web/", "pull request split/web/"});
  BOOST_TEST(only<EnsureCommit>(plan).parent.hex() == before.hex());
}

BOOST_AUTO_TEST_CASE(a_second_run_makes_the_same_plan_until_the_branch_has_the_content) {
  Voyage gathered(Stop::kGathered);
  gathered.world.branch("feature", gathered.source);
  gathered.world.merged("feature", "integration", gathered.source);
  check_idle(gathered.world.planned(kFilterCharts), "charts/web: `integrate/web` has this content already");
}

BOOST_AUTO_TEST_CASE(content_that_was_changed_after_validation_is_refused) {
  Voyage merged(Stop::kMerged);
  World& world = merged.world;
  world.branch("integration", world.main());
  const Oid other = world.change("integration", web_image("evil:2"));
  world.branch("feature", other);
  world.merged("feature", "integration", other);
  world.refuses(kFilterCharts, Fault::kUntrusted, {"`validate` of charts/web: no statement about sha256:"});
}

BOOST_AUTO_TEST_CASE(a_leg_of_the_matrix_that_is_missing_is_refused) {
  Voyage merged(Stop::kMerged);
  merged.world.journey.without("lint-test-v1.32.11", [&] {
    merged.world.refuses(kFilterCharts, Fault::kUntrusted, {"`lint-test-v1.32.11` of charts/web: no statement about"});
  });
}

BOOST_AUTO_TEST_CASE(two_contributions_that_met_are_validated_before_anything_is_split) {
  Voyage first(Stop::kMerged);
  World& world = first.world;
  // The second one stood on what was there before; integration has both now.
  world.branch("second", world.main());
  const testing::Files second{{"charts/web/templates/more.yaml", "# more\n"}};
  world.change("second", second);
  const Oid both = world.change("integration", second, "feat: more");
  world.merged("second", "integration", both);
  const auto plan = world.planned(kFilterCharts);
  check_steps(plan, {"dispatch validate-contribution: content waits for its statements"});
  check_note(plan, "charts/web is more than one contribution now and is validated anew");
  // That run validates and dispatches this stage, without a pull request.
  world.attest_stage("validate-contribution", both, both);
  world.facts.pull.reset();
  const auto anew = world.planned(kFilterCharts);
  BOOST_TEST(only<stages::Claim>(anew).stamp.shipment.source->hex() == both.hex());
  BOOST_TEST(only<EnsureCommit>(anew).message.find("- feat: more\n- feat: another image\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(merged_content_that_nobody_attested_is_sent_to_be_validated) {
  World world;
  world.facts.event = "workflow_dispatch";
  world.change("integration", web_image("app:2"));
  const auto plan = world.planned(kFilterCharts);
  check_steps(plan, {"dispatch validate-contribution"});
  check_note(plan, "charts/web is more than one contribution now and is validated anew");
}

BOOST_AUTO_TEST_CASE(what_the_survey_set_aside_is_not_looked_at_again) {
  World world;
  const stages::Ports nothing;
  const stages::Job job{world.facts,
                        nothing,
                        world.inputs,
                        {},
                        {{"charts/web waits", "validate-contribution"},
                         {"charts/api waits", "validate-contribution"},
                         {"charts/db is exactly what was released", ""}},
                        lineage::Upstream::nothing()};
  const auto plan = kFilterCharts.plan(job);
  check_steps(plan, {"dispatch validate-contribution: content waits for its statements"});
  BOOST_TEST(plan.notes().size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_chart_goes_after_the_one_that_it_depends_on) {
  Dependent dependent;
  const auto plan = dependent.world.planned(kFilterCharts);
  check_steps(
      plan, {"attest filter of charts/web", "branch integrate/web", "commit to split/web/", "pull request split/web/",
             "attest filter of charts/api", "branch integrate/api", "commit to split/api/", "pull request split/api/"});
  check_note(plan, "charts/api waits for charts/web, which it depends on");
  for (const auto& commit : stages::steps<EnsureCommit>(plan)) dependent.world.make(commit);
}

BOOST_AUTO_TEST_CASE(files_of_no_chart_stay_where_they_are) {
  World world;
  const Oid source = world.change("integration", joined({web_image("app:2"),
                                                         {{"README.md", "# other\n"},
                                                          {".github/workflows/tag-charts.yml", "on: push\n"},
                                                          {".waybill.yml", "version: 1\n"}}}));
  world.attest_stage("validate-contribution", source, source);
  world.branch("feature", source);
  world.merged("feature", "integration", source);
  const auto plan = world.planned(kFilterCharts);
  const Oid made = world.make(only<EnsureCommit>(plan));
  BOOST_TEST(stages::only_changed_chart(world.job(), world.main(), made) == "charts/web");
}

BOOST_AUTO_TEST_CASE(a_chart_that_was_deleted_makes_nothing) {
  World world;
  std::vector<std::string> gone;
  for (const auto& [path, file] : stages::chart_files("api")) gone.push_back(path);
  const Oid merged = world.change("integration", {}, "chore: no api", gone);
  world.branch("feature", merged);
  world.merged("feature", "integration", merged);
  check_steps(world.planned(kFilterCharts), {});
}

BOOST_AUTO_TEST_CASE(an_older_state_of_integration_is_not_shipped_again) {
  Voyage first(Stop::kMerged);
  World& world = first.world;
  const Oid second = world.change("integration", web_image("app:3"), "fix: second");
  world.release(world.change("main", joined({web_image("app:3"), stages::release_files("web", "1.3.0")})), second);
  world.branch("integration", first.source);
  world.facts.pull.reset();
  world.refuses(kFilterCharts, Fault::kUntrusted, {"does not come after " + second.hex(), "which is shipped already"});
}

BOOST_AUTO_TEST_CASE(what_is_shipped_holds_nobody_else_up_until_it_comes_back) {
  Voyage shipped(Stop::kTagged);
  World& world = shipped.world;
  const Oid api = world.change("integration", {{"charts/api/values.yaml", "image: registry.example/api:2\n"}});
  world.attest_stage("validate-contribution", api, api, "charts/api");
  world.facts.pull.reset();
  const auto plan = world.planned(kFilterCharts);
  check_steps(
      plan, {"attest filter of charts/api", "branch integrate/api", "commit to split/api/", "pull request split/api/"});
}

BOOST_AUTO_TEST_CASE(a_run_that_is_started_again_after_the_release_ends_at_once) {
  Voyage shipped(Stop::kTagged);
  shipped.world.branch("feature", shipped.source);
  shipped.world.merged("feature", "integration", shipped.source);
  check_idle(shipped.planned(kFilterCharts), "charts/web is shipped already");
}

BOOST_AUTO_TEST_CASE(what_comes_back_from_main_makes_no_shipment) {
  Voyage shipped(Stop::kTagged);
  World& world = shipped.world;
  world.branch("sync/01234567", shipped.world.main());
  const Oid back = world.change("integration", stages::files_of(world.web(world.main()).subtree, "charts/web"));
  world.merged("sync/01234567", "integration", back);
  check_idle(world.planned(kFilterCharts), "charts/web is exactly what was released");
}

BOOST_AUTO_TEST_CASE(a_chart_s_branch_starts_where_main_does_not_have_the_content_yet) {
  World world;
  const Oid before = world.main();
  const Oid hotfix = world.change("main", web_image("hotfix:1"), "fix: at once");
  world.branch("integration", hotfix);
  world.attest_stage("validate-contribution", hotfix, hotfix);
  world.branch("sync/01234567", hotfix);
  world.merged("sync/01234567", "integration", hotfix);
  const auto plan = world.planned(kFilterCharts);
  BOOST_TEST(only<stages::EnsureBranch>(plan).commit.hex() == before.hex());
}

BOOST_AUTO_TEST_CASE(messages_of_contributors_say_nothing_in_waybill_s_name) {
  const std::string forged(40, '7');
  Voyage merged(Stop::kMerged, web_image("app:2"),
                "feat: image, fixes #1 [skip ci]\n\nWaybill-Source: " + forged + "\nWaybill: e30\n");
  const auto plan = merged.world.planned(kFilterCharts);
  const std::string message = only<EnsureCommit>(plan).message;
  for (const char* inert : {"[skip ci]", "fixes #1", forged.c_str(), "\nWaybill: "})
    BOOST_TEST(message.find(inert) == std::string::npos, inert << " is in: " << message);
  BOOST_TEST(message.find("\nWaybill-Source: " + merged.source.hex() + "\n") != std::string::npos, message);
}

BOOST_AUTO_TEST_CASE(a_pull_request_that_is_not_merged_into_integration_is_refused) {
  Voyage merged(Stop::kMerged);
  merged.world.facts.pull->base_ref = "main";
  merged.world.refuses(kFilterCharts, Fault::kInput, {"pull request #21 is not merged into `integration`"});
  merged.world.pull("feature", "integration");
  merged.world.refuses(kFilterCharts, Fault::kInput, {"pull request #21 is not merged into `integration`"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
