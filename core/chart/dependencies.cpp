#include <algorithm>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/chart/chart_lock.h"
#include "core/chart/chart_yaml.h"
#include "core/chart/folders.h"
#include "core/chart/package.h"
#include "core/chart/vendored.h"

namespace waybill::chart {
namespace {

using Versions = std::map<std::string, std::set<std::string>>;

Versions vendored_versions(const Subtree& subtree, std::string_view chart_path) {
  Versions versions;
  for (Vendored& chart : vendored_charts(subtree, chart_path)) versions[chart.name].insert(std::move(chart.version));
  return versions;
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
  const Versions vendored = vendored_versions(subtree, chart_path);
  std::string missing;
  std::size_t count = 0;
  for (const Dependency& dependency : dependencies) {
    if (vendored.contains(dependency.name)) continue;
    missing += fmt::format("{}`{}` {} of {}", count++ == 0 ? "" : ", ", dependency.name, dependency.version,
                           dependency.repository.empty() ? "charts/" : dependency.repository);
  }
  if (count == 0) return require_lock_in_sync(subtree, vendored, chart_path);
  throw Error(Fault::kInput, "{}: {} {} not under charts/, what is released holds what it installs",
              path_in(chart_path, "Chart.yaml"), missing, count == 1 ? "is" : "are")
      .hint(
          fmt::format("helm dependency update {0} && git add --force {1}", chart_path, path_in(chart_path, "charts")));
}

}  // namespace waybill::chart
