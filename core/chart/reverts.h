#pragma once

#include <vector>

#include "core/chart/plan_version.h"

namespace waybill::chart {

// A commit of the window after reverts were settled.
struct Settled {
  Reason reason;
  bool reverts_released = false;  // it takes back something from before the window
};

// Newest first. A commit and the one that reverts it are both gone; a reverted revert leaves its target in place.
std::vector<Settled> without_reverted(const std::vector<Reason>& reasons);

}  // namespace waybill::chart
