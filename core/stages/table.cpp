#include "core/stages/table.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/base/error.h"

namespace waybill::stages {
namespace {

constexpr std::array kTable{
    &kValidateContribution,  // 1: every changed chart holds
    &kFilterCharts,          // 2: one commit for each chart
    &kEnforceAtomic,         // 3: nothing else differs
    &kFormatChartPr,         // 4: before main, with everything known
    &kValidateAndBump,       // 5: version, changelog, the verdict so far
    &kTagCharts,             // 6: the immutable name
    &kReleaseCharts,         // 7: the package
    &kPublishCharts,         // 8: visible, complete
    &kAttest,                // a maintainer's own check
    &kVerify,                // anybody, offline
    &kAttestationMap,        // one writer for a matrix
    &kDetectChanges,         // what to look at
    &kReconcile,             // what stopped goes on
    &kMergeQueue,            // what is tried together is looked at together
    &kRulesets,              // who may move what
    &kDoctor,                // what else has to be so
};

}  // namespace

std::span<const Stage* const> table() {
  return kTable;
}

const Stage& stage_named(std::string_view name) {
  const auto found = std::ranges::find(kTable, name, &Stage::name);
  if (found != kTable.end()) return **found;
  std::string names;
  for (const Stage* stage : kTable) names += "\n  " + std::string(stage->name);
  throw Error(Fault::kInput, "there is no stage `{}`", name).hint("one of:" + names);
}

std::vector<const Stage*> workflow_stages(lineage::Pipeline pipeline) {
  std::vector<const Stage*> stages;
  for (const std::string_view name : lineage::stages_of(pipeline)) stages.push_back(&stage_named(name));
  stages.push_back(&kReconcile);
  return stages;
}

std::map<std::string, std::string> app_permissions(lineage::Pipeline pipeline) {
  std::map<std::string, std::string> all;
  for (const std::string_view name : lineage::stages_of(pipeline))
    for (const Permission& permission : stage_named(name).app_permissions) {
      std::string& level = all[std::string(permission.name)];
      if (level != "write") level = permission.level;
    }
  return all;
}

void require_in_pipeline(const Stage& stage, const lineage::Policy& policy) {
  if (!stage.triggers.any() || stage.triggers.of(policy.pipeline)) return;
  throw Error(Fault::kInput, "`{}` is no stage of `pipeline: {}`", stage.name, lineage::name_of(policy.pipeline))
      .hint(fmt::format("delete {}, or choose the other pipeline in {}", lineage::standard_workflow(stage.name),
                        lineage::kPolicyFile));
}

}  // namespace waybill::stages
