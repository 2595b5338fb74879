#include <algorithm>
#include <cctype>

#include "core/base/error.h"
#include "core/http/client.h"
#include "core/http/url.h"

namespace waybill::http {
namespace {

constexpr std::string_view kSpace = " \t";

bool equal_but_case(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other,
                            [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

// "The relation-type […] can be a space-separated list" (RFC 8288 section 3.3).
bool names_next(std::string_view relations) {
  while (!relations.empty()) {
    const std::size_t end = std::min(relations.find_first_of(kSpace), relations.size());
    if (equal_but_case(relations.substr(0, end), "next")) return true;
    relations.remove_prefix(std::min(end + 1, relations.size()));
  }
  return false;
}

// A Link header from left to right; what breaks its grammar ends it.
class LinkHeader {
 public:
  explicit LinkHeader(std::string_view text) : rest_(text) {}

  std::optional<std::string> next() {
    while (skip(','), rest_.starts_with('<')) {
      const std::size_t close = rest_.find('>');
      if (close == std::string_view::npos) return std::nullopt;
      const std::string_view target = rest_.substr(1, close - 1);
      rest_.remove_prefix(close + 1);
      if (is_next()) return std::string(target);
    }
    return std::nullopt;
  }

 private:
  // Spaces, and any number of `mark`.
  void skip(char mark) {
    while (!rest_.empty() && (rest_.front() == mark || kSpace.find(rest_.front()) != std::string_view::npos))
      rest_.remove_prefix(1);
  }

  // "Occurrences after the first MUST be ignored by parsers" of `rel`; a link with an `anchor` is about another page.
  bool is_next() {
    std::optional<bool> next;
    bool elsewhere = false;
    while (skip(' '), rest_.starts_with(';')) {
      skip(';');
      const std::size_t end = std::min(rest_.find_first_of("=;, \t"), rest_.size());
      const std::string_view name = rest_.substr(0, end);
      rest_.remove_prefix(end);
      skip(' ');
      std::string value;
      if (rest_.starts_with('=')) {
        rest_.remove_prefix(1);
        skip(' ');
        value = this->value();
      }
      if (equal_but_case(name, "rel") && !next) next = names_next(value);
      elsewhere = elsewhere || equal_but_case(name, "anchor");
    }
    return next.value_or(false) && !elsewhere;
  }

  std::string value() {
    std::string text;
    if (!rest_.starts_with('"')) {
      const std::size_t end = std::min(rest_.find_first_of(";, \t"), rest_.size());
      text = rest_.substr(0, end);
      rest_.remove_prefix(end);
      return text;
    }
    for (rest_.remove_prefix(1); !rest_.empty() && rest_.front() != '"'; rest_.remove_prefix(1)) {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      text += rest_.front();
    }
    if (!rest_.empty()) rest_.remove_prefix(1);
    return text;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<std::string> next_page(std::string_view url, std::string_view link) {
  const std::optional<std::string> target = LinkHeader(link).next();
  if (!target) return std::nullopt;
  std::string next = redirected(url, *target);
  if (origin(next) != origin(url))
    throw Error(Fault::kRemote, "{} names {} as the next page, which is on another host", printable(url),
                printable(next));
  return next;
}

}  // namespace waybill::http
