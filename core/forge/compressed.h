#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace waybill::forge {

// A bundle, compressed or not, is not read beyond this.
inline constexpr std::size_t kMostBytesOfBundle = 16UL * 1024 * 1024;

// What one block of snappy's format holds; nothing when it is not one, or holds more than kMostBytesOfBundle.
std::optional<std::string> decompressed(std::string_view bytes);

}  // namespace waybill::forge
