#pragma once

#include <string>

#include "core/sandbox/forge.h"

// GitHub tells of some things late: which pull request a commit was merged by, an attestation, whether a pull request
// can be merged. How many reads late, an operator says: POST /_sandbox/lag {commit-pulls, attestations, mergeable}.
namespace waybill::sandbox {

Json set_lag(Forge& forge, const std::string& repository, const Json& body);

// Whether a read of this one still comes too early. Asking counts as a read.
bool is_late(Forge& forge, const std::string& kind, const std::string& which);

}  // namespace waybill::sandbox
