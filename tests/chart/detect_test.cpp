#include "core/chart/detect.h"

#include <boost/test/unit_test.hpp>

#include "testing/git_fixture.h"

namespace waybill {
namespace {

using testing::Files;
using testing::GitFixture;
using Paths = std::vector<std::string>;

const Paths kPatterns{"charts/*"};

std::string chart_yaml(const std::string& name) {
  return "apiVersion: v2\nname: " + name + "\nversion: 1.0.0\n";
}

// "charts/web since web-v1.0.0: values.yaml", or "charts/web new: …"; what is ignored by its path.
Paths told(const chart::Detection& detection) {
  Paths lines;
  for (const auto& [chart, since] : detection.charts) {
    std::string line = chart.path + (since.empty() ? " new:" : " since " + since + ":");
    for (const std::string& file : chart.files) line += " " + file;
    lines.push_back(line);
  }
  for (const std::string& path : detection.ignored) lines.push_back(path + " ignored");
  return lines;
}

Paths between(const GitFixture& fixture, const Oid& from, const Oid& to) {
  return told(chart::detect_between(git::Repository::open(fixture.path()), from, to, kPatterns));
}

Paths since_releases(const GitFixture& fixture, const Oid& to, const Paths& patterns = kPatterns) {
  return told(chart::detect_since_releases(git::Repository::open(fixture.path()), to, patterns));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_detect)

BOOST_AUTO_TEST_CASE(what_helmignore_leaves_out_is_no_change) {
  GitFixture fixture;
  const Oid first = fixture.commit("main",
                                   {{"charts/web/Chart.yaml", chart_yaml("web")},
                                    {"charts/web/.helmignore", "ci/\n*.md\n"},
                                    {"charts/web/ci/a.yaml", "1"},
                                    {"charts/web/README.md", "1"}},
                                   "one");
  const Oid left_out = fixture.change("main", {{"charts/web/ci/a.yaml", "2"}, {"charts/web/README.md", "2"}}, "two");
  BOOST_TEST(between(fixture, first, left_out) == (Paths{"charts/web ignored"}));
  const Oid more = fixture.change("main", {{"charts/web/ci/a.yaml", "3"}, {"charts/web/values.yaml", "3"}}, "three");
  BOOST_TEST(between(fixture, left_out, more) ==
             (Paths{"charts/web since " + left_out.hex() + ": ci/a.yaml values.yaml"}));
  const Oid rules = fixture.change("main", {{"charts/web/.helmignore", "ci/\n"}}, "four");
  BOOST_TEST(between(fixture, more, rules) == (Paths{"charts/web since " + more.hex() + ": .helmignore"}));
  const Oid no_longer = fixture.change("main", {{"charts/web/README.md", "5"}}, "five");
  BOOST_TEST(between(fixture, rules, no_longer) == (Paths{"charts/web since " + rules.hex() + ": README.md"}));
}

BOOST_AUTO_TEST_CASE(rules_that_helm_refuses_leave_nothing_out) {
  GitFixture fixture;
  const Oid first = fixture.commit(
      "main", {{"charts/web/Chart.yaml", chart_yaml("web")}, {"charts/web/.helmignore", "**/x\n"}}, "one");
  const Oid second = fixture.change("main", {{"charts/web/x", "2"}}, "two");
  BOOST_TEST(between(fixture, first, second) == (Paths{"charts/web since " + first.hex() + ": x"}));
}

BOOST_AUTO_TEST_CASE(a_chart_that_is_new_or_gone_counts_whatever_it_ignores) {
  GitFixture fixture;
  const Oid first = fixture.commit("main", {{"charts/web/Chart.yaml", chart_yaml("web")}}, "one");
  const Oid second =
      fixture.commit("main", {{"charts/api/Chart.yaml", chart_yaml("api")}, {"charts/api/.helmignore", "*\n"}}, "two");
  BOOST_TEST(between(fixture, first, second) ==
             (Paths{"charts/api new: .helmignore Chart.yaml", "charts/web since " + first.hex() + ": Chart.yaml"}));
}

BOOST_AUTO_TEST_CASE(each_chart_is_compared_with_its_own_highest_release_in_this_history) {
  GitFixture fixture;
  const Oid first = fixture.commit("main",
                                   {{"charts/web/Chart.yaml", chart_yaml("web")},
                                    {"charts/api/Chart.yaml", chart_yaml("api")},
                                    {"charts/job/Chart.yaml", chart_yaml("job")}},
                                   "one");
  fixture.tag("web-1.0.0", first);
  fixture.tag("api-v1.0.0", first);
  fixture.tag("web-agent-3.0.0", first);
  const Oid second = fixture.change("main", {{"charts/web/values.yaml", "2"}, {"charts/api/values.yaml", "2"}}, "two");
  fixture.tag("web/1.1.0", second);
  const Oid third = fixture.change("main", {{"charts/api/more.yaml", "3"}}, "three");
  const Oid aside = fixture.commit("aside", {{"charts/api/Chart.yaml", chart_yaml("api")}}, "elsewhere", {first});
  fixture.tag("api-v9.0.0", aside);
  BOOST_TEST(since_releases(fixture, third) ==
             (Paths{"charts/api since api-v1.0.0: more.yaml values.yaml", "charts/job new: Chart.yaml"}));
  BOOST_TEST(since_releases(fixture, second) ==
             (Paths{"charts/api since api-v1.0.0: values.yaml", "charts/job new: Chart.yaml"}));
}

BOOST_AUTO_TEST_CASE(a_chart_at_the_root_and_one_that_moved_are_found_too) {
  GitFixture fixture;
  const Oid first =
      fixture.commit("main", {{"Chart.yaml", chart_yaml("web")}, {"old/api/Chart.yaml", chart_yaml("api")}}, "one");
  fixture.tag("web-v1.0.0", first);
  fixture.tag("api-v1.0.0", first);
  const Oid second = fixture.commit(
      "main", {{"Chart.yaml", chart_yaml("web")}, {"a.yaml", "2"}, {"charts/api/Chart.yaml", chart_yaml("api")}},
      "two");
  BOOST_TEST(since_releases(fixture, second, {"."}) ==
             (Paths{". since web-v1.0.0: a.yaml charts/api/Chart.yaml old/api/Chart.yaml"}));
  BOOST_TEST(since_releases(fixture, second) == (Paths{"charts/api new: Chart.yaml"}));
}

BOOST_AUTO_TEST_CASE(shards_hold_every_chart_once_and_about_as_many_files) {
  GitFixture fixture;
  Files files;
  Paths paths;
  for (const int count : {9, 1, 2, 3, 3, 1, 5}) {
    const std::string path = "charts/c" + std::to_string(paths.size());
    paths.push_back(path);
    for (int i = 0; i < count; ++i) files.emplace(path + "/" + std::to_string(i), "x");
  }
  const Oid commit = fixture.commit("main", files, "one");
  const git::Repository repository = git::Repository::open(fixture.path());
  using Shards = std::vector<Paths>;
  BOOST_TEST((chart::in_shards(repository, commit, paths, 3) ==
              Shards{{"charts/c0"}, {"charts/c2", "charts/c5", "charts/c6"}, {"charts/c1", "charts/c3", "charts/c4"}}));
  BOOST_TEST(chart::in_shards(repository, commit, paths, 100).size() == paths.size());
  BOOST_TEST((chart::in_shards(repository, commit, paths, 1) == Shards{paths}));
  BOOST_TEST(chart::in_shards(repository, commit, {}, 5).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
