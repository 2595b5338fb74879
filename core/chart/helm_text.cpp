#include "core/chart/helm_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <regex>

#include "core/base/error.h"
#include "core/base/unicode.h"

namespace waybill::chart {
namespace {

constexpr std::array<std::string_view, 11> kTrue{"y",    "Y",    "yes", "Yes", "YES", "true",
                                                 "True", "TRUE", "on",  "On",  "ON"};
constexpr std::array<std::string_view, 11> kFalse{"n",     "N",     "no",  "No",  "NO", "false",
                                                  "False", "FALSE", "off", "Off", "OFF"};
constexpr std::array<std::string_view, 5> kNull{"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 12> kUnbound{".nan",  ".NaN",  ".NAN",  ".inf",  ".Inf",  ".INF",
                                                    "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"};

template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& words, std::string_view text) {
  return std::ranges::find(words, text) != words.end();
}

struct Integer {
  bool negative = false;
  std::uint64_t size = 0;
};

// Underscores anywhere, a sign, the prefixes 0x, 0o, 0b and 0, as Go's ParseInt with base 0.
std::optional<Integer> integer_of(std::string plain) {
  std::erase(plain, '_');
  std::string_view digits = plain;
  Integer value;
  const bool sign = digits.starts_with('-') || digits.starts_with('+');
  if (sign) {
    value.negative = digits.front() == '-';
    digits.remove_prefix(1);
  }
  int base = 10;
  if (digits.size() > 1 && digits.front() == '0') {
    const char letter = static_cast<char>(digits[1] | 0x20);
    base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
    digits.remove_prefix(letter == 'x' || letter == 'b' || letter == 'o' ? 2 : 1);
  }
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value.size, base);
  constexpr std::uint64_t kMinimum = std::uint64_t{1} << 63U;
  const std::uint64_t largest = value.negative ? kMinimum : sign ? kMinimum - 1 : UINT64_MAX;
  if (digits.empty() || stop != end || error != std::errc() || value.size > largest) return std::nullopt;
  return value;
}

std::optional<float> float_of(std::string plain) {
  std::erase(plain, '_');
  static const std::regex form(R"([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)");
  if (plain.size() > 64 || !std::regex_match(plain, form)) return std::nullopt;
  const char* start = plain.data() + (plain.front() == '+' ? 1 : 0);
  double value = 0;
  if (std::from_chars(start, plain.data() + plain.size(), value).ec != std::errc()) return std::nullopt;
  return static_cast<float>(value);
}

// The shortest digits that give the number back, with an exponent below -4 and from 6 on where digits do not reach:
// Go's FormatFloat(…, 'g', -1, 32).
std::string shortest(float value) {
  std::array<char, 64> buffer{};
  const auto scientific = std::to_chars(buffer.begin(), buffer.end(), value, std::chars_format::scientific);
  const std::string text(buffer.data(), scientific.ptr);
  const std::size_t mark = text.find('e');
  if (mark == std::string::npos) return text;
  const int exponent = std::stoi(text.substr(mark + 1));
  if (exponent < -4 || exponent >= 6) return text;
  const auto fixed = std::to_chars(buffer.begin(), buffer.end(), value, std::chars_format::fixed);
  return {buffer.data(), fixed.ptr};
}

bool is_date(std::string_view text) {
  static const std::regex form(
      R"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]*)?.*)?)");
  return text.size() < 64 && std::regex_match(text.begin(), text.end(), form);
}

// YAML 1.1's numbers to base 60, which go-yaml leaves out.
bool is_sexagesimal(std::string_view text) {
  static const std::regex form(R"([-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)");
  return text.size() < 64 && std::regex_match(text.begin(), text.end(), form);
}

}  // namespace

PlainKind plain_kind(std::string_view plain) {
  if (one_of(kNull, plain)) return PlainKind::kNull;
  if (one_of(kTrue, plain) || one_of(kFalse, plain)) return PlainKind::kBoolean;
  if (one_of(kUnbound, plain)) return PlainKind::kFloat;
  const char first = plain.front();
  if (first != '+' && first != '-' && first != '.' && !(first >= '0' && first <= '9')) return PlainKind::kText;
  if (is_date(plain)) return PlainKind::kDate;
  if (first != '.' && integer_of(std::string(plain))) return PlainKind::kInteger;
  return float_of(std::string(plain)) ? PlainKind::kFloat : PlainKind::kText;
}

bool is_text_to_everyone(std::string_view plain) {
  return plain_kind(plain) == PlainKind::kText && !is_sexagesimal(plain) && plain != "<<" && plain != "=";
}

std::string helm_text(const yaml::Node& node) {
  if (node.kind() == yaml::Kind::kNull) return "";
  const std::string& text = node.text();
  if (node.quoted()) return text;
  switch (plain_kind(text)) {
    case PlainKind::kNull:
      return "";
    case PlainKind::kBoolean:
      return one_of(kTrue, text) ? "true" : "false";
    case PlainKind::kInteger: {
      const std::optional<Integer> value = integer_of(text);
      return (value->negative && value->size != 0 ? "-" : "") + std::to_string(value->size);
    }
    case PlainKind::kFloat: {
      const std::optional<float> value = float_of(text);
      if (!value || !std::isfinite(*value))
        throw Error(Fault::kInput, "`{}` in {} is not a text, put it in quotes", text, node.where());
      return shortest(*value);
    }
    case PlainKind::kDate:
    case PlainKind::kText:
      return text;
  }
  throw Error(Fault::kInternal, "a plain scalar of no kind");
}

std::string helm_line(const yaml::Node& node) {
  const std::string text = helm_text(node);
  std::string line;
  for (std::string_view rest = text; !rest.empty();) {
    const char32_t character = take_character(rest);
    if (is_space(character))
      line += ' ';
    else if (is_printable(character))
      append_character(line, character);
  }
  return line;
}

}  // namespace waybill::chart
