// enforce-atomic: a pull request into a chart's branch changes that chart's directory and nothing else.

#include <set>

#include "core/base/error.h"
#include "core/lineage/keys.h"
#include "core/stages/evidence.h"
#include "core/stages/journey.h"
#include "core/stages/table.h"
#include "core/stages/under_way.h"

namespace waybill::stages {
namespace {

namespace keys = lineage::keys;

constexpr std::string_view kName = "enforce-atomic";
constexpr Output kChart{"chart", Type::kString,
                        "Path of the one chart that differs; one a line where several were waiting"};

// A pull request into a chart's branch that holds one commit, waybill's own, with one chart's change.
Consignment brought_by(const Job& job, const forge::PullRequest& pull) {
  const git::Commit head = job.ports.git().commit(pull.head);
  if (head.parents.size() != 1)
    throw Error(Fault::kUntrusted, "pull request #{}: its head {} has {} parents, one is wanted", pull.number,
                pull.head.shortened(), head.parents.size());
  Consignment consignment = consign(job, pull.head, only_changed_chart(job, head.parents.front(), pull.head));
  require_own(job, pull, job.facts.policy.branches.split, consignment.metadata.name);
  const std::string target = lineage::Branches::filled(job.facts.policy.branches.chart, consignment.metadata.name, "");
  if (pull.base_ref != target)
    throw Error(Fault::kUntrusted, "pull request #{} is into `{}`; `{}` goes into `{}`", pull.number, pull.base_ref,
                consignment.path, target);
  if (pull.state == "open" && head.parents.front() != pull.base)
    throw Error(Fault::kStale, "pull request #{}: its head stands on {}, but `{}` is at {} now", pull.number,
                head.parents.front().shortened(), pull.base_ref, pull.base.shortened());
  consignment.waybill = waybill_of(pull);
  consignment.pull = pull;
  return consignment;
}

// The commit that split this content off, when its pull request is no longer open: the branch's, or the one that an
// earlier statement names. Whichever it is, its trees prove it anew.
std::optional<Oid> split_commit(const Job& job, const Consignment& consignment) {
  const auto& git = job.ports.git();
  const std::string branch = lineage::Branches::filled(job.facts.policy.branches.split, consignment.metadata.name,
                                                       consignment.shipment.source->shortened());
  std::optional<Oid> found = find_branch_tip(job, branch);
  const std::string key(keys::kAtomic);
  if (!found)
    if (const auto before =
            job.ports.verified_ever({{key, consignment.path, consignment.subtree_digest, std::nullopt}}))
      if (const auto& split = before->at(key, consignment.path).stamp.shipment.split)
        found = git.find_commit(split->hex());
  if (!found || git.subtree(*found, consignment.path) != consignment.tree) return std::nullopt;
  return found;
}

// Everything that this stage does is done.
bool is_for_people(const Job& job, const Consignment& content, const forge::PullRequest& pull) {
  return !job.facts.policy.merging.integrate && has_statement(job, keys::kAtomic, content) &&
         has_passed(job, kName, pull);
}

// Without a pull request: every content that was split off and waits to be merged, or whose proof is void.
void survey_under_way(const Job& job, Survey& survey) {
  for (Consignment& content : under_way(job)) {
    if (is_released(job, content)) continue;
    if (auto old = outdated(job, kName, keys::kFilter, content)) {
      survey.set_aside.push_back(*std::move(old));
      continue;
    }
    if (!is_due(job, kName, content)) continue;
    const auto pull = split_pull_request(job, content);
    const bool waits = pull && pull->state == "open";
    if (waits && is_for_people(job, content, *pull)) {
      survey.set_aside.push_back(
          {fmt::format("{} waits in pull request #{} for people to merge it", content.path, pull->number), ""});
    } else if (waits) {
      survey.due.push_back(brought_by(job, *pull));
    } else if (has_statement(job, keys::kAtomic, content)) {
      if (!has_statement(job, keys::kFormat, content))
        survey.set_aside.push_back({content.path + " stands alone on its branch", "format-chart-pr"});
    } else if (const auto split = split_commit(job, content)) {
      survey.due.push_back(consign(job, *split, content.path));
      survey.due.back().pull = pull;
    }
  }
  take_turns(survey, kName);
}

Survey survey(const Job& job) {
  Survey survey;
  if (!job.facts.pull) {
    survey_under_way(job, survey);
    return survey;
  }
  Consignment consignment = brought_by(job, *job.facts.pull);
  if (auto old = outdated(job, kName, keys::kFilter, consignment))
    survey.set_aside.push_back(*std::move(old));
  else
    survey.due.push_back(std::move(consignment));
  return survey;
}

void prove(Plan& plan, const Job& job, Consignment consignment, std::set<std::string>& next) {
  consignment.shipment = job.upstream.at(keys::kFilter, consignment.path).stamp.shipment;
  require_forward(job, consignment, consignment.shipment);
  const Oid& head = consignment.commit;
  consignment.shipment.split = head;
  const Oid base = job.ports.git().commit(head).parents.front();
  only_changed_chart(job, base, head);

  plan.add(tested(
      job, kName, keys::kAtomic, consignment,
      {{"only " + consignment.path + " differs", true, fmt::format("git diff --stat {} {}", base.hex(), head.hex())}},
      job.facts.policy.demanded_by(kName)));
  const auto& pull = consignment.pull;
  if (!pull || pull->state != "open") {
    next.insert("format-chart-pr");
    return;
  }
  plan.add(EnsureWaybill{pull->number, carried(job, consignment)});
  plan.add(
      own_check(*pull, kName, "atomic", fmt::format("Only `{}` differs from `{}`.", consignment.path, pull->base_ref)));
  if (job.facts.policy.merging.integrate)
    plan.add(EnsureMerged{pull->number, pull->head, pull->base_ref, "merge",
                          fmt::format("{} (#{})", pull->title, pull->number), "", pull->base});
}

Plan plan(const Job& job) {
  Plan plan;
  std::set<std::string> next;
  std::string paths;
  for (const Consignment& consignment : job.consignments) {
    prove(plan, job, consignment, next);
    paths += (paths.empty() ? "" : "\n") + consignment.path;
  }
  if (job.consignments.empty() && job.set_aside.empty()) plan.note("nothing that was split off waits for its proof");
  report_set_aside(plan, job, std::move(next));
  plan.output(kChart.name, paths);
  return plan;
}

}  // namespace

constexpr Stage kEnforceAtomic{
    .name = kName,
    .title = "Prove that one chart alone differs",
    .description =
        "Proves by tree ids that a pull request changes one chart's directory only, and merges exactly that head",
    .icon = "shield",
    .colour = "blue",
    .inputs = {},
    .outputs = {kChart},
    .job_permissions = {{"contents", "read"}, {"id-token", "write"}, {"attestations", "write"}},
    .app_permissions = {{"contents", "write"}, {"pull_requests", "write"}, {"checks", "write"}, {"actions", "write"}},
    .triggers = {.full = proposed_to(PolicyBranch::kChart), .direct = std::nullopt},
    .attests = true,
    .survey = survey,
    .plan = plan,
};

}  // namespace waybill::stages
