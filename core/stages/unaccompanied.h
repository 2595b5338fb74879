#pragma once

#include <cstddef>
#include <vector>

#include "core/base/error.h"
#include "core/stages/job.h"

namespace waybill::stages {

// What people can see of the charts on the default branch and no lineage stands behind (trust.md T17, T24): tags of
// their versions that are no releases, published releases, and what registries serve under a version. Of each chart the
// highest `versions` tags, adopted ones apart, and every registry tag above the lowest release of waybill's. One
// Fault::kUntrusted for each, with what to do; a registry that cannot be looked at is one by its own fault.
std::vector<Error> unaccompanied(const Job& job, std::size_t versions);

}  // namespace waybill::stages
