#include "core/forge/compressed.h"

#include <snappy.h>

namespace waybill::forge {

// The snappy block format begins with the decoded length; it is believed only as far as the limit.
std::optional<std::string> decompressed(std::string_view bytes) {
  std::size_t size = 0;
  if (!::snappy::GetUncompressedLength(bytes.data(), bytes.size(), &size) || size > kMostBytesOfBundle)
    return std::nullopt;
  std::string text;
  if (!::snappy::Uncompress(bytes.data(), bytes.size(), &text)) return std::nullopt;
  return text;
}

}  // namespace waybill::forge
