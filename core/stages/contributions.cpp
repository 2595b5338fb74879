#include "core/stages/contributions.h"

#include <map>
#include <set>

#include "core/chart/history.h"
#include "core/stages/journey.h"

namespace waybill::stages {
namespace {

// On the way to the source, in neither the last release nor the last shipment.
std::vector<git::Commit> on_the_way(const Job& job, const Consignment& consignment, const lineage::Shipment& shipment) {
  const auto& git = job.ports.git();
  std::vector<Oid> shipped;
  if (shipment.last_shipped) shipped.push_back(*shipment.last_shipped);
  const auto before = newest_release(job, consignment.metadata.name, [&](const chart::ReleaseTag& release) {
    return git.is_ancestor(release.tag.target, *shipment.source);
  });
  if (before) shipped.push_back(before->tag.target);
  if (job.facts.policy.is_direct() && !shipment.last_shipped) shipped.push_back(policy_start(job));
  return git.history(*shipment.source, shipped);
}

// Beside its first parent.
bool touches(const git::Repository& git, const git::Commit& commit, const std::string& path) {
  const auto before = commit.parents.empty() ? std::nullopt : git.subtree(commit.parents.front(), path);
  return before != git.subtree(commit.id, path);
}

// What a merge brings of the default branch back to integration, as it is or laid over integration's own.
std::optional<Oid> brought_back(const Job& job, const git::Commit& merge) {
  if (job.facts.policy.is_direct() || merge.parents.size() != 2) return std::nullopt;
  const auto& git = job.ports.git();
  const Oid& other = merge.parents.back();
  if (git.is_ancestor(other, job.facts.anchor)) return other;
  const git::Commit composed = git.commit(other);
  const bool is_return = composed.parents.size() == 2 &&
                         git.is_ancestor(composed.parents.front(), merge.parents.front()) &&
                         git.is_ancestor(composed.parents.back(), job.facts.anchor);
  return is_return ? std::optional(composed.parents.back()) : std::nullopt;
}

// What a branch itself received, among these commits.
class Received {
 public:
  Received(const Job& job, const std::vector<git::Commit>& commits) : job_(job) {
    for (const git::Commit& commit : commits) commits_.emplace(commit.id, &commit);
  }

  void follow(Oid at) {
    for (auto found = commits_.find(at); found != commits_.end() && seen_.insert(at).second;
         found = commits_.find(at)) {
      const git::Commit& commit = *found->second;
      if (const auto back = brought_back(job_, commit))
        follow(*back);
      else
        counted_.insert(at);
      if (commit.parents.empty()) return;
      at = commit.parents.front();
    }
  }

  bool contains(const Oid& commit) const { return counted_.contains(commit); }

 private:
  const Job& job_;
  std::map<Oid, const git::Commit*> commits_;
  std::set<Oid> seen_;
  std::set<Oid> counted_;
};

}  // namespace

std::vector<git::Commit> contributed_commits(const Job& job, const Consignment& consignment,
                                             const lineage::Shipment& shipment) {
  std::vector<git::Commit> commits = on_the_way(job, consignment, shipment);
  std::erase_if(commits, [&](const git::Commit& commit) {
    return commit.parents.size() > 1 || !touches(job.ports.git(), commit, consignment.path);
  });
  return commits;
}

std::vector<chart::Reason> contributions(const Job& job, const Consignment& consignment,
                                         const lineage::Shipment& shipment) {
  const lineage::Commits counted = job.facts.policy.versions.commits;
  std::vector<chart::Reason> reasons;
  if (counted == lineage::Commits::kAll) {
    for (const git::Commit& commit : contributed_commits(job, consignment, shipment))
      reasons.push_back(chart::reason_of(commit, counted));
    return reasons;
  }
  const std::vector<git::Commit> commits = on_the_way(job, consignment, shipment);
  Received received(job, commits);
  received.follow(*shipment.source);
  for (const git::Commit& commit : commits)
    if (received.contains(commit.id) && touches(job.ports.git(), commit, consignment.path))
      reasons.push_back(chart::reason_of(commit, counted));
  return reasons;
}

}  // namespace waybill::stages
