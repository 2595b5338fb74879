#include "core/lineage/branches.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "core/git/repository.h"

namespace waybill::lineage {
namespace {

constexpr std::string_view kChart = "<chart>";
constexpr std::string_view kCommit = "<sha8>";
constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::string_view kNames = "abcdefghijklmnopqrstuvwxyz0123456789-";

// A branch of the policy and what tells its names apart.
struct Row {
  const char* key;
  std::string Branches::*pattern;
  bool by_chart;
  bool by_commit;
  bool in_direct;
};
// The last one may be missing.
constexpr std::array kRows{Row{"integration", &Branches::integration, false, false, false},
                           Row{"chart", &Branches::chart, true, false, false},
                           Row{"split", &Branches::split, true, true, false},
                           Row{"bump", &Branches::bump, true, true, true},
                           Row{"train", &Branches::train, false, true, true},
                           Row{"sync", &Branches::sync, false, true, false},
                           Row{"carry", &Branches::carry, false, true, false},
                           Row{"release", &Branches::release, false, false, true},
                           Row{"index", &Branches::index, false, false, true}};

std::string line_to_write(const Row& row) {
  const std::string fits = Branches{}.*row.pattern;
  return fmt::format("{}: {}", row.key, fits.empty() ? "gh-pages" : fits);
}

// Whether somebody left the pattern that is known to fit.
bool moved(const Row* row, const std::string& pattern) {
  return row != nullptr && pattern != Branches{}.*row->pattern;
}

std::string cure(const Row& row, const Branches& branches) {
  if (moved(&row, branches.*row.pattern)) return fmt::format("write `{}`", line_to_write(row));
  return fmt::format("write another name after `{}:`", row.key);
}

bool holds(const std::string& pattern, std::string_view mark) {
  return pattern.find(mark) != std::string::npos;
}

// What may stand at one place of a name: one of these characters, once or any number of times from one on.
struct Place {
  std::string_view allowed;
  bool repeats = false;
};

std::vector<Place> places_of(std::string_view pattern) {
  std::vector<Place> places;
  while (!pattern.empty()) {
    if (pattern.starts_with(kChart)) {
      places.push_back({kNames, true});
      pattern.remove_prefix(kChart.size());
    } else if (pattern.starts_with(kCommit)) {
      places.insert(places.end(), 8, Place{kDigits});
      pattern.remove_prefix(kCommit.size());
    } else {
      places.push_back({pattern.substr(0, 1)});
      pattern.remove_prefix(1);
    }
  }
  return places;
}

// A name of the one pattern that is a name of the other or a folder of one; nothing when there is none. Both are read
// side by side, shortest name first.
std::optional<std::string> common_name(const std::string& one, const std::string& other) {
  const std::vector<Place> a = places_of(one);
  const std::vector<Place> b = places_of(other);
  using State = std::pair<std::size_t, std::size_t>;
  std::map<State, std::string> reached{{{0, 0}, ""}};
  std::deque<State> open{{0, 0}};
  while (!open.empty()) {
    const State at = open.front();
    open.pop_front();
    const std::string name = reached.at(at);
    if (at.first == a.size() && (at.second == b.size() || b[at.second].allowed == "/")) return name;
    if (at.first == a.size() || at.second == b.size()) continue;
    const Place& left = a[at.first];
    const Place& right = b[at.second];
    const auto both =
        std::ranges::find_if(left.allowed, [&](char c) { return right.allowed.find(c) != right.allowed.npos; });
    if (both == left.allowed.end()) continue;
    for (const std::size_t i : {at.first + 1, left.repeats ? at.first : at.first + 1})
      for (const std::size_t j : {at.second + 1, right.repeats ? at.second : at.second + 1})
        if (reached.try_emplace({i, j}, name + *both).second) open.push_back({i, j});
  }
  return std::nullopt;
}

void check_marks(const Row& row, const std::string& pattern, std::vector<std::string>& findings) {
  for (const auto& [mark, wanted, what] :
       {std::tuple{kChart, row.by_chart, "chart"}, {kCommit, row.by_commit, "commit"}}) {
    if (wanted && !holds(pattern, mark))
      findings.push_back(fmt::format("branches.{}: `{}` is the same name for every {}, write `{}`", row.key, pattern,
                                     what, line_to_write(row)));
    if (!wanted && holds(pattern, mark))
      findings.push_back(fmt::format("branches.{}: `{}` means nothing in `{}`, write `{}`", row.key, mark, pattern,
                                     line_to_write(row)));
  }
}

}  // namespace

std::vector<std::string> branch_findings(const Branches& branches, const std::string& default_branch,
                                         Pipeline pipeline) {
  std::vector<std::string> findings;
  std::vector<std::pair<std::string, const Row*>> patterns{{default_branch, nullptr}};
  for (const Row& row : kRows) {
    if (pipeline == Pipeline::kDirect && !row.in_direct) continue;
    const std::string& pattern = branches.*row.pattern;
    if (pattern.empty() && (Branches{}.*row.pattern).empty()) continue;
    check_marks(row, pattern, findings);
    const std::string example = Branches::filled(pattern, "chart", "01234567");
    if (!git::is_reference_name("refs/heads/" + example) || example.find_first_of("<>") != std::string::npos)
      findings.push_back(
          fmt::format("branches.{}: `{}` is no branch name, write `{}`", row.key, example, line_to_write(row)));
    patterns.emplace_back(pattern, &row);
  }
  if (!git::is_reference_name("refs/heads/" + default_branch))
    findings.push_back(fmt::format("anchor.branch: `{}` is no branch name", default_branch));
  if (!findings.empty()) return findings;
  for (std::size_t i = 0; i < patterns.size(); ++i)
    for (std::size_t j = i + 1; j < patterns.size(); ++j) {
      const auto& [one, first] = patterns[i];
      const auto& [other, second] = patterns[j];
      auto name = common_name(one, other);
      if (!name) name = common_name(other, one);
      if (!name) continue;
      findings.push_back(fmt::format("branches: `{}` and `{}` cannot exist together in git, both want `{}`; {}", one,
                                     other, *name, cure(moved(first, one) ? *first : *second, branches)));
    }
  return findings;
}

}  // namespace waybill::lineage
