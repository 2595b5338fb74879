#include "core/app/plan_command.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "testing/captured_output.h"
#include "testing/git_fixture.h"
#include "testing/refusal.h"

// `waybill plan-versions` and `waybill changelog` from the outside.
namespace waybill {
namespace {

using Arguments = std::vector<std::string>;

std::string chart_yaml(const std::string& name, const std::string& version) {
  return "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n";
}

struct Planned {
  testing::GitFixture fixture;

  Planned() {
    fixture.tag("web-1.0.0", fixture.commit("main",
                                            {{"charts/web/Chart.yaml", chart_yaml("web", "1.0.0")},
                                             {"charts/api/Chart.yaml", chart_yaml("api", "0.1.0")}},
                                            "feat: start"));
    fixture.change("main", {{"charts/web/a.yaml", "1"}}, "feat: see \x1b[31mred\n\nRelease notes");
  }

  std::string run(int (*command)(const Arguments&), Arguments arguments) const {
    arguments.insert(arguments.end(), {"--workspace", fixture.path().string(), "--commit", "main"});
    const testing::CapturedOutput output;
    BOOST_TEST(command(arguments) == 0);
    return output.text();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(app_plan_command)

BOOST_FIXTURE_TEST_CASE(a_plan_says_what_comes_and_why, Planned) {
  BOOST_TEST(run(app::plan_command, {}) ==
             "api 0.1.0\n  minor feat: start: feat\n  none  first release, as Chart.yaml says\n"
             "web 1.0.0 → 1.1.0\n  minor feat: see \\u{1b}[31mred: feat\n");
  BOOST_TEST(run(app::plan_command, {"--charts", "charts/web", "--changelog"}) ==
             "web 1.0.0 → 1.1.0\n  minor feat: see \\u{1b}[31mred: feat\n\n"
             "## [1.1.0] - 2026-02-02\n\n### Added\n\n- See [31mred\n\n");
}

BOOST_FIXTURE_TEST_CASE(without_a_policy_charts_are_found_wherever_they_lie, Planned) {
  fixture.change("main",
                 {{"library/stable/db/Chart.yaml", chart_yaml("db", "2.0.0")},
                  {"library/old/Chart.yaml", chart_yaml("old", "0.0.1")},
                  {"ct.yaml", "chart-dirs: [charts]\nexcluded-charts: [old]\n"}},
                 "feat: more places");
  const Json plan = parse_json(run(app::plan_command, {"--json"}), "the plan");
  std::vector<std::string> paths;
  for (const Json& chart : plan.at("charts")) paths.push_back(chart.at("path"));
  const std::vector<std::string> wanted{"charts/api", "charts/web", "library/stable/db"};
  BOOST_TEST(paths == wanted, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_plan_as_json, Planned) {
  const Json plan = parse_json(run(app::plan_command, {"--json"}), "the plan");
  BOOST_TEST(plan.at("faults").empty());
  const Json& web = plan.at("charts").at(1);
  BOOST_TEST(web.at("path") == "charts/web");
  BOOST_TEST(web.at("last").at("tag") == "web-1.0.0");
  BOOST_TEST(web.at("version") == "1.1.0");
  BOOST_TEST(web.at("level") == "minor");
  BOOST_TEST(plan.at("charts").at(0).at("last").is_null());
}

BOOST_FIXTURE_TEST_CASE(the_policy_says_where_charts_are, Planned) {
  fixture.change("main",
                 {{".waybill.yml",
                   "version: 1\nanchor: {repository: o/r, repository-id: 1, owner-id: 1}\napp: a[bot]\n"
                   "charts: ['charts/w*']\nkubernetes: ['1.33.7']\n"}},
                 "policy");
  BOOST_TEST(run(app::plan_command, {}).starts_with("web"));
}

BOOST_FIXTURE_TEST_CASE(the_policy_says_what_changes_count_for, Planned) {
  const auto plan = [this](const std::string& versions, Arguments arguments = {}) {
    fixture.change("main",
                   {{".waybill.yml",
                     "version: 1\nanchor: {repository: o/r, repository-id: 1, owner-id: 1}\napp: a[bot]\n"
                     "charts: ['charts/web']\nkubernetes: ['1.33.7']\nversions: " +
                         versions + "\n"},
                    {"charts/web/values.yaml", "b: 1\n"}},
                   "docs: values");
    return run(app::plan_command, std::move(arguments));
  };
  BOOST_TEST(plan("{pre-release: rc}").starts_with("web 1.0.0 → 1.1.0-rc.1\n"));
  BOOST_TEST(plan("{types: {feat: patch}}").starts_with("web 1.0.0 → 1.0.1\n"));
  BOOST_TEST(plan("{types: {docs: none}}").find("docs: values") == std::string::npos);
  BOOST_TEST(plan("{scopes: ignore}", {"--pre-release", "beta"}).starts_with("web 1.0.0 → 1.1.0-beta.1\n"));
}

BOOST_FIXTURE_TEST_CASE(merged_pull_requests_count_by_their_titles_where_the_policy_says_so, Planned) {
  const testing::Files files{{"charts/web/Chart.yaml", chart_yaml("web", "1.0.0")}, {"charts/web/b.yaml", "1"}};
  const Oid head = fixture.commit("feature", files, "feat!: wip", {fixture.tip("refs/tags/web-1.0.0")});
  const auto merged = [&](const std::string& commits) {
    testing::Files all = files;
    all.insert({{"charts/web/a.yaml", "1"},
                {".waybill.yml",
                 "version: 1\nanchor: {repository: o/r, repository-id: 1, owner-id: 1}\napp: a[bot]\n"
                 "charts: ['charts/web']\nkubernetes: ['1.33.7']\nversions: {commits: " +
                     commits + "}\n"}});
    fixture.merge("main", head, all, "Merge pull request #3 from o/feature\n\nfix: the title");
  };
  merged("all");
  BOOST_TEST(run(app::plan_command, {}).starts_with("web 1.0.0 → 2.0.0\n"));
  BOOST_TEST(run(app::changelog_command, {"web"}).find("**Breaking:** wip") != std::string::npos);
  merged("first-parent");
  BOOST_TEST(run(app::plan_command, {}).starts_with("web 1.0.0 → 1.1.0\n"));
  const std::string changelog = run(app::changelog_command, {"web"});
  BOOST_TEST(changelog.find("wip") == std::string::npos);
  BOOST_TEST(changelog.find("### Fixed\n\n- The title (#3)\n") != std::string::npos, changelog);
}

BOOST_FIXTURE_TEST_CASE(a_version_that_people_have_to_write_is_asked_for, Planned) {
  fixture.change("main",
                 {{".waybill.yml",
                   "version: 1\nanchor: {repository: o/r, repository-id: 1, owner-id: 1}\napp: a[bot]\n"
                   "charts: ['charts/*']\nkubernetes: ['1.33.7']\nversions: {bump: written}\n"}},
                 "policy");
  testing::refuses_saying(Fault::kInput,
                          {"version 1.0.0 written in Chart.yaml for web: 1.1.0 or a higher one is wanted after 1.0.0",
                           "version: 1.1.0   # in charts/web/Chart.yaml"},
                          [&] { run(app::plan_command, {}); });
  fixture.change("main", {{"charts/web/Chart.yaml", chart_yaml("web", "1.1.0")}}, "chore: version");
  BOOST_TEST(run(app::plan_command, {}).find("web 1.0.0 → 1.1.0\n") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(values_that_break_are_a_warning, Planned) {
  fixture.tag("web-1.1.0", fixture.change("main", {{"charts/web/values.yaml", "a: 1\nb: 1\n"}}, "feat: values"));
  fixture.change("main", {{"charts/web/values.yaml", "b: [1]\n"}}, "fix: values");
  BOOST_TEST(
      run(app::plan_command, {"--charts", "charts/web"}) ==
      "web 1.1.0 → 1.1.1\n  patch fix: values: fix\n"
      "  warning: web: users' values break (`a` is gone, `b` was a number and is a list), and no commit says so\n");
}

BOOST_FIXTURE_TEST_CASE(changelogs_are_printed_or_written, Planned) {
  const std::string printed = run(app::changelog_command, {"web"});
  BOOST_TEST(printed.find("## [1.0.0] - 2026-02-02\n\n### Added\n\n- Start\n") != std::string::npos);
  const TemporaryFolder folder;
  run(app::changelog_command, {"--output", folder.path().string()});
  BOOST_TEST(read_file(folder.path() / "web.md", 4096) == printed);
  BOOST_TEST(read_file(folder.path() / "api.md", 4096).find("## [Unreleased]") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(what_is_wrong_is_named, Planned) {
  const auto refuses = [&](int (*command)(const Arguments&), const Arguments& arguments, std::string_view text) {
    testing::refuses_saying(Fault::kInput, {text}, [&] { run(command, arguments); });
  };
  refuses(app::plan_command, {"--commmit", "x"}, "commmit");
  refuses(app::plan_command, {"extra"}, "`extra`");
  refuses(app::changelog_command, {}, "neither a chart nor a folder");
  refuses(app::changelog_command, {"nothing"}, "there is no chart named `nothing`, there are: api, web");
  fixture.change("main", {{"charts/bad/Chart.yaml", "name: bad\n"}}, "bad");
  refuses(app::plan_command, {}, "charts/bad/Chart.yaml has no `version`");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
