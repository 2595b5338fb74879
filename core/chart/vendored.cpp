#include "core/chart/vendored.h"

#include <algorithm>
#include <map>

#include "core/chart/chart_yaml.h"
#include "core/chart/folders.h"
#include "core/chart/helm_text.h"
#include "core/chart/package.h"
#include "core/crypto/hash.h"

namespace waybill::chart {
namespace {

Vendored described(std::string_view chart_yaml, std::string_view where, Digest digest) {
  const yaml::Node document = parse_chart_yaml(chart_yaml, where);
  const auto text = [&](std::string_view key) {
    const auto node = document.find(key);
    return node ? helm_line(*node) : std::string();
  };
  return {text("name"), text("version"), std::move(digest)};
}

}  // namespace

std::vector<Vendored> vendored_charts(const Subtree& subtree, std::string_view chart_path) {
  constexpr std::string_view kCharts = "charts/";
  std::vector<Vendored> charts;
  std::map<std::string, std::vector<archive::Member>> folders;
  for (const archive::Member& member : shipped_files(subtree, chart_path)) {
    const std::string_view path = std::string_view(member.path).substr(member.path.find('/') + 1);
    if (!path.starts_with(kCharts) || path.ends_with(".prov")) continue;
    const std::string_view below = path.substr(kCharts.size());
    const std::size_t slash = below.find('/');
    if (slash != std::string_view::npos) {
      folders[std::string(below.substr(0, slash))].push_back({std::string(below), member.content});
      continue;
    }
    for (const archive::Member& inner : archive::read_tar_gzip(member.content))
      if (std::ranges::count(inner.path, '/') == 1 && inner.path.ends_with("/Chart.yaml"))
        charts.push_back(described(inner.content, path_in(chart_path, path), crypto::sha256(member.content)));
  }
  for (const auto& [folder, files] : folders) {
    const auto yaml = std::ranges::find(files, folder + "/Chart.yaml", &archive::Member::path);
    if (yaml != files.end())
      charts.push_back(described(yaml->content, path_in(chart_path, std::string(kCharts) + yaml->path),
                                 crypto::sha256(archive::tar(files))));
  }
  return charts;
}

}  // namespace waybill::chart
