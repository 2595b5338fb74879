#include "core/stages/released.h"

#include <algorithm>
#include <ranges>
#include <set>

#include "core/base/error.h"
#include "core/chart/release_edit.h"
#include "core/lineage/keys.h"
#include "core/stages/journey.h"

namespace waybill::stages {
namespace {

template <class Read>
auto unless_malformed(Read read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const Error& error) {
    if (error.fault() != Fault::kInput) throw;
    return std::nullopt;
  }
}

// The stamp of the verification summary that released exactly this content.
std::optional<lineage::Stamp> release_stamp(const Job& job, const Consignment& consignment) {
  const std::string key(lineage::keys::kOverall);
  const auto evidence =
      job.ports.verified({{key, consignment.path, consignment.subtree_digest, std::nullopt,
                           release_uri(job, consignment.metadata.name, consignment.metadata.version)}});
  if (!evidence) return std::nullopt;
  return evidence->at(key, consignment.path).stamp;
}

bool is_waybills(const git::Tag& tag) {
  return lineage::read_tag_message(tag).has_value();
}

// Goes through the history of the default branch from its tip on.
class UntaggedReleases {
 public:
  explicit UntaggedReleases(const Job& job) : job_(job), tags_(job.ports.git().tags()) {}

  void look(const git::Commit& commit) {
    const Oid& before = commit.parents.front();
    for (const auto& changed :
         chart::changed_charts(job_.ports.git(), before, commit.id, job_.facts.policy.charts).charts)
      if (changed.kind != chart::ChangeKind::kDeleted) look(commit, before, changed.path);
  }

  Survey found() && {
    std::ranges::reverse(found_.due);
    std::ranges::reverse(found_.set_aside);
    std::set<std::string> charts;
    std::erase_if(found_.due, [&](const Consignment& one) {
      if (charts.insert(one.metadata.name).second) return false;
      found_.set_aside.push_back(
          {fmt::format("{} {} is tagged after the version before it", one.path, one.metadata.version), "tag-charts"});
      return true;
    });
    return std::move(found_);
  }

 private:
  void look(const git::Commit& commit, const Oid& before, const std::string& path) {
    const auto metadata = readable_metadata(job_, commit.id, path);
    const auto tree = job_.ports.git().subtree(commit.id, path);
    if (!metadata || !tree || tagged_later_.contains(metadata->name)) return;
    const auto found = version_tag(job_, releases_of(metadata->name), metadata->version, *tree, path);
    if (found && found->counts) {
      if (found->tag.target == commit.id) tagged_later_.insert(metadata->name);
      return;
    }
    auto consignment = readable_chart(job_, commit.id, path);
    if (!consignment || (found && is_release(found->tag, *metadata, path))) return;
    const std::string what = fmt::format("{} {} at {} of `{}`", path, metadata->version, commit.id.shortened(),
                                         job_.facts.policy.anchor.branch);
    const auto stamp = release_stamp(job_, *consignment);
    if (!stamp) {
      const auto earlier = readable_metadata(job_, before, path);
      if (!found && (!earlier || earlier->version != metadata->version))
        found_.set_aside.push_back({what + " is no release of waybill's: it gets no tag", ""});
      return;
    }
    try {
      if (!found) require_after_shipped(job_, *consignment, stamp->shipment);
      found_.due.push_back(std::move(*consignment));
    } catch (const Error& error) {
      if (error.fault() != Fault::kUntrusted) throw;
      found_.set_aside.push_back({what + " gets no tag: " + error.what(), ""});
    }
  }

  const std::vector<chart::ReleaseTag>& releases_of(const std::string& chart) {
    auto& releases = releases_[chart];
    if (!releases) releases = chart::release_tags(tags_, chart);
    return *releases;
  }

  // The version is that of a release with other content: what holds it here is a contribution.
  bool is_release(const git::Tag& tag, const chart::Metadata& metadata, const std::string& path) {
    const auto known = verified_.find(tag.name);
    if (known != verified_.end()) return known->second;
    const bool verified = tag_stamp(job_, {tag, chart::Version::parse(metadata.version)}, path).has_value();
    return verified_.emplace(tag.name, verified).first->second;
  }

  const Job& job_;
  std::vector<git::Tag> tags_;
  std::map<std::string, std::optional<std::vector<chart::ReleaseTag>>> releases_;
  std::map<std::string, bool> verified_;  // tags by name
  std::set<std::string> tagged_later_;    // names of charts: what is older was tagged or given up
  Survey found_;
};

}  // namespace

std::optional<Consignment> readable_chart(const Job& job, const Oid& commit, const std::string& path) {
  return unless_malformed([&] { return consign(job, commit, path); });
}

std::optional<chart::Metadata> readable_metadata(const Job& job, const Oid& commit, const std::string& path) {
  return unless_malformed([&] { return metadata_at(job, commit, path); }).value_or(std::nullopt);
}

std::optional<VersionTag> version_tag(const Job& job, const std::vector<chart::ReleaseTag>& releases,
                                      const std::string& version, const Oid& subtree, const std::string& path) {
  const auto& git = job.ports.git();
  std::optional<VersionTag> found;
  for (const chart::ReleaseTag& release : releases) {
    if (release.version.text() != version) continue;
    if (const auto adopted = job.facts.policy.adopted.find(release.tag.name); adopted != job.facts.policy.adopted.end())
      return VersionTag{{adopted->first, adopted->second, adopted->second, std::nullopt}, true};
    if (is_waybills(release.tag) && git.subtree(release.tag.target, path) == subtree)
      return VersionTag{release.tag, true};
    if (!found) found = VersionTag{release.tag, false};
  }
  return found;
}

void refuse_tag(const Job& job, const VersionTag& found, const Oid& wanted) {
  throw Error(Fault::kConflict, "tag `{}` is at {}{}, {} is wanted", found.tag.name, found.tag.target.hex(),
              is_waybills(found.tag) ? "" : " and not waybill's", wanted.hex())
      .hint(job.facts.policy.is_direct()
                ? fmt::format(
                      "a tag never moves: release the chart under a new version, above this one, by {}:\nadopted:\n"
                      "  {}: \"{}\"",
                      lineage::kPolicyFile, found.tag.name, found.tag.target.hex())
                : "a tag never moves: release the chart under a new version");
}

std::optional<chart::Subtree> Released::last(const Consignment& chart) const {
  const auto& git = job_.ports.git();
  const auto& adopted = job_.facts.policy.adopted;
  const auto release = newest_release(job_, chart.metadata.name, [&](const chart::ReleaseTag& candidate) {
    const git::Tag& tag = candidate.tag;
    if (!git.subtree(tag.target, chart.path)) return false;
    if (adopted.contains(tag.name)) return git.is_ancestor(tag.target, job_.facts.anchor);
    const auto message = lineage::read_tag_message(tag);
    return message && message->path == chart.path;
  });
  if (release) return chart::read_subtree(git, *git.subtree(release->tag.target, chart.path), chart.path);
  if (!start_) start_ = policy_start(job_);
  auto first = readable_chart(job_, *start_, chart.path);
  if (!first) return std::nullopt;
  return std::move(first->subtree);
}

bool Released::differs(const Consignment& chart) const {
  const auto before = last(chart);
  return !before || !chart::same_but_release_owned(*before, chart.subtree, chart.path);
}

Survey unreleased_charts(const Job& job) {
  const Released released(job);
  const Survey merged = untagged_releases(job);
  Survey survey;
  for (const std::string& path : chart::chart_paths(job.ports.git(), job.facts.anchor, job.facts.policy.charts)) {
    auto consignment = readable_chart(job, job.facts.anchor, path);
    if (!consignment) {
      survey.set_aside.push_back({path + " cannot be read", "validate-contribution"});
      continue;
    }
    if (!released.differs(*consignment)) continue;
    const auto waits = std::ranges::find(merged.due, path, &Consignment::path);
    if (waits != merged.due.end()) {
      survey.set_aside.push_back({fmt::format("{} waits: {}, which is merged, has no tag yet", path,
                                              chart::release_tag_name(waits->metadata.name, waits->metadata.version)),
                                  ""});
      continue;
    }
    consignment->shipment.source = source_of(job, job.facts.anchor, path);
    consignment->shipment.last_shipped = last_shipped(job, *consignment);
    survey.due.push_back(std::move(*consignment));
  }
  return survey;
}

Survey untagged_releases(const Job& job) {
  UntaggedReleases untagged(job);
  for (const git::Commit& commit : watched_commits(job) | std::views::reverse) untagged.look(commit);
  return std::move(untagged).found();
}

}  // namespace waybill::stages
