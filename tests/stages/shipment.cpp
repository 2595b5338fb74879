#include "stages/shipment.h"

#include <algorithm>

#include "core/crypto/hash.h"
#include "core/lineage/keys.h"
#include "core/stages/release_plan.h"

namespace waybill::stages {
namespace keys = lineage::keys;

ShipmentUnderWay::ShipmentUnderWay(const testing::Files& files, const std::string& message)
    : contribution(files),
      source(world.change("integration", files, message)),
      split("split/web/" + source.shortened()),
      release("bump/web/" + source.shortened()) {
  world.facts.event = "workflow_dispatch";
  world.use_helm();
  world.forge.knows_pulls = true;
  world.forge.knows_releases = true;
}

void ShipmentUnderWay::validated() {
  world.attest_stage("validate-contribution", source, source);
}

void ShipmentUnderWay::split_off() {
  validated();
  world.branch("integrate/web", world.main());
  world.branch(split, world.main());
  world.change(split, contribution, "Split charts/web off integration");
  world.attest(keys::kFilter, source, source);
  open_pull(31, split, "integrate/web");
}

void ShipmentUnderWay::stands_alone() {
  split_off();
  world.attest(keys::kAtomic, source, source);
  world.branch("integrate/web", world.tip(split));
  merge_pull(31, world.tip(split));
}

void ShipmentUnderWay::composed() {
  stands_alone();
  world.branch(release, world.main());
  world.change(release, contribution, "web: contributions to release");
  world.attest(keys::kFormat, source, source);
  open_pull(32, release, "main");
}

void ShipmentUnderWay::bumped() {
  composed();
  // What planning gives, byte for byte, without the checks that stage 5 runs on it.
  const chart::Subtree final =
      plan_release(world.job(), world.web(source), {"charts/web", source, {}, {}}, world.main()).subtree;
  final_commit = world.change(release, files_of(final, "charts/web"), "web: version 1.3.0");
  pull(32).head = final_commit;
  world.attest_stage("validate-and-bump", final_commit, source);
}

void ShipmentUnderWay::merged_to_main() {
  bumped();
  const Oid merge = world.change("main", files_of(world.web(final_commit).subtree, "charts/web"), "web: release (#32)");
  merge_pull(32, merge);
  world.forge.pulls_of[merge] = {32};
}

void ShipmentUnderWay::tagged() {
  merged_to_main();
  world.attest_stage("tag-charts", world.main(), source);
  world.tag(world.main(), source);
}

void ShipmentUnderWay::sent() {
  tagged();
  world.branch(train(), world.main());
  open_pull(33, train(), "release");
}

void ShipmentUnderWay::released() {
  sent();
  world.attest_stage("release-charts", world.main(), source);
  world.branch("release", world.main());
  merge_pull(33, world.main());
}

void ShipmentUnderWay::policy_changes() {
  world.journey.policy.digest = world.facts.policy.digest = crypto::sha256("the next policy");
}

Oid ShipmentUnderWay::another_contribution() {
  const Oid later = world.change("integration", web_image("app:3"), "fix: the third app");
  world.attest_stage("validate-contribution", later, later);
  return later;
}

forge::PullRequest& ShipmentUnderWay::pull(std::int64_t number) {
  return *std::ranges::find(world.forge.pulls, number, &forge::PullRequest::number);
}

void ShipmentUnderWay::open_pull(std::int64_t number, const std::string& head, const std::string& base) {
  world.forge.pulls.push_back({.number = number,
                               .title = "web: on its way",
                               .body = "prose\n",
                               .state = "open",
                               .merged = false,
                               .merge_commit = std::nullopt,
                               .head_ref = head,
                               .head_repository = "octo/charts",
                               .head = world.tip(head),
                               .base_ref = base,
                               .base = world.tip(base),
                               .author = "waybill[bot]",
                               .merged_by = "",
                               .url = ""});
}

void ShipmentUnderWay::merge_pull(std::int64_t number, const Oid& commit) {
  forge::PullRequest& request = pull(number);
  request.state = "closed";
  request.merged = true;
  request.merge_commit = commit;
}

std::vector<std::string> ShipmentUnderWay::attested(const Plan& plan) {
  std::vector<std::string> keys;
  for (const auto& claim : steps<Claim>(plan)) keys.push_back(claim.key);
  return keys;
}

std::vector<std::string> ShipmentUnderWay::dispatched(const Plan& plan) {
  std::vector<std::string> stages;
  for (const auto& dispatch : steps<EnsureDispatch>(plan)) stages.push_back(dispatch.workflow);
  return stages;
}

void ShipmentUnderWay::carry_out(const Plan& plan) {
  for (const auto& claim : steps<Claim>(plan)) {
    lineage::Draft draft = world.journey.draft(claim.key);
    draft.stamp = claim.stamp;
    draft.subjects = claim.subjects;
    if (const auto* summary = std::get_if<Claim::Summarised>(&claim.content)) draft.resource = summary->resource_uri;
    world.journey.sign(draft);
  }
}

}  // namespace waybill::stages
