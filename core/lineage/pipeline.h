#pragma once

#include <span>
#include <string_view>

namespace waybill::lineage {

// Which stages a chart passes on its way to a release.
enum class Pipeline {
  kFull,    // all eight: `integration`, and a branch for each chart, before the default branch
  kDirect,  // six: contributions go to the default branch itself
};

// "full" or "direct"; anything else is Fault::kInput.
Pipeline parse_pipeline(std::string_view name);
std::string_view name_of(Pipeline pipeline);

// The names of its stages in release order.
std::span<const std::string_view> stages_of(Pipeline pipeline);
bool has_stage(Pipeline pipeline, std::string_view stage);

}  // namespace waybill::lineage
