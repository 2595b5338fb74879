#include "core/chart/reverts.h"

#include <algorithm>
#include <optional>

#include "core/base/unicode.h"
#include "core/chart/message.h"

namespace waybill::chart {
namespace {

struct Targets {
  bool revert = false;
  std::vector<std::string> commits;   // 7 to 40 digits
  std::vector<std::string> requests;  // "(#12)"
  std::string subject;
};

// A trailing " (#12)", as GitHub appends to squashed subjects.
std::string_view without_request(std::string_view subject) {
  subject = trimmed(subject);
  const std::size_t open = subject.rfind(" (#");
  if (open == std::string_view::npos || !subject.ends_with(')')) return subject;
  const std::string_view number = subject.substr(open + 3, subject.size() - open - 4);
  const bool digits = !number.empty() && std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
  return digits ? trimmed(subject.substr(0, open)) : subject;
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// Every word of 7 to 40 hexadecimal digits.
std::vector<std::string> ids_in(std::string_view text) {
  std::vector<std::string> ids;
  while (!text.empty()) {
    const auto start = std::ranges::find_if(text, is_letter_or_digit);
    text.remove_prefix(static_cast<std::size_t>(start - text.begin()));
    const auto end = std::ranges::find_if_not(text, is_letter_or_digit);
    const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    if (word.size() >= 7 && word.size() <= 40 && std::ranges::all_of(word, is_hex)) ids.emplace_back(word);
    text.remove_prefix(word.size());
  }
  return ids;
}

std::optional<std::string> quoted_after(std::string_view subject, std::string_view word) {
  if (!subject.starts_with(word)) return std::nullopt;
  const std::string_view rest = without_request(subject.substr(word.size()));
  if (rest.size() < 2 || rest.front() != '"' || rest.back() != '"') return std::nullopt;
  return std::string(rest.substr(1, rest.size() - 2));
}

void read_body_line(std::string_view line, bool conventional, Targets& targets) {
  constexpr std::string_view kCommit = "This reverts commit";
  if (line.starts_with(kCommit) || line.starts_with("This reverts commits")) {
    targets.revert = true;
    for (std::string& id : ids_in(line)) targets.commits.push_back(std::move(id));
  }
  if (line.starts_with("Reverts ")) {
    const std::size_t hash = line.rfind('#');
    const std::string_view number =
        hash == std::string_view::npos ? std::string_view() : trimmed(line.substr(hash + 1));
    if (number.empty() || !std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; })) return;
    targets.revert = true;
    targets.requests.push_back("(#" + std::string(number) + ")");
  }
  if (conventional)
    if (const auto references = trailer_value(line, "Refs"))
      for (std::string& id : ids_in(*references)) targets.commits.push_back(std::move(id));
}

Targets targets_of(const Reason& reason) {
  Targets targets;
  const std::string_view subject = trimmed(reason.subject);
  const bool conventional = parse_subject(subject, "").type == "revert";
  targets.revert = conventional;
  if (auto quoted = quoted_after(subject, "Revert ")) {
    targets.revert = true;
    targets.subject = *quoted;
  } else if (auto again = quoted_after(subject, "Reapply ")) {
    targets.revert = true;
    targets.subject = "Revert \"" + *again + "\"";
  } else if (conventional) {
    targets.subject = parse_subject(subject, "").description;
  }
  for (const std::string_view line : lines_of(reason.body)) read_body_line(line, conventional, targets);
  return targets;
}

// The places in `reasons` behind `from` that the revert names: by id, else by request, else by subject.
std::vector<std::size_t> found(const Targets& targets, const std::vector<Reason>& reasons, std::size_t from,
                               const std::vector<bool>& gone) {
  std::vector<std::size_t> places;
  const auto look = [&](const auto& matches) {
    for (std::size_t i = from + 1; i < reasons.size(); ++i)
      if (!gone[i] && matches(reasons[i])) {
        places.push_back(i);
        return;
      }
  };
  for (const std::string& id : targets.commits) look([&](const Reason& reason) { return reason.id.starts_with(id); });
  if (places.empty())
    for (const std::string& request : targets.requests)
      look([&](const Reason& reason) { return trimmed(reason.subject).ends_with(request); });
  if (places.empty() && !targets.subject.empty())
    look([&](const Reason& reason) { return without_request(reason.subject) == without_request(targets.subject); });
  std::ranges::sort(places);
  places.erase(std::ranges::unique(places).begin(), places.end());
  return places;
}

}  // namespace

std::vector<Settled> without_reverted(const std::vector<Reason>& reasons) {
  std::vector<bool> gone(reasons.size(), false);
  std::vector<Settled> settled;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (gone[i]) continue;
    const Targets targets = targets_of(reasons[i]);
    if (!targets.revert) {
      settled.push_back({reasons[i], false});
      continue;
    }
    const std::vector<std::size_t> places = found(targets, reasons, i, gone);
    for (const std::size_t place : places) gone[place] = true;
    const std::size_t named = std::max<std::size_t>(targets.commits.size(), 1);
    if (places.size() < named) settled.push_back({reasons[i], true});
  }
  return settled;
}

}  // namespace waybill::chart
