#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace waybill {

// The id of a git object: 40 lower-case hexadecimal digits (SHA-1 repositories, the only ones GitHub has).
class Oid {
 public:
  static Oid parse(std::string_view hex);  // anything else is Fault::kInput

  const std::string& hex() const { return hex_; }

  // The first 8 digits, as branch names carry them.
  std::string shortened() const { return hex_.substr(0, 8); }

  auto operator<=>(const Oid&) const = default;

 private:
  explicit Oid(std::string hex) : hex_(std::move(hex)) {}

  std::string hex_;
};

}  // namespace waybill
