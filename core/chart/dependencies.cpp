#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/chart/chart_yaml.h"
#include "core/chart/folders.h"
#include "core/chart/helm_text.h"
#include "core/chart/package.h"

namespace waybill::chart {
namespace {

std::string name_of(std::string_view chart_yaml, std::string_view where) {
  const auto name = parse_chart_yaml(chart_yaml, where).find("name");
  return name ? helm_line(*name) : std::string();
}

// The names of the charts directly under charts/ of what ships.
std::set<std::string> vendored_names(const Subtree& subtree, std::string_view chart_path) {
  std::set<std::string> names;
  for (const archive::Member& member : shipped_files(subtree, chart_path)) {
    const std::string_view path = std::string_view(member.path).substr(member.path.find('/') + 1);
    if (!path.starts_with("charts/")) continue;
    const auto levels = std::ranges::count(path, '/');
    if (levels == 2 && path.ends_with("/Chart.yaml")) names.insert(name_of(member.content, path_in(chart_path, path)));
    if (levels == 1 && path.ends_with(".tgz"))
      for (const archive::Member& inner : archive::read_tar_gzip(member.content))
        if (std::ranges::count(inner.path, '/') == 1 && inner.path.ends_with("/Chart.yaml"))
          names.insert(name_of(inner.content, path_in(chart_path, path)));
  }
  return names;
}

}  // namespace

std::vector<Dependency> dependencies_of(const Subtree& subtree, std::string_view chart_path) {
  const auto requirements = subtree.find("requirements.yaml");
  if (requirements == subtree.end()) return read_metadata(subtree, chart_path).dependencies;
  const yaml::Node document = yaml::parse(requirements->second.content, path_in(chart_path, "requirements.yaml"));
  return document.kind() == yaml::Kind::kMapping ? read_dependencies(document) : std::vector<Dependency>();
}

void require_vendored_dependencies(const Subtree& subtree, std::string_view chart_path) {
  const std::vector<Dependency> dependencies = dependencies_of(subtree, chart_path);
  if (dependencies.empty()) return;
  const std::set<std::string> vendored = vendored_names(subtree, chart_path);
  std::string missing;
  std::size_t count = 0;
  for (const Dependency& dependency : dependencies) {
    if (vendored.contains(dependency.name)) continue;
    missing += fmt::format("{}`{}` {} of {}", count++ == 0 ? "" : ", ", dependency.name, dependency.version,
                           dependency.repository.empty() ? "charts/" : dependency.repository);
  }
  if (count == 0) return;
  throw Error(Fault::kInput, "{}: {} {} not under charts/, what is released holds what it installs",
              path_in(chart_path, "Chart.yaml"), missing, count == 1 ? "is" : "are")
      .hint(
          fmt::format("helm dependency update {0} && git add --force {1}", chart_path, path_in(chart_path, "charts")));
}

}  // namespace waybill::chart
