#pragma once

#include <string>
#include <string_view>

#include "core/stages/table.h"

namespace waybill::stages {

// What a policy calls a branch: a name, or the pattern of those of the charts.
const std::string& pattern_of(PolicyBranch branch, const lineage::Policy& policy);

// The file of a stage's workflow without its folder, as the forge's API takes it.
std::string workflow_file(std::string_view stage, const lineage::Policy& policy);

}  // namespace waybill::stages
