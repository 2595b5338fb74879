#pragma once

#include <string>
#include <vector>

#include "core/base/clock.h"

namespace waybill::app {

// `waybill policy check [FILE] [--from COMMIT] [--json]`: reads a policy as the stages do, holds it against the clone
// that it lies in, and prints what it comes to. Fault::kInput with everything that is wrong. The exit code.
int policy_command(const std::vector<std::string>& arguments, const Clock& clock);

}  // namespace waybill::app
