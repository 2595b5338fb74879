#include "core/base/oid.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/base/error.h"

namespace waybill {

Oid Oid::parse(std::string_view hex) {
  const bool digits = std::ranges::all_of(hex, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (hex.size() != 2 * kSize || !digits)
    throw Error(Fault::kInput, "`{}` is not a git object id: 40 lower-case hexadecimal digits are wanted",
                hex.substr(0, 80));
  return from_bytes(from_hex(hex));
}

Oid Oid::from_bytes(std::string_view bytes) {
  if (bytes.size() != kSize)
    throw Error(Fault::kInput, "{} bytes are not a git object id, {} are wanted", bytes.size(), kSize);
  Oid id;
  std::ranges::transform(bytes, id.bytes_.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  return id;
}

std::string Oid::hex() const {
  return to_hex(bytes());
}

}  // namespace waybill
