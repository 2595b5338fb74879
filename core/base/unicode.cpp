#include "core/base/unicode.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace waybill {
namespace {

constexpr char32_t kBroken = 0xFFFD;

// The length of the sequence that starts with this byte and its smallest value; 0 for a byte that starts none.
std::pair<std::size_t, char32_t> sequence(unsigned char first) {
  if (first < 0x80) return {1, 0};
  if (first >= 0xC2 && first <= 0xDF) return {2, 0x80};
  if (first >= 0xE0 && first <= 0xEF) return {3, 0x800};
  if (first >= 0xF0 && first <= 0xF4) return {4, 0x10000};
  return {0, 0};
}

// The character and its length; length 0 where the bytes are no character.
std::pair<char32_t, std::size_t> decode(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const auto [length, smallest] = sequence(first);
  if (length == 1) return {first, 1};
  if (length == 0 || text.size() < length) return {kBroken, 0};
  char32_t value = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80U) return {kBroken, 0};
    value = (value << 6U) | (next & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest || value > 0x10FFFF || surrogate) return {kBroken, 0};
  return {value, length};
}

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t character) {
  return std::ranges::any_of(ranges, [&](const Range& r) { return character >= r.first && character <= r.last; });
}

struct Shift {
  char32_t first;
  char32_t last;
  char32_t by;
};
constexpr std::array<Shift, 9> kShifts{{{U'A', U'Z', 32},
                                        {0xC0, 0xD6, 32},
                                        {0xD8, 0xDE, 32},
                                        {0x391, 0x3A1, 32},
                                        {0x3A3, 0x3AB, 32},
                                        {0x400, 0x40F, 80},
                                        {0x410, 0x42F, 32},
                                        {0x531, 0x556, 48},
                                        {0xFF21, 0xFF3A, 32}}};
// Blocks where an upper-case letter is followed by its lower-case one; even numbers are upper case.
constexpr std::array<Range, 7> kEvenPairs{{{0x100, 0x12F},
                                           {0x132, 0x137},
                                           {0x14A, 0x177},
                                           {0x1E00, 0x1E95},
                                           {0x1EA0, 0x1EFF},
                                           {0x460, 0x481},
                                           {0x48A, 0x4BF}}};
constexpr std::array<Range, 2> kOddPairs{{{0x139, 0x148}, {0x179, 0x17E}}};

char32_t folded(char32_t character) {
  if (character == 0x17F) return U's';
  if (character == 0x212A) return U'k';
  if (character == 0x212B) return 0xE5;
  if (character == 0x3C2) return 0x3C3;
  for (const Shift& shift : kShifts)
    if (character >= shift.first && character <= shift.last) return character + shift.by;
  if (within(kEvenPairs, character)) return character | 1U;
  if (within(kOddPairs, character)) return character + (character & 1U);
  return character;
}

}  // namespace

char32_t take_character(std::string_view& text) {
  const auto [character, length] = decode(text);
  text.remove_prefix(std::max<std::size_t>(length, 1));
  return character;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = decode(text).second;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

void append_character(std::string& text, char32_t c) {
  const auto byte = [&](char32_t value) { text += static_cast<char>(static_cast<unsigned char>(value)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0U | (c >> 6U));
    byte(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    byte(0xE0U | (c >> 12U));
    byte(0x80U | ((c >> 6U) & 0x3FU));
    byte(0x80U | (c & 0x3FU));
  } else {
    byte(0xF0U | (c >> 18U));
    byte(0x80U | ((c >> 12U) & 0x3FU));
    byte(0x80U | ((c >> 6U) & 0x3FU));
    byte(0x80U | (c & 0x3FU));
  }
}

bool is_space(char32_t character) {
  static constexpr std::array<Range, 10> kSpaces{{{0x09, 0x0D},
                                                  {0x20, 0x20},
                                                  {0x85, 0x85},
                                                  {0xA0, 0xA0},
                                                  {0x1680, 0x1680},
                                                  {0x2000, 0x200A},
                                                  {0x2028, 0x2029},
                                                  {0x202F, 0x202F},
                                                  {0x205F, 0x205F},
                                                  {0x3000, 0x3000}}};
  return within(kSpaces, character);
}

bool is_printable(char32_t character) {
  static constexpr std::array<Range, 18> kHidden{{{0x00, 0x1F},
                                                  {0x7F, 0x9F},
                                                  {0xAD, 0xAD},
                                                  {0x600, 0x605},
                                                  {0x61C, 0x61C},
                                                  {0x6DD, 0x6DD},
                                                  {0x70F, 0x70F},
                                                  {0x180E, 0x180E},
                                                  {0x200B, 0x200F},
                                                  {0x202A, 0x202E},
                                                  {0x2060, 0x206F},
                                                  {0xD800, 0xF8FF},
                                                  {0xFEFF, 0xFEFF},
                                                  {0xFFF0, 0xFFFB},
                                                  {0x1D173, 0x1D17A},
                                                  {0xE0000, 0xE00FF},
                                                  {0xE01F0, 0x10FFFF},
                                                  {0xFFFE, 0xFFFF}}};
  return !within(kHidden, character);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty()) {
    std::string_view rest = text;
    if (!is_space(take_character(rest))) break;
    text = rest;
  }
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0U) == 0x80U) --start;
    std::string_view last = text.substr(start);
    if (!is_space(take_character(last)) || !last.empty()) break;
    text = text.substr(0, start);
  }
  return text;
}

std::string case_folded(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) append_character(result, folded(take_character(text)));
  return result;
}

}  // namespace waybill
