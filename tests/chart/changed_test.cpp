#include <boost/test/unit_test.hpp>
#include <set>

#include "chart/charts.h"
#include "core/base/error.h"
#include "core/chart/chart.h"
#include "testing/git_fixture.h"

namespace waybill {
namespace {

using chart::ChangeKind;
using testing::Files;
using testing::GitFixture;

using Found = std::map<std::string, std::pair<ChangeKind, std::vector<std::string>>>;

const std::vector<std::string> kPatterns{"charts/*"};

struct Result {
  Found charts;
  std::vector<std::string> others;
};

Result changes(const GitFixture& fixture, const std::optional<Oid>& from, const Oid& to,
               const std::vector<std::string>& patterns = kPatterns) {
  const git::Repository repository = git::Repository::open(fixture.path());
  const chart::Changes changes = chart::changed_charts(repository, from, to, patterns);
  Result result{{}, changes.others};
  for (const chart::ChangedChart& chart : changes.charts) result.charts[chart.path] = {chart.kind, chart.files};
  return result;
}

std::vector<std::string> paths(const GitFixture& fixture, const Oid& commit, const std::vector<std::string>& patterns) {
  return chart::chart_paths(git::Repository::open(fixture.path()), commit, patterns);
}

using Paths = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_changed)

BOOST_AUTO_TEST_CASE(charts_are_where_the_patterns_say) {
  GitFixture fixture;
  const Oid commit = fixture.commit("main",
                                    {{"charts/a/Chart.yaml", "#"},
                                     {"charts/a/charts/sub/Chart.yaml", "#"},
                                     {"charts/a-b/Chart.yaml", "#"},
                                     {"charts/none/values.yaml", "#"},
                                     {"charts/file", "#"},
                                     {"deep/er/x/Chart.yaml", "#"},
                                     {"README.md", "#"}},
                                    "one");
  BOOST_TEST(paths(fixture, commit, {"charts/*"}) == (Paths{"charts/a", "charts/a-b"}));
  BOOST_TEST(paths(fixture, commit, {"charts/a*", "*/*", "charts/*/charts/*"}) == (Paths{"charts/a", "charts/a-b"}));
  BOOST_TEST(paths(fixture, commit, {"charts/*b", "deep/*/x"}) == (Paths{"charts/a-b", "deep/er/x"}));
  BOOST_TEST(paths(fixture, commit, {"."}).empty());
  for (const char* pattern : {"charts/**", "/charts/*", "charts/", "charts/../x", ""})
    BOOST_CHECK_EXCEPTION(paths(fixture, commit, {pattern}), Error,
                          [](const Error& e) { return testing::says(e, "is not a pattern, wanted names"); });
}

BOOST_AUTO_TEST_CASE(a_chart_at_the_root_owns_everything) {
  GitFixture fixture;
  const Oid one = fixture.commit("main", {{"Chart.yaml", "#"}, {"charts/sub/Chart.yaml", "#"}}, "one");
  const Oid two = fixture.change("main", {{"charts/sub/values.yaml", "#"}, {"x", "#"}}, "two");
  BOOST_TEST(paths(fixture, two, {".", "charts/*"}) == (Paths{"."}));
  const Result found = changes(fixture, one, two, {".", "charts/*"});
  BOOST_TEST(found.charts.at(".").second == (Paths{"charts/sub/values.yaml", "x"}));
  BOOST_TEST(found.others.empty());
}

BOOST_AUTO_TEST_CASE(every_kind_of_change_finds_its_chart) {
  GitFixture fixture;
  const Oid one = fixture.commit("main",
                                 {{"charts/a/Chart.yaml", "#"},
                                  {"charts/a/templates/x", "moved"},
                                  {"charts/a/charts/sub/Chart.yaml", "#"},
                                  {"charts/b/Chart.yaml", "#"},
                                  {"charts/gone/Chart.yaml", "#"},
                                  {"charts/gone/values.yaml", "#"},
                                  {"charts/é/Chart.yaml", "#"},
                                  {"charts/same/Chart.yaml", "#"}},
                                 "one");
  const Oid two = fixture.change("main",
                                 {{"charts/b/templates/x", "moved"},
                                  {"charts/a/charts/sub/values.yaml", "#"},
                                  {"charts/é/templates/ü.yaml", "#"},
                                  {"charts/new/Chart.yaml", "#"},
                                  {".github/workflows/ci.yml", "#"},
                                  {"charts/README.md", "#"}},
                                 "two", {"charts/a/templates/x", "charts/gone/Chart.yaml", "charts/gone/values.yaml"});
  const Result found = changes(fixture, one, two);
  const Found expected{{"charts/a", {ChangeKind::kModified, {"charts/sub/values.yaml", "templates/x"}}},
                       {"charts/b", {ChangeKind::kModified, {"templates/x"}}},
                       {"charts/gone", {ChangeKind::kDeleted, {"Chart.yaml", "values.yaml"}}},
                       {"charts/new", {ChangeKind::kAdded, {"Chart.yaml"}}},
                       {"charts/é", {ChangeKind::kModified, {"templates/ü.yaml"}}}};
  BOOST_TEST((found.charts == expected));
  BOOST_TEST(found.others == (Paths{".github/workflows/ci.yml", "charts/README.md"}));
}

BOOST_AUTO_TEST_CASE(without_a_start_everything_is_new) {
  GitFixture fixture;
  const Oid one = fixture.commit("main", {{"charts/a/Chart.yaml", "#"}, {"LICENSE", "#"}}, "one");
  const Result found = changes(fixture, std::nullopt, one);
  BOOST_TEST((found.charts.at("charts/a").first == ChangeKind::kAdded));
  BOOST_TEST(found.others == (Paths{"LICENSE"}));
}

BOOST_AUTO_TEST_CASE(the_longest_chart_path_wins) {
  GitFixture fixture;
  const Oid one = fixture.commit("main", {{"s/c/Chart.yaml", "#"}, {"s/c/webhook/Chart.yaml", "#"}}, "one");
  const Oid two = fixture.change("main", {{"s/c/webhook/values.yaml", "#"}}, "two");
  const Result found = changes(fixture, one, two, {"s/*", "s/*/*"});
  BOOST_TEST(found.charts.size() == 1);
  BOOST_TEST(found.charts.contains("s/c/webhook"));
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
