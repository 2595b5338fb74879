#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace waybill {

// The digest of some bytes: an algorithm's name and lower-case hexadecimal digits of exactly its length.
// core/crypto computes them.
class Digest {
 public:
  // "sha256:<64 hex>", "sha384:<96 hex>" or "sha512:<128 hex>"; anything else is Fault::kInput.
  static Digest parse(std::string_view text);
  // 64 lower-case hexadecimal digits; anything else is Fault::kInput.
  static Digest sha256(std::string_view hex);

  const std::string& algorithm() const { return algorithm_; }

  const std::string& hex() const { return hex_; }

  // The raw bytes, 32 for sha256.
  std::string bytes() const;

  // "sha256:<hex>".
  std::string text() const { return algorithm_ + ":" + hex_; }

  auto operator<=>(const Digest&) const = default;

 private:
  Digest(std::string algorithm, std::string hex) : algorithm_(std::move(algorithm)), hex_(std::move(hex)) {}

  std::string algorithm_;
  std::string hex_;
};

}  // namespace waybill
