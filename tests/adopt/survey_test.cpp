#include "core/adopt/survey.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/chart/chart.h"
#include "core/lineage/waybill.h"
#include "testing/git_fixture.h"
#include "testing/refusal.h"

// What a repository holds is read from its trees and tags.
namespace waybill {

BOOST_AUTO_TEST_SUITE(adopt_survey)

using testing::Files;
using testing::GitFixture;
using Texts = std::vector<std::string>;

namespace {

std::string chart_yaml(const std::string& name, const std::string& version = "1.0.0") {
  return "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n";
}

Texts paths(const adopt::Survey& survey) {
  Texts all;
  for (const adopt::FoundChart& chart : survey.charts) all.push_back(chart.path);
  return all;
}

adopt::Survey look(const GitFixture& fixture, const std::string& branch = {}) {
  return adopt::survey(git::Repository::open(fixture.path()), branch);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_repository_without_a_commit_or_a_chart_holds_none) {
  GitFixture fixture;
  const adopt::Survey empty = look(fixture);
  BOOST_TEST(empty.branch == "main");
  BOOST_TEST(!empty.tip.has_value());
  BOOST_TEST(empty.charts.empty());
  fixture.commit("main", {{"README.md", "# x\n"}, {"charts/notes/Chart.yaml.bak", "x"}}, "one");
  const adopt::Survey survey = look(fixture);
  BOOST_TEST(survey.tip.has_value());
  BOOST_TEST(survey.charts.empty());
  BOOST_TEST(survey.patterns.empty());
  BOOST_TEST(!survey.is_newcomer());
}

BOOST_AUTO_TEST_CASE(charts_are_found_wherever_they_are_and_their_patterns_find_the_same) {
  GitFixture fixture;
  fixture.commit("main",
                 {{"charts/web/Chart.yaml", chart_yaml("web")},
                  {"charts/web/charts/redis/Chart.yaml", chart_yaml("redis")},
                  {"charts/web/demo/Chart.yaml", chart_yaml("demo")},
                  {"charts/api/Chart.yaml", chart_yaml("api")},
                  {"deploy/team/one/Chart.yaml", chart_yaml("one")},
                  {"single/Chart.yaml", chart_yaml("single")},
                  {"broken/Chart.yaml", "name: [\n"}},
                 "charts");
  const adopt::Survey survey = look(fixture);
  BOOST_TEST(paths(survey) == (Texts{"broken", "charts/api", "charts/web", "deploy/team/one", "single"}),
             boost::test_tools::per_element());
  BOOST_TEST(survey.inside == (Texts{"charts/web/demo"}), boost::test_tools::per_element());
  BOOST_TEST(survey.patterns == (Texts{"broken", "charts/*", "deploy/team/*", "single"}),
             boost::test_tools::per_element());
  BOOST_TEST(survey.charts.front().problem.find("broken/Chart.yaml") != std::string::npos);
  const auto repository = git::Repository::open(fixture.path());
  BOOST_TEST(chart::chart_paths(repository, *survey.tip, survey.patterns) == paths(survey),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(charts_that_chart_testing_leaves_out_are_left_out) {
  GitFixture fixture;
  fixture.commit("main",
                 {{"charts/web/Chart.yaml", chart_yaml("web")},
                  {"charts/api/Chart.yaml", chart_yaml("api")},
                  {"charts/demo/Chart.yaml", chart_yaml("demo")},
                  {"library/common/Chart.yaml", chart_yaml("common")},
                  {".github/ct.yaml", "remote: origin\nchart-dirs: [charts]\nexcluded-charts:\n  - demo\n"}},
                 "start");
  adopt::Survey survey = look(fixture);
  BOOST_TEST(paths(survey) == (Texts{"charts/api", "charts/web", "library/common"}), boost::test_tools::per_element());
  BOOST_TEST(survey.patterns == (Texts{"charts/api", "charts/web", "library/*"}), boost::test_tools::per_element());
  BOOST_TEST(survey.excluded == Texts{"charts/demo"}, boost::test_tools::per_element());
  BOOST_TEST(survey.excluded_by == ".github/ct.yaml");

  fixture.change("main", {{".github/ct.yaml", "excluded-charts: &x [demo]\n"}}, "an anchor");
  survey = look(fixture);
  BOOST_TEST(survey.excluded.empty());
  BOOST_TEST(survey.patterns == (Texts{"charts/*", "library/*"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_chart_at_the_root_is_found_and_cannot_be_released) {
  GitFixture fixture;
  fixture.commit("main",
                 {{"Chart.yaml", chart_yaml("web")},
                  {"charts/redis/Chart.yaml", chart_yaml("redis")},
                  {"examples/one/Chart.yaml", chart_yaml("one")}},
                 "a chart");
  const adopt::Survey survey = look(fixture);
  BOOST_TEST(paths(survey) == (Texts{"."}), boost::test_tools::per_element());
  BOOST_TEST(survey.patterns.empty());
  BOOST_TEST(survey.inside == (Texts{"examples/one"}), boost::test_tools::per_element());
  BOOST_TEST(survey.charts.front().name == "web");
  BOOST_TEST(survey.charts.front().problem.find("it lies at the root") == 0U);
}

BOOST_AUTO_TEST_CASE(tags_of_every_form_belong_to_their_chart_and_waybills_own_are_counted_apart) {
  GitFixture fixture;
  const Oid tip = fixture.commit("main", {{"charts/web/Chart.yaml", chart_yaml("web", "1.3.0")}}, "one");
  for (const char* name : {"web-1.0.0", "web/1.1.0", "web-v1.2.0", "web-agent-9.0.0", "v1.0.0"}) fixture.tag(name, tip);
  adopt::Survey survey = look(fixture);
  BOOST_TEST(survey.tags == 5U);
  BOOST_TEST(survey.own_tags == 0U);
  BOOST_TEST(survey.is_newcomer());
  BOOST_REQUIRE(survey.charts.front().tags.size() == 3U);
  BOOST_TEST(survey.charts.front().tags.front().tag.name == "web-v1.2.0");

  fixture.tag("web-v1.3.0", tip,
              lineage::write_tag_message({.chart = "web",
                                          .path = "charts/web",
                                          .version = "1.3.0",
                                          .entries = {},
                                          .changelog = "",
                                          .source_pull_request = "none",
                                          .commit = tip.hex(),
                                          .source = tip.hex()}));
  survey = look(fixture);
  BOOST_TEST(survey.own_tags == 1U);
  BOOST_TEST(survey.charts.front().tags.size() == 3U);
  BOOST_TEST(!survey.is_newcomer());
}

BOOST_AUTO_TEST_CASE(the_default_branch_is_the_forges_or_the_remotes_or_the_one_checked_out) {
  GitFixture fixture;
  fixture.commit("main", {{"f", "1"}}, "one");
  fixture.commit("develop", {{"charts/web/Chart.yaml", chart_yaml("web")}}, "two");
  BOOST_TEST(look(fixture).branch == "main");
  BOOST_TEST(look(fixture, "develop").charts.size() == 1U);
  fixture.git({"symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop"});
  BOOST_TEST(look(fixture).branch == "develop");
  fixture.git({"symbolic-ref", "-d", "refs/remotes/origin/HEAD"});
  fixture.git({"update-ref", "--no-deref", "HEAD", fixture.tip("main").hex()});
  testing::refuses(Fault::kInput, "the default branch is not known", [&] { static_cast<void>(look(fixture)); });
  testing::refuses(Fault::kInput, "git remote set-head origin --auto", [&] { static_cast<void>(look(fixture)); });
}

BOOST_AUTO_TEST_CASE(of_many_tags_the_newest_are_adopted_and_the_newest_that_the_branch_holds) {
  GitFixture fixture;
  const Oid first = fixture.commit("main", {{"charts/web/Chart.yaml", chart_yaml("web")}}, "one");
  const Oid elsewhere = fixture.commit("other", {{"charts/web/Chart.yaml", chart_yaml("web")}}, "two");
  fixture.tag("web-0.9.0", first);
  fixture.tag("web-1.0.0", first);
  for (const char* name : {"web-2.0.0", "web-2.1.0", "web-2.2.0"}) fixture.tag(name, elsewhere);
  const auto repository = git::Repository::open(fixture.path());
  const auto survey = adopt::survey(repository);
  const auto names = [&](std::size_t most) {
    Texts all;
    for (const auto& [name, commit] : adopt::adoptable(repository, survey, most)) all.push_back(name);
    return all;
  };
  BOOST_TEST(names(5) == (Texts{"web-0.9.0", "web-1.0.0", "web-2.0.0", "web-2.1.0", "web-2.2.0"}),
             boost::test_tools::per_element());
  BOOST_TEST(names(2) == (Texts{"web-1.0.0", "web-2.1.0", "web-2.2.0"}), boost::test_tools::per_element());
  BOOST_TEST(adopt::adoptable(repository, survey, 2).at("web-1.0.0").hex() == first.hex());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
