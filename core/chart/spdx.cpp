#include "core/base/error.h"
#include "core/chart/bill_of_materials.h"
#include "core/crypto/hash.h"

namespace waybill::chart {
namespace {

constexpr const char* kDocument = "SPDXRef-DOCUMENT";
constexpr const char* kPackage = "SPDXRef-Package";

// Creators are written as names with a version behind a hyphen.
std::string creator(std::string tool) {
  if (const std::size_t space = tool.find(' '); space != std::string::npos) tool[space] = '-';
  return "Tool: " + tool;
}

Json part(const std::string& id, const std::string& name, const std::string& version, const char* purpose) {
  Json package{{"SPDXID", id},
               {"name", name},
               {"downloadLocation", "NOASSERTION"},
               {"filesAnalyzed", false},
               {"primaryPackagePurpose", purpose}};
  if (!version.empty()) package["versionInfo"] = version;
  return package;
}

Json checksums(const Digest& digest) {
  return Json::array({{{"algorithm", "SHA256"}, {"checksumValue", digest.hex()}}});
}

Json chart_part(const std::string& id, const std::string& name, const std::string& version, const Digest& digest) {
  Json package = part(id, name, version, "APPLICATION");
  package["checksums"] = checksums(digest);
  return package;
}

Json image_part(const std::string& id, const Image& image) {
  Json package = part(id, image.repository, image.version(), "CONTAINER");
  package["comment"] =
      fmt::format("`{}`, rendered for Kubernetes {}", image.reference, fmt::join(image.kubernetes, ", "));
  if (!image.digest) return package;
  package["checksums"] = checksums(*image.digest);
  package["externalRefs"] = Json::array(
      {{{"referenceCategory", "PACKAGE-MANAGER"}, {"referenceType", "purl"}, {"referenceLocator", image.purl()}}});
  return package;
}

Json relationship(const char* from, const char* type, const std::string& to) {
  return {{"spdxElementId", from}, {"relationshipType", type}, {"relatedSpdxElement", to}};
}

}  // namespace

Json spdx(const BillOfMaterials& bill, const SpdxOrigin& origin) {
  Json package = chart_part(kPackage, bill.name, bill.version, bill.digest);
  package["packageFileName"] = bill.file_name;
  Json packages = Json::array({package});
  Json relationships = Json::array({relationship(kDocument, "DESCRIBES", kPackage)});
  std::size_t number = 0;
  for (const Vendored& chart : bill.charts) {
    const std::string id = fmt::format("SPDXRef-Chart-{}", ++number);
    packages.push_back(chart_part(id, chart.name, chart.version, chart.digest));
    relationships.push_back(relationship(kPackage, "CONTAINS", id));
  }
  number = 0;
  for (const Image& image : bill.images) {
    const std::string id = fmt::format("SPDXRef-Image-{}", ++number);
    packages.push_back(image_part(id, image));
    relationships.push_back(relationship(kPackage, "DEPENDS_ON", id));
  }
  Json document{
      {"spdxVersion", "SPDX-2.3"},
      {"dataLicense", "CC0-1.0"},
      {"SPDXID", kDocument},
      {"name", bill.file_name},
      {"comment", "complete for: " + bill.complete_for()},
      {"creationInfo", {{"created", to_rfc3339(origin.created)}, {"creators", Json::array({creator(origin.tool)})}}},
      {"packages", packages},
      {"relationships", relationships}};
  // SPDX 2.3, 6.5: "There may only be one URI for an SPDX document and only one SPDX document for a given URI."
  document["documentNamespace"] = fmt::format("{}/spdx/{}-{}", origin.release, bill.digest.hex(),
                                              crypto::sha256(canonical(document)).hex().substr(0, 16));
  return document;
}

}  // namespace waybill::chart
