#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/chart/chart.h"
#include "core/chart/folders.h"

namespace waybill::chart {
namespace {

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    parts.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::vector<std::string_view> segments_of(std::string_view pattern) {
  const std::vector<std::string_view> segments = parts_of(pattern);
  for (const std::string_view segment : segments)
    if (segment.empty() || segment == "." || segment == ".." || std::ranges::count(segment, '*') > 1)
      throw Error(Fault::kInput, "`{}` is not a pattern, wanted names with at most one `*` each", pattern)
          .hint("charts: [charts/*]");
  return segments;
}

bool matches(std::string_view segment, std::string_view name) {
  const std::size_t star = segment.find('*');
  if (star == std::string_view::npos) return segment == name;
  return name.size() + 1 >= segment.size() && name.starts_with(segment.substr(0, star)) &&
         name.ends_with(segment.substr(star + 1));
}

bool holds_chart_yaml(const std::vector<git::Entry>& children) {
  return std::ranges::any_of(children, [](const git::Entry& entry) {
    return entry.path == "Chart.yaml" && entry.mode != git::Mode::kTree && entry.mode != git::Mode::kSubmodule;
  });
}

void find_charts(const git::Repository& repository, const Oid& tree, const std::string& path,
                 const std::vector<std::string_view>& segments, std::size_t depth, std::set<std::string>& found) {
  const std::vector<git::Entry> children = repository.children(tree);
  if (depth == segments.size()) {
    if (holds_chart_yaml(children)) found.insert(path.empty() ? "." : path);
    return;
  }
  for (const git::Entry& child : children)
    if (child.mode == git::Mode::kTree && matches(segments[depth], child.path))
      find_charts(repository, child.id, path.empty() ? child.path : path + "/" + child.path, segments, depth + 1,
                  found);
}

// A chart below another's `charts/`.
bool is_sub_chart(const std::string& path, const std::set<std::string>& charts) {
  constexpr std::string_view kFolder = "/charts/";
  if (path.starts_with(kFolder.substr(1)) && charts.contains(".")) return true;
  for (std::size_t at = path.find(kFolder); at != std::string::npos; at = path.find(kFolder, at + 1))
    if (charts.contains(path.substr(0, at))) return true;
  return false;
}

}  // namespace

std::vector<std::string> chart_paths(const git::Repository& repository, const Oid& commit,
                                     const std::vector<std::string>& patterns) {
  std::set<std::string> found;
  const Oid root = repository.commit(commit).tree;
  for (const std::string& pattern : patterns) {
    const auto segments = pattern == "." ? std::vector<std::string_view>() : segments_of(pattern);
    find_charts(repository, root, "", segments, 0, found);
  }
  std::vector<std::string> paths;
  for (const std::string& path : found)
    if (!is_sub_chart(path, found)) paths.push_back(path);
  return paths;
}

bool is_named(std::string_view path, const std::vector<std::string>& patterns) {
  const auto parts = parts_of(path);
  return std::ranges::any_of(patterns, [&parts](const std::string& pattern) {
    const auto segments = segments_of(pattern);
    return segments.size() <= parts.size() && std::equal(segments.begin(), segments.end(), parts.begin(), matches);
  });
}

Changes changed_charts(const git::Repository& repository, const std::optional<Oid>& from, const Oid& to,
                       const std::vector<std::string>& patterns) {
  std::set<std::string> before;
  if (from) std::ranges::copy(chart_paths(repository, *from, patterns), std::inserter(before, before.end()));
  std::set<std::string> after;
  std::ranges::copy(chart_paths(repository, to, patterns), std::inserter(after, after.end()));
  std::vector<std::string> longest_first(before.begin(), before.end());
  std::ranges::set_difference(after, before, std::back_inserter(longest_first));
  std::ranges::stable_sort(longest_first, std::greater(), [](const std::string& p) { return p == "." ? 0 : p.size(); });

  std::optional<Oid> from_tree;
  if (from) from_tree = repository.commit(*from).tree;
  std::map<std::string, ChangedChart> charts;
  Changes changes;
  for (const auto& [path, change] : repository.changes(from_tree, repository.commit(to).tree)) {
    const auto owner =
        std::ranges::find_if(longest_first, [&](const std::string& chart) { return is_below(path, chart); });
    if (owner == longest_first.end()) {
      changes.others.push_back(path);
      continue;
    }
    ChangedChart& chart = charts[*owner];
    chart.path = *owner;
    chart.kind = !after.contains(*owner)    ? ChangeKind::kDeleted
                 : !before.contains(*owner) ? ChangeKind::kAdded
                                            : ChangeKind::kModified;
    chart.files.push_back(below(path, *owner));
  }
  for (auto& [path, chart] : charts) changes.charts.push_back(std::move(chart));
  return changes;
}

}  // namespace waybill::chart
