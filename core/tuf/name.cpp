#include "core/tuf/name.h"

#include <fmt/format.h>

#include "core/base/encoding.h"

namespace waybill::tuf {
namespace {

constexpr std::string_view kPathCharacters = "/%-._~!$&'()*+,;=:@";  // RFC 3986 section 3.3, beside letters and digits

// The length of the UTF-8 character that begins here, 1 where none does.
std::size_t character(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && size < 4 && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U) ++size;
  return size;
}

// What `[…]` at the pattern's begin says of `c`, and its length; length 0 when the bracket is never closed and so is an
// ordinary character.
struct Bracket {
  bool matches = false;
  std::size_t size = 0;
};

Bracket bracket(std::string_view pattern, std::string_view c) {
  std::size_t at = 1;
  const bool negated = at < pattern.size() && pattern[at] == '!';
  if (negated) ++at;
  const std::size_t first = at;
  bool found = false;
  while (at < pattern.size() && (pattern[at] != ']' || at == first)) {
    const std::string_view low = pattern.substr(at, character(pattern.substr(at)));
    std::string_view high = low;
    at += low.size();
    if (at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']') {
      high = pattern.substr(at + 1, character(pattern.substr(at + 1)));
      at += 1 + high.size();
    }
    found = found || (low <= c && c <= high);
  }
  if (at >= pattern.size()) return {};
  return {.matches = found != negated, .size = at + 1};
}

// How much of the pattern the one character `c` uses up; 0 when it does not match.
std::size_t step(std::string_view pattern, std::string_view c) {
  if (pattern.empty()) return 0;
  if (pattern.front() == '?') return 1;
  if (pattern.front() == '[') {
    const Bracket found = bracket(pattern, c);
    if (found.size > 0) return found.matches ? found.size : 0;
  }
  return pattern.starts_with(c) ? c.size() : 0;
}

// One segment. Only the newest `*` is ever taken up again, so the time is bounded by the product of the lengths.
bool segment_matches(std::string_view pattern, std::string_view text) {
  std::optional<std::string_view> pattern_behind_star;
  std::string_view text_at_star;
  while (!text.empty()) {
    const std::size_t size = character(text);
    if (pattern.starts_with('*')) {
      pattern.remove_prefix(1);
      pattern_behind_star = pattern;
      text_at_star = text;
    } else if (const std::size_t used = step(pattern, text.substr(0, size)); used > 0) {
      pattern.remove_prefix(used);
      text.remove_prefix(size);
    } else if (pattern_behind_star) {
      text_at_star.remove_prefix(character(text_at_star));
      text = text_at_star;
      pattern = *pattern_behind_star;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*') == std::string_view::npos;
}

}  // namespace

std::string quoted_name(std::string_view name) {
  if (name == ".") return "%2E";
  if (name == "..") return "%2E%2E";
  return percent_encode(name);
}

std::string metadata_name(std::string_view role, std::optional<std::int64_t> version) {
  const std::string name = percent_encode(role) + ".json";
  return version ? fmt::format("{}.{}", *version, name) : name;
}

std::string joined(std::string_view base, std::string_view name) {
  return fmt::format("{}{}{}", base, base.ends_with('/') ? "" : "/", name);
}

std::string target_url(std::string_view base, std::string_view target, std::string_view hash) {
  std::string path;
  for (const char c : target)
    path += kPathCharacters.find(c) == std::string_view::npos ? percent_encode({&c, 1}) : std::string(1, c);
  if (!hash.empty()) path.insert(path.rfind('/') + 1, quoted_name(hash) + ".");
  return joined(base, path);
}

bool matches(std::string_view pattern, std::string_view target) {
  while (true) {
    const std::size_t pattern_end = pattern.find('/');
    const std::size_t target_end = target.find('/');
    if (!segment_matches(pattern.substr(0, pattern_end), target.substr(0, target_end))) return false;
    if (pattern_end == std::string_view::npos || target_end == std::string_view::npos) return pattern_end == target_end;
    pattern.remove_prefix(pattern_end + 1);
    target.remove_prefix(target_end + 1);
  }
}

}  // namespace waybill::tuf
