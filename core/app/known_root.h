#pragma once

#include <optional>
#include <string_view>

#include "core/stages/job.h"

namespace waybill::app {

// The trusted root of an instance that waybill knows, with its age in words.
std::optional<stages::KnownRoot> known_root(std::string_view organisation);

}  // namespace waybill::app
