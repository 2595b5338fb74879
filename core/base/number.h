#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace waybill {

// The number that a whole text is in decimal digits, with a `-` before them if it is negative; nothing when it is
// anything else or too large.
std::optional<std::int64_t> whole_number(std::string_view text);

}  // namespace waybill
