#include <algorithm>
#include <array>
#include <cctype>

#include "core/lineage/waybill.h"

namespace waybill::lineage {
namespace {

constexpr std::string_view kJoiner = "\xE2\x81\xA0";  // U+2060: invisible, keeps two letters from being one word

bool equal_letters(char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b)); }

void break_every(std::string& text, std::string_view word, std::size_t at_letter) {
  auto found = std::search(text.begin(), text.end(), word.begin(), word.end(), equal_letters);
  while (found != text.end()) {
    const auto at = found - text.begin() + static_cast<std::ptrdiff_t>(at_letter);
    text.insert(static_cast<std::size_t>(at), kJoiner);
    found = std::search(text.begin() + at, text.end(), word.begin(), word.end(), equal_letters);
  }
}

}  // namespace

std::string neutralised(std::string_view text) {
  std::string inert;
  for (const char c : text)
    if (c == '\n' || c == '\t' || static_cast<unsigned char>(c) >= 0x20) inert += c;
  for (const std::string_view mark : {"[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]"}) break_every(inert, mark, 1);
  for (const std::string_view word : {"close", "fix", "resolve"})
    for (const std::string_view ending : {" #", "s #", "d #", "es #", "ed #", ": #", "s: #", "d: #", "es: #", "ed: #"})
      break_every(inert, std::string(word) + std::string(ending), word.size() + ending.size() - 1);
  for (const std::string_view mark : {"waybill:", "waybill-source:", "waybill-entry:", "skip-checks:"}) break_every(inert, mark, 1);
  break_every(inert, "-->", 2);
  break_every(inert, "<!--", 2);
  return inert;
}

}  // namespace waybill::lineage
