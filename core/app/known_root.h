#pragma once

#include <optional>
#include <string_view>

#include "core/base/clock.h"
#include "core/http/client.h"
#include "core/runner/runner.h"
#include "core/stages/job.h"

namespace waybill::app {

// The trusted root of an instance that waybill knows: by TUF, refreshed once a day in `$XDG_CACHE_HOME/waybill/tuf` (or
// `~/.cache`), and where that cannot be (`offline`, no folder, no answer) the copy that is compiled in. In words: which
// it is, how old, and why it is not newer.
std::optional<stages::KnownRoot> known_root(std::string_view organisation, bool offline,
                                            const runner::Environment& environment, http::Client& client, Time now);

}  // namespace waybill::app
