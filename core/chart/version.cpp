#include "core/chart/version.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/base/error.h"

namespace waybill::chart {
namespace {

constexpr std::size_t kLongest = 256;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

bool has_leading_zero(std::string_view number) {
  return number.size() > 1 && number.front() == '0';
}

// SemVer 2.0.0, items 9 and 10: "Identifiers MUST comprise only ASCII alphanumerics and hyphens [0-9A-Za-z-].
// Identifiers MUST NOT be empty."
bool is_identifier(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

std::vector<std::string> split(std::string_view text, char by) {
  std::vector<std::string> parts;
  for (std::size_t at = 0;;) {
    const std::size_t end = text.find(by, at);
    parts.emplace_back(text.substr(at, end == std::string_view::npos ? end : end - at));
    if (end == std::string_view::npos) return parts;
    at = end + 1;
  }
}

std::strong_ordering compare_numbers(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return one.size() <=> other.size();
  return one <=> other;
}

// Item 11.4: numeric identifiers have lower precedence than alphanumeric ones.
std::strong_ordering compare_identifiers(const std::string& one, const std::string& other) {
  const bool numeric = is_number(one);
  if (numeric != is_number(other)) return numeric ? std::strong_ordering::less : std::strong_ordering::greater;
  return numeric ? compare_numbers(one, other) : one <=> other;
}

std::string successor(std::string number) {
  for (auto digit = number.rbegin(); digit != number.rend(); ++digit) {
    if (*digit != '9') {
      ++*digit;
      return number;
    }
    *digit = '0';
  }
  return "1" + number;
}

std::string without_leading_zeros(const std::string& number) {
  const std::size_t first = number.find_first_not_of('0');
  return first == std::string::npos ? "0" : number.substr(first);
}

struct Parts {
  std::vector<std::string> core;
  std::vector<std::string> prerelease;
  std::vector<std::string> build;
};

std::optional<Parts> parts_of(std::string_view text) {
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  Parts parts;
  if (const std::size_t plus = text.find('+'); plus != std::string_view::npos) {
    parts.build = split(text.substr(plus + 1), '.');
    text = text.substr(0, plus);
  }
  if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
    parts.prerelease = split(text.substr(dash + 1), '.');
    text = text.substr(0, dash);
  }
  parts.core = split(text, '.');
  const bool valid = parts.core.size() <= 3 && std::ranges::all_of(parts.core, is_number) &&
                     std::ranges::all_of(parts.prerelease, is_identifier) &&
                     std::ranges::all_of(parts.build, is_identifier) &&
                     std::ranges::none_of(parts.prerelease, [](const std::string& identifier) {
                       return is_number(identifier) && has_leading_zero(identifier);
                     });
  if (!valid) return std::nullopt;
  return parts;
}

std::string joined(const std::vector<std::string>& parts, char before) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? before : '.') + part;
  return text;
}

}  // namespace

Version Version::parse(std::string_view text) {
  const std::optional<Parts> parts = parts_of(text);
  if (!parts || parts->core.size() != 3 || std::ranges::any_of(parts->core, has_leading_zero))
    throw Error(Fault::kInput, "`{}` is not a version, SemVer 2.0.0 wants MAJOR.MINOR.PATCH",
                text.size() > kLongest ? std::string(text.substr(0, 40)) + "…" : std::string(text))
        .hint("version: 0.1.0");
  return *parse_loose(text);
}

std::optional<Version> Version::parse_loose(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  std::optional<Parts> parts = parts_of(text);
  if (!parts) return std::nullopt;
  parts->core.resize(3, "0");
  Version version;
  version.major_ = without_leading_zeros(parts->core[0]);
  version.minor_ = without_leading_zeros(parts->core[1]);
  version.patch_ = without_leading_zeros(parts->core[2]);
  version.prerelease_ = parts->prerelease;
  version.text_ = version.major_ + "." + version.minor_ + "." + version.patch_ + joined(parts->prerelease, '-') +
                  joined(parts->build, '+');
  return version;
}

Version Version::next_major() const {
  if (is_prerelease() && minor_ == "0" && patch_ == "0") return parse(major_ + ".0.0");
  return parse(successor(major_) + ".0.0");
}

Version Version::next_minor() const {
  if (is_prerelease() && patch_ == "0") return parse(major_ + "." + minor_ + ".0");
  return parse(major_ + "." + successor(minor_) + ".0");
}

Version Version::next_patch() const {
  return parse(major_ + "." + minor_ + "." + (is_prerelease() ? patch_ : successor(patch_)));
}

bool Version::is_initial_development() const {
  return major_ == "0";
}

std::strong_ordering Version::operator<=>(const Version& other) const {
  for (const auto& [one, two] :
       {std::pair(&major_, &other.major_), std::pair(&minor_, &other.minor_), std::pair(&patch_, &other.patch_)})
    if (const auto order = compare_numbers(*one, *two); order != 0) return order;
  if (is_prerelease() != other.is_prerelease())
    return is_prerelease() ? std::strong_ordering::less : std::strong_ordering::greater;
  return std::lexicographical_compare_three_way(prerelease_.begin(), prerelease_.end(), other.prerelease_.begin(),
                                                other.prerelease_.end(), compare_identifiers);
}

Level step_between(const Version& lower, const Version& higher) {
  if (higher <= lower) return Level::kNone;
  if (higher < lower.next_minor()) return Level::kPatch;
  return higher < lower.next_major() ? Level::kMinor : Level::kMajor;
}

std::string_view level_name(Level level) {
  switch (level) {
    case Level::kNone:
      return "none";
    case Level::kPatch:
      return "patch";
    case Level::kMinor:
      return "minor";
    case Level::kMajor:
      return "major";
  }
  throw Error(Fault::kInternal, "a version level without a name");
}

}  // namespace waybill::chart
