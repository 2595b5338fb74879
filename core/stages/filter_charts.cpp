// filter-charts: what was merged into integration is taken apart, one commit and one pull request for each chart.

#include <algorithm>

#include "core/base/error.h"
#include "core/chart/release_edit.h"
#include "core/lineage/keys.h"
#include "core/stages/evidence.h"
#include "core/stages/journey.h"
#include "core/stages/table.h"

namespace waybill::stages {
namespace {

namespace keys = lineage::keys;

constexpr std::string_view kName = "filter-charts";
constexpr Output kPulls{"charts", Type::kList, "Paths of the charts that were split off"};

std::vector<std::string> touched(const Job& job, const Oid& tip) {
  const auto& git = job.ports.git();
  std::vector<std::string> paths;
  if (job.facts.pull && job.facts.pull->merge_commit) {
    const git::Commit merge = git.commit(*job.facts.pull->merge_commit);
    const auto before = merge.parents.empty() ? std::nullopt : std::optional(merge.parents.front());
    for (const auto& changed : chart::changed_charts(git, before, merge.id, job.facts.policy.charts).charts)
      if (changed.kind != chart::ChangeKind::kDeleted && git.subtree(tip, changed.path)) paths.push_back(changed.path);
    return paths;
  }
  for (const std::string& path : chart::chart_paths(git, tip, job.facts.policy.charts))
    if (git.subtree(tip, path) != git.subtree(job.facts.anchor, path)) paths.push_back(path);
  return paths;
}

// Two contributions met: what lies on integration now is neither one's attested content.
bool needs_validation(const Job& job, const Consignment& consignment) {
  if (job.facts.pull && job.ports.git().subtree(job.facts.pull->head, consignment.path) == consignment.tree)
    return false;
  return !is_validated(job, consignment);
}

Survey survey(const Job& job) {
  const auto& policy = job.facts.policy;
  if (job.facts.pull && (job.facts.pull->base_ref != policy.branches.integration || !job.facts.pull->merged))
    throw Error(Fault::kInput, "pull request #{} is not merged into `{}`", job.facts.pull->number,
                policy.branches.integration);
  const Oid tip = branch_tip(job, policy.branches.integration);
  Survey survey;
  for (const std::string& path : touched(job, tip)) {
    Consignment consignment = consign(job, tip, path);
    if (is_released(job, consignment)) {
      survey.set_aside.push_back({path + " is exactly what was released", ""});
      continue;
    }
    if (needs_validation(job, consignment)) {
      survey.set_aside.push_back(
          {path + " is more than one contribution now and is validated anew", "validate-contribution"});
      continue;
    }
    consignment.shipment.source = source_of(job, tip, path);
    consignment.shipment.last_shipped = last_shipped(job, consignment);
    if (job.facts.pull) consignment.waybill = waybill_of(*job.facts.pull);
    survey.due.push_back(std::move(consignment));
  }
  return survey;
}

std::string split_message(const Job& job, const Consignment& consignment) {
  std::string message = fmt::format("Split {} off {}\n\n", consignment.path, job.facts.policy.branches.integration);
  const auto reasons = contributions(job, consignment, consignment.shipment);
  for (const auto& reason : reasons) message += "- " + chart::harmless(reason.subject) + "\n";
  message += "\nWaybill-Source: " + consignment.shipment.source->hex() + "\n";
  for (const auto& reason : reasons) message += "Waybill-Entry: " + reason.id + "\n";
  return message;
}

// A new chart branch starts at the newest commit of main that does not hold this content yet.
std::optional<Oid> cut_point(const Job& job, const Consignment& consignment) {
  const auto& git = job.ports.git();
  std::optional<Oid> found;
  git.walk_first_parents(job.facts.anchor, [&](const git::Commit& commit) {
    if (git.subtree(commit.id, consignment.path) != consignment.tree) found = commit.id;
    return !found;
  });
  return found;
}

// A chart whose dependency in this repository is on its way too goes out after it.
void note_order(Plan& plan, const Job& job) {
  for (const Consignment& dependent : job.consignments)
    for (const auto& dependency : dependent.metadata.dependencies)
      for (const Consignment& other : job.consignments)
        if (dependency.repository.starts_with("file://") && dependency.name == other.metadata.name)
          plan.note(dependent.path + " waits for " + other.path + ", which it depends on");
}

void split(Plan& plan, const Job& job, const Consignment& consignment) {
  const auto& git = job.ports.git();
  const auto& branches = job.facts.policy.branches;
  const std::string& name = consignment.metadata.name;
  const std::string target = lineage::Branches::filled(branches.chart, name, "");
  const std::string branch = lineage::Branches::filled(branches.split, name, consignment.shipment.source->shortened());
  const auto tip = find_branch_tip(job, target);
  if (tip && git.subtree(*tip, consignment.path) == consignment.tree) {
    plan.note(consignment.path + ": `" + target + "` has this content already");
    return;
  }
  std::vector<std::string> inputs = job.facts.policy.demanded_by(kName);
  const std::optional<Oid> start = tip ? tip : cut_point(job, consignment);
  if (!start) {
    plan.note(consignment.path + ": `" + job.facts.policy.anchor.branch +
              "` has had this content from its first commit");
    return;
  }
  const Oid& parent = *start;
  plan.add(produced(job, kName, keys::kFilter, consignment,
                    {{"branch", branch}, {"source", consignment.shipment.source->hex()}}, std::move(inputs)));
  if (!tip) plan.add(EnsureBranch{target, parent});
  plan.add(EnsureCommit{branch,
                        parent,
                        git.commit(parent).tree,
                        consignment.path,
                        consignment.tree,
                        {},
                        replaced_tree(git, parent, consignment.path, consignment.tree),
                        split_message(job, consignment)});
  plan.add(EnsurePullRequest{branch, target, fmt::format("{}: {}", name, "one chart's part of " + branches.integration),
                             fmt::format("The content of `{}` at commit {} of `{}`.\n", consignment.path,
                                         consignment.shipment.source->hex(), branches.integration),
                             carried(job, consignment)});
}

Plan plan(const Job& job) {
  Plan plan;
  Json paths = Json::array();
  note_order(plan, job);
  for (const Consignment& consignment : job.consignments) {
    require_forward(job, consignment, consignment.shipment);
    split(plan, job, consignment);
    paths.push_back(consignment.path);
  }
  report_set_aside(plan, job);
  plan.output(kPulls.name, paths);
  return plan;
}

}  // namespace

constexpr Stage kFilterCharts{
    .name = kName,
    .title = "Split merged contributions by chart",
    .description = "Makes one commit and one pull request into the chart's own branch for every chart that was merged",
    .icon = "filter",
    .colour = "blue",
    .inputs = {},
    .outputs = {kPulls},
    .job_permissions = {{"contents", "read"}, {"id-token", "write"}, {"attestations", "write"}},
    .app_permissions = {{"contents", "write"}, {"pull_requests", "write"}, {"actions", "write"}},
    .events = {"pull_request_target", "workflow_dispatch"},
    .attests = true,
    .survey = survey,
    .plan = plan,
};

}  // namespace waybill::stages
