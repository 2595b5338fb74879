#include "core/base/oid.h"

#include <algorithm>

#include "core/base/error.h"

namespace waybill {

Oid Oid::parse(std::string_view hex) {
  const bool digits = std::ranges::all_of(hex, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (hex.size() != 40 || !digits)
    throw Error(Fault::kInput, "`{}` is not a git object id: 40 lower-case hexadecimal digits are wanted",
                hex.substr(0, 80));
  return Oid(std::string(hex));
}

}  // namespace waybill
