#include "core/stages/unaccompanied.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "core/chart/plan_version.h"
#include "core/stages/findings.h"
#include "core/stages/journey.h"
#include "core/stages/released.h"
#include "core/stages/watched_releases.h"

namespace waybill::stages {
namespace {

class Watch {
 public:
  Watch(const Job& job, std::size_t versions)
      : job_(job), versions_(versions), tags_(job.ports.git().tags()), pages_(visible_releases(job)) {}

  std::vector<Error> alarms;

  void look(const std::string& path) {
    const auto metadata = readable_metadata(job_, job_.facts.anchor, path);
    if (!metadata) return;  // for stage 1 to say why
    const auto releases = chart::release_tags(tags_, metadata->name);
    for (const auto& release : newest_versions(job_, releases, versions_))
      look_at_release(release, path, metadata->name);
    for (const auto& destination : job_.facts.policy.destinations)
      look_at_registry(destination.repository + "/" + metadata->name, releases);
  }

 private:
  void look_at_release(const chart::ReleaseTag& release, const std::string& path, const std::string& name) {
    const std::string& tag = release.tag.name;
    if (!tag_stamp(job_, release, path)) {
      alarm(
          fmt::format("tag `{}` is no release: no `tag` statement about it verifies", tag),
          fmt::format("git push origin :refs/tags/{0}, or list {0} under `adopted` in {1}", tag, lineage::kPolicyFile));
      return;
    }
    const std::string version = release.version.text();
    if (const auto page = pages_.find(tag); page != pages_.end()) look_at_page(page->second, path, name, version);
    for (const auto& destination : job_.facts.policy.destinations) {
      const std::string repository = destination.repository + "/" + name;
      std::optional<oci::Manifest> manifest;
      reach(repository, [&] { manifest = job_.ports.registry(repository, oci::tag_of_version(version)); });
      if (!manifest) continue;
      if (!has_lineage(path, name, version, manifest->digest))
        alarm(fmt::format("`{}:{}` is {}, which has no lineage that verifies", repository, version,
                          manifest->digest.text()),
              fmt::format("crane delete {}:{}", repository, version));
    }
  }

  void look_at_page(const forge::Release& page, const std::string& path, const std::string& name,
                    const std::string& version) {
    const std::string file = name + "-" + version + ".tgz";
    const auto asset = std::ranges::find(page.assets, file, &forge::Asset::name);
    if (asset != page.assets.end() && !asset->digest.empty() &&
        has_lineage(path, name, version, Digest::parse(asset->digest)))
      return;
    alarm(fmt::format("release `{}` is visible, but its package `{}` {}", page.tag, file,
                      asset == page.assets.end() ? "is not there" : "has no lineage that verifies"),
          fmt::format("gh release delete {}, then gh workflow run publish-charts.yml; where releases are immutable, "
                      "its tag is spent: release the chart's next version",
                      page.tag));
  }

  // A version that only a registry knows.
  void look_at_registry(const std::string& repository, const std::vector<chart::ReleaseTag>& releases) {
    const auto own = std::ranges::find_if(releases.rbegin(), releases.rend(), [](const chart::ReleaseTag& release) {
      return lineage::read_tag_message(release.tag).has_value();
    });
    if (own == releases.rend()) return;
    std::set<std::string> known;
    for (const auto& release : releases) known.insert(oci::tag_of_version(release.version.text()));
    std::vector<std::string> tags;
    reach(repository, [&] { tags = job_.ports.registry_tags(repository); });
    for (const std::string& tag : tags) {
      const auto version = chart::Version::parse_loose(tag);
      if (!version || *version < own->version || known.contains(tag)) continue;
      alarm(fmt::format("`{}:{}` is a version that no tag of this repository stands for", repository, tag),
            fmt::format("crane delete {}:{}", repository, tag));
    }
  }

  // A registry that does not answer, or not to this job, is said so once and holds nothing else up.
  void reach(const std::string& repository, const std::function<void()>& ask) {
    if (unreachable_.contains(repository)) return;
    auto alarm = not_seen("`" + repository + "`", ask);
    if (!alarm) return;
    unreachable_.insert(repository);
    alarms.push_back(*std::move(alarm));
  }

  // Of a release that was withdrawn it is known what it is.
  bool has_lineage(const std::string& path, const std::string& name, const std::string& version,
                   const Digest& subject) const {
    return package_evidence(job_, path, name, version, subject).has_value() ||
           job_.ports.withdrawn(release_requirement(job_, path, name, version, subject)).has_value();
  }

  void alarm(const std::string& text, std::string cure) {
    alarms.push_back(Error(Fault::kUntrusted, "{}", text).hint(std::move(cure)));
  }

  const Job& job_;
  std::size_t versions_;
  std::vector<git::Tag> tags_;
  std::map<std::string, forge::Release> pages_;
  std::set<std::string> unreachable_;
};

}  // namespace

std::vector<Error> unaccompanied(const Job& job, std::size_t versions) {
  Watch watch(job, versions);
  for (const std::string& path : chart::chart_paths(job.ports.git(), job.facts.anchor, job.facts.policy.charts))
    watch.look(path);
  return std::move(watch.alarms);
}

}  // namespace waybill::stages
