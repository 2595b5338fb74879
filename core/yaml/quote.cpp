#include "core/yaml/quote.h"

#include <algorithm>
#include <array>

namespace waybill::yaml {
namespace {

// What YAML 1.1 (https://yaml.org/type/) or 1.2 reads as a boolean or as nothing, in lower case.
constexpr std::array<std::string_view, 9> kWords{"y", "n", "yes", "no", "on", "off", "true", "false", "null"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_letter(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}

bool is_plain(std::string_view text) {
  if (text.empty() || !is_letter(text.front())) return false;
  const bool harmless = std::ranges::all_of(text, [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '/' || c == '-';
  });
  std::string word(text);
  std::ranges::transform(word, word.begin(), lower);
  return harmless && std::ranges::find(kWords, word) == kWords.end();
}

}  // namespace

std::string single_quoted(std::string_view text) {
  std::string escaped = "'";
  for (const char c : text) escaped += c == '\'' ? "''" : std::string(1, c);
  return escaped + "'";
}

std::string scalar(std::string_view text) {
  return is_plain(text) ? std::string(text) : single_quoted(text);
}

}  // namespace waybill::yaml
