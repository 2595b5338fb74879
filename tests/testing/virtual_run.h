#pragma once

#include <string>

#include "core/sigstore/verify.h"

namespace waybill::testing {

// A run of a workflow file on the default branch of octo/charts (repository 2002, owner 1001), as its certificate will
// say it. The definition is of the commit aaaa…, what was pushed is bbbb….
sigstore::Identity virtual_run(const std::string& workflow, const std::string& event);

}  // namespace waybill::testing
