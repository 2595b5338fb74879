#include "core/stages/policy_names.h"

#include "core/base/error.h"

namespace waybill::stages {

const std::string& pattern_of(PolicyBranch branch, const lineage::Policy& policy) {
  switch (branch) {
    case PolicyBranch::kIntegration:
      return policy.branches.integration;
    case PolicyBranch::kChart:
      return policy.branches.chart;
    case PolicyBranch::kAnchor:
      return policy.anchor.branch;
    case PolicyBranch::kRelease:
      return policy.branches.release;
  }
  throw Error(Fault::kInternal, "a trigger without a branch");
}

std::string workflow_file(std::string_view stage, const lineage::Policy& policy) {
  const std::string path = policy.workflow_of(stage);
  return path.substr(path.rfind('/') + 1);
}

}  // namespace waybill::stages
