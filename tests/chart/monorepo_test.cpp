// A real monorepo (six charts, 250 commits, 138 tags) through all of it.

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "chart/charts.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/process.h"
#include "core/chart/helm.h"
#include "core/chart/package.h"
#include "core/chart/plan_version.h"
#include "core/chart/release_edit.h"
#include "core/yaml/document.h"
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

// The entries of what the real helm makes of `chart/` in a folder; nothing where it refuses.
std::optional<std::vector<archive::Member>> packaged_by_helm(const std::filesystem::path& folder) {
  const Exit exit = run({.arguments = {testing::helm().string(), "package", "chart"},
                         .environment = {{"PATH", "/usr/bin:/bin"}, {"HOME", folder.string()}},
                         .folder = folder,
                         .input = {}});
  if (exit.code != 0) return std::nullopt;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".tgz") return archive::read_tar_gzip(read_file(entry.path(), 64UL * 1024 * 1024));
  BOOST_FAIL("helm package wrote no package");
  return std::nullopt;
}

// helm writes both anew: keys in another order, comments gone, values as YAML 1.1 reads them.
bool is_rewritten(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return name == "Chart.yaml" || name == "Chart.lock";
}

// What is in the one is in the other and the same; helm leaves out nothing and adds empty texts.
void require_same_values(const yaml::Node& ours, const yaml::Node& helms) {
  BOOST_REQUIRE((ours.kind() == helms.kind()));
  if (ours.kind() == yaml::Kind::kScalar) {
    BOOST_TEST(ours.text() == helms.text(), ours.where());
  } else if (ours.kind() == yaml::Kind::kSequence) {
    BOOST_REQUIRE(ours.items().size() == helms.items().size());
    for (std::size_t i = 0; i < ours.items().size(); ++i) require_same_values(ours.items()[i], helms.items()[i]);
  } else if (ours.kind() == yaml::Kind::kMapping) {
    for (const auto& [key, value] : ours.members()) {
      const auto found = helms.find(key);
      BOOST_REQUIRE_MESSAGE(found, value.where() << " is not in helm's");
      require_same_values(value, *found);
    }
    for (const auto& [key, value] : helms.members())
      if (!ours.find(key)) BOOST_TEST(value.text().empty(), value.where() << " is in helm's alone");
  }
}

void require_equal(const archive::Member& ours, const archive::Member& helms) {
  BOOST_TEST_CONTEXT(ours.path) {
    BOOST_TEST(ours.path == helms.path);
    if (is_rewritten(ours.path))
      require_same_values(yaml::parse(ours.content, "ours"), yaml::parse(helms.content, "helm's"));
    else
      BOOST_TEST((ours.content == helms.content));
  }
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

// Every chart that helm packages, at commits all over the history.
BOOST_AUTO_TEST_CASE(packages_hold_what_helms_hold) {
  const auto bundle = testing::data("charts/argo-charts.bundle");
  if (!bundle) return;
  const Monorepo monorepo(*bundle);
  const std::vector<git::Commit> commits = testing::first_parents(*monorepo.repository, monorepo.head);
  std::size_t looked_at = 0;
  std::size_t compared = 0;
  for (std::size_t i = 0; i < commits.size() && looked_at < 20; i += commits.size() / 20, ++looked_at) {
    for (const std::string& path : chart::chart_paths(*monorepo.repository, commits[i].id, {"charts/*"})) {
      const Subtree files = monorepo.chart(commits[i].id, path);
      const TemporaryFolder folder;
      testing::write_files(files, folder.path() / "chart");
      const auto helms = packaged_by_helm(folder.path());
      if (!helms) continue;
      BOOST_TEST_CONTEXT(path << " at " << commits[i].id.hex()) {
        const std::vector<archive::Member> ours = chart::shipped_files(files, path);
        BOOST_REQUIRE(ours.size() == helms->size());
        for (std::size_t at = 0; at < ours.size(); ++at) require_equal(ours[at], (*helms)[at]);
      }
      ++compared;
    }
  }
  BOOST_TEST(looked_at == 20U);
  BOOST_TEST(compared >= 100U);
  BOOST_TEST_MESSAGE(compared << " packages compared with helm's");
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
