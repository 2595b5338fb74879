#include <algorithm>

#include "core/chart/plan_version.h"

namespace waybill::chart {
namespace {

// MAJOR.MINOR.PATCH in full, leading zeros forgiven: `1-2.3.4` is no version, it is the end of another chart's name.
std::optional<Version> tagged_version(std::string_view text) {
  const std::string_view core = text.substr(0, text.find_first_of("-+"));
  return std::ranges::count(core, '.') == 2 ? Version::parse_loose(text) : std::nullopt;
}

std::optional<Version> version_in(std::string_view tag, std::string_view name) {
  if (!tag.starts_with(name)) return std::nullopt;
  tag.remove_prefix(name.size());
  if (!tag.starts_with('-') && !tag.starts_with('/')) return std::nullopt;
  return tagged_version(tag.substr(1));
}

}  // namespace

std::vector<ReleaseTag> release_tags(const std::vector<git::Tag>& tags, std::string_view name) {
  std::vector<ReleaseTag> releases;
  for (const git::Tag& tag : tags)
    if (std::optional<Version> version = version_in(tag.name, name)) releases.push_back({tag, std::move(*version)});
  std::ranges::sort(releases, [](const ReleaseTag& one, const ReleaseTag& other) {
    const auto order = one.version <=> other.version;
    return order != 0 ? order > 0 : one.tag.name < other.tag.name;
  });
  return releases;
}

std::string release_tag_name(std::string_view name, std::string_view version) {
  return std::string(name) + "-v" + std::string(version);
}

}  // namespace waybill::chart
