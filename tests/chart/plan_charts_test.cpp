#include "core/chart/plan_charts.h"

#include <boost/test/unit_test.hpp>
#include <random>

#include "chart/charts.h"
#include "core/base/error.h"
#include "testing/git_fixture.h"

namespace waybill {
namespace {

using testing::Files;
using testing::GitFixture;
using testing::says;
using Lines = std::vector<std::string>;

std::string chart_yaml(const std::string& name, const std::string& version, const std::string& more = "") {
  return "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n" + more;
}

std::string holding(const std::string& path) {
  return "dependencies:\n  - name: x\n    version: 1.x.x\n    repository: file://" + path + "\n";
}

// "web 1.0.0 → 1.1.0", in the order of shipping.
Lines told(const chart::ChartPlans& plans) {
  Lines lines;
  for (const chart::ChartPlan& plan : plans.charts)
    lines.push_back(plan.name + " " + (plan.last ? plan.last->version.text() : "new") +
                    (plan.next ? " → " + plan.next->version.text() : ""));
  return lines;
}

chart::ChartPlans plan(const GitFixture& fixture, const Oid& tip, const lineage::VersionRules& rules = {}) {
  return chart::plan_charts(git::Repository::open(fixture.path()), tip, {"charts/*"}, rules);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_plan_charts)

BOOST_AUTO_TEST_CASE(every_chart_is_planned_from_its_own_commits) {
  GitFixture fixture;
  Oid tip = fixture.commit("main",
                           {{"charts/web/Chart.yaml", chart_yaml("web", "1.0.0")},
                            {"charts/api/Chart.yaml", chart_yaml("api", "0.2.0")},
                            {"charts/job/Chart.yaml", chart_yaml("job", "3.0.0")}},
                           "start");
  fixture.tag("web-1.0.0", tip);
  fixture.tag("api-v0.2.0", tip);
  BOOST_TEST(told(plan(fixture, tip)) == (Lines{"api 0.2.0", "job new → 3.0.0", "web 1.0.0"}));
  fixture.change("main", {{"charts/web/a.yaml", "1"}, {"charts/api/a.yaml", "1"}}, "feat(web): a");
  tip = fixture.change("main", {{"charts/api/b.yaml", "1"}}, "chore!: b");
  BOOST_TEST(told(plan(fixture, tip)) == (Lines{"api 0.2.0 → 0.3.0", "job new → 3.0.0", "web 1.0.0 → 1.1.0"}));
}

BOOST_AUTO_TEST_CASE(what_was_taken_back_is_not_released_and_a_persons_bump_is_kept) {
  GitFixture fixture;
  const std::string before = chart_yaml("web", "1.0.0");
  fixture.tag("web-1.0.0", fixture.commit("main", {{"charts/web/Chart.yaml", before}}, "start"));
  fixture.change("main", {{"charts/web/a.yaml", "1"}}, "feat: a");
  const Oid back = fixture.change("main", {}, "Revert \"feat: a\"", {"charts/web/a.yaml"});
  BOOST_TEST(told(plan(fixture, back)) == (Lines{"web 1.0.0"}));
  const Oid bump = fixture.change(
      "main", {{"charts/web/Chart.yaml", chart_yaml("web", "1.4.0", "appVersion: 2.0.0\n")}}, "fix: bump");
  BOOST_TEST(told(plan(fixture, bump)) == (Lines{"web 1.0.0 → 1.4.0"}));
}

BOOST_AUTO_TEST_CASE(a_chart_ships_after_those_it_holds_and_because_of_them) {
  GitFixture fixture;
  Oid tip = fixture.commit("main",
                           {{"charts/app/Chart.yaml", chart_yaml("app", "1.0.0", holding("../middle"))},
                            {"charts/middle/Chart.yaml", chart_yaml("middle", "1.0.0", holding("../../charts/zero/"))},
                            {"charts/zero/Chart.yaml", chart_yaml("zero", "1.0.0", holding("../../elsewhere"))}},
                           "start");
  for (const char* name : {"app-1.0.0", "middle-1.0.0", "zero-1.0.0"}) fixture.tag(name, tip);
  BOOST_TEST(told(plan(fixture, tip)) == (Lines{"zero 1.0.0", "middle 1.0.0", "app 1.0.0"}));
  tip = fixture.change("main", {{"charts/zero/a.yaml", "1"}}, "feat: a");
  const chart::ChartPlans plans = plan(fixture, tip);
  BOOST_TEST(told(plans) == (Lines{"zero 1.0.0 → 1.1.0", "middle 1.0.0 → 1.0.1", "app 1.0.0 → 1.0.1"}));
  BOOST_TEST(plans.charts.back().after == Lines{"middle"});
  BOOST_REQUIRE(plans.charts.back().next->reasons.size() == 1U);
  BOOST_TEST(plans.charts.back().next->reasons.front().why == "dependency middle 1.0.1");
}

BOOST_AUTO_TEST_CASE(what_changes_in_an_inner_chart_is_not_released_with_the_outer_one) {
  GitFixture fixture;
  Oid tip = fixture.commit("main",
                           {{"charts/web/Chart.yaml", chart_yaml("web", "1.0.0")},
                            {"charts/web/inner/Chart.yaml", chart_yaml("inner", "1.0.0")}},
                           "start");
  for (const char* name : {"web-1.0.0", "inner-1.0.0"}) fixture.tag(name, tip);
  tip = fixture.change("main", {{"charts/web/inner/a.yaml", "1"}}, "feat: a");
  const git::Repository repository = git::Repository::open(fixture.path());
  BOOST_TEST(told(chart::plan_charts(repository, tip, {"charts/*", "charts/*/*"})) ==
             (Lines{"web 1.0.0", "inner 1.0.0 → 1.1.0"}));
}

BOOST_AUTO_TEST_CASE(charts_that_hold_one_another_are_refused) {
  GitFixture fixture;
  const Oid tip = fixture.commit("main",
                                 {{"charts/a/Chart.yaml", chart_yaml("a", "1.0.0", holding("../b"))},
                                  {"charts/b/Chart.yaml", chart_yaml("b", "1.0.0", holding("../a"))}},
                                 "start");
  BOOST_CHECK_EXCEPTION(plan(fixture, tip), Error, [](const Error& error) {
    return error.fault() == Fault::kInput && says(error, "charts/a → charts/b → charts/a");
  });
}

BOOST_AUTO_TEST_CASE(a_chart_that_cannot_be_planned_leaves_the_others) {
  GitFixture fixture;
  const Oid tip = fixture.commit("main",
                                 {{"charts/bad/Chart.yaml", "name: bad\nname: worse\n"},
                                  {"charts/good/Chart.yaml", chart_yaml("good", "1.0.0")},
                                  {"charts/good-too/Chart.yaml", chart_yaml("good", "1.0.0")},
                                  {"charts/used/Chart.yaml", chart_yaml("used", "2.0.0")}},
                                 "start");
  fixture.tag("used-2.0.0", fixture.commit("aside", {{"x", "y"}}, "elsewhere", {tip}));
  const chart::ChartPlans plans = plan(fixture, tip);
  BOOST_TEST(told(plans) == Lines{"good new → 1.0.0"});
  BOOST_REQUIRE(plans.faults.size() == 3U);
  BOOST_TEST(plans.faults[1].starts_with("charts/good and charts/good-too are both named `good`"));
  BOOST_TEST(plans.faults.front().find("charts/bad/Chart.yaml") != std::string::npos);
  BOOST_TEST(plans.faults.back().find("used 2.0.0 was released as `used-2.0.0`") != std::string::npos);
}

// A plan is a function of the set of commits: in whatever order work that does not touch the same file came in, and in
// how many branches, the next versions are the same.
BOOST_AUTO_TEST_CASE(the_order_of_the_commits_does_not_matter) {
  const std::vector<std::pair<std::string, std::string>> work{
      {"charts/a/1", "fix: one"},     {"charts/a/2", "feat: two"},  {"charts/b/1", "docs: three"},
      {"charts/b/2", "chore!: four"}, {"charts/c/1", "[c] five"},   {"charts/c/2", "feat(a): six"},
      {"charts/c/3", "perf: seven"},  {"README.md", "feat!: eight"}};
  std::mt19937 random(7);  // seeded: the same orders every time
  Lines expected;
  for (int round = 0; round < 12; ++round) {
    GitFixture fixture;
    Files files;
    for (const char* name : {"a", "b", "c"})
      files.emplace(std::string("charts/") + name + "/Chart.yaml", chart_yaml(name, "1.0.0"));
    const Oid first = fixture.commit("main", files, "start");
    for (const char* tag : {"a-1.0.0", "b-1.0.0", "c-1.0.0"}) fixture.tag(tag, first);
    fixture.commit("other", files, "begin", {first});
    auto shuffled = work;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    for (const auto& [path, subject] : shuffled) {
      fixture.change(random() % 2 == 0 ? "main" : "other", {{path, "x"}}, subject);
      files.emplace(path, "x");
    }
    const Lines lines = told(plan(fixture, fixture.merge("main", fixture.tip("other"), files, "Merge branch 'other'")));
    if (expected.empty()) expected = lines;
    BOOST_TEST(lines == expected);
  }
  BOOST_TEST(expected == (Lines{"a 1.0.0 → 1.1.0", "b 1.0.0 → 2.0.0", "c 1.0.0 → 1.0.1"}));
}

// Of pull requests that are merged too, however many commits each brought and whatever these say.
BOOST_AUTO_TEST_CASE(the_order_of_merged_pull_requests_does_not_matter) {
  const std::vector<std::pair<std::string, std::string>> work{
      {"charts/a/1", "fix: one"},    {"charts/a/2", "feat: two"},     {"charts/b/1", "docs: three"},
      {"charts/b/2", "docs: three"}, {"charts/c/1", "feat(a): four"}, {"README.md", "feat!: five"}};
  std::mt19937 random(11);  // seeded: the same orders every time
  lineage::VersionRules rules;
  rules.commits = lineage::Commits::kFirstParent;
  Lines expected;
  for (int round = 0; round < 8; ++round) {
    GitFixture fixture;
    Files files;
    for (const char* name : {"a", "b", "c"})
      files.emplace(std::string("charts/") + name + "/Chart.yaml", chart_yaml(name, "1.0.0"));
    const Oid first = fixture.commit("main", files, "start");
    for (const char* tag : {"a-1.0.0", "b-1.0.0", "c-1.0.0"}) fixture.tag(tag, first);
    auto shuffled = work;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    int number = 1;
    for (const auto& [path, title] : shuffled) {
      const std::string branch = "pull-" + std::to_string(++number);
      Files brought = files;
      brought.emplace(path, "wip");
      fixture.commit(branch, brought, "feat!: wip", {random() % 2 == 0 ? first : fixture.tip("main")});
      const Oid head = fixture.change(branch, {{path, "x"}}, "feat!: more wip");
      files.emplace(path, "x");
      fixture.merge("main", head, files, fmt::format("Merge pull request #{} from o/{}\n\n{}", number, branch, title));
    }
    const Lines lines = told(plan(fixture, fixture.tip("main"), rules));
    if (expected.empty()) expected = lines;
    BOOST_TEST(lines == expected);
  }
  BOOST_TEST(expected == (Lines{"a 1.0.0 → 1.1.0", "b 1.0.0 → 1.0.1", "c 1.0.0 → 1.0.1"}));
}

BOOST_AUTO_TEST_CASE(versions_that_people_have_to_write_are_faults_where_they_are_too_low) {
  GitFixture fixture;
  Oid tip = fixture.commit("main",
                           {{"charts/a/Chart.yaml", chart_yaml("a", "1.0.0")},
                            {"charts/b/Chart.yaml", chart_yaml("b", "1.0.0")},
                            {"charts/c/Chart.yaml", chart_yaml("c", "1.0.0")},
                            {"charts/new/Chart.yaml", chart_yaml("new", "0.3.0")}},
                           "start");
  for (const char* name : {"a-1.0.0", "b-1.0.0", "c-1.0.0"}) fixture.tag(name, tip);
  tip = fixture.change("main",
                       {{"charts/a/x.yaml", "1"},
                        {"charts/b/x.yaml", "1"},
                        {"charts/a/Chart.yaml", chart_yaml("a", "1.1.0")},
                        {"charts/b/Chart.yaml", chart_yaml("b", "1.0.1")}},
                       "feat: x");
  lineage::VersionRules rules;
  BOOST_TEST(told(plan(fixture, tip, rules)) ==
             (Lines{"a 1.0.0 → 1.1.0", "b 1.0.0 → 1.1.0", "c 1.0.0", "new new → 0.3.0"}));
  rules.written = true;
  const chart::ChartPlans plans = plan(fixture, tip, rules);
  BOOST_TEST(told(plans) == (Lines{"a 1.0.0 → 1.1.0", "c 1.0.0", "new new → 0.3.0"}));
  BOOST_TEST(plans.faults ==
             Lines{"version 1.0.1 written in Chart.yaml for b: 1.1.0 or a higher one is wanted after 1.0.0\n"
                   "  try: version: 1.1.0   # in charts/b/Chart.yaml"});
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
