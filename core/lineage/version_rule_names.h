#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

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

template <class Value, std::size_t Size>
constexpr std::string_view name_of(Value value, const std::array<std::pair<std::string_view, Value>, Size>& names) {
  return std::ranges::find(names, value, &std::pair<std::string_view, Value>::second)->first;
}

// Of a name that is one of them.
template <class Value, std::size_t Size>
constexpr Value named(std::string_view name, const std::array<std::pair<std::string_view, Value>, Size>& names) {
  return std::ranges::find(names, name, &std::pair<std::string_view, Value>::first)->second;
}

}  // namespace waybill::lineage
