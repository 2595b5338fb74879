#pragma once

#include <string>
#include <vector>

#include "core/forge/client.h"
#include "core/runner/runner.h"

namespace waybill::app {

// `waybill init [--option value]… [FOLDER]`: prints what it finds and which files it would write; with `--write` writes
// those that are not there. The exit code; Fault::kConflict after writing when others differ.
int init_command(const std::vector<std::string>& arguments, const runner::Environment& environment, http::Client& http,
                 const forge::Pause& pause = forge::sleep_for);

}  // namespace waybill::app
