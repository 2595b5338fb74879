#include "core/stages/watched_releases.h"

namespace waybill::stages {

std::map<std::string, forge::Release> visible_releases(const Job& job) {
  std::map<std::string, forge::Release> pages;
  for (forge::Release& page : job.ports.forge().releases())
    if (!page.draft) pages.emplace(page.tag, std::move(page));
  return pages;
}

std::vector<chart::ReleaseTag> newest_versions(const Job& job, const std::vector<chart::ReleaseTag>& releases,
                                               std::size_t versions) {
  std::vector<chart::ReleaseTag> newest;
  for (const chart::ReleaseTag& release : releases)
    if (newest.size() < versions && !job.facts.policy.adopted.contains(release.tag.name)) newest.push_back(release);
  return newest;
}

}  // namespace waybill::stages
