#include "fuzz/input.h"

#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>

namespace waybill::fuzz {

void require(bool holds, std::string_view property) {
  if (holds) return;
  fmt::print(stderr, "does not hold: {}\n", property);
  std::abort();
}

std::string_view take(std::string_view& input, std::size_t size) {
  const std::string_view taken = input.substr(0, size);
  input.remove_prefix(taken.size());
  return taken;
}

std::string_view take_text(std::string_view& input) {
  const std::string_view size = take(input, 1);
  return take(input, size.empty() ? 0 : static_cast<unsigned char>(size.front()));
}

std::uint64_t take_number(std::string_view& input) {
  std::uint64_t number = 0;
  for (const char byte : take(input, 8)) number = number << 8U | static_cast<unsigned char>(byte);
  return number;
}

std::string written_text(std::string_view text) {
  return static_cast<char>(text.size()) + std::string(text);
}

std::string written_number(std::uint64_t number) {
  std::string bytes(8, '\0');
  for (std::size_t at = bytes.size(); at-- > 0; number >>= 8U) bytes[at] = static_cast<char>(number & 0xffU);
  return bytes;
}

}  // namespace waybill::fuzz
