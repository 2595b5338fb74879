#include "stages/shipment.h"

#include <algorithm>

#include "core/crypto/hash.h"
#include "core/lineage/keys.h"

namespace waybill::stages {
namespace {

namespace keys = lineage::keys;

testing::Files values(const std::string& image) {
  return {{"charts/web/values.yaml", "image: registry.example/" + image + "\n"}};
}

}  // namespace

ShipmentUnderWay::ShipmentUnderWay()
    : source(world.change("integration", values("app:2"), "feat: the second app")),
      split("split/web/" + source.shortened()),
      release("bump/web/" + source.shortened()) {
  world.facts.event = "workflow_dispatch";
  world.ports.charts = &helm_;
  world.forge.knows_pulls = true;
  world.forge.knows_releases = true;
}

void ShipmentUnderWay::validated() {
  for (const std::string& key : keys::of_stage("validate-contribution", world.facts.policy.kubernetes))
    world.attest(key, source, source);
}

void ShipmentUnderWay::split_off() {
  validated();
  world.branch("integrate/web", world.main());
  world.branch(split, world.main());
  world.change(split, values("app:2"), "Split charts/web off integration");
  world.attest(keys::kFilter, source, source);
  open_pull(31, split, "integrate/web");
}

void ShipmentUnderWay::stands_alone() {
  split_off();
  world.attest(keys::kAtomic, source, source);
  world.branch("integrate/web", world.tip(split));
  pull(31).state = "closed";
  pull(31).merged = true;
  pull(31).merge_commit = world.tip(split);
}

void ShipmentUnderWay::composed() {
  stands_alone();
  world.branch(release, world.main());
  world.change(release, values("app:2"), "web: contributions to release");
  world.attest(keys::kFormat, source, source);
  open_pull(32, release, "main");
}

void ShipmentUnderWay::bumped() {
  composed();
  for (const auto& step : steps<EnsureCommit>(planned(kValidateAndBump))) {
    testing::Files files;
    for (const auto& file : step.files) files.emplace(file.path, file.content);
    world.change(release, files, step.message);
  }
  final_commit = world.tip(release);
  pull(32).head = final_commit;
  for (const std::string_view key : {keys::kVerify, keys::kSemver, keys::kOverall})
    world.attest(key, final_commit, source);
}

void ShipmentUnderWay::merged_to_main() {
  bumped();
  testing::Files files;
  for (const auto& [name, file] : world.web(final_commit).subtree) files.emplace("charts/web/" + name, file.content);
  const Oid merge = world.change("main", files, "web: release (#32)");
  pull(32).state = "closed";
  pull(32).merged = true;
  pull(32).merge_commit = merge;
  world.forge.pulls_of[merge] = {32};
}

void ShipmentUnderWay::tagged() {
  merged_to_main();
  world.attest(keys::kTag, world.main(), source);
  const auto tags = steps<EnsureTag>(planned(kTagCharts));
  world.fixture.tag(tags.front().name, world.main(), lineage::write_tag_message(tags.front().message));
}

void ShipmentUnderWay::policy_changes() {
  world.journey.policy.digest = world.facts.policy.digest = crypto::sha256("the next policy");
}

Oid ShipmentUnderWay::another_contribution() {
  const Oid later = world.change("integration", values("app:3"), "fix: the third app");
  for (const std::string& key : keys::of_stage("validate-contribution", world.facts.policy.kubernetes))
    world.attest(key, later, later);
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
