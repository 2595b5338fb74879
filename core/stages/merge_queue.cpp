// merge-queue: what a merge queue tries together is looked at by the stages that looked at each pull request.

#include "core/base/error.h"
#include "core/stages/merge_group.h"
#include "core/stages/policy_names.h"
#include "core/stages/table.h"

namespace waybill::stages {
namespace {

constexpr std::string_view kName = "merge-queue";
constexpr Output kStages{"stages", Type::kList, "Stages that were started"};
constexpr std::string_view kExample = R"(name: merge-queue
on:
  merge_group:
    types: [checks_requested]
permissions: {}
jobs:
  merge-queue:
    runs-on: ubuntu-latest
    permissions:
      actions: write
      contents: read
    steps:
      - uses: <whole checkout>
      - uses: <action merge-queue>
)";

Plan plan(const Job& job) {
  const lineage::Policy& policy = job.facts.policy;
  if (job.facts.event != "merge_group")
    throw Error(Fault::kInput, "this run was started by `{}`; a merge queue's `merge_group` is wanted", job.facts.event)
        .hint("gh workflow run validate-contribution.yml -f pull-request=NUMBER");
  const std::string& branch = job.facts.occasion.base_ref;
  const std::string base = base_of_group(policy, branch);
  Plan plan;
  Json started = Json::array();
  for (const std::string_view name : lineage::stages_of(policy.pipeline)) {
    const Stage& stage = stage_named(name);
    if (!stage.answers_groups || pattern_of(stage.triggers.of(policy.pipeline)->branch, policy) != base) continue;
    plan.add(EnsureDispatch{std::string(name), policy.anchor.branch, "a merge queue tries " + branch, 0, branch});
    started.push_back(name);
  }
  plan.output(kStages.name, std::move(started));
  return plan;
}

}  // namespace

constexpr Stage kMergeQueue{
    .name = kName,
    .title = "Have a merge queue's groups looked at",
    .description = "Starts the stages of the default branch that answer for what a merge queue tries together",
    .icon = "git-merge",
    .colour = "purple",
    .inputs = {},
    .outputs = {kStages},
    .job_permissions = {{"actions", "write"}, {"contents", "read"}},
    .app_permissions = {},
    .example = kExample,
    .reads_pull = false,
    .plan = plan,
};

}  // namespace waybill::stages
