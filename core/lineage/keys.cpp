#include "core/lineage/keys.h"

#include <algorithm>
#include <array>

namespace waybill::lineage::keys {
namespace {

constexpr std::string_view kLintTest = "lint-test-v";

// The pipeline in order: a stage and the keys it attests besides lint-test.
struct Row {
  std::string_view stage;
  std::array<std::string_view, 3> keys;
};
constexpr std::array kPipeline{
    Row{"validate-contribution", {kValidate}},
    Row{"filter-charts", {kFilter}},
    Row{"enforce-atomic", {kAtomic}},
    Row{"format-chart-pr", {kFormat}},
    Row{"validate-and-bump", {kVerify, kSemver, kOverall}},
    Row{"tag-charts", {kReviewed, kTag}},
    Row{"release-charts", {kPackage, kBillOfMaterials, kBillOfMaterialsSpdx}},
    Row{"publish-charts", {kPublish, kReleaseOverall}},
};

}  // namespace

std::string lint_test(std::string_view kubernetes) {
  return std::string(kLintTest) + std::string(kubernetes);
}

std::string_view bill_of_materials(BillFormat format) {
  return format == BillFormat::kSpdx ? kBillOfMaterialsSpdx : kBillOfMaterials;
}

std::vector<std::string> of_stage(std::string_view stage, const std::vector<std::string>& kubernetes) {
  std::vector<std::string> keys;
  for (const Row& row : kPipeline) {
    if (row.stage != stage) continue;
    for (const std::string_view key : row.keys)
      if (!key.empty()) keys.emplace_back(key);
    if (row.stage == kPipeline.front().stage)
      for (const std::string& version : kubernetes) keys.push_back(lint_test(version));
  }
  return keys;
}

std::vector<std::string> before_stage(std::string_view stage, const std::vector<std::string>& kubernetes,
                                      Pipeline pipeline, const std::vector<BillFormat>& bills) {
  if (stage == "tag-charts") return {std::string(kOverall)};
  if (stage == "release-charts") return {std::string(kTag), std::string(kOverall)};
  std::vector<std::string> keys;
  if (stage == "publish-charts") {
    keys.emplace_back(kPackage);
    for (const BillFormat format : bills) keys.emplace_back(bill_of_materials(format));
    keys.emplace_back(kTag);
    return keys;
  }
  for (const Row& row : kPipeline) {
    if (row.stage == stage) return keys;
    if (!has_stage(pipeline, row.stage)) continue;
    const auto earlier = of_stage(row.stage, kubernetes);
    keys.insert(keys.end(), earlier.begin(), earlier.end());
  }
  return {};
}

bool is_reserved(std::string_view key) {
  if (key.starts_with(kLintTest)) return true;
  return std::ranges::any_of(
      kPipeline, [key](const Row& row) { return std::ranges::find(row.keys, key) != row.keys.end() && !key.empty(); });
}

}  // namespace waybill::lineage::keys
