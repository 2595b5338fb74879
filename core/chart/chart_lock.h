#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/chart/chart.h"

namespace waybill::chart {

// The digest that helm writes into Chart.lock: sha256 of the compact JSON of both lists of dependencies, those of
// Chart.yaml and those of the lock. "sha256:<hex>".
std::string lock_digest(std::string_view chart_yaml, std::string_view lock, std::string_view where);

// A Chart.lock is of the Chart.yaml beside it, and what lies under charts/ has the versions that it names. `vendored`
// are versions by name. A chart without one passes, as does one of apiVersion v1 or none, where it means nothing.
// Fault::kInput otherwise, with the command that makes a new one.
void require_lock_in_sync(const Subtree& subtree, const std::map<std::string, std::set<std::string>>& vendored,
                          std::string_view chart_path);

}  // namespace waybill::chart
