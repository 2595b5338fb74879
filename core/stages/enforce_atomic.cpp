// enforce-atomic: a pull request into a chart's branch changes that chart's directory and nothing else.

#include "core/base/error.h"
#include "core/lineage/keys.h"
#include "core/stages/evidence.h"
#include "core/stages/journey.h"
#include "core/stages/table.h"

namespace waybill::stages {
namespace {

namespace keys = lineage::keys;

constexpr std::string_view kName = "enforce-atomic";
constexpr Output kChart{"chart", Type::kString, "Path of the one chart that differs"};

const forge::PullRequest& pull_request(const Job& job) {
  if (job.facts.pull) return *job.facts.pull;
  throw Error(Fault::kInput, "`{}` needs a pull request", kName).hint("waybill enforce-atomic --pull-request NUMBER");
}

Survey survey(const Job& job) {
  const forge::PullRequest& pull = pull_request(job);
  const git::Commit head = job.ports.git().commit(pull.head);
  if (head.parents.size() != 1)
    throw Error(Fault::kUntrusted, "pull request #{}: its head {} has {} parents, one is wanted", pull.number,
                pull.head.shortened(), head.parents.size());
  if (pull.state == "open" && head.parents.front() != pull.base)
    throw Error(Fault::kStale, "pull request #{}: its head stands on {}, but `{}` is at {} now", pull.number,
                head.parents.front().shortened(), pull.base_ref, pull.base.shortened());
  Consignment consignment = consign(job, pull.head, only_changed_chart(job, head.parents.front(), pull.head));
  require_own(job, pull, job.facts.policy.branches.split, consignment.metadata.name);
  const std::string target = lineage::Branches::filled(job.facts.policy.branches.chart, consignment.metadata.name, "");
  if (pull.base_ref != target)
    throw Error(Fault::kUntrusted, "pull request #{} is into `{}`; `{}` goes into `{}`", pull.number, pull.base_ref,
                consignment.path, target);
  consignment.waybill = waybill_of(pull);
  return {{std::move(consignment)}};
}

Plan plan(const Job& job) {
  Plan plan;
  Consignment consignment = job.consignments.front();
  const forge::PullRequest& pull = pull_request(job);
  consignment.shipment = job.upstream.at(keys::kFilter, consignment.path).stamp.shipment;
  require_forward(job, consignment, consignment.shipment);
  consignment.shipment.split = pull.head;

  plan.add(tested(job, kName, keys::kAtomic, consignment,
                  {{"only " + consignment.path + " differs", true,
                    fmt::format("git diff --stat {} {}", pull.base.hex(), pull.head.hex())}},
                  job.facts.policy.demanded_by(kName)));
  plan.add(EnsureWaybill{pull.number, carried(job)});
  plan.add(
      own_check(job, kName, "atomic", fmt::format("Only `{}` differs from `{}`.", consignment.path, pull.base_ref)));
  if (job.facts.policy.merging.integrate)
    plan.add(EnsureMerged{pull.number, pull.head, "merge", fmt::format("{} (#{})", pull.title, pull.number), ""});
  plan.output(kChart.name, consignment.path);
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
    .app_permissions = {{"contents", "write"}, {"pull_requests", "write"}, {"checks", "write"}},
    .events = {"pull_request_target", "workflow_dispatch"},
    .attests = true,
    .survey = survey,
    .plan = plan,
};

}  // namespace waybill::stages
