#pragma once

#include <vector>

#include "core/chart/plan_version.h"
#include "core/stages/job.h"

namespace waybill::stages {

// The commits that a shipment brings: on the way to its source, in neither the last release nor the last shipment,
// touching the chart, no merges; newest first. In a direct pipeline's first release, none from before the policy came
// to be.
std::vector<git::Commit> contributed_commits(const Job& job, const Consignment& consignment,
                                             const lineage::Shipment& shipment);

// What of them counts for the chart's next version, by the policy's `versions.commits`. With `first-parent` it is what
// integration received, and where the default branch came back to it what that one did: pull requests by their titles.
std::vector<chart::Reason> contributions(const Job& job, const Consignment& consignment,
                                         const lineage::Shipment& shipment);

}  // namespace waybill::stages
