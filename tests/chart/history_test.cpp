#include "core/chart/history.h"

#include <boost/test/unit_test.hpp>

#include "core/chart/changelog.h"
#include "testing/git_fixture.h"

namespace waybill {
namespace {

using chart::ChartHistory;
using chart::Extent;
using testing::Files;
using testing::GitFixture;
using Lines = std::vector<std::string>;

std::string chart_yaml(const std::string& name) {
  return "apiVersion: v2\nname: " + name + "\nversion: 1.0.0\n";
}

// "waiting: c b", "web-1.0.0: a" of the first chart; commits by their subjects, newest first.
Lines told(const GitFixture& fixture, const Oid& tip, Extent extent, std::vector<ChartHistory> charts,
           lineage::Commits counted = lineage::Commits::kAll) {
  const git::Repository repository = git::Repository::open(fixture.path());
  chart::read_histories(repository, tip, repository.tags(), extent, charts, counted);
  Lines lines;
  for (const chart::Chapter& chapter : charts.front().chapters) {
    std::string line = chapter.release ? chapter.release->tag.name + ":" : "waiting:";
    for (const chart::Reason& reason : chapter.commits) line += " " + reason.subject;
    lines.push_back(line);
  }
  return lines;
}

Lines whole(const GitFixture& fixture, const Oid& tip, const std::vector<std::string>& paths = {"charts/web"}) {
  std::vector<ChartHistory> charts;
  for (const std::string& path : paths) charts.push_back({path, path.substr(path.rfind('/') + 1), {}});
  return told(fixture, tip, Extent::kWhole, charts);
}

Lines since_last(const GitFixture& fixture, const Oid& tip) {
  return told(fixture, tip, Extent::kSinceLastRelease, {{"charts/web", "web", {}}});
}

Files web(const std::string& values) {
  return {{"charts/web/Chart.yaml", chart_yaml("web")}, {"charts/web/values.yaml", values}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_history)

BOOST_AUTO_TEST_CASE(each_commit_comes_with_the_lowest_release_that_has_it) {
  GitFixture fixture;
  fixture.tag("web-1.0.0", fixture.commit("main", web("1"), "a"));
  fixture.change("main", web("2"), "b");
  fixture.tag("web-v1.1.0", fixture.change("main", web("3"), "c"));
  fixture.tag("web-agent-1.2.0", fixture.change("main", web("4"), "d"));
  const Oid tip = fixture.change("main", {{"README.md", "5"}}, "e");
  BOOST_TEST(whole(fixture, tip) == (Lines{"waiting: d", "web-v1.1.0: c b", "web-1.0.0: a"}));
  BOOST_TEST(since_last(fixture, tip) == (Lines{"waiting: d", "web-v1.1.0:"}));
}

BOOST_AUTO_TEST_CASE(a_merge_says_nothing_itself_and_both_of_its_lines_count) {
  GitFixture fixture;
  const Oid first = fixture.commit("main", web("1"), "a");
  fixture.tag("web-1.0.0", first);
  const Oid hotfix = fixture.commit("hotfix", web("2"), "b", {first});
  fixture.tag("web-1.0.1", hotfix);
  Files files = web("1");
  files.emplace("charts/web/more.yaml", "3");
  fixture.tag("web-1.1.0", fixture.commit("main", files, "c"));
  const Oid later = fixture.commit("hotfix", web("4"), "d");
  files.insert_or_assign("charts/web/values.yaml", "4");
  const Oid merged = fixture.merge("main", later, files, "e");
  // 1.1.0 has not what came with 1.0.1: after the merge it waits, but for the release that has it already.
  BOOST_TEST(whole(fixture, merged) == (Lines{"waiting: d", "web-1.1.0: c", "web-1.0.1: b", "web-1.0.0: a"}));
  BOOST_TEST(since_last(fixture, merged) == (Lines{"waiting: d b", "web-1.1.0:"}));
}

BOOST_AUTO_TEST_CASE(on_the_first_parent_line_a_merge_says_its_title_and_what_it_brought_nothing) {
  GitFixture fixture;
  const Oid first = fixture.commit("main", web("1"), "a");
  fixture.tag("web-1.0.0", first);
  fixture.commit("feature", web("2"), "wip", {first});
  const Oid feature = fixture.change("feature", web("3"), "feat!: more wip");
  Files files = web("3");
  const Oid merged = fixture.merge("main", feature, files,
                                   "Merge pull request #12 from o/feature\n\nfeat: title\n\nRelease-As: 3.0.0");
  fixture.tag("web-1.1.0", merged);
  const Oid other = fixture.commit("other", web("4"), "fix: brought", {merged});
  files = web("4");
  files.insert_or_assign("README.md", "4");
  fixture.merge("main", other, files, "Merge branch 'other'");
  const Oid elsewhere = fixture.commit("docs", {{"README.md", "5"}}, "docs", {first});
  fixture.merge("main", elsewhere, files, "Merge pull request #13 from o/docs\n\nfeat: of nothing that ships");
  files.insert_or_assign("charts/web/values.yaml", "6");
  const Oid tip = fixture.commit("main", files, "fix: squashed (#14)");

  const std::vector<ChartHistory> charts{{"charts/web", "web", {}}};
  const auto lines = [&](Extent extent) { return told(fixture, tip, extent, charts, lineage::Commits::kFirstParent); };
  BOOST_TEST(lines(Extent::kWhole) == (Lines{"waiting: fix: squashed (#14) Merge branch 'other'",
                                             "web-1.1.0: feat: title (#12)", "web-1.0.0: a"}));
  BOOST_TEST(lines(Extent::kSinceLastRelease) ==
             (Lines{"waiting: fix: squashed (#14) Merge branch 'other'", "web-1.1.0:"}));
  BOOST_TEST(whole(fixture, tip) ==
             (Lines{"waiting: fix: squashed (#14) fix: brought", "web-1.1.0: feat!: more wip wip", "web-1.0.0: a"}));
}

BOOST_AUTO_TEST_CASE(a_merged_pull_request_says_its_title_with_its_number) {
  const auto told = [](const std::string& message, std::size_t parents = 2) {
    const Oid id = Oid::parse(std::string(40, 'a'));
    const chart::Reason reason =
        chart::reason_of({id, id, std::vector<Oid>(parents, id), message, {}, {}}, lineage::Commits::kFirstParent);
    return reason.subject + "|" + reason.body;
  };
  const std::string merge = "Merge pull request #7 from octo/x\n\n";
  BOOST_TEST(told(merge + "feat: a") == "feat: a (#7)|");
  BOOST_TEST(told(merge + "feat: a (#7)\n") == "feat: a (#7)|\n");
  BOOST_TEST(told(merge + "feat: a\nlong title\n\nBREAKING CHANGE: x\n") ==
             "feat: a long title (#7)|\n\nBREAKING CHANGE: x\n");
  BOOST_TEST(told("Merge pull request #7 from octo/x\r\n\r\nfeat: a\r\n") == "feat: a (#7)|\r\n");
  BOOST_TEST(told("Merge pull request #7 from octo/x") == "Merge pull request #7 from octo/x|");
  BOOST_TEST(told("feat: a (#7)\n\ntext") == "feat: a (#7)|text");
  BOOST_TEST(told(merge + "feat: a", 1).starts_with("Merge pull request #7"));
}

BOOST_AUTO_TEST_CASE(releases_elsewhere_are_none_of_this_history) {
  GitFixture fixture;
  const Oid first = fixture.commit("main", web("1"), "a");
  fixture.tag("web-9.0.0", fixture.commit("aside", web("2"), "b", {first}));
  BOOST_TEST(whole(fixture, first) == (Lines{"waiting: a"}));
}

BOOST_AUTO_TEST_CASE(what_does_not_ship_is_no_change_of_the_chart) {
  GitFixture fixture;
  Files files = web("1");
  files.emplace("charts/web/.helmignore", "ci/\n");
  fixture.commit("main", files, "a");
  fixture.change("main", {{"charts/web/ci/x.yaml", "2"}}, "b");
  fixture.change("main", {{"charts/web/inner/Chart.yaml", chart_yaml("inner")}}, "c");
  const Oid tip = fixture.change("main", {{"charts/web/x.yaml", "4"}}, "d");
  BOOST_TEST(whole(fixture, tip, {"charts/web", "charts/web/inner"}) == (Lines{"waiting: d a"}));
  BOOST_TEST(whole(fixture, tip, {"charts/web/inner", "charts/web"}) == (Lines{"waiting: c"}));
}

BOOST_AUTO_TEST_CASE(a_chart_at_the_root_has_everything) {
  GitFixture fixture;
  fixture.commit("main", {{"Chart.yaml", chart_yaml("web")}}, "a");
  const Oid tip = fixture.change("main", {{"deep/below/x", "2"}}, "b");
  std::vector<ChartHistory> charts{{".", "web", {}}};
  BOOST_TEST(told(fixture, tip, Extent::kWhole, charts) == (Lines{"waiting: b a"}));
}

BOOST_AUTO_TEST_CASE(the_whole_changelog_has_a_section_for_each_release) {
  GitFixture fixture;
  fixture.tag("web-1.0.0", fixture.commit("main", web("1"), "feat: begin"));
  const Oid broken = fixture.change("main", web("2"), "fix: hold (#7)");
  fixture.tag("web-1.0.1", fixture.change("main", web("1"),
                                          "Revert \"fix: hold (#7)\"\n\nThis reverts commit " + broken.hex() + "."));
  const Oid tip = fixture.change("main", web("3"), "feat(web): more\n\nSigned-off-by: A <a@example.com>\n");
  const git::Repository repository = git::Repository::open(fixture.path());
  std::vector<ChartHistory> charts{{"charts/web", "web", {}}};
  chart::read_histories(repository, tip, repository.tags(), Extent::kWhole, charts);
  BOOST_TEST(chart::whole_changelog(charts.front(), {"web"}) ==
             "# Changelog\n\nThe format is based on [Keep a Changelog](https://keepachangelog.com/en/2.0.0/).\n\n"
             "## [Unreleased]\n\n### Added\n\n- More\n\n"
             "## [1.0.1] - 2026-02-02\n\n### Changed\n\n- Maintenance\n\n"
             "## [1.0.0] - 2026-02-02\n\n### Added\n\n- Begin\n");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
