#include "core/adopt/survey.h"

#include <algorithm>
#include <set>

#include "core/adopt/chart_testing.h"
#include "core/base/error.h"
#include "core/chart/chart.h"
#include "core/lineage/waybill.h"

namespace waybill::adopt {
namespace {

constexpr std::size_t kMostFiles = 1'000'000;
constexpr std::size_t kLookedBack = 20;  // tags, for one that the default branch holds
constexpr std::size_t kChartYamlBytes = 1024 * 1024;
constexpr std::string_view kHeads = "refs/heads/";
constexpr std::string_view kRemoteHeads = "refs/remotes/origin/";

std::string default_branch(const git::Repository& repository) {
  const auto remote = repository.symbolic_target("refs/remotes/origin/HEAD");
  if (remote && remote->starts_with(kRemoteHeads)) return remote->substr(kRemoteHeads.size());
  const auto here = repository.symbolic_target("HEAD");
  if (here && here->starts_with(kHeads)) return here->substr(kHeads.size());
  throw Error(Fault::kInput, "neither `origin/HEAD` nor `HEAD` names a branch here, the default branch is not known")
      .hint("git remote set-head origin --auto");
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

bool is_inside(const std::string& path, const std::string& chart) {
  return path != chart && (chart == "." || path.starts_with(chart + "/"));
}

// Every folder of a commit with a Chart.yaml; what lies below another chart's charts/ is part of that one.
std::vector<std::string> chart_folders(const git::Repository& repository, const Oid& commit) {
  constexpr std::string_view kFile = "Chart.yaml";
  std::vector<std::string> folders;
  for (const git::Entry& entry : repository.files(repository.commit(commit).tree, kMostFiles))
    if (entry.path == kFile)
      folders.emplace_back(".");
    else if (entry.path.ends_with("/" + std::string(kFile)))
      folders.push_back(parent_of(entry.path));
  return chart::chart_paths(repository, commit, folders);
}

FoundChart read_chart(const git::Repository& repository, const Oid& commit, const std::string& path,
                      const std::vector<git::Tag>& tags) {
  FoundChart found{.path = path, .name = {}, .version = {}, .problem = {}, .tags = {}};
  const std::string file = path == "." ? "Chart.yaml" : path + "/Chart.yaml";
  try {
    const auto text = repository.file(commit, file, kChartYamlBytes);
    if (!text) throw Error(Fault::kInput, "{}: it is a link, not a file", file);
    const chart::Metadata metadata = chart::read_metadata(*text, file);
    found.name = metadata.name;
    found.version = metadata.version;
    found.tags = chart::release_tags(tags, metadata.name);
    if (path == ".")
      throw Error(Fault::kInput, "it lies at the root, which no stage can take apart; `git mv` it into a folder");
  } catch (const Error& error) {
    if (error.fault() != Fault::kInput) throw;
    found.problem = error.what();
  }
  return found;
}

// The charts of a commit, by their folders.
struct Folders {
  std::vector<std::string> charts;
  std::vector<std::string> inside;    // another one, and not below its charts/
  std::vector<std::string> excluded;  // by chart-testing
  std::string excluded_by;
};

Folders sorted_folders(const git::Repository& repository, const Oid& commit) {
  const auto all = chart_folders(repository, commit);
  const ChartTesting testing = chart_testing(repository, commit);
  Folders folders{.charts = {}, .inside = {}, .excluded = {}, .excluded_by = testing.file};
  for (const std::string& path : all)
    if (std::ranges::any_of(all, [&path](const std::string& other) { return is_inside(path, other); }))
      folders.inside.push_back(path);
    else if (testing.excluded.contains(path.substr(path.rfind('/') + 1)))
      folders.excluded.push_back(path);
    else
      folders.charts.push_back(path);
  return folders;
}

// `charts/*` for what lies in one folder; a chart in a folder of the root, or beside an excluded one, by its own name.
std::vector<std::string> patterns_for(const Folders& folders) {
  std::set<std::string> parted;
  for (const std::string& path : folders.excluded) parted.insert(parent_of(path));
  std::set<std::string> patterns;
  for (const std::string& path : folders.charts) {
    const std::string parent = parent_of(path);
    patterns.insert(parent.empty() || parted.contains(parent) ? path : parent + "/*");
  }
  return {patterns.begin(), patterns.end()};
}

}  // namespace

bool Survey::is_newcomer() const {
  return own_tags == 0 && std::ranges::any_of(charts, [](const FoundChart& chart) { return !chart.tags.empty(); });
}

Survey survey(const git::Repository& repository, const std::string& branch) {
  Survey survey{.branch = branch.empty() ? default_branch(repository) : branch};
  for (const std::string_view prefix : {kHeads, kRemoteHeads})
    if (!survey.tip) survey.tip = repository.find_commit(std::string(prefix) + survey.branch);
  std::vector<git::Tag> tags = repository.tags();
  survey.tags = tags.size();
  survey.own_tags = std::erase_if(tags, [](const git::Tag& tag) { return lineage::read_tag_message(tag).has_value(); });
  if (!survey.tip) return survey;
  Folders folders = sorted_folders(repository, *survey.tip);
  for (const std::string& path : folders.charts)
    survey.charts.push_back(read_chart(repository, *survey.tip, path, tags));
  survey.patterns = patterns_for(folders);
  std::erase(survey.patterns, ".");
  survey.excluded_by = std::move(folders.excluded_by);
  survey.excluded = std::move(folders.excluded);
  survey.inside = std::move(folders.inside);
  return survey;
}

std::vector<std::string> chart_patterns(const git::Repository& repository, const Oid& commit) {
  return patterns_for(sorted_folders(repository, commit));
}

std::map<std::string, Oid> adoptable(const git::Repository& repository, const Survey& survey, std::size_t most) {
  std::size_t all = 0;
  for (const FoundChart& chart : survey.charts) all += chart.tags.size();
  const std::size_t each = all <= most ? all : std::max<std::size_t>(most / survey.charts.size(), 1);
  std::map<std::string, Oid> adopted;
  for (const FoundChart& chart : survey.charts) {
    bool on_branch = each >= chart.tags.size();  // then it is among them anyway
    for (std::size_t i = 0; i < std::min(chart.tags.size(), each + kLookedBack); ++i) {
      const git::Tag& tag = chart.tags[i].tag;
      const bool here = !on_branch && repository.is_ancestor(tag.target, *survey.tip);
      if (i < each || here) adopted.emplace(tag.name, tag.target);
      on_branch = on_branch || here;
    }
  }
  return adopted;
}

}  // namespace waybill::adopt
