#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/chart/chart.h"
#include "core/chart/image.h"
#include "core/chart/package.h"
#include "core/chart/vendored.h"

// What a package brings along and what it asks for, as a value; and that value in two formats. The same values give the
// same bytes.
namespace waybill::chart {

// What Helm::manifests() gives for a version of Kubernetes.
struct Rendered {
  std::string kubernetes;
  std::string manifests;
};

struct BillOfMaterials {
  std::string file_name;
  std::string name;
  std::string version;
  Digest digest;  // of the package
  std::vector<Vendored> charts;
  std::vector<Image> images;            // by reference, each once
  std::vector<std::string> kubernetes;  // that it was rendered for

  // In words, for people: what it lists all of.
  std::string complete_for() const;
};

BillOfMaterials bill_of_materials(const Package& package, const Subtree& subtree,
                                  const std::vector<Rendered>& rendered);

// CycloneDX 1.5: the vendored charts and images are components on which the chart depends.
Json cyclonedx(const BillOfMaterials& bill);

// What SPDX wants to know of the document itself.
struct SpdxOrigin {
  std::string release;  // the address of the release; the document's namespace is below it
  Time created;         // of what it describes, not of the run: it is the same when it is made again
  std::string tool;     // "waybill 0.1.0"
};
// SPDX 2.3: the package contains the vendored charts and depends on the images. Documents that differ have different
// namespaces.
Json spdx(const BillOfMaterials& bill, const SpdxOrigin& origin);

}  // namespace waybill::chart
