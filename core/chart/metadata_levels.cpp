#include "core/chart/metadata_levels.h"

#include <algorithm>
#include <map>

namespace waybill::chart {
namespace {

using lineage::Carried;

Level distance(const std::optional<Version>& before, const std::optional<Version>& after) {
  if (!before || !after) return Level::kMinor;
  const Level level = *before < *after ? step_between(*before, *after) : step_between(*after, *before);
  return std::max(level, Level::kPatch);
}

bool is_version_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
         c == '+' || c == '*';
}

// `1.2.*`, `1.2.x` and `1.x` without their wildcards.
std::string without_wildcards(std::string_view version) {
  std::string kept;
  while (!version.empty()) {
    const std::size_t end = version.find('.');
    const std::string_view part = version.substr(0, end);
    if (part == "*" || part == "x" || part == "X") break;
    kept += (kept.empty() ? "" : ".") + std::string(part);
    version = end == std::string_view::npos ? std::string_view() : version.substr(end + 1);
  }
  return kept;
}

// What one `||` alternative starts at: its first version that is no upper bound.
std::optional<Version> lowest_of(std::string_view alternative) {
  bool upper = false;
  for (std::size_t at = 0; at < alternative.size();) {
    if (!is_version_character(alternative[at])) {
      if (alternative[at] == '<' || alternative[at] == '!') upper = true;
      if (alternative[at] == '>' || alternative[at] == '^' || alternative[at] == '~') upper = false;
      ++at;
      continue;
    }
    const auto start = alternative.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = std::find_if_not(start, alternative.end(), is_version_character);
    const std::string_view word(start, end);
    at += word.size();
    if (upper || word == "-") {
      upper = false;
      continue;
    }
    return Version::parse_loose(without_wildcards(word));
  }
  return std::nullopt;
}

std::map<std::string, Dependency> by_key(const std::vector<Dependency>& dependencies) {
  std::map<std::string, Dependency> map;
  for (const Dependency& dependency : dependencies)
    map.emplace(dependency.alias.empty() ? dependency.name : dependency.alias, dependency);
  return map;
}

Level carried_as(Carried carried, Level mirrored) {
  if (carried == Carried::kMinor) return Level::kMinor;
  return carried == Carried::kPatch ? Level::kPatch : mirrored;
}

std::string arrow(std::string_view before, std::string_view after) {
  return std::string(before) + " → " + std::string(after);
}

}  // namespace

std::optional<Version> lowest_version(std::string_view range) {
  std::optional<Version> lowest;
  while (true) {
    const std::size_t end = range.find("||");
    const std::optional<Version> version = lowest_of(range.substr(0, end));
    if (version && (!lowest || *version < *lowest)) lowest = version;
    if (end == std::string_view::npos) return lowest;
    range.remove_prefix(end + 2);
  }
}

std::vector<ReasonedLevel> metadata_levels(const Metadata& before, const Metadata& after,
                                           const lineage::VersionRules& rules) {
  std::vector<ReasonedLevel> levels;
  const auto add = [&](lineage::Carried carried, Level mirrored, std::string why) {
    if (carried != Carried::kNone) levels.push_back({carried_as(carried, mirrored), "", std::move(why)});
  };
  if (before.app_version != after.app_version) {
    const Level level = distance(Version::parse_loose(before.app_version), Version::parse_loose(after.app_version));
    const std::string why = before.app_version.empty()  ? "appVersion " + after.app_version
                            : after.app_version.empty() ? "appVersion " + before.app_version + " taken out"
                                                        : "appVersion " + arrow(before.app_version, after.app_version);
    add(rules.app_version, level, why);
  }
  const auto old_ones = by_key(before.dependencies);
  const auto new_ones = by_key(after.dependencies);
  for (const auto& [key, dependency] : new_ones) {
    const auto old = old_ones.find(key);
    if (old == old_ones.end()) {
      add(rules.dependencies, Level::kMinor, "dependency " + key + " " + dependency.version + " added");
    } else if (old->second.version != dependency.version) {
      const Level level = distance(lowest_version(old->second.version), lowest_version(dependency.version));
      add(rules.dependencies, std::min(level, Level::kMinor),
          "dependency " + key + " " + arrow(old->second.version, dependency.version));
    } else if (old->second.repository != dependency.repository || old->second.name != dependency.name) {
      add(rules.dependencies, Level::kPatch, "dependency " + key + " from " + dependency.repository);
    }
  }
  for (const auto& [key, dependency] : old_ones)
    if (!new_ones.contains(key)) add(rules.dependencies, Level::kMinor, "dependency " + key + " taken out");
  return levels;
}

}  // namespace waybill::chart
