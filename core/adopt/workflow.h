#pragma once

#include <string>
#include <string_view>

#include "core/lineage/policy.h"
#include "core/stages/table.h"

namespace waybill::adopt {

// The release of waybill that workflows run, by its commit (trust.md T29).
struct ActionsRelease {
  std::string version;  // v1.2.3; empty = none is known, the development branch stands in its place
  std::string commit;   // its 40 digits

  // "v1.2.3@<40 hex>"; anything else is Fault::kInput.
  static ActionsRelease parse(std::string_view text);
  // Where policy.schema.json of this release can be had; empty when none is known.
  std::string policy_schema() const;
};

struct WorkflowStyle {
  ActionsRelease release = {};
  bool only_plans = false;  // `mode: plan`: prints what would happen and changes nothing
};

// What a step of a workflow says after `uses:`, its comment included.
std::string uses(const stages::Stage& stage, const ActionsRelease& release);

// The whole file that runs a stage. Of one of the policy's pipeline: its trigger on the policy's branches and
// workflow_dispatch, the one job with the stage's own permissions in the environment of its signer. Of any other: the
// example of its row.
std::string workflow(const stages::Stage& stage, const lineage::Policy& policy, const WorkflowStyle& style = {});

}  // namespace waybill::adopt
