#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace waybill {

// The id of a git object: 20 bytes, written as 40 lower-case hexadecimal digits (SHA-1 repositories, the only ones
// GitHub has).
class Oid {
 public:
  static constexpr std::size_t kSize = 20;

  static Oid parse(std::string_view hex);         // anything but 40 digits is Fault::kInput
  static Oid from_bytes(std::string_view bytes);  // anything but 20 is Fault::kInput

  std::string hex() const;
  // Good as long as the id is there.
  std::string_view bytes() const { return {reinterpret_cast<const char*>(bytes_.data()), kSize}; }
  // The first 8 digits, as branch names carry them.
  std::string shortened() const { return hex().substr(0, 8); }

  auto operator<=>(const Oid&) const = default;

 private:
  Oid() = default;

  std::array<std::uint8_t, kSize> bytes_{};
};

}  // namespace waybill
