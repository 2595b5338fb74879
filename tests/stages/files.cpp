#include "stages/files.h"

#include <fmt/format.h>

#include "chart/charts.h"

namespace waybill::stages {

testing::Files chart_files(const std::string& name, const std::string& version) {
  return files_of(testing::small_chart(name, version), "charts/" + name);
}

testing::Files dependent_files(const std::string& name, const std::string& dependency) {
  const std::string path = "charts/" + name;
  testing::Files files = chart_files(name);
  files.at(path + "/Chart.yaml").content +=
      fmt::format("dependencies:\n  - name: {0}\n    version: 1.x.x\n    repository: file://../{0}\n", dependency);
  files.merge(files_of(testing::small_chart(dependency), path + "/charts/" + dependency));
  return files;
}

testing::Files release_files(const std::string& name, const std::string& version) {
  const std::string path = "charts/" + name;
  return {{path + "/Chart.yaml", chart_files(name, version).at(path + "/Chart.yaml")},
          {path + "/CHANGELOG.md",
           fmt::format("# Changelog\n\n## [{}] - 2026-11-21\n\n### Changed\n\n- another image\n", version)}};
}

testing::Files web_image(const std::string& image) {
  return {{"charts/web/values.yaml", "image: registry.example/" + image + "\n"}};
}

testing::Files joined(std::initializer_list<testing::Files> parts) {
  testing::Files all;
  for (const testing::Files& part : parts)
    for (const auto& [path, file] : part) all.insert_or_assign(path, file);
  return all;
}

testing::File file_of(git::Mode mode, const std::string& content) {
  return {fmt::format("{:06o}", static_cast<unsigned>(mode)), content};
}

testing::Files files_of(const chart::Subtree& subtree, const std::string& path) {
  testing::Files files;
  for (const auto& [name, file] : subtree) files.emplace(path + "/" + name, file_of(file.mode, file.content));
  return files;
}

}  // namespace waybill::stages
