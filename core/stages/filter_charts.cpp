// filter-charts: what was merged into integration is taken apart, one commit and one pull request for each chart.

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/chart/release_edit.h"
#include "core/lineage/keys.h"
#include "core/stages/contributions.h"
#include "core/stages/evidence.h"
#include "core/stages/journey.h"
#include "core/stages/other_files.h"
#include "core/stages/table.h"
#include "core/stages/under_way.h"

namespace waybill::stages {
namespace {

namespace keys = lineage::keys;

constexpr std::string_view kName = "filter-charts";
constexpr Output kPulls{"charts", Type::kList, "Paths of the charts that were split off"};

// The charts that a merged contribution changed, as integration has them now.
std::vector<Consignment> brought_by(const Job& job, const forge::PullRequest& pull) {
  const auto& git = job.ports.git();
  const Oid tip = branch_tip(job, job.facts.policy.branches.integration);
  std::vector<Consignment> contents;
  const git::Commit merge = git.commit(*pull.merge_commit);
  const auto before = merge.parents.empty() ? std::nullopt : std::optional(merge.parents.front());
  for (const auto& changed : chart::changed_charts(git, before, merge.id, job.facts.policy.charts).charts) {
    if (changed.kind == chart::ChangeKind::kDeleted || !git.subtree(tip, changed.path)) continue;
    Consignment content = consign(job, tip, changed.path);
    content.shipment.source = source_of(job, tip, changed.path);
    content.shipment.last_shipped = last_shipped(job, content);
    content.waybill = waybill_of(pull);
    contents.push_back(std::move(content));
  }
  return contents;
}

// Why nothing that counts is attested about what lies on integration now; nothing when it is, or when it never was
// though its contribution lies there unchanged: then it is refused aloud.
std::optional<std::string> why_validate(const Job& job, const Consignment& consignment) {
  if (is_validated(job, consignment)) return std::nullopt;
  if (had_statement(job, keys::kValidate, consignment))
    return consignment.path + " was validated under an earlier policy and is validated anew";
  if (job.facts.pull && job.ports.git().subtree(job.facts.pull->head, consignment.path) == consignment.tree)
    return std::nullopt;
  return consignment.path + " is more than one contribution now and is validated anew";
}

// A chart comes after those of the same contribution that it depends on.
std::vector<Consignment> in_order(std::vector<Consignment> waiting) {
  std::vector<Consignment> ordered;
  while (!waiting.empty()) {
    const auto free = std::ranges::find_if(waiting, [&waiting](const Consignment& one) {
      return std::ranges::none_of(waiting, [&one](const Consignment& other) { return depends_on(one, other); });
    });
    const auto next = free == waiting.end() ? waiting.begin() : free;  // some that depend on each other
    ordered.push_back(std::move(*next));
    waiting.erase(next);
  }
  return ordered;
}

Survey survey(const Job& job) {
  const auto& pull = job.facts.pull;
  if (pull && (pull->base_ref != job.facts.policy.branches.integration || !pull->merged))
    throw Error(Fault::kInput, "pull request #{} is not merged into `{}`", pull->number,
                job.facts.policy.branches.integration);
  Survey survey;
  for (Consignment& consignment : pull && pull->merge_commit ? brought_by(job, *pull) : under_way(job)) {
    if (is_released(job, consignment)) {
      survey.set_aside.push_back({consignment.path + " is exactly what was released", ""});
    } else if (consignment.shipment.last_shipped == consignment.shipment.source) {
      survey.set_aside.push_back({consignment.path + " is shipped already", ""});
    } else if (const auto why = why_validate(job, consignment)) {
      survey.set_aside.push_back({*why, "validate-contribution"});
    } else if (is_newest(job, consignment) || !has_statement(job, keys::kFilter, consignment) ||
               !has_statement(job, keys::kAtomic, consignment)) {
      survey.due.push_back(std::move(consignment));
    }
  }
  take_turns(survey, kName);
  survey.due = in_order(std::move(survey.due));
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
    for (const Consignment& other : job.consignments)
      if (depends_on(dependent, other))
        plan.note(dependent.path + " waits for " + other.path + ", which it depends on");
}

void split(Plan& plan, const Job& job, const Consignment& consignment, std::set<std::string>& next) {
  const auto& git = job.ports.git();
  const auto& branches = job.facts.policy.branches;
  const std::string& name = consignment.metadata.name;
  const std::string target = lineage::Branches::filled(branches.chart, name, "");
  const std::string branch = lineage::Branches::filled(branches.split, name, consignment.shipment.source->shortened());
  const Claim claim = produced(job, kName, keys::kFilter, consignment,
                               {{"branch", branch}, {"source", consignment.shipment.source->hex()}},
                               job.facts.policy.demanded_by(kName));
  // What stands further on, or waits there in a pull request, gets its statement where it lacks one: no event tells of
  // it.
  const bool filtered = has_statement(job, keys::kFilter, consignment);
  const bool further = !is_newest(job, consignment) || is_on_chart_branch(job, consignment);
  const auto pull = job.facts.pull ? std::nullopt : split_pull_request(job, consignment);
  const bool waits = pull && pull->state == "open";
  if ((further || waits) && !has_statement(job, keys::kAtomic, consignment)) next.insert("enforce-atomic");
  if (further && !filtered) plan.add(claim);
  if (further && filtered) plan.note(consignment.path + ": `" + target + "` has this content already");
  if (waits && filtered && !further)
    plan.note(fmt::format("{} waits in pull request #{}", consignment.path, pull->number));
  if (further || (waits && filtered)) return;
  const auto tip = find_branch_tip(job, target);
  const std::optional<Oid> start = tip ? tip : cut_point(job, consignment);
  if (!start) {
    plan.note(consignment.path + ": `" + job.facts.policy.anchor.branch +
              "` has had this content from its first commit");
    return;
  }
  const Oid& parent = *start;
  plan.add(claim);
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
  std::set<std::string> next;
  note_order(plan, job);
  for (const Consignment& consignment : job.consignments) {
    require_forward(job, consignment, consignment.shipment);
    split(plan, job, consignment, next);
    paths.push_back(consignment.path);
  }
  carry_other_files(plan, job);
  report_set_aside(plan, job, std::move(next));
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
    .triggers = {.full = merged_into(PolicyBranch::kIntegration), .direct = std::nullopt},
    .attests = true,
    .survey = survey,
    .plan = plan,
};

}  // namespace waybill::stages
