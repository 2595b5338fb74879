#include "core/base/digest.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/base/error.h"

namespace waybill {
namespace {

std::size_t hex_length(std::string_view algorithm) {
  if (algorithm == "sha256") return 64;
  if (algorithm == "sha384") return 96;
  if (algorithm == "sha512") return 128;
  throw Error(Fault::kInput, "digest algorithm `{}` is not sha256, sha384 or sha512", algorithm);
}

void require_hex(std::string_view algorithm, std::string_view hex) {
  const bool digits = std::ranges::all_of(hex, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (hex.size() != hex_length(algorithm) || !digits)
    throw Error(Fault::kInput, "`{}` is not a {} digest: {} lower-case hexadecimal digits are wanted",
                hex.substr(0, 140), algorithm, hex_length(algorithm));
}

}  // namespace

Digest Digest::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos)
    throw Error(Fault::kInput, "`{}` is not a digest: `sha256:<64 hexadecimal digits>` is wanted", text.substr(0, 140));
  const std::string_view algorithm = text.substr(0, colon);
  const std::string_view hex = text.substr(colon + 1);
  require_hex(algorithm, hex);
  return {std::string(algorithm), std::string(hex)};
}

Digest Digest::sha256(std::string_view hex) {
  require_hex("sha256", hex);
  return {"sha256", std::string(hex)};
}

std::string Digest::bytes() const {
  return from_hex(hex_);
}

}  // namespace waybill
