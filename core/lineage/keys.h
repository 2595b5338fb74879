#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/lineage/bill_format.h"
#include "core/lineage/pipeline.h"

// The stable names under which the chart pipeline attests what it found and did (design.md, "The chart pipeline").
namespace waybill::lineage::keys {

inline constexpr std::string_view kValidate = "validate";
inline constexpr std::string_view kFilter = "filter";
inline constexpr std::string_view kAtomic = "atomic";
inline constexpr std::string_view kFormat = "format";
inline constexpr std::string_view kVerify = "workflow-5-verify";
inline constexpr std::string_view kSemver = "workflow-5-semver";
inline constexpr std::string_view kOverall = "workflow-5-overall";
inline constexpr std::string_view kReviewed = "reviewed";
inline constexpr std::string_view kTag = "tag";
inline constexpr std::string_view kPackage = "package";
inline constexpr std::string_view kBillOfMaterials = "sbom";
inline constexpr std::string_view kBillOfMaterialsSpdx = "sbom-spdx";
inline constexpr std::string_view kPublish = "publish";
inline constexpr std::string_view kReleaseOverall = "release-overall";

// "lint-test-v1.33.7"
std::string lint_test(std::string_view kubernetes);
// Under which a bill of materials in this format is attested.
std::string_view bill_of_materials(BillFormat format);

// The keys a stage of the pipeline attests; `kubernetes` expands lint-test. Empty for a stage that attests none of its
// own.
std::vector<std::string> of_stage(std::string_view stage, const std::vector<std::string>& kubernetes);
// The keys that a pipeline demands before a stage does anything, of releases with bills of materials in these formats.
std::vector<std::string> before_stage(std::string_view stage, const std::vector<std::string>& kubernetes,
                                      Pipeline pipeline = Pipeline::kFull,
                                      const std::vector<BillFormat>& bills = {BillFormat::kCycloneDx});
// Whether `attest` must refuse the key because a stage owns it (trust.md T3).
bool is_reserved(std::string_view key);

}  // namespace waybill::lineage::keys
