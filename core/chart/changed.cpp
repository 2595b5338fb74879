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

// Whether a folder lies below the `charts/` of one that is a chart.
template <class IsChart>
bool is_sub_chart(const std::string& path, const IsChart& is_chart) {
  constexpr std::string_view kFolder = "/charts/";
  if (path.starts_with(kFolder.substr(1)) && is_chart(".")) return true;
  for (std::size_t at = path.find(kFolder); at != std::string::npos; at = path.find(kFolder, at + 1))
    if (is_chart(path.substr(0, at))) return true;
  return false;
}

// How far below the root a chart lies; none lies above it.
std::size_t depth_of(const std::string& chart) {
  return chart == "." ? 1 : chart.empty() ? 0 : chart.size() + 1;
}

// The charts of a commit along the paths that are asked for: nothing else is read.
class Folders {
 public:
  Folders(const git::Repository& repository, const std::optional<Oid>& commit,
          const std::vector<std::vector<std::string_view>>& patterns)
      : repository_(repository), commit_(commit), patterns_(patterns) {}

  std::optional<Oid> root() const { return commit_ ? std::optional(repository_.commit(*commit_).tree) : std::nullopt; }

  // A folder that a pattern names and that holds a Chart.yaml, not below another one's charts/.
  bool is_chart(const std::string& folder) {
    return commit_ && is_found(folder) &&
           !is_sub_chart(folder, [this](const std::string& one) { return is_found(one); });
  }

  // The longest of them that holds a path; empty when none does.
  std::string owner_of(const std::string& path) {
    for (std::size_t at = path.rfind('/'); at != std::string::npos && at > 0; at = path.rfind('/', at - 1))
      if (const std::string folder = path.substr(0, at); is_chart(folder)) return folder;
    return is_chart(".") ? "." : "";
  }

 private:
  bool is_found(const std::string& folder) {
    const auto [known, is_new] = found_.try_emplace(folder, false);
    if (is_new) known->second = is_named(folder) && holds(folder);
    return known->second;
  }

  bool is_named(const std::string& folder) const {
    const auto parts = folder == "." ? std::vector<std::string_view>() : parts_of(folder);
    return std::ranges::any_of(patterns_, [&parts](const auto& pattern) {
      return pattern.size() == parts.size() && std::ranges::equal(pattern, parts, matches);
    });
  }

  bool holds(const std::string& folder) const {
    const auto tree = repository_.subtree(*commit_, folder == "." ? "" : folder);
    return tree && holds_chart_yaml(repository_.children(*tree));
  }

  const git::Repository& repository_;
  std::optional<Oid> commit_;
  const std::vector<std::vector<std::string_view>>& patterns_;
  std::map<std::string, bool> found_;
};

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
    if (!is_sub_chart(path, [&found](const std::string& one) { return found.contains(one); })) paths.push_back(path);
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
  std::vector<std::vector<std::string_view>> segments;
  for (const std::string& pattern : patterns)
    segments.push_back(pattern == "." ? std::vector<std::string_view>() : segments_of(pattern));
  Folders before(repository, from, segments);
  Folders after(repository, to, segments);
  std::map<std::string, ChangedChart> charts;
  Changes changes;
  for (const auto& [path, change] : repository.changes(before.root(), *after.root())) {
    std::string owner = after.owner_of(path);
    if (std::string other = before.owner_of(path); depth_of(other) > depth_of(owner)) owner = std::move(other);
    if (owner.empty()) {
      changes.others.push_back(path);
      continue;
    }
    ChangedChart& chart = charts[owner];
    chart.path = owner;
    chart.kind = !after.is_chart(owner)    ? ChangeKind::kDeleted
                 : !before.is_chart(owner) ? ChangeKind::kAdded
                                           : ChangeKind::kModified;
    chart.files.push_back(below(path, owner));
  }
  for (auto& [path, chart] : charts) changes.charts.push_back(std::move(chart));
  return changes;
}

}  // namespace waybill::chart
