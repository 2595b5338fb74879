#pragma once

// How run_*.cpp refuse what the sandbox does not run.

#include <string>
#include <string_view>
#include <vector>

#include "core/yaml/document.h"

namespace waybill::sandbox::subset {

// Fault::kInput "`what` is not in the subset that the sandbox runs".
[[noreturn]] void refuse(const std::string& what);
// Refuses every member that is not allowed, all in one text; `where` is the mapping's own path, empty at the top.
void require_members(const yaml::Node& node, const std::string& where, const std::vector<std::string_view>& allowed);

}  // namespace waybill::sandbox::subset
