#include <limits>

#include "core/app/applier.h"
#include "core/base/error.h"
#include "core/stages/merge_group.h"
#include "core/stages/policy_names.h"

namespace waybill::app {
namespace {

// The entry of a claim that is still to be signed, as long as it can get.
lineage::Entry longest_entry(const stages::Claim& claim) {
  const Digest any = Digest::sha256(std::string(64, '0'));
  return {std::to_string(std::numeric_limits<std::int64_t>::max()), any, any, stages::predicate_type(claim)};
}

}  // namespace

// Where every statement is, for people: what a description without room for its waybill points to.
std::string Applier::other_place() const {
  const lineage::Policy& policy = job_.facts.policy;
  if (policy.keeping.front() == lineage::Keeping::kGit) return "`refs/attestations`";
  return fmt::format("[the repository's list]({}/{}/attestations)", policy.anchor.server, policy.anchor.repository);
}

void Applier::require_room(const stages::Plan& plan) const {
  lineage::Waybill coming;
  for (const stages::Step& step : plan.steps()) {
    if (const auto* claim = std::get_if<stages::Claim>(&step))
      coming[claim->stamp.shipment.chart].insert_or_assign(claim->key, longest_entry(*claim));
    const auto* written = std::get_if<stages::EnsureWaybill>(&step);
    const auto& pull = job_.facts.pull;
    if (written == nullptr || !pull || pull->number != written->pull_request) continue;
    lineage::Waybill index = lineage::read_waybill(pull->body);
    for (const lineage::Waybill& more : {written->carried, coming})
      for (const auto& [chart, entries] : more)
        for (const auto& [key, entry] : entries) index[chart].insert_or_assign(key, entry);
    try {
      static_cast<void>(lineage::write_waybill(pull->body, index, other_place()));
    } catch (const Error& error) {
      throw Error(error.fault(), "pull request #{} has no room for its waybill: with it, {}", pull->number,
                  error.what())
          .hint(error.hint());
    }
  }
}

bool Applier::write_waybill(std::int64_t pull_request, const lineage::Waybill& carried) {
  const auto pull = app_.pull_request(pull_request);
  if (!pull) throw Error(Fault::kConflict, "pull request #{} is gone", pull_request);
  lineage::Waybill index = lineage::read_waybill(pull->body);
  const lineage::Waybill before = index;
  for (const auto& [chart, entries] : carried)
    for (const auto& [key, entry] : entries) {
      // An id that the forge told once is kept: it cannot be looked up again.
      const auto known = index[chart].find(key);
      const bool same = known != index[chart].end() && known->second.statement == entry.statement && entry.id.empty();
      if (!same) index[chart].insert_or_assign(key, entry);
    }
  for (const Ledger::Receipt& receipt : ledger_.receipts())
    if (carried.empty() || carried.contains(receipt.chart))
      index[receipt.chart].insert_or_assign(receipt.key, receipt.entry);
  if (index == before) return true;
  const std::string body = lineage::write_waybill(pull->body, index, other_place());
  if (body == pull->body) return true;
  app_.update_body(pull_request, body);
  return false;
}

bool Applier::ensure(const stages::EnsureWaybill& step) {
  return write_waybill(step.pull_request, step.carried);
}

bool Applier::ensure(const stages::EnsurePullRequest& step) {
  lineage::Waybill index = step.carried;
  for (auto& [chart, entries] : index)
    for (const Ledger::Receipt& receipt : ledger_.receipts())
      if (receipt.chart == chart) entries.insert_or_assign(receipt.key, receipt.entry);
  for (const auto& pull : app_.pull_requests(step.head, step.base, "all")) {
    if (pull.state != "open" && !pull.merged) continue;
    if (pull.author != job_.facts.policy.app)
      throw Error(Fault::kConflict, "pull request #{} from `{}` into `{}` is by `{}`; `{}` must open it", pull.number,
                  step.head, step.base, pull.author, job_.facts.policy.app)
          .hint(fmt::format("gh pr close {}", pull.number));
    if (pull.state == "open") write_waybill(pull.number, index);
    return true;
  }
  app_.create_pull_request(step.title, step.head, step.base,
                           lineage::compose_description(step.prose, index, other_place()));
  return false;
}

bool Applier::ensure(const stages::EnsureMerged& step) {
  const auto pull = app_.pull_request(step.pull_request);
  if (!pull) throw Error(Fault::kConflict, "pull request #{} is gone", step.pull_request);
  if (pull->head != step.head)
    throw Error(Fault::kStale, "pull request #{}: its head is {}, {} was verified", step.pull_request, pull->head.hex(),
                step.head.hex());
  if (pull->base_ref != step.base_ref)
    throw Error(Fault::kStale, "pull request #{}: it is into `{}` now, `{}` was verified", step.pull_request,
                pull->base_ref, step.base_ref);
  if (pull->merged) return true;
  if (step.base)
    if (const auto tip = app_.reference("refs/heads/" + step.base_ref); tip != step.base)
      throw Error(Fault::kStale, "pull request #{}: `{}` is at {} now, {} was verified", step.pull_request,
                  step.base_ref, tip ? tip->hex() : "nothing", step.base->hex())
          .hint("the stage runs again with what is there now");
  app_.merge(step.pull_request, step.head, step.method, step.title, step.message);
  return false;
}

bool Applier::ensure(const stages::EnsureClosed& step) {
  const auto pull = app_.pull_request(step.pull_request);
  if (!pull) throw Error(Fault::kConflict, "pull request #{} is gone", step.pull_request);
  if (pull->state != "open") return true;
  app_.close_pull_request(step.pull_request);
  return false;
}

bool Applier::ensure(const stages::EnsureDispatch& step) {
  Json inputs = Json::object();
  if (step.pull_request != 0) inputs[stages::kPullRequestInput] = std::to_string(step.pull_request);
  if (!step.merge_group.empty()) inputs[stages::kMergeGroupInput] = step.merge_group;
  app_.dispatch(stages::workflow_file(step.workflow, job_.facts.policy), step.ref, inputs);
  return false;
}

}  // namespace waybill::app
