#include "core/chart/message.h"

#include <algorithm>
#include <array>

#include "core/base/unicode.h"
#include "core/chart/plan_version.h"

namespace waybill::chart {
namespace {

constexpr std::array<std::string_view, 2> kBreaking{"BREAKING CHANGE", "BREAKING-CHANGE"};

// Item 8: "Each footer MUST consist of a word token, followed by either a :<space> or <space># separator".
bool separates(std::string_view rest) {
  return rest.starts_with(": ") || rest.starts_with(" #");
}

bool is_breaking_line(std::string_view line) {
  return std::ranges::any_of(kBreaking, [&](std::string_view token) {
    return line.starts_with(token) && separates(line.substr(token.size()));
  });
}

bool is_footer_line(std::string_view line) {
  if (is_breaking_line(line)) return true;
  const auto end = std::ranges::find_if_not(line, [](char c) { return is_letter_or_digit(c) || c == '-'; });
  const auto length = static_cast<std::size_t>(end - line.begin());
  return length > 0 && separates(line.substr(length));
}

bool is_dependency_update(std::string_view subject, std::string_view body) {
  const Conventional commit = parse_subject(subject, "");
  const std::string text = lower_case(commit.description);
  return lower_case(commit.scope).find("deps") != std::string::npos || text.starts_with("bump ") ||
         text.starts_with("update dependency ") || body.find("[bot]") != std::string_view::npos;
}

}  // namespace

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

std::vector<std::vector<std::string_view>> paragraphs_of(std::string_view body) {
  std::vector<std::vector<std::string_view>> paragraphs;
  bool open = false;
  for (const std::string_view line : lines_of(body)) {
    const bool blank = trimmed(line).empty();
    if (!blank && !open) paragraphs.emplace_back();
    if (!blank) paragraphs.back().push_back(line);
    open = !blank;
  }
  return paragraphs;
}

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

bool equal_ignoring_case(std::string_view one, std::string_view other) {
  return lower_case(one) == lower_case(other);
}

std::optional<std::string_view> trailer_value(std::string_view line, std::string_view token) {
  if (line.size() <= token.size() || line[token.size()] != ':') return std::nullopt;
  if (!equal_ignoring_case(line.substr(0, token.size()), token)) return std::nullopt;
  return trimmed(line.substr(token.size() + 1));
}

bool has_breaking_footer(std::string_view body) {
  const auto paragraphs = paragraphs_of(body);
  bool among_footers = false;
  for (const auto& paragraph : paragraphs) {
    among_footers = among_footers || is_footer_line(paragraph.front());
    const bool last = &paragraph == &paragraphs.back();
    if ((among_footers || last) && std::ranges::any_of(paragraph, is_breaking_line)) return true;
  }
  return false;
}

std::vector<std::string> squashed_subjects(std::string_view subject, std::string_view body) {
  std::vector<std::string> subjects;
  if (is_dependency_update(subject, body)) return subjects;
  for (const auto& paragraph : paragraphs_of(body))
    for (const std::string_view line : paragraph)
      if (line.starts_with("* ")) subjects.emplace_back(line.substr(2));
  return subjects;
}

}  // namespace waybill::chart
