#pragma once

#include <map>
#include <string>

#include "core/sandbox/event.h"

namespace waybill::sandbox {

// What GitHub's runner says about a run to each of its steps, by variable: GITHUB_…, RUNNER_…, CI. Folders and files,
// which are the machine's, are not among it.
std::map<std::string, std::string> run_context(const Run& run, const std::string& base_url);

}  // namespace waybill::sandbox
