#include "core/stages/merge_group.h"

#include "core/base/error.h"
#include "core/lineage/keys.h"
#include "core/stages/evidence.h"
#include "core/stages/journey.h"
#include "core/stages/other_files.h"

namespace waybill::stages {
namespace {

constexpr std::string_view kQueue = "gh-readonly-queue/";

chart::Changes changes_of(const Job& job, const MergeGroup& group) {
  const auto& git = job.ports.git();
  const Oid base = git.merge_base(group.base, group.head).value_or(group.base);
  return chart::changed_charts(git, base, group.head, job.facts.policy.charts);
}

// What no contribution may change: files of no chart, and charts that go away. What comes back from the default branch
// is as it is there.
std::vector<std::string> of_no_chart(const Job& job, const MergeGroup& group, const chart::Changes& changes) {
  const auto& git = job.ports.git();
  std::vector<std::string> paths;
  if (job.facts.policy.is_direct()) return paths;
  const auto against = git.changes(git.commit(job.facts.anchor).tree, git.commit(group.head).tree);
  for (const std::string& path : never_carried(job, group.head, changes.others))
    if (against.contains(path)) paths.push_back(path);
  for (const auto& changed : changes.charts)
    if (changed.kind == chart::ChangeKind::kDeleted && git.subtree(job.facts.anchor, changed.path))
      paths.push_back(changed.path);
  return paths;
}

}  // namespace

std::string queue_folder(std::string_view base) {
  return fmt::format("{}{}/", kQueue, base);
}

std::string base_of_group(const lineage::Policy& policy, std::string_view branch) {
  for (const std::string& base : {policy.branches.integration, policy.anchor.branch})
    if (branch.starts_with(queue_folder(base))) return base;
  throw Error(Fault::kInput, "`{}` is no merge queue's branch for `{}` or `{}`, {}BRANCH/… is wanted", branch,
              policy.branches.integration, policy.anchor.branch, kQueue)
      .hint("take the merge queue off every other branch: waybill merges into those itself");
}

EnsureCheck own_check(const MergeGroup& group, std::string_view stage, std::string title, std::string summary) {
  return {own_check_name(stage), group.head, 0, group.base_ref, group.base, std::move(title), std::move(summary)};
}

Survey contributions_of(const Job& job, const MergeGroup& group) {
  if (group.base_ref != job.facts.policy.branches.integration)
    throw Error(Fault::kInput, "the merge queue's `{}` is into `{}`, contributions go into `{}`", group.branch,
                group.base_ref, job.facts.policy.branches.integration);
  const chart::Changes changes = changes_of(job, group);
  if (const auto paths = of_no_chart(job, group, changes); !paths.empty())
    throw Error(Fault::kInput, "the merge queue's `{}` changes {} paths that belong to no chart, first `{}`",
                group.branch, paths.size(), paths.front())
        .hint("send these in a pull request to the default branch");
  Survey survey;
  for (const auto& changed : changes.charts) {
    if (changed.kind == chart::ChangeKind::kDeleted) continue;
    Consignment consignment = consign(job, group.head, changed.path);
    if (is_validated(job, consignment) || is_released(job, consignment) ||
        has_statement(job, lineage::keys::kOverall, consignment))
      survey.set_aside.push_back({consignment.path + " is validated", ""});
    else
      survey.due.push_back(std::move(consignment));
  }
  return survey;
}

void require_releases(const Job& job, const MergeGroup& group) {
  if (group.base_ref != job.facts.policy.anchor.branch)
    throw Error(Fault::kUntrusted, "the merge queue's `{}` is into `{}`; releases go into `{}`", group.branch,
                group.base_ref, job.facts.policy.anchor.branch);
  if (job.facts.policy.is_direct()) return;
  std::vector<std::string> findings;
  for (const auto& changed : changes_of(job, group).charts) {
    if (changed.kind == chart::ChangeKind::kDeleted) {
      findings.push_back(changed.path + " is deleted");
      continue;
    }
    const Consignment consignment = consign(job, group.head, changed.path);
    if (is_released(job, consignment))
      findings.push_back(
          fmt::format("{} goes back to {}, which is released", changed.path, consignment.metadata.version));
    else if (!has_statement(job, lineage::keys::kOverall, consignment))
      findings.push_back(fmt::format("{} has no `{}` that verifies", changed.path, lineage::keys::kOverall));
  }
  if (!findings.empty())
    throw Error(Fault::kUntrusted, "the merge queue's `{}`: {}", group.branch, fmt::join(findings, "\n"))
        .hint("take the pull request that brings it out of the queue");
}

}  // namespace waybill::stages
