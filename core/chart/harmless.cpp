#include <algorithm>
#include <array>
#include <regex>

#include "core/base/unicode.h"
#include "core/chart/message.h"
#include "core/chart/release_edit.h"

namespace waybill::chart {
namespace {

constexpr std::array<std::string_view, 5> kSkips{"skip ci", "ci skip", "no ci", "skip actions", "actions skip"};
constexpr std::array<std::string_view, 9> kClosing{"close", "closes",  "closed",   "fix",     "fixes",
                                                   "fixed", "resolve", "resolves", "resolved"};
constexpr std::array<std::string_view, 7> kOwnTokens{"waybill",     "release-as",     "source pr",    "commit",
                                                     "skip-checks", "co-authored-by", "signed-off-by"};

// `[skip ci]` keeps its words in round brackets.
std::string without_skips(std::string_view line) {
  std::string text(line);
  const std::string lower = lower_case(line);
  for (const std::string_view words : kSkips)
    for (std::size_t at = lower.find(words); at != std::string::npos; at = lower.find(words, at + 1)) {
      const std::size_t end = at + words.size();
      if (at == 0 || end >= text.size() || lower[at - 1] != '[' || lower[end] != ']') continue;
      text[at - 1] = '(';
      text[end] = ')';
    }
  return text;
}

// Where a reference to an issue ends: `#12`, `o/r#12`, `GH-12` or an address; 0 where none starts.
std::size_t reference_length(std::string_view text) {
  static const std::regex form(R"((([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+)?#[0-9]+|[Gg][Hh]-[0-9]+|https?://[^\s`]{1,300}))");
  std::cmatch match;
  const std::string_view start = text.substr(0, 400);
  return std::regex_search(start.data(), start.data() + start.size(), match, form,
                           std::regex_constants::match_continuous)
             ? static_cast<std::size_t>(match.length())
             : 0;
}

// "fixes #12" becomes "fixes `#12`": told, but nothing closes.
std::string without_closing(std::string_view line) {
  std::string text;
  std::string word;
  for (std::size_t i = 0; i < line.size();) {
    const bool starts = i == 0 || !is_letter_or_digit(line[i - 1]);
    const bool closing = std::ranges::find(kClosing, word) != kClosing.end();
    const std::size_t length = starts && closing ? reference_length(line.substr(i)) : 0;
    if (length > 0) {
      text += '`' + std::string(line.substr(i, length)) + '`';
      i += length;
      word.clear();
      continue;
    }
    const char c = line[i];
    if (is_letter_or_digit(c)) {
      if (starts) word.clear();
      word += lower_case(line.substr(i, 1));
    } else if (c != ' ' && c != '\t' && c != ':') {
      word.clear();
    }
    text += c;
    ++i;
  }
  return text;
}

std::string without_comments(std::string text) {
  for (const auto& [mark, shown] :
       {std::pair<std::string_view, std::string_view>{"<!--", "&lt;!--"}, {"-->", "--&gt;"}})
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + shown.size()))
      text.replace(at, mark.size(), shown);
  return text;
}

// A line such as `Waybill: …` that a reader of messages would take for one of waybill's or git's own.
bool looks_owned(std::string_view line) {
  const std::string lower = lower_case(trimmed(line));
  return std::ranges::any_of(kOwnTokens, [&](std::string_view token) {
    if (!lower.starts_with(token)) return false;
    const std::string_view rest = std::string_view(lower).substr(token.size());
    return rest.starts_with(':') || (token == "waybill" && rest.starts_with('-'));
  });
}

std::string printable(std::string_view line) {
  std::string text;
  while (!line.empty()) {
    const char32_t character = take_character(line);
    if (character == U'\t' || is_printable(character)) append_character(text, character);
  }
  return text;
}

}  // namespace

std::string harmless(std::string_view text) {
  std::string result;
  bool first = true;
  for (const std::string_view line : lines_of(text)) {
    if (!first) result += '\n';
    first = false;
    std::string clean = without_comments(without_closing(without_skips(printable(line))));
    result += looks_owned(clean) ? "> " + clean : clean;
  }
  if (text.ends_with('\n')) result += '\n';
  return result;
}

}  // namespace waybill::chart
