#include "core/chart/changelog.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/chart/message.h"
#include "core/chart/release_edit.h"

namespace waybill::chart {
namespace {

constexpr std::string_view kTitle =
    "# Changelog\n\nThe format is based on [Keep a Changelog](https://keepachangelog.com/en/2.0.0/).\n";

std::string group_of(const ReasonedLevel& reason, const Conventional& commit) {
  if (reason.why == "revert of a released change") return "Removed";
  if (commit.breaking || reason.level == Level::kMajor) return "Changed";
  if (commit.type == "feat" || commit.type == "feature") return "Added";
  if (commit.type == "fix") return "Fixed";
  return commit.type == "security" ? "Security" : "Changed";
}

std::string sentence(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 32);
  return text;
}

struct Heading {
  std::size_t depth = 0;
  std::string_view text;
};

std::optional<Heading> heading_of(std::string_view line) {
  const std::size_t depth = line.find_first_not_of('#');
  if (depth == 0 || depth == std::string_view::npos || depth > 6 || line[depth] != ' ') return std::nullopt;
  return Heading{depth, trimmed(line.substr(depth))};
}

// The version a heading names: `[1.2.3] - date`, `v1.2.3 (date)`, `<small>1.2.3 (date)</small>`.
std::optional<Version> version_of(const Heading& heading) {
  std::string_view text = heading.text;
  if (text.starts_with('<')) text.remove_prefix(std::min(text.find('>'), text.size() - 1) + 1);
  if (text.starts_with('[')) text.remove_prefix(1);
  const std::string_view word = text.substr(0, text.find_first_of(" ]()<:"));
  return std::ranges::count(word, '.') >= 2 ? Version::parse_loose(word) : std::nullopt;
}

bool is_link_reference(std::string_view line) {
  const std::size_t close = line.find("]: ");
  return line.starts_with('[') && close != std::string_view::npos;
}

bool is_item(std::string_view line) {
  return line.starts_with("- ") || line.starts_with("* ");
}

bool is_continuation(std::string_view line) {
  return line.starts_with("  ") || line.starts_with('\t');
}

// The blocks of a changelog with the group heading above each: list items with their indented lines, and paragraphs.
std::vector<ChangeEntry> entries_of(std::string_view changelog) {
  std::vector<ChangeEntry> entries;
  std::string group = "Changed";
  bool inside = false;  // below the first version or Unreleased heading
  bool open = false;
  for (const std::string_view line : lines_of(changelog)) {
    if (const auto heading = heading_of(line)) {
      inside = inside || heading->depth >= 2;
      const auto known =
          std::ranges::find_if(kChangeGroups, [&](auto name) { return equal_ignoring_case(name, heading->text); });
      group = known == kChangeGroups.end() ? "Changed" : std::string(*known);
      open = false;
    } else if (trimmed(line).empty() || is_link_reference(line) || !inside) {
      open = false;
    } else if (open && !is_item(line)) {
      entries.back().text += "\n  " + std::string(trimmed(line));
    } else if (!is_continuation(line) || open) {
      entries.push_back({group, std::string(trimmed(is_item(line) ? line.substr(2) : line))});
      open = true;
    }
  }
  return entries;
}

// The list items under a heading for each group.
std::string in_groups(const std::vector<ChangeEntry>& entries) {
  std::string text;
  for (const std::string_view group : kChangeGroups) {
    bool any = false;
    for (const ChangeEntry& entry : entries) {
      if (entry.group != group) continue;
      if (!any) text += fmt::format("\n### {}\n\n", group);
      any = true;
      text += "- " + entry.text + "\n";
    }
  }
  return text;
}

}  // namespace

std::vector<ChangeEntry> entries_for(const std::vector<ReasonedLevel>& reasons, bool first_release) {
  std::vector<ChangeEntry> entries;
  for (const ReasonedLevel& reason : reasons) {
    if (reason.subject.empty()) continue;
    const Conventional commit = parse_subject(reason.subject, "");
    const bool breaking = reason.why.starts_with("breaking change");
    const std::string text = breaking ? "**Breaking:** " + commit.description : sentence(commit.description);
    entries.push_back({group_of(reason, commit), harmless(text)});
  }
  for (const ReasonedLevel& reason : reasons)
    if (reason.subject.empty() && (reason.why.starts_with("dependency ") || reason.why.starts_with("appVersion ")))
      entries.push_back({"Changed", harmless(reason.why.starts_with("d") ? sentence(reason.why) : reason.why)});
  if (entries.empty())
    entries.push_back({first_release ? "Added" : "Changed", first_release ? "First release" : "Maintenance"});
  std::set<ChangeEntry> seen;
  std::erase_if(entries, [&](const ChangeEntry& entry) { return !seen.insert(entry).second; });
  return entries;
}

std::vector<ChangeEntry> entries_added(std::string_view base, std::string_view changelog) {
  std::map<std::string, int> known;
  for (const ChangeEntry& entry : entries_of(base)) ++known[entry.text];
  std::vector<ChangeEntry> added;
  for (const ChangeEntry& entry : entries_of(changelog))
    if (--known[entry.text] < 0) added.push_back({entry.group, harmless(entry.text)});
  return added;
}

std::string section_with(std::string_view version, Time date, const std::vector<ChangeEntry>& entries) {
  return fmt::format("## [{}] - {}\n", version, to_rfc3339(date).substr(0, 10)) + in_groups(entries);
}
std::string changelog_section(const PlannedVersion& planned, Time date) {
  return section_with(planned.version.text(), date, entries_for(planned.reasons, !planned.previous));
}

std::string whole_changelog(const ChartHistory& history, const std::vector<std::string>& all_chart_names,
                            const lineage::VersionRules& rules) {
  std::string text(kTitle);
  VersionRequest request;
  request.chart_name = history.name;
  request.all_chart_names = all_chart_names;
  request.rules = rules;
  for (const Chapter& chapter : history.chapters) {
    if (!chapter.release && chapter.commits.empty()) continue;
    request.reasons = chapter.commits;
    const auto entries = entries_for(levels_of_reasons(request), &chapter == &history.chapters.back());
    text += "\n";
    text += chapter.release ? section_with(chapter.release->version.text(), chapter.date, entries)
                            : "## [Unreleased]\n" + in_groups(entries);
  }
  return text;
}

std::string section_of(std::string_view changelog, std::string_view version) {
  const std::optional<Version> wanted = Version::parse_loose(version);
  std::string section;
  std::optional<Heading> own;
  for (const std::string_view line : lines_of(changelog)) {
    const std::optional<Heading> heading = heading_of(line);
    const std::optional<Version> named = heading ? version_of(*heading) : std::nullopt;
    if (!own) {
      if (named && wanted && *named == *wanted) own = heading;
      continue;
    }
    if (named || is_link_reference(line) || (heading && heading->depth < own->depth)) break;
    section += std::string(line) + "\n";
  }
  const std::string clean = harmless(trimmed(section));
  return clean.empty() ? clean : clean + "\n";
}

std::string insert_section(std::string_view changelog, std::string_view section) {
  if (trimmed(changelog).empty()) return std::string(kTitle) + "\n" + std::string(section);
  const bool windows = changelog.find("\r\n") != std::string_view::npos;
  const std::string end = windows ? "\r\n" : "\n";
  std::string added;
  for (const std::string_view line : lines_of(section)) added += std::string(line) + end;

  std::size_t at = 0;
  std::optional<std::size_t> links;
  for (std::string_view rest = changelog; !rest.empty();) {
    const std::size_t length = std::min(rest.find('\n'), rest.size() - 1) + 1;
    const std::string_view line = trimmed(rest.substr(0, length));
    const std::optional<Heading> heading = heading_of(line);
    if (heading && version_of(*heading)) return std::string(changelog.substr(0, at)) + added + end + std::string(rest);
    if (is_link_reference(line)) {
      if (!links) links = at;
    } else if (!line.empty()) {
      links.reset();
    }
    at += length;
    rest.remove_prefix(length);
  }
  if (links) return std::string(changelog.substr(0, *links)) + added + end + std::string(changelog.substr(*links));
  std::string text(changelog);
  if (!text.ends_with('\n')) text += end;
  if (!text.ends_with(end + end)) text += end;
  return text + added;
}

}  // namespace waybill::chart
