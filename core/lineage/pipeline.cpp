#include "core/lineage/pipeline.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"

namespace waybill::lineage {
namespace {

constexpr std::array<std::string_view, 8> kFull{"validate-contribution", "filter-charts",     "enforce-atomic",
                                                "format-chart-pr",       "validate-and-bump", "tag-charts",
                                                "release-charts",        "publish-charts"};
constexpr std::array<std::string_view, 6> kDirect{
    "validate-contribution", "format-chart-pr", "validate-and-bump", "tag-charts", "release-charts", "publish-charts"};

}  // namespace

Pipeline parse_pipeline(std::string_view name) {
  for (const Pipeline pipeline : {Pipeline::kFull, Pipeline::kDirect})
    if (name == name_of(pipeline)) return pipeline;
  throw Error(Fault::kInput, "`{}` is neither `full` nor `direct`", name).hint("pipeline: full");
}

std::string_view name_of(Pipeline pipeline) {
  return pipeline == Pipeline::kFull ? "full" : "direct";
}

std::span<const std::string_view> stages_of(Pipeline pipeline) {
  if (pipeline == Pipeline::kDirect) return kDirect;
  return kFull;
}

bool has_stage(Pipeline pipeline, std::string_view stage) {
  const auto stages = stages_of(pipeline);
  return std::ranges::find(stages, stage) != stages.end();
}

}  // namespace waybill::lineage
