#pragma once

#include <optional>
#include <string_view>

#include "core/base/clock.h"
#include "core/http/client.h"
#include "core/runner/runner.h"
#include "core/sigstore/instance.h"
#include "core/stages/job.h"

namespace waybill::app {

// The trusted root of an instance: by TUF, refreshed once a day in `$XDG_CACHE_HOME/waybill/tuf` (or `~/.cache`); where
// that cannot be (`offline`, no answer) what lies there and has not expired, and where nothing does (or no folder is
// known) the copy that is compiled in. In words: which it is, how old, and why it is not newer.
stages::KnownRoot known_root_of(const sigstore::Instance& instance, bool offline,
                                const runner::Environment& environment, http::Client& client, Time now);

// The same of the instance whose authorities call themselves so; nothing when waybill does not know it.
std::optional<stages::KnownRoot> known_root(std::string_view organisation, bool offline,
                                            const runner::Environment& environment, http::Client& client, Time now);

}  // namespace waybill::app
