#include <algorithm>

#include "core/base/error.h"
#include "core/yaml/impl.h"

namespace waybill::yaml {
namespace {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0: no UTF-8
};

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
Character decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  char32_t code = lead & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return {};
    code = code << 6 | (byte(i) & 0x3fU);
  }
  const char32_t least = bytes == 2 ? 0x80 : bytes == 3 ? 0x800 : 0x10000;
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
  return {code, bytes};
}

// YAML 1.2.2 section 5.1 leaves out the control characters but tab, line feed, carriage return and U+0085. YAML 1.1
// ends lines at U+0085, U+2028 and U+2029, YAML 1.2 does not: a text that holds them has two meanings.
bool is_two_faced(char32_t code) {
  return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') || (code >= 0x7f && code <= 0x9f) ||
         code == 0x2028 || code == 0x2029 || code == 0xfeff || code == 0xfffe || code == 0xffff;
}

bool is_conflict_marker(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") || line.starts_with("||||||| ") ||
         line == "=======";
}

}  // namespace

void check_text(std::string_view text, std::string_view name, const Limits& limits) {
  if (text.size() > limits.bytes)
    throw Error(Fault::kInput, "{} has {} bytes, allowed are {}", name, text.size(), limits.bytes);
  std::size_t line = 1;
  std::size_t line_begin = 0;
  for (std::size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0; at < text.size();) {
    if (at == line_begin) {
      const std::string_view whole = text.substr(at, text.find('\n', at) - at);
      if (whole.starts_with('%'))
        throw Error(Fault::kInput, "{}, line {}: a directive (`%`), which is not read", name, line);
      if (is_conflict_marker(whole))
        throw Error(Fault::kInput, "{}, line {}: a conflict marker of git `{}`", name, line, whole.substr(0, 7))
            .hint("resolve the conflict and commit the file again");
    }
    const Character character = decode(text.substr(at));
    if (character.bytes == 0) throw Error(Fault::kInput, "{}, line {}: not UTF-8", name, line);
    if (is_two_faced(character.code))
      throw Error(Fault::kInput, "{}, line {}: character U+{:04X}, which YAML readers do not agree on", name, line,
                  static_cast<unsigned>(character.code));
    if (character.code == '\r' && !text.substr(at + 1).starts_with('\n'))
      throw Error(Fault::kInput, "{}, line {}: a carriage return without a line feed", name, line);
    at += character.bytes;
    if (character.code == '\n') {
      ++line;
      line_begin = at;
    }
  }
}

}  // namespace waybill::yaml
