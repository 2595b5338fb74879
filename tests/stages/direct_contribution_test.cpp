#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/lineage/keys.h"
#include "stages/direct_world.h"
#include "testing/refusal.h"

// Stages 1 and 5 on the pull requests of a direct pipeline: contributions and releases come into the same branch.
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_direct_contribution)

using stages::check_note;
using stages::claimed;
using stages::DirectWorld;
using stages::kFormatChartPr;
using stages::kValidateAndBump;
using stages::kValidateContribution;
using stages::web_image;
namespace keys = lineage::keys;

namespace {

struct Checked : DirectWorld {
  Checked() { use_helm(); }
};

const std::vector<std::string> kOfStageOne{"lint-test-v1.32.11", "lint-test-v1.33.7", "validate"};

}  // namespace

BOOST_AUTO_TEST_CASE(a_contribution_to_the_default_branch_is_validated_and_may_change_other_files_and_retire_a_chart) {
  Checked world;
  std::vector<std::string> gone;
  for (const auto& [path, file] : stages::chart_files("api")) gone.push_back(path);
  testing::Files files = web_image("app:2");
  files.insert({{"README.md", "# other\n"}, {".github/workflows/ci.yml", "on: push\n"}});
  world.visit_contribution(files, gone);
  const auto plan = world.planned(kValidateContribution);
  BOOST_TEST(claimed(plan) == kOfStageOne, boost::test_tools::per_element());
  BOOST_TEST(plan.outputs().at("charts") == Json::array({"charts/web"}));
  const auto checks = stages::steps<stages::EnsureCheck>(plan);
  BOOST_REQUIRE(checks.size() == 1U);
  BOOST_TEST(checks.front().base_ref == "main");
  BOOST_TEST(stages::steps<stages::EnsureMerged>(plan).empty());
  BOOST_TEST(stages::steps<stages::EnsureDispatch>(plan).empty());
}

BOOST_AUTO_TEST_CASE(a_contribution_that_brings_a_released_state_back_is_validated_like_any_other) {
  Checked world;
  world.release("1.3.0", world.contribute(web_image("app:2")));
  world.release("1.3.1", world.contribute(web_image("app:3")));
  testing::Files old = web_image("app:2");
  old.merge(stages::web_version("1.3.0"));
  world.visit_contribution(old);
  BOOST_TEST(claimed(world.planned(kValidateContribution)) == kOfStageOne, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(waybills_own_release_is_no_contribution) {
  Checked world;
  const Oid source = world.contribute(web_image("app:2"));
  world.visit(world.open_release(source, "1.3.0"));
  const auto plan = world.planned(kValidateContribution);
  check_note(plan, "pull request #30 is a release by `waybill[bot]`: validate-and-bump sees to it");
  BOOST_TEST(plan.steps().empty());  // the check that main demands is stage 5's to give
}

BOOST_AUTO_TEST_CASE(a_release_by_a_person_is_a_contribution_whatever_its_branch_is_called) {
  Checked world;
  const Oid source = world.contribute(web_image("app:2"));
  world.open_release(source, "1.3.0").author = "mallory";
  world.visit(world.forge.pulls.back());
  BOOST_TEST(claimed(world.planned(kValidateContribution)) == kOfStageOne, boost::test_tools::per_element());
  const auto bump = world.planned(kValidateAndBump);
  check_note(bump, "a contribution: it is released by a pull request of waybill's own");
  BOOST_TEST(claimed(bump).empty());
}

BOOST_AUTO_TEST_CASE(a_contribution_is_let_pass_by_stage_five) {
  DirectWorld world;
  world.visit_contribution(stages::web_version("9.9.9"));
  const auto plan = world.planned(kValidateAndBump);
  BOOST_REQUIRE(plan.steps().size() == 1U);
  const auto checks = stages::steps<stages::EnsureCheck>(plan);
  BOOST_TEST(checks.front().name == "waybill/validate-and-bump");
  BOOST_TEST((std::get<Oid>(checks.front().head) == world.tip("feature")));
}

BOOST_AUTO_TEST_CASE(on_dispatch_what_lies_unreleased_and_unvalidated_on_the_default_branch_is_validated) {
  Checked world;
  world.facts.event = "workflow_dispatch";
  world.push({{"charts/api/README.md", "# api, pushed\n"}});
  world.contribute(web_image("app:2"));
  const auto plan = world.planned(kValidateContribution);
  BOOST_TEST(plan.outputs().at("charts") == Json::array({"charts/api"}));
  const auto dispatches = stages::steps<stages::EnsureDispatch>(plan);
  BOOST_REQUIRE(dispatches.size() == 1U);
  BOOST_TEST(dispatches.front().workflow == "format-chart-pr");
  const auto claims = stages::steps<stages::Claim>(plan);
  BOOST_TEST(claims.front().stamp.head == world.main().hex());
  BOOST_TEST(claims.front().stamp.pull_request == 0);
}

BOOST_AUTO_TEST_CASE(what_does_not_hold_on_the_default_branch_is_said_and_goes_nowhere) {
  Checked world;
  world.facts.event = "workflow_dispatch";
  world.push({{"charts/web/templates/bad.yaml", "{{ fail \"no more\" }}\n"}});
  testing::refuses_saying(Fault::kInput, {"charts/web did not pass its checks", "no more"},
                          [&] { static_cast<void>(world.planned(kValidateContribution)); });
  world.push({{"charts/web/Chart.yaml", "apiVersion: v2\nname: web\n"}});
  testing::refuses_saying(Fault::kInput, {"charts/web/Chart.yaml"},
                          [&] { static_cast<void>(world.planned(kValidateContribution)); });
  world.facts.event = "push";
  const auto plan = world.planned(kFormatChartPr);
  check_note(plan, "charts/web cannot be read");
  BOOST_TEST(claimed(plan).empty());
}

BOOST_AUTO_TEST_CASE(a_broken_chart_does_not_hold_up_the_others) {
  Checked world;
  world.push({{"charts/api/Chart.yaml", "<<<<<<< HEAD\nname: api\n"}});
  const Oid source = world.contribute(web_image("app:2"));
  BOOST_TEST(stages::steps<stages::EnsurePullRequest>(world.planned(kFormatChartPr)).size() == 1U);
  world.attest(keys::kFormat, source, source);
  world.visit(world.pull(world.compose(source), "main"));
  BOOST_TEST(world.planned(kValidateAndBump).outputs().at("version") == "1.3.0");
}

BOOST_AUTO_TEST_CASE(a_release_is_planned_on_what_was_released_last) {
  Checked world;
  world.release("1.3.0", world.contribute(web_image("app:2"), "feat: first"));
  testing::Files edited = web_image("app:3");
  edited.insert(
      {{"charts/web/CHANGELOG.md", "# Changelog\n\n## [9.9.9] - 2030-01-01\n\n### Added\n\n- Nothing to see\n"}});
  edited.merge(stages::web_version("1.0.0"));
  const Oid source = world.contribute(edited, "fix: second");
  world.attest(keys::kFormat, source, source);
  world.visit(world.pull(world.compose(source), "main"));
  const auto plan = world.planned(kValidateAndBump);
  BOOST_TEST(plan.outputs().at("version") == "1.3.1");
  BOOST_TEST(
      claimed(plan) == (std::vector<std::string>{"workflow-5-verify", "workflow-5-semver", "workflow-5-overall"}),
      boost::test_tools::per_element());
  const auto claims = stages::steps<stages::Claim>(plan);
  BOOST_TEST(claims.back().inputs == (std::vector<std::string>{"validate", "lint-test-v1.32.11", "lint-test-v1.33.7",
                                                               "format", "workflow-5-verify", "workflow-5-semver"}),
             boost::test_tools::per_element());
  const auto checks = stages::steps<stages::EnsureCheck>(plan);
  BOOST_REQUIRE(checks.size() == 2U);
  BOOST_TEST(checks[0].name == "waybill/validate-and-bump");
  BOOST_TEST(checks[1].name == "waybill/validate-contribution");
  for (const auto& check : checks) BOOST_TEST(std::get<std::string>(check.head) == world.bump_branch(source));
  const auto commits = stages::steps<stages::EnsureCommit>(plan);
  BOOST_REQUIRE(commits.size() == 1U);
  for (const auto& file : commits.front().files)
    if (file.path == "charts/web/CHANGELOG.md") {
      BOOST_TEST(file.content.find("Second") != std::string::npos, file.content);
      BOOST_TEST(file.content.find("[1.3.0]") != std::string::npos, file.content);
      BOOST_TEST(file.content.find("First") == std::string::npos, "released before: " << file.content);
      BOOST_TEST(file.content.find("9.9.9") == std::string::npos, "written by a person: " << file.content);
    }
}

BOOST_AUTO_TEST_CASE(a_release_that_lost_its_verdict_gets_one_on_dispatch) {
  Checked world;
  const Oid source = world.contribute(web_image("app:2"));
  world.attest(keys::kFormat, source, source);
  world.forge.pulls.push_back(world.pull(world.compose(source), "main"));
  world.facts.pull.reset();
  world.facts.event = "workflow_dispatch";
  const auto sent = stages::steps<stages::EnsureDispatch>(world.planned(kFormatChartPr));
  BOOST_REQUIRE(sent.size() == 1U);
  BOOST_TEST(sent.front().workflow == "validate-and-bump");
  const auto plan = world.planned(kValidateAndBump);
  BOOST_TEST(plan.outputs().at("version") == "1.3.0");
  BOOST_TEST(stages::steps<stages::Claim>(plan).back().stamp.pull_request == 21);
}

BOOST_AUTO_TEST_CASE(a_release_whose_chart_changed_underneath_is_stale) {
  Checked world;
  const Oid source = world.contribute(web_image("app:2"));
  world.attest(keys::kFormat, source, source);
  world.open_release(source, "1.3.0");
  world.contribute(web_image("app:3"), "fix: later");
  world.visit(world.forge.pulls.back());
  testing::refuses_saying(Fault::kStale, {"charts/web changed on `main`", "gh workflow run format-chart-pr.yml"},
                          [&] { static_cast<void>(world.planned(kValidateAndBump)); });
}

BOOST_AUTO_TEST_CASE(a_commit_by_somebody_else_on_a_release_is_refused) {
  Checked world;
  const Oid source = world.contribute(web_image("app:2"));
  world.attest(keys::kFormat, source, source);
  auto& pull = world.open_release(source, "1.3.0");
  world.visit(pull);
  testing::refuses(Fault::kUntrusted, "is not the release edit of charts/web that planning gives",
                   [&] { static_cast<void>(world.planned(kValidateAndBump)); });
  world.change(world.bump_branch(source), web_image("evil"), "web: version 1.3.0");
  pull.head = world.tip(world.bump_branch(source));
  world.visit(pull);
  testing::refuses(Fault::kUntrusted, "brings 3 commits; one contribution and one bump are wanted",
                   [&] { static_cast<void>(world.planned(kValidateAndBump)); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
