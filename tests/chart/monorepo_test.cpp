// A real monorepo (six charts, 250 commits, 138 tags) through all of it.

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "chart/charts.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/chart/helm.h"
#include "core/chart/plan_version.h"
#include "core/chart/release_edit.h"
#include "testing/data.h"
#include "testing/first_parents.h"

namespace waybill {
namespace {

using chart::Subtree;

struct Monorepo {
  explicit Monorepo(const std::filesystem::path& bundle) {
    testing::printed({"git", "clone", "--quiet", "--bare", bundle.string(), "repository.git"}, folder.path());
    repository = git::Repository::open(folder.path() / "repository.git");
    head = *repository->find_commit("refs/heads/main");
  }

  Subtree chart(const Oid& commit, const std::string& path) const {
    return chart::read_subtree(*repository, *repository->subtree(commit, path), path);
  }

  TemporaryFolder folder;
  std::optional<git::Repository> repository;
  Oid head = Oid::parse(std::string(40, '0'));
};

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> result;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
    result.push_back(text.substr(at, text.find('\n', at) - at));
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_monorepo)

BOOST_AUTO_TEST_CASE(five_of_six_charts_go_through_and_the_sixth_says_why_not) {
  const auto bundle = testing::data("charts/argo-charts.bundle");
  if (!bundle) return;
  const Monorepo monorepo(*bundle);
  const chart::Helm helm(testing::helm());
  const std::vector<std::string> paths = chart::chart_paths(*monorepo.repository, monorepo.head, {"charts/*"});
  BOOST_TEST(paths.size() == 6);
  const std::vector<git::Tag> tags = monorepo.repository->tags();
  for (const std::string& path : paths) {
    BOOST_TEST_CONTEXT(path) {
      const Subtree files = monorepo.chart(monorepo.head, path);
      const chart::Metadata metadata = chart::read_metadata(files, path);
      BOOST_TEST(chart::tree_id(files).hex() == monorepo.repository->subtree(monorepo.head, path)->hex());
      if (path == "charts/argo-cd") {
        BOOST_CHECK_EXCEPTION(chart::require_vendored_dependencies(files, path), Error, [](const Error& e) {
          return e.hint().starts_with("helm dependency update charts/argo-cd") && testing::says(e, "`redis-ha`");
        });
        BOOST_TEST(!helm.lint(files, path).passed);
        continue;
      }
      chart::require_vendored_dependencies(files, path);
      const auto lint = helm.lint(files, path);
      BOOST_TEST(lint.passed, lint.output);
      const chart::Package package = chart::package(files, path);
      BOOST_TEST(package.digest.text() == chart::package(files, "elsewhere/" + metadata.name).digest.text());
      const auto packaged = helm.lint(package);
      BOOST_TEST(packaged.passed, packaged.output);
      BOOST_TEST(!helm.manifests(package, "1.33.7").empty());

      const TemporaryFolder folder;
      testing::write_files(files, folder.path() / metadata.name);
      testing::printed({testing::helm().string(), "package", metadata.name}, folder.path());
      std::vector<std::string> ours;
      for (const archive::Member& member : chart::shipped_files(files, path)) ours.push_back(member.path);
      BOOST_TEST(ours == lines(testing::printed({"tar", "-tf", package.file_name}, folder.path())),
                 boost::test_tools::per_element());

      const auto releases = chart::release_tags(tags, metadata.name);
      BOOST_REQUIRE(!releases.empty());
      BOOST_TEST(releases.front().version.text() == metadata.version);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_real_release_is_planned_and_edited_without_touching_anything_else) {
  const auto bundle = testing::data("charts/argo-charts.bundle");
  if (!bundle) return;
  const Monorepo monorepo(*bundle);
  const std::vector<git::Commit> commits = testing::first_parents(*monorepo.repository, monorepo.head);
  std::size_t planned = 0;
  for (std::size_t i = 0; i + 1 < commits.size() && planned < 40; ++i) {
    const auto found = chart::changed_charts(*monorepo.repository, commits[i + 1].id, commits[i].id, {"charts/*"});
    for (const chart::ChangedChart& changed : found.charts) {
      if (changed.kind != chart::ChangeKind::kModified) continue;
      const Subtree before = monorepo.chart(commits[i + 1].id, changed.path);
      const Subtree after = monorepo.chart(commits[i].id, changed.path);
      chart::VersionRequest request;
      request.before = chart::read_metadata(before, changed.path);
      request.after = chart::read_metadata(after, changed.path);
      request.chart_name = request.after.name;
      request.chart_path = changed.path;
      request.last = chart::Version::parse(request.before.version);
      const std::string& message = commits[i].message;
      const std::size_t end = message.find('\n');
      request.reasons = {
          {commits[i].id.hex(), message.substr(0, end), end == std::string::npos ? "" : message.substr(end)}};
      const chart::PlannedVersion plan = chart::plan_version(request);
      BOOST_TEST((plan.version > *request.last));
      const Subtree edited =
          chart::release_edit(before, after, changed.path, plan, parse_rfc3339("2026-11-21T00:00:00Z"));
      BOOST_TEST(chart::same_but_release_owned(after, edited, changed.path));
      BOOST_TEST(chart::read_metadata(edited, changed.path).version == plan.version.text());
      BOOST_TEST(!chart::section_of(edited.at("CHANGELOG.md").content, plan.version.text()).empty());
      ++planned;
    }
  }
  BOOST_TEST(planned == 40);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
