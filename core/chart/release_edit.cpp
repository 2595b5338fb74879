#include "core/chart/release_edit.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/chart/changelog.h"
#include "core/chart/chart_yaml.h"
#include "core/chart/folders.h"
#include "core/chart/message.h"
#include "core/yaml/document.h"

namespace waybill::chart {
namespace {

constexpr std::string_view kChangelog = "CHANGELOG.md";
constexpr std::string_view kAnnotations = "annotations";
constexpr std::string_view kChanges = "artifacthub.io/changes";
constexpr std::string_view kPrerelease = "artifacthub.io/prerelease";

std::string text_of(const Subtree& subtree, std::string_view path) {
  const auto file = subtree.find(std::string(path));
  return file == subtree.end() ? std::string() : file->second.content;
}

std::optional<yaml::Node> annotation(std::string_view text, std::string_view name, std::string_view where) {
  if (text.find(name) == std::string_view::npos) return std::nullopt;
  const auto annotations = parse_chart_yaml(text, where).find(kAnnotations);
  if (!annotations || annotations->kind() != yaml::Kind::kMapping) return std::nullopt;
  return annotations->find(name);
}

bool lists_changes(const Subtree& subtree, std::string_view where) {
  return annotation(text_of(subtree, "Chart.yaml"), kChanges, where).has_value();
}

// The annotation says so where it is there already; what is neither true nor false there is somebody's own.
std::string with_prerelease(std::string_view text, bool prerelease, std::string_view where) {
  const auto found = annotation(text, kPrerelease, where);
  const bool known = found && found->kind() == yaml::Kind::kScalar &&
                     (equal_ignoring_case(found->text(), "true") || equal_ignoring_case(found->text(), "false"));
  if (!known) return std::string(text);
  return yaml::splice_member(text, kAnnotations, kPrerelease, prerelease ? "true" : "false", where);
}

// A double-quoted YAML scalar on one line.
std::string yaml_quoted(std::string_view text) {
  std::string result = "\"";
  for (std::string_view rest = text; !rest.empty();) {
    const char32_t character = take_character(rest);
    if (character == U'"' || character == U'\\') result += '\\';
    append_character(result, is_space(character) ? U' ' : character);
  }
  return result + "\"";
}

std::vector<std::string> change_list(const std::vector<ChangeEntry>& entries) {
  std::vector<std::string> lines;
  for (const std::string_view group : kChangeGroups)
    for (const ChangeEntry& entry : entries) {
      if (entry.group != group) continue;
      std::string text = entry.text;
      for (std::size_t at = text.find("\n  "); at != std::string::npos; at = text.find("\n  "))
        text.replace(at, 3, " ");
      lines.push_back("- kind: " + lower_case(group));
      lines.push_back("  description: " + yaml_quoted(text));
    }
  return lines;
}

std::vector<ChangeEntry> all_entries(const Subtree& base, const Subtree& contribution, const PlannedVersion& planned) {
  std::vector<ChangeEntry> entries = entries_for(planned.reasons, !planned.previous);
  if (!base.contains(std::string(kChangelog))) return entries;
  for (ChangeEntry& entry : entries_added(text_of(base, kChangelog), text_of(contribution, kChangelog)))
    if (std::ranges::find(entries, entry.text, &ChangeEntry::text) == entries.end())
      entries.push_back(std::move(entry));
  return entries;
}

File changelog_file(const Subtree& base, const Subtree& contribution, const std::string& version,
                    const std::string& section) {
  const auto kept = base.find(std::string(kChangelog));
  if (kept != base.end()) return {kept->second.mode, insert_section(kept->second.content, section)};
  const auto brought = contribution.find(std::string(kChangelog));
  if (brought == contribution.end()) return {git::Mode::kFile, insert_section("", section)};
  const bool written = !section_of(brought->second.content, version).empty();
  return {brought->second.mode, written ? brought->second.content : insert_section(brought->second.content, section)};
}

// The parts that a release owns, made the same everywhere.
Subtree masked(Subtree subtree, bool changes, const std::string& where) {
  subtree.erase(std::string(kChangelog));
  const auto file = subtree.find("Chart.yaml");
  if (file == subtree.end()) throw Error(Fault::kInput, "{} is missing", where);
  std::string& text = file->second.content;
  text = yaml::splice_scalar(text, "version", "0.0.0", where);
  text = with_prerelease(text, false, where);
  if (changes) text = yaml::splice_block(text, kAnnotations, kChanges, {"masked"}, where);
  return subtree;
}

}  // namespace

Subtree release_edit(const Subtree& base, const Subtree& contribution, std::string_view chart_path,
                     const PlannedVersion& planned, Time date) {
  const std::string where = path_in(chart_path, "Chart.yaml");
  const std::string version = planned.version.text();
  read_metadata(contribution, chart_path);
  const std::vector<ChangeEntry> entries = all_entries(base, contribution, planned);

  Subtree edited = contribution;
  std::string& text = edited.at("Chart.yaml").content;
  text = with_prerelease(yaml::splice_scalar(text, "version", version, where), planned.version.is_prerelease(), where);
  if (lists_changes(contribution, where) || lists_changes(base, where))
    text = yaml::splice_block(text, kAnnotations, kChanges, change_list(entries), where);
  edited[std::string(kChangelog)] = changelog_file(base, contribution, version, section_with(version, date, entries));
  return edited;
}

bool same_but_release_owned(const Subtree& one, const Subtree& other, std::string_view chart_path) {
  const std::string where = path_in(chart_path, "Chart.yaml");
  const bool changes = lists_changes(one, where) || lists_changes(other, where);
  return masked(one, changes, where) == masked(other, changes, where);
}

std::string with_released_version(std::string_view ongoing, std::string_view released, std::string_view where) {
  const std::string version = read_metadata(released, where).version;
  if (Version::parse(version) < Version::parse(read_metadata(ongoing, where).version)) return std::string(ongoing);
  return yaml::splice_scalar(ongoing, "version", version, where);
}

}  // namespace waybill::chart
