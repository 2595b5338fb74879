#pragma once

#include <string>
#include <vector>

#include "core/base/digest.h"
#include "core/http/client.h"
#include "core/runner/runner.h"
#include "core/stages/job.h"

namespace waybill::app {

// Bundles about a subject at `github`, `git` (both of the inputs `server` and `repo`) or `oci://HOST/NAME`;
// Fault::kInput for any other place. What everybody may read needs no token; the one given goes to no other forge than
// the run's own.
std::vector<std::string> bundles_at(const std::string& place, const Digest& subject, const stages::Values& inputs,
                                    const runner::Environment& environment, http::Client& http);

}  // namespace waybill::app
