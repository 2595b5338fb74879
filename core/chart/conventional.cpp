#include <algorithm>

#include "core/base/unicode.h"
#include "core/chart/message.h"
#include "core/chart/plan_version.h"

namespace waybill::chart {
namespace {

// Conventional Commits 1.0.0, item 1: "Commits MUST be prefixed with a type, which consists of a noun, feat, fix, etc.,
// followed by the OPTIONAL scope, OPTIONAL !, and REQUIRED terminal colon and space."
std::optional<Conventional> parse_conventional(std::string_view subject) {
  Conventional commit;
  const auto end =
      std::ranges::find_if_not(subject, [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; });
  const auto length = static_cast<std::size_t>(end - subject.begin());
  if (length == 0) return std::nullopt;
  commit.type = lower_case(subject.substr(0, length));
  subject.remove_prefix(length);
  if (subject.starts_with('(')) {
    const std::size_t close = subject.find(')');
    if (close == std::string_view::npos) return std::nullopt;
    commit.scope = trimmed(subject.substr(1, close - 1));
    subject.remove_prefix(close + 1);
  }
  if (subject.starts_with('!')) {
    commit.breaking = true;
    subject.remove_prefix(1);
  }
  if (!subject.starts_with(": ")) return std::nullopt;
  commit.description = trimmed(subject.substr(2));
  if (commit.description.empty()) return std::nullopt;
  return commit;
}

// `[chart] text`, also `[chart] feat: text`, as most chart repositories write it.
std::optional<Conventional> parse_bracketed(std::string_view subject) {
  if (!subject.starts_with('[')) return std::nullopt;
  const std::size_t close = subject.find(']');
  if (close == std::string_view::npos) return std::nullopt;
  const std::string scope(trimmed(subject.substr(1, close - 1)));
  std::string_view text = subject.substr(close + 1);
  const bool marked = text.starts_with('!');
  if (marked) text.remove_prefix(1);
  if (text.starts_with(':')) text.remove_prefix(1);
  text = trimmed(text);
  if (scope.empty() || text.empty()) return std::nullopt;
  std::optional<Conventional> inner = parse_conventional(text);
  if (!inner) return Conventional{"chart", scope, std::string(text), marked};
  inner->scope = scope;
  inner->breaking = inner->breaking || marked;
  return inner;
}

}  // namespace

Conventional parse_subject(std::string_view subject, std::string_view body) {
  subject = trimmed(subject);
  std::optional<Conventional> commit = parse_conventional(subject);
  if (!commit) commit = parse_bracketed(subject);
  if (!commit) commit = Conventional{"", "", std::string(subject), false};
  commit->breaking = commit->breaking || has_breaking_footer(body);
  return *commit;
}

}  // namespace waybill::chart
