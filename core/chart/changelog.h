#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/chart/plan_version.h"

namespace waybill::chart {

// Keep a Changelog's types of changes, in its order.
inline constexpr std::array<std::string_view, 6> kChangeGroups{"Added",   "Changed", "Deprecated",
                                                               "Removed", "Fixed",   "Security"};

// One list item of a section; `text` may span lines, the following ones indented by two.
struct ChangeEntry {
  std::string group;
  std::string text;
  auto operator<=>(const ChangeEntry&) const = default;
};

// The entries that the reasons of a version give, most telling first within a group; never empty.
std::vector<ChangeEntry> planned_entries(const PlannedVersion& planned);
// The list items and paragraphs of `changelog` that `base` has not.
std::vector<ChangeEntry> entries_added(std::string_view base, std::string_view changelog);
// "## [1.2.3] - 2026-11-21" and the entries by group.
std::string section_with(std::string_view version, Time date, const std::vector<ChangeEntry>& entries);

}  // namespace waybill::chart
