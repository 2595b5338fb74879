#include "core/stages/completion.h"

#include <algorithm>
#include <array>
#include <functional>

#include "core/base/error.h"
#include "core/chart/version.h"
#include "core/lineage/keys.h"
#include "core/lineage/waybill.h"
#include "core/stages/findings.h"
#include "core/stages/journey.h"
#include "core/stages/release_journey.h"
#include "core/stages/watched_releases.h"

namespace waybill::stages {
namespace {

namespace keys = lineage::keys;

constexpr std::size_t kIndexBytes = 64 * 1024 * 1024;
constexpr std::size_t kNewest = 3;  // versions of each chart that optional registries are asked for
constexpr std::array kAttached{keys::kPublish, keys::kReleaseOverall};

std::string index_text(const Job& job) {
  const std::string& branch = job.facts.policy.branches.index;
  const auto tip = branch.empty() ? std::nullopt : find_branch_tip(job, branch);
  return tip ? job.ports.git().file(*tip, "index.yaml", kIndexBytes).value_or("") : "";
}

struct Visible {
  git::Tag tag;
  std::string chart;
  chart::Version version;
  std::size_t newer = 0;  // versions of the chart above this one
};

// What a tag says of itself is a hint, as everywhere.
std::vector<Visible> visible_tags(const Job& job) {
  const auto pages = visible_releases(job);
  std::vector<Visible> visible;
  for (git::Tag& tag : released_tags(job, branch_tip(job, job.facts.policy.branches.release), std::nullopt)) {
    const auto message = lineage::read_tag_message(tag);
    const auto version = chart::Version::parse_loose(message->version);
    if (pages.contains(tag.name) && version) visible.push_back({std::move(tag), message->chart, *version});
  }
  std::ranges::sort(visible, [](const Visible& a, const Visible& b) {
    return a.chart == b.chart ? b.version < a.version : a.chart < b.chart;
  });
  for (std::size_t i = 1; i < visible.size(); ++i)
    if (visible[i].chart == visible[i - 1].chart) visible[i].newer = visible[i - 1].newer + 1;
  return visible;
}

}  // namespace

Completion::Completion(const Job& job)
    : job_(job), index_(index_text(job)), changes_{job.facts.policy.branches.index, {}, {}} {}

void Completion::add(const Consignment& consignment, const ChartImage& image) {
  const auto& [name, version] = std::pair(consignment.metadata.name, consignment.metadata.version);
  if (!changes_.branch.empty()) list(consignment);
  for (const std::string& repository : optional_repositories(job_, name))
    if (lacks(repository, version, image.manifest.digest)) push(consignment, image, repository, {});
}

void Completion::add_earlier() {
  for (const Visible& release : visible_tags(job_)) {
    const std::string& version = release.version.text();
    const bool listed = changes_.branch.empty() || index_.find(release.chart, version);
    std::vector<std::string> missing;
    if (release.newer < kNewest) missing = optional_repositories(job_, release.chart);
    std::erase_if(missing, [&](const std::string& repository) { return !lacks(repository, version, std::nullopt); });
    if (!listed || !missing.empty()) complete(release.tag, listed, missing);
  }
}

void Completion::withdraw(const Consignment& tagged) {
  if (index_.find(tagged.metadata.name, tagged.metadata.version))
    changes_.unlisted.push_back({tagged.metadata.name, tagged.metadata.version});
}

void Completion::put_into(Plan& plan) {
  for (auto& [repository, step] : pushes_) plan.add_apart(repository, std::move(step));
  if (!changes_.listed.empty() || !changes_.unlisted.empty()) plan.add_apart("index", std::move(changes_));
  for (Error& alarm : alarms_) plan.alarm(std::move(alarm));
}

void Completion::list(const Consignment& consignment) {
  const auto& anchor = job_.facts.policy.anchor;
  const std::string url = fmt::format("{}/{}/releases/download/{}/{}", anchor.server, anchor.repository,
                                      consignment.tag, consignment.package->file_name);
  chart::IndexEntry entry =
      chart::index_entry(consignment.subtree, *consignment.package, url, released_at(job_, consignment));
  index_.add(entry);
  changes_.listed.push_back(std::move(entry));
}

bool Completion::lacks(const std::string& repository, const std::string& version, const std::optional<Digest>& wanted) {
  if (unreachable_.contains(repository)) return false;
  std::optional<oci::Manifest> there;
  auto alarm =
      not_seen("`" + repository + "`", [&] { there = job_.ports.registry(repository, oci::tag_of_version(version)); });
  if (alarm) unreachable_.insert(repository);
  if (!alarm && wanted) alarm = taken(repository, version, there, *wanted);
  if (!alarm) return !there;
  alarms_.push_back(*std::move(alarm));
  return false;
}

void Completion::push(const Consignment& consignment, const ChartImage& image, const std::string& repository,
                      const Attested& attested) {
  pushes_.emplace_back(repository,
                       EnsureManifest{repository, image.manifest, {image.config, consignment.package->bytes}});
  for (const std::string_view key : kAttached) {
    EnsureReferrer step = referrer(job_, consignment, repository, image, key);
    if (const auto kept = attested.find(step.key); kept != attested.end()) step.kept = kept->second;
    pushes_.emplace_back(repository, std::move(step));
  }
  const std::string tag = oci::tag_of_version(consignment.metadata.version);
  pushes_.emplace_back(repository, EnsureRegistryTag{repository, tag, image.manifest});
}

// A release without evidence is brought nowhere; reconcile says so of it.
void Completion::complete(const git::Tag& tag, bool listed, const std::vector<std::string>& repositories) {
  try {
    const Consignment tagged = tagged_chart(job_, tag);
    const auto evidence_of = [&](const Digest& subject) {
      return package_evidence(job_, tagged.path, tagged.metadata.name, tagged.metadata.version, subject);
    };
    if (!listed && evidence_of(tagged.package->digest)) list(tagged);
    if (repositories.empty()) return;
    const ChartImage image = chart_image(job_, tagged);
    const auto evidence = evidence_of(image.manifest.digest);  // one from before there was a registry names no image
    if (!evidence) return;
    Attested attested;
    for (const lineage::Node* node : evidence->lineage(tagged.path))
      attested[node->stamp.key] = {node->bundle.json(), node->verified.statement().predicate_type};
    for (const std::string& repository : repositories) push(tagged, image, repository, attested);
  } catch (const Error& error) {
    if (error.fault() != Fault::kInput && error.fault() != Fault::kUntrusted) throw;
    alarms_.push_back(Error(error.fault(), "tag `{}`: {}", tag.name, error.what()).hint(error.hint()));
  }
}

}  // namespace waybill::stages
