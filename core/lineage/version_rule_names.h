#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "core/lineage/names.h"
#include "core/lineage/version_rules.h"

namespace waybill::lineage {

// What the policy calls the values of its rules for versions.
inline constexpr std::array<std::pair<std::string_view, Carried>, 4> kCarriedNames{
    {{"mirror", Carried::kMirror}, {"minor", Carried::kMinor}, {"patch", Carried::kPatch}, {"none", Carried::kNone}}};
inline constexpr std::array<std::pair<std::string_view, ValuesBreak>, 4> kValuesBreakNames{
    {{"ignore", ValuesBreak::kOff},
     {"warn", ValuesBreak::kWarn},
     {"error", ValuesBreak::kError},
     {"bump", ValuesBreak::kBump}}};
inline constexpr std::array<std::pair<std::string_view, Commits>, 2> kCommitsNames{
    {{"all", Commits::kAll}, {"first-parent", Commits::kFirstParent}}};

}  // namespace waybill::lineage
