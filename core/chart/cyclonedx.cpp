#include "core/base/error.h"
#include "core/chart/bill_of_materials.h"

namespace waybill::chart {
namespace {

Json property(std::string_view name, const std::string& value) {
  return {{"name", fmt::format("waybill:{}", name)}, {"value", value}};
}

Json hashes(const Digest& digest) {
  return Json::array({{{"alg", "SHA-256"}, {"content", digest.hex()}}});
}

Json chart_component(const std::string& name, const std::string& version, const Digest& digest) {
  return {{"type", "application"},
          {"bom-ref", fmt::format("chart:{}@{}:{}", name, version, digest.hex().substr(0, 12))},
          {"name", name},
          {"version", version},
          {"hashes", hashes(digest)}};
}

Json image_component(const Image& image) {
  Json component{{"type", "container"}, {"bom-ref", "image:" + image.reference}, {"name", image.repository}};
  if (const std::string version = image.version(); !version.empty()) component["version"] = version;
  if (image.digest) component["hashes"] = hashes(*image.digest);
  if (const std::string purl = image.purl(); !purl.empty()) component["purl"] = purl;
  for (const std::string& kubernetes : image.kubernetes)
    component["properties"].push_back(property("kubernetes", kubernetes));
  return component;
}

}  // namespace

Json cyclonedx(const BillOfMaterials& bill) {
  const Json chart = chart_component(bill.name, bill.version, bill.digest);
  Json components = Json::array();
  for (const Vendored& vendored : bill.charts)
    components.push_back(chart_component(vendored.name, vendored.version, vendored.digest));
  for (const Image& image : bill.images) components.push_back(image_component(image));
  Json needed = Json::array();
  for (const Json& component : components) needed.push_back(component.at("bom-ref"));
  return {{"$schema", "http://cyclonedx.org/schema/bom-1.5.schema.json"},
          {"bomFormat", "CycloneDX"},
          {"specVersion", "1.5"},
          {"version", 1},
          {"metadata",
           {{"component", chart}, {"properties", Json::array({property("complete-for", bill.complete_for())})}}},
          {"components", components},
          {"dependencies", Json::array({{{"ref", chart.at("bom-ref")}, {"dependsOn", needed}}})}};
}

}  // namespace waybill::chart
