#include "core/chart/plan_version.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/chart/folders.h"
#include "core/chart/message.h"
#include "core/chart/metadata_levels.h"
#include "core/chart/reverts.h"

namespace waybill::chart {
namespace {

constexpr std::array kLevels{Level::kNone, Level::kPatch, Level::kMinor, Level::kMajor};

Level level_of(const Conventional& commit, const lineage::VersionRules& rules) {
  if (commit.breaking) return Level::kMajor;
  if (const auto given = rules.types.find(commit.type); given != rules.types.end())
    return *std::ranges::find(kLevels, given->second, level_name);
  return commit.type == "feat" || commit.type == "feature" ? Level::kMinor : Level::kPatch;
}

// The charts of the repository that a scope names: `nginx`, `nginx,redis`, `charts/nginx`.
std::set<std::string> charts_in(std::string_view scope, const std::vector<std::string>& all) {
  std::set<std::string> named;
  while (!scope.empty()) {
    const std::size_t end = scope.find(',');
    std::string_view word = trimmed(scope.substr(0, end));
    word = word.substr(word.rfind('/') + 1);
    if (std::ranges::find(all, word) != all.end()) named.emplace(word);
    scope = end == std::string_view::npos ? std::string_view() : scope.substr(end + 1);
  }
  return named;
}

bool is_meant_for_others(std::string_view scope, const VersionRequest& request) {
  if (!request.rules.scopes_narrow) return false;
  const std::set<std::string> named = charts_in(scope, request.all_chart_names);
  return !named.empty() && !named.contains(request.chart_name);
}

std::vector<Settled> settled_reasons(const VersionRequest& request) {
  if (request.rules.reverts_cancel) return without_reverted(request.reasons);
  std::vector<Settled> all;
  for (const Reason& reason : request.reasons) all.push_back({reason});
  return all;
}

ReasonedLevel judged(const Settled& settled, const VersionRequest& request) {
  const Reason& reason = settled.reason;
  const Conventional commit = parse_subject(reason.subject, reason.body);
  ReasonedLevel judged{level_of(commit, request.rules), std::string(trimmed(reason.subject)), commit.type};
  if (settled.reverts_released) return {Level::kPatch, judged.subject, "revert of a released change"};
  if (is_meant_for_others(commit.scope, request)) return {Level::kPatch, judged.subject, "for " + commit.scope};
  if (commit.breaking)
    judged.why = "breaking change";
  else if (judged.why.empty())
    judged.why = "change";
  if (!request.rules.squashed) return judged;
  for (const std::string& line : squashed_subjects(reason.subject, reason.body)) {
    const Conventional squashed = parse_subject(line, "");
    const Level level = level_of(squashed, request.rules);
    if (level <= judged.level || is_meant_for_others(squashed.scope, request)) continue;
    judged.level = level;
    judged.why = squashed.breaking ? "breaking change in a squashed commit" : squashed.type + " in a squashed commit";
  }
  return judged;
}

// "Merge pull request …" says nothing itself; the commits it brought are in the window.
bool is_merge(const Reason& reason) {
  return reason.subject.starts_with("Merge pull request #") || reason.subject.starts_with("Merge branch '") ||
         reason.subject.starts_with("Merge remote-tracking branch '");
}

std::vector<ReasonedLevel> reasons_of(const VersionRequest& request) {
  std::vector<ReasonedLevel> levels = levels_of_reasons(request);
  if (!request.first)
    std::ranges::move(metadata_levels(request.before, request.after, request.rules), std::back_inserter(levels));
  return levels;
}

// Item 4 of SemVer: "Major version zero (0.y.z) is for initial development." A breaking change is the minor there, and
// only `Release-As` leaves it.
Level within_initial_development(Level level, const Version& version, const lineage::VersionRules& rules) {
  if (!version.is_initial_development()) return level;
  if (level == Level::kMinor && rules.small_features) return Level::kPatch;
  return std::min(level, Level::kMinor);
}

Version raised(const Version& version, Level level) {
  switch (level) {
    case Level::kMajor:
      return version.next_major();
    case Level::kMinor:
      return version.next_minor();
    case Level::kPatch:
    case Level::kNone:
      break;
  }
  return version.next_patch();
}

struct Wish {
  Version version;
  std::string by;  // commit id or subject
};

std::optional<Wish> wish_in(const Reason& reason, const VersionRequest& request) {
  for (const std::string_view line : lines_of(reason.body)) {
    std::optional<std::string_view> value = trailer_value(line, "Release-As");
    if (!value || value->empty()) continue;
    if (const std::size_t blank = value->find(' '); blank != std::string_view::npos) {
      if (value->substr(0, blank) != request.chart_name) continue;
      value = trimmed(value->substr(blank + 1));
    }
    if (value->starts_with('v')) value->remove_prefix(1);
    const std::string by = reason.id.empty() ? "`" + reason.subject + "`" : reason.id;
    try {
      return Wish{Version::parse(*value), by};
    } catch (const Error& error) {
      throw Error(error.fault(), "Release-As of {} for {}: {}", by, request.chart_name, error.what());
    }
  }
  return std::nullopt;
}

std::optional<Wish> wish(const VersionRequest& request) {
  for (const Settled& settled : settled_reasons(request))
    if (std::optional<Wish> found = wish_in(settled.reason, request)) return found;
  return std::nullopt;
}

std::optional<Version> highest_known(const VersionRequest& request) {
  std::optional<Version> highest = request.last;
  for (const Version& taken : request.taken)
    if (!highest || taken > *highest) highest = taken;
  return highest;
}

// One step above what is known, or above the plan: as far as a wish reaches that nobody else confirmed (trust.md T17).
bool is_near(const Version& wished, const Version& highest, const Version& plan) {
  const Version release = wished.is_prerelease() ? wished.next_patch() : wished;
  return release <= plan || release == highest.next_minor() || release == highest.next_major() ||
         release == plan.next_patch() || release == plan.next_minor() || release == plan.next_major();
}

void require_near(const VersionRequest& request, const Version& wished, const Version& highest, const Version& plan,
                  std::string_view wish) {
  if (request.any_wish || is_near(wished, highest, plan)) return;
  throw Error(Fault::kInput, "{} for {}: that is more than one step above {}, which the changes give", wish,
              request.chart_name, plan.text())
      .hint(fmt::format("wish for {} at most, or allow it in the policy:\nversion-wishes: any",
                        plan.next_major().text()));
}

// A version that is planned as a pre-release of what it would be: the number behind the name is the next one.
Version as_pre_release(const Version& version, const VersionRequest& request) {
  std::size_t highest = 0;
  const std::string prefix = version.text() + "-" + request.rules.pre_release + ".";
  const auto count = [&](const Version& known) {
    const std::string_view text = known.text();
    std::size_t number = 0;
    if (!text.starts_with(prefix)) return;
    const std::string_view rest = text.substr(prefix.size());
    if (std::from_chars(rest.data(), rest.data() + rest.size(), number).ec == std::errc())
      highest = std::max(highest, number);
  };
  if (request.last) count(*request.last);
  for (const Version& taken : request.taken) count(taken);
  return Version::parse(prefix + std::to_string(highest + 1));
}

// The version at a level above what is known: above a pre-release, the release that it leads to where that is enough.
Version planned_above(const Version& highest, Level level, const VersionRequest& request) {
  const Version version = raised(highest, level);
  if (request.rules.pre_release.empty()) return version;
  const Version planned = as_pre_release(version, request);
  return planned > highest ? planned : as_pre_release(version.next_patch(), request);  // `beta` comes before `rc`
}

// Says what breaks and was not said to (rule 7).
void judge_values(const VersionRequest& request, std::vector<ReasonedLevel>& reasons,
                  std::vector<std::string>& warnings) {
  using lineage::ValuesBreak;
  const auto rule = request.rules.values_break;
  const bool told = std::ranges::find(reasons, Level::kMajor, &ReasonedLevel::level) != reasons.end();
  if (request.broken_values.empty() || told || rule == ValuesBreak::kOff) return;
  const std::string what = fmt::format("{}", fmt::join(request.broken_values, ", "));
  if (rule == ValuesBreak::kBump) {
    reasons.push_back({Level::kMajor, "", "values: " + what});
    return;
  }
  std::string text = fmt::format("{}: users' values break ({}), and no commit says so", request.chart_name, what);
  if (rule == ValuesBreak::kError)
    throw Error(Fault::kInput, "{}", text)
        .hint(
            "contribute with a subject as `feat!: …` or a footer `BREAKING CHANGE: …`; or, in the policy:\n"
            "versions: {values-break: warn}");
  warnings.push_back(std::move(text));
}

PlannedVersion as_wished(const Wish& wish, const std::optional<Version>& highest, std::vector<ReasonedLevel> reasons) {
  const Level level = highest ? step_between(*highest, wish.version) : Level::kNone;
  reasons.push_back({level, "", "Release-As " + wish.version.text()});
  return {wish.version, level, highest, std::move(reasons), {}};
}

void require_higher(const Wish& wish, const Version& highest, std::string_view chart) {
  if (wish.version > highest) return;
  throw Error(Fault::kInput, "Release-As {} of {} for {}: {} exists, wanted a higher version", wish.version.text(),
              wish.by, chart, highest.text())
      .hint("Release-As: " + highest.next_patch().text());
}

// A higher version that people wrote is kept.
void raise_to_written(const VersionRequest& request, const Version& written, PlannedVersion& planned) {
  if (!planned.previous || written <= planned.version) return;
  const std::string told = fmt::format("version {} written in Chart.yaml", written.text());
  require_near(request, written, *planned.previous, planned.version, told);
  planned.level = std::max(planned.level, step_between(*planned.previous, written));
  planned.reasons.push_back({planned.level, "", told});
  planned.version = written;
}

void require_high_enough(const VersionRequest& request, const Version& written, const PlannedVersion& planned) {
  if (written >= planned.version) return;
  const std::string since = planned.previous ? " after " + planned.previous->text() : "";
  throw Error(Fault::kInput, "version {} written in Chart.yaml for {}: {} or a higher one is wanted{}", written.text(),
              request.chart_name, planned.version.text(), since)
      .hint(fmt::format("version: {}   # in {}", planned.version.text(), path_in(request.chart_path, "Chart.yaml")));
}

PlannedVersion planned_by_changes(const VersionRequest& request, const Version& written) {
  const std::optional<Version> highest = highest_known(request);
  std::vector<ReasonedLevel> reasons = reasons_of(request);
  std::vector<std::string> warnings;
  judge_values(request, reasons, warnings);
  const std::optional<Wish> wished = wish(request);
  if (!highest) {
    if (wished) return as_wished(*wished, highest, std::move(reasons));
    reasons.push_back({Level::kNone, "", "first release, as Chart.yaml says"});
    return {written, Level::kNone, std::nullopt, std::move(reasons), {}};
  }
  Level level = Level::kPatch;
  for (const ReasonedLevel& reason : reasons)
    level = std::max(level, within_initial_development(reason.level, *highest, request.rules));
  const Version version = planned_above(*highest, level, request);
  if (wished) {
    require_higher(*wished, *highest, request.chart_name);
    require_near(request, wished->version, *highest, version,
                 fmt::format("Release-As {} of {}", wished->version.text(), wished->by));
    return as_wished(*wished, highest, std::move(reasons));
  }
  for (ReasonedLevel& reason : reasons)
    reason.level = within_initial_development(reason.level, *highest, request.rules);
  if (reasons.empty()) reasons.push_back({Level::kPatch, "", "what ships changed"});
  PlannedVersion planned{version, level, highest, std::move(reasons), std::move(warnings)};
  raise_to_written(request, written, planned);
  return planned;
}

}  // namespace

std::vector<ReasonedLevel> levels_of_reasons(const VersionRequest& request) {
  std::vector<ReasonedLevel> levels;
  std::map<std::string, std::size_t> places;  // by subject
  for (const Settled& settled : settled_reasons(request)) {
    if (is_merge(settled.reason)) continue;
    ReasonedLevel level = judged(settled, request);
    if (level.level == Level::kNone) continue;
    const auto [place, is_new] = places.try_emplace(level.subject, levels.size());
    if (is_new)
      levels.push_back(std::move(level));
    else if (levels[place->second].level < level.level)
      levels[place->second] = std::move(level);
  }
  return levels;
}

PlannedVersion plan_version(const VersionRequest& request) {
  const Version written = Version::parse(request.after.version);
  PlannedVersion planned = planned_by_changes(request, written);
  if (!request.rules.written) return planned;
  require_high_enough(request, written, planned);
  raise_to_written(request, written, planned);
  planned.version = written;
  return planned;
}

}  // namespace waybill::chart
