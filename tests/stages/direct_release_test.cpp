#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/lineage/keys.h"
#include "core/stages/released.h"
#include "stages/direct_world.h"
#include "testing/refusal.h"

// Stages 4 and 6 where contributions and releases have one history: content and evidence tell them apart.
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_direct_release)

using stages::check_note;
using stages::DirectWorld;
using stages::kFormatChartPr;
using stages::kTagCharts;
using stages::only;
using stages::web_image;
namespace keys = lineage::keys;

namespace {

void nothing_to_do(DirectWorld& world, std::string_view note = "nothing waits for a release") {
  stages::check_idle(world.planned(kFormatChartPr), note);
}

// web depends on api, which lies in the same repository.
testing::Files web_with_api(const std::string& image) {
  testing::Files files = web_image(image);
  files.insert_or_assign("charts/web/Chart.yaml",
                         stages::chart_files("web").at("charts/web/Chart.yaml").content +
                             "dependencies:\n  - name: api\n    version: 1.x\n    repository: file://../api\n");
  return files;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_was_there_when_the_policy_came_is_not_released) {
  DirectWorld world;
  nothing_to_do(world);
}

BOOST_AUTO_TEST_CASE(a_validated_contribution_gets_its_pull_request) {
  DirectWorld world;
  const Oid source = world.contribute(web_image("app:2"), "feat: more of web");
  const Oid other = world.push({{"README.md", "# charts, changed\n"}});
  const auto plan = world.planned(kFormatChartPr);
  const auto claim = only<stages::Claim>(plan);
  BOOST_TEST(claim.key == keys::kFormat);
  BOOST_TEST(claim.stamp.shipment.source->hex() == source.hex());
  BOOST_TEST(claim.inputs == (std::vector<std::string>{"validate", "lint-test-v1.32.11", "lint-test-v1.33.7"}),
             boost::test_tools::per_element());
  const auto commit = only<stages::EnsureCommit>(plan);
  BOOST_TEST(commit.branch == world.bump_branch(source));
  BOOST_TEST(commit.parent.hex() == other.hex());
  BOOST_TEST(commit.tree.hex() == commit.parent_tree.hex());  // main has it already
  const auto pull = only<stages::EnsurePullRequest>(plan);
  BOOST_TEST(pull.base == "main");
  BOOST_TEST(pull.title == "web: release 1.3.0");
  BOOST_TEST(pull.prose.find("More of web") != std::string::npos);
  BOOST_TEST(pull.prose.find("Two charts") == std::string::npos, "it was there before the policy");
  BOOST_TEST(pull.prose.find("in place of") == std::string::npos);
  BOOST_TEST(stages::steps<stages::EnsureDispatch>(plan).empty());
}

BOOST_AUTO_TEST_CASE(what_nobody_validated_is_sent_to_stage_one) {
  DirectWorld world;
  world.push(web_image("app:2"));
  const auto plan = world.planned(kFormatChartPr);
  BOOST_REQUIRE(plan.steps().size() == 1U);
  BOOST_TEST(only<stages::EnsureDispatch>(plan).workflow == "validate-contribution");
  check_note(plan, "charts/web is not what was validated");
}

BOOST_AUTO_TEST_CASE(what_was_validated_under_another_policy_is_validated_anew) {
  DirectWorld world;
  const Oid source = world.contribute(web_image("app:2"));
  world.open_release(source, "1.3.0");
  world.journey.policy.digest = crypto::sha256("the next policy");
  world.facts.policy = world.journey.policy;
  const auto plan = world.planned(kFormatChartPr);
  BOOST_REQUIRE(plan.steps().size() == 1U);  // its pull request stays open
  BOOST_TEST(only<stages::EnsureDispatch>(plan).workflow == "validate-contribution");
  world.attest_stage("validate-contribution", source, source);
  BOOST_TEST(only<stages::Claim>(world.planned(kFormatChartPr)).key == keys::kFormat);
}

BOOST_AUTO_TEST_CASE(two_contributions_that_met_are_what_neither_was) {
  DirectWorld world;
  world.contribute(web_image("app:2"));
  world.push({{"charts/web/README.md", "# validated on something older\n"}});
  BOOST_TEST(only<stages::EnsureDispatch>(world.planned(kFormatChartPr)).workflow == "validate-contribution");
}

BOOST_AUTO_TEST_CASE(release_owned_parts_alone_are_nothing_to_release) {
  DirectWorld world;
  world.release("1.3.0", world.contribute(web_image("app:2")));
  nothing_to_do(world);
  testing::Files mine = stages::web_version("9.9.9");
  mine.insert({{"charts/web/CHANGELOG.md", "# Changelog\n\n## [9.9.9]\n\n- Mine\n"}});
  world.contribute(mine, "chore: 9.9.9");
  nothing_to_do(world);
  const auto tags = world.planned(kTagCharts);
  BOOST_TEST(stages::steps<stages::EnsureTag>(tags).empty());
  check_note(tags, "charts/web 9.9.9 at");
  check_note(tags, "is no release of waybill's: it gets no tag");
}

BOOST_AUTO_TEST_CASE(the_next_release_counts_from_the_last_one) {
  DirectWorld world;
  const Oid released = world.release("1.3.0", world.contribute(web_image("app:2"), "feat: first"));
  world.contribute(web_image("app:3"), "fix: second");
  const Oid source = world.contribute(web_image("app:4"), "fix: third");
  const auto plan = world.planned(kFormatChartPr);
  BOOST_TEST(only<stages::Claim>(plan).stamp.shipment.last_shipped->hex() == released.hex());
  BOOST_TEST(only<stages::Claim>(plan).stamp.shipment.source->hex() == source.hex());
  const auto pull = only<stages::EnsurePullRequest>(plan);
  BOOST_TEST(pull.title == "web: release 1.3.1");
  BOOST_TEST(pull.prose.find("Second") != std::string::npos);
  BOOST_TEST(pull.prose.find("Third") != std::string::npos);
  BOOST_TEST(pull.prose.find("First") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_merged_release_is_waited_for_until_it_has_its_tag) {
  DirectWorld world;
  const Oid source = world.contribute(web_image("app:2"));
  const Oid merged = world.merge_release("1.3.0", source);
  nothing_to_do(world, "charts/web waits: web-v1.3.0, which is merged, has no tag yet");
  const Oid later = world.contribute(web_image("app:3"), "fix: later");
  nothing_to_do(world, "charts/web waits: web-v1.3.0, which is merged, has no tag yet");
  world.tag_release(merged, source);
  BOOST_TEST(only<stages::Claim>(world.planned(kFormatChartPr)).stamp.shipment.source->hex() == later.hex());
}

BOOST_AUTO_TEST_CASE(a_release_that_more_came_to_is_closed_and_composed_anew) {
  DirectWorld world;
  const Oid first = world.contribute(web_image("app:2"), "fix: first");
  world.open_release(first, "1.2.4");
  const Oid second = world.contribute(web_image("app:3"), "feat: second");
  const auto plan = world.planned(kFormatChartPr);
  BOOST_TEST(only<stages::EnsureClosed>(plan).pull_request == 30);
  BOOST_TEST((std::holds_alternative<stages::EnsureClosed>(plan.steps().front())));
  const auto pull = only<stages::EnsurePullRequest>(plan);
  BOOST_TEST(pull.head == world.bump_branch(second));
  BOOST_TEST(pull.title == "web: release 1.3.0");
  BOOST_TEST(pull.prose.find("This is in place of #30") != std::string::npos);
  BOOST_TEST(pull.prose.find("First") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_is_closed_before_what_came_is_validated_and_when_nothing_is_left_to_release) {
  DirectWorld world;
  const Oid first = world.contribute(web_image("app:2"));
  world.open_release(first, "1.3.0");
  world.push(web_image("app:3"));
  const auto plan = world.planned(kFormatChartPr);
  BOOST_TEST(only<stages::EnsureClosed>(plan).pull_request == 30);
  BOOST_TEST(only<stages::EnsureDispatch>(plan).workflow == "validate-contribution");
  world.push({{"charts/web/values.yaml", stages::chart_files("web").at("charts/web/values.yaml").content}}, "revert");
  const auto reverted = world.planned(kFormatChartPr);
  BOOST_REQUIRE(reverted.steps().size() == 1U);
  BOOST_TEST(only<stages::EnsureClosed>(reverted).pull_request == 30);
}

BOOST_AUTO_TEST_CASE(pull_requests_of_people_stay_open) {
  DirectWorld world;
  const Oid first = world.contribute(web_image("app:2"));
  world.open_release(first, "1.3.0").author = "ada";
  world.contribute(web_image("app:3"));
  BOOST_TEST(stages::steps<stages::EnsureClosed>(world.planned(kFormatChartPr)).empty());
}

BOOST_AUTO_TEST_CASE(what_waits_for_people_is_left_alone) {
  DirectWorld world;
  const Oid source = world.contribute(web_image("app:2"));
  world.attest(keys::kFormat, source, source);
  world.open_release(source, "1.3.0");
  world.push({{"README.md", "# charts, changed\n"}});
  nothing_to_do(world, "charts/web waits in pull request #30");
}

BOOST_AUTO_TEST_CASE(a_branch_that_a_stopped_run_left_is_taken_as_it_is) {
  DirectWorld world;
  const Oid source = world.contribute(web_image("app:2"));
  world.open_release(source, "1.3.0");
  world.forge.pulls.clear();
  world.fixture.git({"update-ref", "refs/remotes/origin/" + world.bump_branch(source),
                     "refs/remotes/origin/" + world.bump_branch(source) + "~1"});
  world.push({{"README.md", "# charts, changed\n"}});
  const auto commit = only<stages::EnsureCommit>(world.planned(kFormatChartPr));
  BOOST_TEST(commit.parent.hex() == source.hex());
  BOOST_TEST(commit.parent.hex() != world.main().hex());
}

BOOST_AUTO_TEST_CASE(a_chart_waits_for_the_one_in_this_repository_that_it_depends_on) {
  DirectWorld world;
  world.push({{"charts/api/README.md", "# api, changed\n"}});
  world.contribute(web_with_api("app:2"));
  const auto plan = world.planned(kFormatChartPr);
  BOOST_TEST(stages::steps<stages::EnsurePullRequest>(plan).empty());
  check_note(plan, "charts/web waits for charts/api, which it depends on");
}

BOOST_AUTO_TEST_CASE(the_default_branch_cannot_be_taken_back_behind_a_release) {
  DirectWorld world;
  const Oid first = world.contribute(web_image("app:2"));
  auto& pull = world.open_release(first, "1.3.0");
  pull.state = "closed";
  pull.merged = true;
  pull.merge_commit = world.release("1.3.0", first);
  world.release("1.3.1", world.contribute(web_image("app:3"), "fix: second"));
  world.branch("main", first);
  testing::refuses(Fault::kUntrusted, "which is shipped already",
                   [&] { static_cast<void>(world.planned(kFormatChartPr)); });
  world.forge.pulls.clear();
  testing::refuses(Fault::kUntrusted, "which is shipped already",
                   [&] { static_cast<void>(world.planned(kFormatChartPr)); });
}

BOOST_AUTO_TEST_CASE(a_release_of_a_run_that_the_default_branch_lost_holds_back_too) {
  DirectWorld world;
  const Oid first = world.contribute(web_image("app:2"));
  const Oid released = world.release("1.3.0", first);
  world.branch("main", first);
  world.tag(world.push(stages::release_files("web", "9.9.9")), first);  // of waybill's form, and nobody's release
  world.branch("main", first);
  world.journey.on_anchor = [](const std::string&) { return false; };  // the commit that every workflow ran from
  const auto last = stages::last_shipped(world.job(), world.web(first));
  BOOST_REQUIRE(last.has_value());
  BOOST_TEST(last->hex() == released.hex());
}

BOOST_AUTO_TEST_CASE(a_release_that_was_merged_without_its_version_waits_for_the_next_contribution) {
  DirectWorld world;
  const Oid source = world.contribute(web_image("app:2"));
  auto& pull = world.open_release(source, "1.3.0");
  pull.state = "closed";
  pull.merged = true;
  pull.merge_commit = world.push({{"README.md", "# nothing of web\n"}}, "web: release 1.3.0 (#30)");
  nothing_to_do(world, "charts/web came to `main` without a version by pull request #30");
}

BOOST_AUTO_TEST_CASE(an_older_state_is_released_by_reverting_to_it) {
  DirectWorld world;
  world.release("1.3.0", world.contribute(web_image("app:2"), "feat: first"));
  world.release("1.3.1", world.contribute(web_image("app:3"), "fix: second"));
  const Oid reverted = world.contribute(web_image("app:2"), "revert: second");
  const auto plan = world.planned(kFormatChartPr);
  BOOST_TEST(only<stages::Claim>(plan).stamp.shipment.source->hex() == reverted.hex());
  BOOST_TEST(only<stages::EnsurePullRequest>(plan).title == "web: release 1.3.2");
}

BOOST_AUTO_TEST_CASE(a_tag_is_made_for_a_release_and_no_sync) {
  DirectWorld world;
  const Oid source = world.contribute(web_image("app:2"));
  const Oid merged = world.merge_release("1.3.0", source);
  const auto plan = world.planned(kTagCharts);
  const auto tag = only<stages::EnsureTag>(plan);
  BOOST_TEST(tag.name == "web-v1.3.0");
  BOOST_TEST(tag.commit.hex() == merged.hex());
  BOOST_TEST(tag.message.source == source.hex());
  BOOST_TEST(only<stages::EnsurePullRequest>(plan).base == "release");
  BOOST_TEST(stages::steps<stages::EnsureDispatch>(plan).empty());
}

BOOST_AUTO_TEST_CASE(a_merge_that_is_not_what_was_attested_is_no_release) {
  DirectWorld world;
  const Oid source = world.contribute(web_image("app:2"));
  world.attest(keys::kFormat, source, source);
  world.contribute(web_image("app:3"), "fix: meanwhile");
  world.push(stages::web_version("1.3.0"), "web: release 1.3.0 (#30)");
  const auto tags = world.planned(kTagCharts);
  BOOST_TEST(stages::steps<stages::EnsureTag>(tags).empty());
  check_note(tags, "charts/web 1.3.0 at");
  // It is a contribution like any other, and its version is not lost.
  world.attest_stage("validate-contribution", world.main(), world.main());
  BOOST_TEST(only<stages::EnsurePullRequest>(world.planned(kFormatChartPr)).title == "web: release 1.3.0");
}

BOOST_AUTO_TEST_CASE(an_attested_release_that_was_given_up_cannot_be_brought_back_behind_another) {
  DirectWorld world;
  const Oid first = world.contribute(web_image("app:2"), "fix: first");
  const Oid given_up = world.merge_release("1.2.4", first);
  world.branch("main", first);  // it was attested, but never merged
  world.release("1.3.0", world.contribute(web_image("app:3"), "feat: second"));
  const auto content = world.web(given_up);
  testing::Files old;
  for (const auto& [path, file] : content.subtree) old.insert_or_assign("charts/web/" + path, file.content);
  world.push(old, "chore: tidy");
  const auto tags = world.planned(kTagCharts);
  BOOST_TEST(stages::steps<stages::EnsureTag>(tags).empty());
  check_note(tags, "charts/web 1.2.4 at");
  check_note(tags, "which is shipped already");
}

BOOST_AUTO_TEST_CASE(a_chart_that_waited_for_a_tag_is_sent_for) {
  DirectWorld world;
  const Oid source = world.contribute(web_image("app:2"));
  world.merge_release("1.3.0", source);
  world.contribute(web_image("app:3"), "fix: later");
  BOOST_TEST(only<stages::EnsureDispatch>(world.planned(kTagCharts)).workflow == "format-chart-pr");
}

BOOST_AUTO_TEST_CASE(a_contribution_alone_sends_for_nobody) {
  DirectWorld world;
  world.contribute(web_image("app:2"));
  const auto plan = world.planned(kTagCharts);
  BOOST_TEST(plan.steps().empty());
}

BOOST_AUTO_TEST_CASE(a_tag_under_another_name_than_its_version_opens_no_way_back) {
  DirectWorld world;
  const Oid first = world.contribute(web_image("app:2"));
  const Oid one = world.release("1.3.0", first);
  const Oid two = world.release("1.3.1", world.contribute(web_image("app:3"), "fix: second"));
  world.fixture.tag("web-v9.9.9", one,
                    lineage::write_tag_message({.chart = "web",
                                                .path = "charts/web",
                                                .version = "9.9.9",
                                                .entries = {},
                                                .changelog = "",
                                                .source_pull_request = "none",
                                                .commit = one.hex(),
                                                .source = first.hex()}));
  const auto last = stages::last_shipped(world.job(), world.web(world.main()));
  BOOST_REQUIRE(last.has_value());
  BOOST_TEST(last->hex() == two.hex());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
