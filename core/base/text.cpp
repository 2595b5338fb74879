#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "core/base/unicode.h"

namespace waybill {
namespace {

constexpr std::string_view kCut = "\n\n… cut here: the rest is too long for this place\n";

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
}

// Bytes that the first `count` code points take.
std::size_t bytes_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if (begins_character(text[at]) && count-- == 0) break;
  return at;
}

std::string written_out(std::string_view text, std::string_view kept) {
  std::string shown;
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t character = take_character(text);
    const std::string_view bytes = before.substr(0, before.size() - text.size());
    if (bytes == "\r" && text.starts_with('\n') && kept.find('\n') != std::string_view::npos) continue;
    if (!is_utf8(bytes))
      shown += fmt::format("\\x{{{:02x}}}", static_cast<unsigned char>(bytes.front()));
    else if (is_printable(character) || kept.find(bytes) != std::string_view::npos)
      shown += bytes;
    else
      shown += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(character));
  }
  return shown;
}

}  // namespace

std::string printable(std::string_view text) {
  return written_out(text, "\n\t");
}

std::string printable_line(std::string_view text) {
  return written_out(text, "");
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

std::string shortened(std::string_view text, std::size_t limit) {
  if (code_points(text) <= limit) return std::string(text);
  const std::size_t kept = limit - std::min(limit, code_points(kCut));
  std::string_view head = text.substr(0, bytes_of(text, kept));
  if (const std::size_t line = head.rfind('\n'); line != std::string_view::npos) head = head.substr(0, line);
  return std::string(head) + std::string(kCut);
}

std::string_view take_until(char end, std::string_view& rest) {
  const std::string_view taken = rest.substr(0, rest.find(end));
  rest.remove_prefix(std::min(taken.size() + 1, rest.size()));
  return taken;
}

}  // namespace waybill
