// What the policy's `versions` changes in a plan; each beside what holds without it.

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "chart/charts.h"
#include "core/base/error.h"
#include "core/chart/plan_version.h"
#include "core/chart/values_break.h"
#include "testing/refusal.h"

namespace waybill {
namespace {

using chart::Reason;
using chart::Version;
using chart::VersionRequest;
using lineage::Carried;
using lineage::ValuesBreak;
using testing::says;
using testing::subtree;
using Lines = std::vector<std::string>;

VersionRequest request(const std::string& last, std::vector<Reason> reasons) {
  VersionRequest request;
  request.chart_name = "web";
  request.chart_path = "charts/web";
  request.all_chart_names = {"web", "api"};
  request.last = Version::parse(last);
  request.before.version = request.after.version = last;
  request.reasons = std::move(reasons);
  return request;
}

std::string planned(const VersionRequest& request) {
  return chart::plan_version(request).version.text();
}

Reason says_so(const std::string& subject, const std::string& body = "") {
  return {"", subject, body};
}

chart::Subtree values(const std::string& yaml, const std::string& schema = "{}") {
  return subtree({{"values.yaml", yaml}, {"values.schema.json", schema}});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_version_rules)

BOOST_AUTO_TEST_CASE(types_count_as_the_policy_says) {
  VersionRequest asked = request("1.2.3", {says_so("perf: a"), says_so("docs: b")});
  BOOST_TEST(planned(asked) == "1.2.4");
  asked.rules.types = {{"perf", "minor"}, {"docs", "none"}};
  const chart::PlannedVersion plan = chart::plan_version(asked);
  BOOST_TEST(plan.version.text() == "1.3.0");
  BOOST_REQUIRE(plan.reasons.size() == 1U);
  BOOST_TEST(plan.reasons.front().subject == "perf: a");

  asked.reasons = {says_so("docs: b")};
  BOOST_TEST(planned(asked) == "1.2.4");
  asked.reasons = {says_so("docs!: b")};
  BOOST_TEST(planned(asked) == "2.0.0");
}

BOOST_AUTO_TEST_CASE(a_scope_narrows_unless_it_is_ignored) {
  VersionRequest asked = request("1.2.3", {says_so("feat(api): a")});
  BOOST_TEST(planned(asked) == "1.2.4");
  asked.rules.scopes_narrow = false;
  BOOST_TEST(planned(asked) == "1.3.0");
}

BOOST_AUTO_TEST_CASE(features_may_be_patches_in_initial_development) {
  VersionRequest asked = request("0.2.3", {says_so("feat: a")});
  BOOST_TEST(planned(asked) == "0.3.0");
  asked.rules.small_features = true;
  BOOST_TEST(planned(asked) == "0.2.4");
  asked.reasons = {says_so("feat!: a")};
  BOOST_TEST(planned(asked) == "0.3.0");
  asked = request("1.2.3", {says_so("feat: a")});
  asked.rules.small_features = true;
  BOOST_TEST(planned(asked) == "1.3.0");
}

BOOST_AUTO_TEST_CASE(what_chart_yaml_holds_carries_over_as_far_as_the_policy_says) {
  VersionRequest asked = request("1.2.3", {});
  asked.before.app_version = "1.0.0";
  asked.after.app_version = "2.0.0";
  asked.before.dependencies = {{"redis", "1.0.0", "https://example.com", ""}};
  asked.after.dependencies = {{"redis", "1.1.0", "https://example.com", ""}};
  BOOST_TEST(planned(asked) == "2.0.0");
  asked.rules.app_version = Carried::kMinor;
  BOOST_TEST(planned(asked) == "1.3.0");
  asked.rules.app_version = Carried::kPatch;
  BOOST_TEST(planned(asked) == "1.3.0");
  asked.rules.dependencies = Carried::kPatch;
  BOOST_TEST(planned(asked) == "1.2.4");
  asked.rules.app_version = asked.rules.dependencies = Carried::kNone;
  const chart::PlannedVersion plan = chart::plan_version(asked);
  BOOST_TEST(plan.version.text() == "1.2.4");
  BOOST_TEST(plan.reasons.front().why == "what ships changed");
}

BOOST_AUTO_TEST_CASE(reverts_cancel_unless_they_are_kept) {
  VersionRequest asked = request("1.2.3", {says_so("Revert \"feat: a\""), says_so("feat: a")});
  BOOST_TEST(planned(asked) == "1.2.4");
  asked.rules.reverts_cancel = false;
  BOOST_TEST(planned(asked) == "1.3.0");
}

BOOST_AUTO_TEST_CASE(squashed_subjects_raise_unless_they_are_ignored) {
  VersionRequest asked = request("1.2.3", {says_so("fix: a (#3)", "* feat: b\n\n* fix: c")});
  BOOST_TEST(planned(asked) == "1.3.0");
  asked.rules.squashed = false;
  BOOST_TEST(planned(asked) == "1.2.4");
}

BOOST_AUTO_TEST_CASE(a_version_that_people_write_is_at_least_what_the_plan_gives) {
  const auto written = [](const std::string& version, const std::string& subject, const std::string& body = "") {
    VersionRequest asked = request("1.2.3", {says_so(subject, body)});
    asked.after.version = version;
    asked.rules.written = true;
    return asked;
  };
  const auto refuses = [](const VersionRequest& asked, const std::string& wanted) {
    testing::refuses_saying(Fault::kInput,
                            {"version " + asked.after.version + " written in Chart.yaml for web: " + wanted +
                                 " or a higher one is wanted after 1.2.3",
                             "version: " + wanted + "   # in charts/web/Chart.yaml"},
                            [&] { planned(asked); });
  };
  refuses(written("1.2.3", "fix: a"), "1.2.4");
  refuses(written("1.0.0", "fix: a"), "1.2.4");
  refuses(written("1.2.4", "feat: a"), "1.3.0");
  refuses(written("1.3.0-rc.1", "feat: a"), "1.3.0");
  refuses(written("1.2.4", "fix: a", "Release-As: 1.3.0"), "1.3.0");
  BOOST_TEST(planned(written("1.2.4", "fix: a")) == "1.2.4");
  BOOST_TEST(planned(written("1.2.4+build.7", "fix: a")) == "1.2.4+build.7");
  BOOST_TEST(planned(written("1.3.0", "fix: a", "Release-As: 1.2.5")) == "1.3.0");
  BOOST_TEST(planned(written("2.0.0", "fix: a")) == "2.0.0");
  testing::refuses(Fault::kInput, "that is more than one step above 1.2.4",
                   [&] { planned(written("4.0.0", "fix: a")); });

  const chart::PlannedVersion plan = chart::plan_version(written("1.3.0", "fix: a"));
  BOOST_TEST(plan.previous->text() == "1.2.3");
  BOOST_TEST((plan.level == chart::Level::kMinor));
  BOOST_TEST(plan.reasons.back().why == "version 1.3.0 written in Chart.yaml");

  VersionRequest taken = written("1.2.4", "fix: a");
  taken.taken = {Version::parse("1.2.4")};
  testing::refuses(Fault::kInput, "1.2.5 or a higher one is wanted after 1.2.4", [&] { planned(taken); });
}

BOOST_AUTO_TEST_CASE(a_first_version_that_people_write_is_it_unless_they_wished_for_more) {
  VersionRequest first = request("1.2.3", {says_so("feat: a")});
  first.last.reset();
  first.first = first.rules.written = true;
  first.after.version = "0.1.0";
  BOOST_TEST(planned(first) == "0.1.0");
  first.reasons = {says_so("feat: a", "Release-As: 1.0.0")};
  testing::refuses(Fault::kInput, "version 0.1.0 written in Chart.yaml for web: 1.0.0 or a higher one is wanted",
                   [&] { planned(first); });
  first.after.version = "1.0.0";
  BOOST_TEST(planned(first) == "1.0.0");
}

// Whichever of them comes first: a plan is a function of the set of commits.
BOOST_AUTO_TEST_CASE(of_commits_with_one_subject_the_one_that_says_most_counts) {
  std::vector<Reason> commits{says_so("fix: a"), says_so("fix: a", "BREAKING CHANGE: x"), says_so("fix: a"),
                              says_so("docs: b")};
  std::ranges::sort(commits, {}, &Reason::body);
  for (int turn = 0; turn < 4; ++turn) {
    std::ranges::rotate(commits, commits.begin() + 1);
    const chart::PlannedVersion plan = chart::plan_version(request("1.2.3", commits));
    BOOST_TEST(plan.version.text() == "2.0.0");
    BOOST_TEST(plan.reasons.size() == 2U);
  }
}

BOOST_AUTO_TEST_CASE(pre_releases_lead_to_the_release_they_are_of) {
  const auto next = [](const std::string& last, const std::string& subject, std::string name,
                       std::vector<Version> taken = {}) {
    VersionRequest asked = request(last, {says_so(subject)});
    asked.rules.pre_release = std::move(name);
    asked.taken = std::move(taken);
    return planned(asked);
  };
  BOOST_TEST(next("1.2.3", "fix: a", "rc") == "1.2.4-rc.1");
  BOOST_TEST(next("1.2.3", "feat: a", "rc") == "1.3.0-rc.1");
  BOOST_TEST(next("1.3.0-rc.1", "fix: a", "rc") == "1.3.0-rc.2");
  BOOST_TEST(next("1.3.0-rc.9", "feat: a", "rc") == "1.3.0-rc.10");
  BOOST_TEST(next("1.3.0-rc.1", "feat!: a", "rc") == "2.0.0-rc.1");
  BOOST_TEST(next("1.2.4-rc.3", "feat: a", "rc") == "1.3.0-rc.1");
  BOOST_TEST(next("1.3.0-beta.4", "fix: a", "rc") == "1.3.0-rc.1");
  BOOST_TEST(next("1.3.0-rc.1", "fix: a", "rc", {Version::parse("1.3.0-rc.2")}) == "1.3.0-rc.3");
  BOOST_TEST(next("1.3.0-rc.2", "fix: a", "beta") == "1.3.1-beta.1");  // 1.3.0-beta.1 would come before it
  BOOST_TEST(next("1.3.1-beta.1", "fix: a", "beta") == "1.3.1-beta.2");
  BOOST_TEST(next("1.3.0-rc.2", "fix: a", "") == "1.3.0");
  BOOST_TEST(next("1.3.0-rc.2", "feat: a", "") == "1.3.0");
  BOOST_TEST(next("1.3.0-rc.2", "feat!: a", "") == "2.0.0");
}

BOOST_AUTO_TEST_CASE(a_name_of_pre_releases_is_a_word) {
  BOOST_TEST(lineage::pre_release_name("rc", "x") == "rc");
  for (const char* name : {"", "1", "a.b", "a b", "ä", "rc.1", "aaaaaaaaaaaaaaaaa"})
    BOOST_CHECK_EXCEPTION(lineage::pre_release_name(name, "--pre-release"), Error,
                          [](const Error& e) { return e.fault() == Fault::kInput && says(e, "--pre-release: `"); });
}

BOOST_AUTO_TEST_CASE(values_that_break_are_told) {
  const auto broken = [](const std::string& before, const std::string& after) {
    return chart::broken_values(values(before), values(after));
  };
  BOOST_TEST(broken("a: 1\nb: {c: x, d: []}\n", "b: {c: x, d: [1]}\na: 7\nnew: 1\n").empty());
  BOOST_TEST(broken("a: 1\nb: {c: x}\n", "b: {}\n") == (Lines{"`a` is gone", "`b.c` is gone"}));
  BOOST_TEST(broken("a: 1\nb: x\nc: []\nd: \"1\"\n", "a: true\nb: {x: 1}\nc: text\nd: 1\n") ==
             (Lines{"`a` was a number and is true or false", "`b` was text and is a mapping",
                    "`c` was a list and is text", "`d` was text and is a number"}));
  BOOST_TEST(broken("a:\nb: ~\nc: 1\n", "a: {x: 1}\nb: 1\nc:\n").empty());
  BOOST_TEST(broken("a: &x 1\nb: *x\n", "b: 2\n").empty());
  BOOST_TEST(broken("", "b: 2\n").empty());

  std::string many;
  for (int key = 10; key < 45; ++key) many += "k" + std::to_string(key) + ": 1\n";
  const Lines told = broken(many, "a: 1\n");
  BOOST_TEST(told.size() == 21U);
  BOOST_TEST(told.back() == "and 15 more");
}

BOOST_AUTO_TEST_CASE(schemas_that_became_tighter_are_told) {
  const auto broken = [](const std::string& before, const std::string& after) {
    return chart::broken_values(values("a: 1\n", before), values("a: 1\n", after));
  };
  const std::string open = R"({"properties": {"a": {"type": ["integer", "string"], "enum": [1, 2]}, "b": {}}})";
  BOOST_TEST(broken(open, open).empty());
  BOOST_TEST(
      broken(open, R"({"properties": {"a": {"type": "integer", "enum": [2, 3]}, "b": {}}, "required": ["a"]})") ==
      (Lines{"`a` is required now", "`enum` of `a` does not allow 1 any more",
             "`type` of `a` does not allow string any more"}));
  BOOST_TEST(broken(open, R"({"properties": {"a": {"type": ["integer", "string"]}}, "additionalProperties": false})") ==
             (Lines{"`.` takes no other keys now", "`b` is gone"}));
  BOOST_TEST(broken(R"({"properties": {"a": {}}})", R"({"properties": {"a": {"type": "string"}}})") ==
             Lines{"`a` says which `type` it has now"});
  BOOST_TEST(
      broken(R"({"properties": {"a": {"type": "integer"}}})", R"({"properties": {"a": {"type": "number"}}})").empty());
  BOOST_TEST(broken("[1]", "{}").empty());
  BOOST_TEST(broken("{", open).empty());
}

BOOST_AUTO_TEST_CASE(values_that_break_do_what_the_policy_says) {
  VersionRequest asked = request("1.2.3", {says_so("fix: a")});
  asked.broken_values = {"`a` is gone", "`b` is gone"};
  chart::PlannedVersion plan = chart::plan_version(asked);
  BOOST_TEST(plan.version.text() == "1.2.4");
  BOOST_TEST(plan.warnings == Lines{"web: users' values break (`a` is gone, `b` is gone), and no commit says so"});
  asked.rules.values_break = ValuesBreak::kOff;
  BOOST_TEST(chart::plan_version(asked).warnings.empty());
  asked.rules.values_break = ValuesBreak::kBump;
  plan = chart::plan_version(asked);
  BOOST_TEST(plan.version.text() == "2.0.0");
  BOOST_TEST(plan.reasons.back().why == "values: `a` is gone, `b` is gone");
  asked.rules.values_break = ValuesBreak::kError;
  BOOST_CHECK_EXCEPTION(chart::plan_version(asked), Error, [](const Error& e) {
    return e.fault() == Fault::kInput && says(e, "web: users' values break (`a` is gone") && !e.hint().empty();
  });
  asked.reasons = {says_so("fix!: a")};
  plan = chart::plan_version(asked);
  BOOST_TEST(plan.version.text() == "2.0.0");
  BOOST_TEST(plan.warnings.empty());
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
