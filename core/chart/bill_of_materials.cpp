#include <algorithm>
#include <set>

#include "core/base/json.h"
#include "core/base/unicode.h"
#include "core/chart/helm.h"
#include "core/chart/message.h"
#include "core/chart/vendored.h"

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

std::set<std::string> images_in(const std::vector<std::string>& rendered) {
  std::set<std::string> images;
  for (const std::string& manifests : rendered)
    for (const std::string_view line : lines_of(manifests))
      if (std::string image = image_on(line); !image.empty()) images.insert(std::move(image));
  return images;
}

OrderedJson image_component(const std::string& image) {
  OrderedJson component{{"type", "container"}, {"bom-ref", "image:" + image}, {"name", image}};
  const std::size_t at = image.find("@sha256:");
  const std::string name = image.substr(0, at);
  const std::size_t colon = name.rfind(':');
  if (colon != std::string::npos && name.find('/', colon) == std::string::npos) {
    component["name"] = name.substr(0, colon);
    component["version"] = name.substr(colon + 1);
  }
  if (at != std::string::npos && image.size() == at + 8 + 64)
    component["hashes"] = OrderedJson::array({{{"alg", "SHA-256"}, {"content", image.substr(at + 8)}}});
  return component;
}

OrderedJson chart_component(const std::string& name, const std::string& version, const Digest& digest) {
  return {{"type", "application"},
          {"bom-ref", "chart:" + name + "@" + version + ":" + digest.hex().substr(0, 12)},
          {"name", name},
          {"version", version},
          {"hashes", OrderedJson::array({{{"alg", "SHA-256"}, {"content", digest.hex()}}})}};
}

}  // namespace

std::string bill_of_materials(const Package& package, const Subtree& subtree,
                              const std::vector<std::string>& rendered) {
  const OrderedJson chart = chart_component(package.name, package.version, package.digest);
  OrderedJson components = OrderedJson::array();
  OrderedJson needed = OrderedJson::array();
  for (const Vendored& vendored : vendored_charts(subtree, package.name))
    components.push_back(chart_component(vendored.name, vendored.version, vendored.digest));
  for (const std::string& image : images_in(rendered)) components.push_back(image_component(image));
  for (const OrderedJson& component : components) needed.push_back(component.at("bom-ref"));
  OrderedJson bill{{"$schema", "http://cyclonedx.org/schema/bom-1.5.schema.json"},
                   {"bomFormat", "CycloneDX"},
                   {"specVersion", "1.5"},
                   {"version", 1}};
  OrderedJson complete = OrderedJson::array();
  complete.push_back({{"name", "waybill:complete-for"},
                      {"value",
                       "charts vendored under charts/; images named by `image` fields of the chart's manifests as "
                       "rendered with its default values"}});
  bill["metadata"] = {{"component", chart}, {"properties", complete}};
  bill["components"] = components;
  bill["dependencies"] = OrderedJson::array({{{"ref", chart.at("bom-ref")}, {"dependsOn", needed}}});
  return bill.dump();
}

}  // namespace waybill::chart
