// reconcile: find what stopped on its way, and start the stage that carries it on.

#include <algorithm>
#include <map>

#include "core/base/error.h"
#include "core/stages/evidence.h"
#include "core/stages/journey.h"
#include "core/stages/merge_group.h"
#include "core/stages/number_input.h"
#include "core/stages/policy_names.h"
#include "core/stages/registry_inputs.h"
#include "core/stages/sequence.h"
#include "core/stages/table.h"
#include "core/stages/unaccompanied.h"

namespace waybill::stages {
namespace {

constexpr std::string_view kName = "reconcile";
constexpr Input kVersions{"versions", Type::kInteger,
                          "Of each chart so many of the highest versions are looked after: tag, release and registry",
                          "3"};
constexpr Output kStages{"stages", Type::kList, "Stages that were started"};
constexpr std::string_view kExample = R"(name: reconcile
on:
  schedule:
    - cron: "17 * * * *"
  workflow_dispatch:
permissions: {}
concurrency:
  group: reconcile
  cancel-in-progress: false
jobs:
  reconcile:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      actions: write
      attestations: read
      checks: read
      packages: read
      pull-requests: read
    steps:
      - uses: <whole checkout>
      - uses: <action reconcile>
)";

// The pull requests of waybill's own that it merges itself.
bool is_merged_by_waybill(const Job& job, PolicyBranch branch, const forge::PullRequest& pull) {
  const auto& merging = job.facts.policy.merging;
  if (!is_own(job, pull)) return false;
  switch (branch) {
    case PolicyBranch::kIntegration:
      return merging.sync && !job.facts.policy.is_direct();
    case PolicyBranch::kChart:
      return merging.integrate;
    case PolicyBranch::kAnchor:
      return merging.main;
    case PolicyBranch::kRelease:
      return merging.release;
  }
  throw Error(Fault::kInternal, "a trigger without a branch");
}

class Round {
 public:
  explicit Round(const Job& job) : job_(job), open_(job.ports.forge().pull_requests("", "", "open")) {}

  Plan plan;

  void look(const Stage& stage) {
    std::vector<EnsureDispatch> wanted = stopped(stage);
    const auto& trigger = *stage.triggers.of(job_.facts.policy.pipeline);
    if (is_proposal(trigger)) add_unanswered(stage, trigger.branch, wanted);
    if (stage.answers_groups) add_unanswered_groups(stage, pattern_of(trigger.branch, job_.facts.policy), wanted);
    if (wanted.empty()) return;
    const auto runs = job_.ports.forge().runs_under_way(workflow_file(stage.name, job_.facts.policy));
    if (!runs.empty()) {
      plan.note(fmt::format("{} is on its way already: {} {}", stage.name, runs.front().status, runs.front().url));
      return;
    }
    started_.emplace_back(stage.name);
    for (EnsureDispatch& dispatch : wanted) plan.add(std::move(dispatch));
  }

  const std::vector<std::string>& started() const { return started_; }

 private:
  EnsureDispatch dispatch(const Stage& stage, std::string why, std::int64_t pull_request = 0) const {
    return {std::string(stage.name), job_.facts.policy.anchor.branch, std::move(why), pull_request};
  }

  // What this run was given where the stage takes the same, else what the stage has by itself.
  Values inputs_of(const Stage& stage) const {
    Values inputs = job_.inputs;
    for (const Input& input : stage.inputs) inputs.try_emplace(std::string(input.name), input.initial);
    return inputs;
  }

  // What the stage would do by itself now. What would stop it stops the shipment, and that is for people.
  std::vector<EnsureDispatch> stopped(const Stage& stage) {
    try {
      const Values inputs = inputs_of(stage);
      const Job there = surveyed(stage, job_.facts, job_.ports, inputs);
      const Plan would = stage.plan(there);
      for (const std::string& note : would.notes()) plan.note(fmt::format("{}: {}", stage.name, note));
      for (const Error& alarm : would.alarms())
        plan.alarm(Error(alarm.fault(), "{}: {}", stage.name, alarm.what()).hint(alarm.hint()));
      for (const Step& step : would.steps())
        if (!std::holds_alternative<EnsureDispatch>(step)) return {dispatch(stage, title(step))};
    } catch (const Error& error) {
      const bool temporary =
          error.fault() == Fault::kRemote || error.fault() == Fault::kPermission || error.fault() == Fault::kInternal;
      if (temporary) throw;
      plan.alarm(Error(error.fault(), "{} would stop: {}", stage.name, error.what()).hint(error.hint()));
    }
    return {};
  }

  // Open pull requests that the stage has not answered, well or badly: an event that never came, or that started a run
  // without the App's key, as Dependabot's do.
  void add_unanswered(const Stage& stage, PolicyBranch branch, std::vector<EnsureDispatch>& wanted) {
    if (branch == PolicyBranch::kChart) return;  // of those the stage finds its pull requests itself
    const std::string& base = pattern_of(branch, job_.facts.policy);
    const bool looks_itself = !wanted.empty();
    for (const forge::PullRequest& pull : open_) {
      if (pull.base_ref != base || (looks_itself && is_own(job_, pull)) || is_answered_by_another(stage, pull))
        continue;
      if (!is_answered(stage, pull.head))
        wanted.push_back(dispatch(stage, fmt::format("pull request #{} has no answer", pull.number), pull.number));
      else if (is_merged_by_waybill(job_, branch, pull) && !is_refused(stage, pull.head))
        wanted.push_back(dispatch(stage, fmt::format("pull request #{} is not merged", pull.number), pull.number));
    }
  }

  // The same of what a merge queue tries: it waits for the answer, and for an hour at most.
  void add_unanswered_groups(const Stage& stage, const std::string& base, std::vector<EnsureDispatch>& wanted) {
    constexpr std::string_view kFetched = "refs/remotes/origin/";
    for (const auto& [name, head] : job_.ports.git().branches(std::string(kFetched) + queue_folder(base))) {
      if (is_answered(stage, head)) continue;
      const std::string branch = name.substr(kFetched.size());
      wanted.push_back(dispatch(stage, branch + " has no answer"));
      wanted.back().merge_group = branch;
    }
  }

  // In a direct pipeline stage 5 answers for stage 1 too where waybill composed what is proposed.
  bool is_answered_by_another(const Stage& stage, const forge::PullRequest& pull) const {
    return job_.facts.policy.is_direct() && stage.name == kValidateContribution.name && is_own(job_, pull);
  }

  bool is_answered(const Stage& stage, const Oid& head) {
    return std::ranges::any_of(checks_of(head),
                               [&](const auto& check) { return is_own_check(job_, stage.name, check); });
  }

  bool is_refused(const Stage& stage, const Oid& head) {
    return std::ranges::none_of(checks_of(head), [&](const auto& check) {
      return is_own_check(job_, stage.name, check) && check.conclusion == "success";
    });
  }

  const std::vector<forge::CheckRun>& checks_of(const Oid& head) {
    const auto [known, missing] = checks_.try_emplace(head);
    if (missing) known->second = job_.ports.forge().check_runs(head);
    return known->second;
  }

  const Job& job_;
  std::vector<forge::PullRequest> open_;
  std::map<Oid, std::vector<forge::CheckRun>> checks_;
  std::vector<std::string> started_;
};

Plan plan(const Job& job) {
  Round round(job);
  for (const std::string_view name : lineage::stages_of(job.facts.policy.pipeline)) round.look(stage_named(name));
  const auto versions = static_cast<std::size_t>(number_input(job, kVersions.name, 0, "a whole number"));
  for (Error& alarm : unaccompanied(job, versions)) round.plan.alarm(std::move(alarm));
  if (round.plan.steps().empty() && round.plan.alarms().empty()) round.plan.note("nothing has stopped");
  round.plan.output(kStages.name, round.started());
  return std::move(round.plan);
}

}  // namespace

constexpr Stage kReconcile{
    .name = kName,
    .title = "Send on what stopped",
    .description =
        "Finds shipments whose next stage never ran and starts it; alarms about what is visible without a lineage",
    .icon = "refresh-cw",
    .colour = "purple",
    .inputs = {kVersions, kRegistryUser, kRegistryPassword},
    .outputs = {kStages},
    .job_permissions = {{"contents", "read"},
                        {"actions", "write"},
                        {"attestations", "read"},
                        {"checks", "read"},
                        {"packages", "read"},
                        {"pull-requests", "read"}},
    .app_permissions = {},
    .example = kExample,
    .reads_pull = false,
    .plan = plan,
};

}  // namespace waybill::stages
