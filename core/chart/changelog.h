#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/chart/history.h"
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
std::vector<ChangeEntry> entries_for(const std::vector<ReasonedLevel>& reasons, bool first_release);
// The list items and paragraphs of `changelog` that `base` has not.
std::vector<ChangeEntry> entries_added(std::string_view base, std::string_view changelog);
// "## [1.2.3] - 2026-11-21" and the entries by group.
std::string section_with(std::string_view version, Time date, const std::vector<ChangeEntry>& entries);

// A Keep a Changelog file of everything that a chart's history tells: what waits as "## [Unreleased]", then every
// release. `all_chart_names` are those that scopes may name.
std::string whole_changelog(const ChartHistory& history, const std::vector<std::string>& all_chart_names,
                            const lineage::VersionRules& rules = {});

}  // namespace waybill::chart
