#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/chart/history.h"
#include "core/chart/plan_version.h"

namespace waybill::chart {

// What the next release of one chart would be.
struct ChartPlan {
  std::string path;
  std::string name;
  std::optional<ReleaseTag> last;
  std::optional<PlannedVersion> next;  // nothing: what ships is what was released last
  std::vector<std::string> after;      // names of the charts that ship before it, as it holds them
};

struct ChartPlans {
  std::vector<ChartPlan> charts;  // each after those that it holds by `file://`, else by path
  std::vector<std::string> faults;
};

// Plans the next release of every chart at a commit from its history since the last one: a pure function of the
// commits and tags that lead there. A chart that cannot be planned is one of `faults`, with what to try. Charts that
// hold one another are Fault::kInput.
ChartPlans plan_charts(const git::Repository& repository, const Oid& tip, const std::vector<std::string>& patterns,
                       const lineage::VersionRules& rules = {});

// The charts of a commit by path, with their names; those that cannot be read, or have the name of one before them,
// become lines of `faults`.
std::vector<ChartHistory> readable_charts(const git::Repository& repository, const Oid& tip,
                                          const std::vector<std::string>& patterns, std::vector<std::string>& faults);

}  // namespace waybill::chart
