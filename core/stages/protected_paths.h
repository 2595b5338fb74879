#pragma once

#include <string_view>

#include "core/stages/job.h"

namespace waybill::stages {

// What waybill never carries to the default branch (trust.md T16): whatever says who releases and who may change that,
// and the policy's `protected-paths`. Fault::kInput naming every such file below a chart that is not as it is there. In
// a direct pipeline people bring everything there themselves.
void require_nothing_protected_changed(const Job& job, const Consignment& consignment);
// Whether a path, from the root, is one of those.
bool is_protected(const lineage::Policy& policy, std::string_view path);

}  // namespace waybill::stages
