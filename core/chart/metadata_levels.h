#pragma once

#include <vector>

#include "core/chart/plan_version.h"

namespace waybill::chart {

// What two readings of Chart.yaml say about the next version: mirrored, the level of appVersion as it is, of a
// dependency capped to minor (facts of 7,732 releases by people).
std::vector<ReasonedLevel> metadata_levels(const Metadata& before, const Metadata& after,
                                           const lineage::VersionRules& rules);

// The lowest version a range matches: `^1.2` → 1.2.0, `4.32.*` → 4.32.0, `>=1.0 <2` → 1.0.0; nothing when it names
// none.
std::optional<Version> lowest_version(std::string_view range);

}  // namespace waybill::chart
