#include "core/chart/bill_of_materials.h"

#include <algorithm>
#include <map>

#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/chart/message.h"

namespace waybill::chart {
namespace {

// The value of a line `image: …` or `- image: …`; empty for other lines.
std::string image_on(std::string_view line) {
  line = trimmed(line);
  if (line.starts_with("- ")) line = trimmed(line.substr(2));
  if (!line.starts_with("image:")) return "";
  line = trimmed(line.substr(6));
  if (line.size() > 1 && (line.front() == '"' || line.front() == '\'')) {
    const std::size_t close = line.find(line.front(), 1);
    return std::string(line.substr(1, close == std::string_view::npos ? close : close - 1));
  }
  const std::string_view word = line.substr(0, line.find_first_of(" \t#"));
  const bool plain = !word.empty() && word.find_first_of("{}[]&*!|>%@`") != 0;
  return plain ? std::string(word) : "";
}

std::vector<Image> images_in(const std::vector<Rendered>& rendered) {
  std::map<std::string, Image> images;
  for (const Rendered& one : rendered)
    for (const std::string_view line : lines_of(one.manifests)) {
      const std::string reference = image_on(line);
      if (reference.empty()) continue;
      auto& versions = images.try_emplace(reference, Image::parse(reference)).first->second.kubernetes;
      if (std::ranges::find(versions, one.kubernetes) == versions.end()) versions.push_back(one.kubernetes);
    }
  std::vector<Image> all;
  for (auto& [reference, image] : images) all.push_back(std::move(image));
  return all;
}

}  // namespace

std::string BillOfMaterials::complete_for() const {
  return fmt::format(
      "charts vendored under charts/; images named by `image` fields of the chart's manifests as rendered with its "
      "default values for Kubernetes {}",
      fmt::join(kubernetes, ", "));
}

BillOfMaterials bill_of_materials(const Package& package, const Subtree& subtree,
                                  const std::vector<Rendered>& rendered) {
  BillOfMaterials bill{package.file_name,
                       package.name,
                       package.version,
                       package.digest,
                       vendored_charts(subtree, package.name),
                       images_in(rendered),
                       {}};
  for (const Rendered& one : rendered) bill.kubernetes.push_back(one.kubernetes);
  return bill;
}

}  // namespace waybill::chart
