#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/stages/job.h"
#include "core/stages/plan.h"

// Releases that their own signer took back: a FAILED verification summary beats every PASSED one (trust.md T23).
namespace waybill::stages {

// When and why; nothing as long as the release stands.
std::optional<std::string> withdrawn(const Job& job, const Consignment& tagged);

// Says FAILED of the package of a tag and of its image, at every place where PASSED was said, and on the release's
// page. Nothing else is demanded of it: a release can be taken back when its lineage does not verify any more.
// Fault::kInput when there is no such tag of waybill's, or no reason in one line of at most 500 characters.
Plan withdrawal(const Job& job, std::string_view tag, std::string_view reason);

}  // namespace waybill::stages
