#include "core/runner/escape.h"

#include "core/runner/runner.h"

namespace waybill::runner {
namespace {

std::string escape(std::string_view text, std::string_view special) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    if (special.find(c) == std::string_view::npos) {
      escaped += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    escaped += '%';
    escaped += kHex[octet >> 4U];
    escaped += kHex[octet & 15U];
  }
  return escaped;
}

}  // namespace

std::string escape_data(std::string_view text) {
  return escape(text, "%\r\n");
}

std::string escape_property(std::string_view text) {
  return escape(text, "%\r\n:,");
}

std::string harmless(std::string_view text) {
  std::string safe;
  bool only_space = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n' || c == '\r')
      only_space = true;
    else if (only_space && text.substr(i).starts_with("::"))
      safe += '|';
    else if (text.substr(i).starts_with("##["))
      safe += '|';
    // The runner trims a line before it looks, and more than ASCII counts as space there.
    if (c != '\n' && c != '\r' && static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7f)
      only_space = false;
    safe += c;
  }
  return safe;
}

}  // namespace waybill::runner
