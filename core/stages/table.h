#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/list.h"
#include "core/stages/job.h"
#include "core/stages/plan.h"

namespace waybill::stages {

enum class Type { kString, kBoolean, kInteger, kEnum, kList };

struct Input {
  std::string_view name;
  Type type = Type::kString;
  std::string_view help;
  std::string_view initial = "";
  bool required = false;
  List<std::string_view, 8> allowed = {};  // of an enum
  bool asked = false;                      // a dispatch of the stage's workflow asks people for it
};

struct Output {
  std::string_view name;
  Type type = Type::kString;
  std::string_view help;
};

// "contents: write" of the job's token, or of the App's installation token.
struct Permission {
  std::string_view name;
  std::string_view level;
};

// What must be at hand before a stage can plan.
enum class Needs {
  kNothing,  // files and inputs
  kGit,      // a repository
  kForge,    // a repository, its policy at the anchor, the forge
};

// A branch, or one for each chart, whatever the policy calls it.
enum class PolicyBranch { kIntegration, kChart, kAnchor, kRelease };

// The event that starts a stage by itself. Each can be dispatched on the default branch too.
struct Trigger {
  std::string_view event;
  List<std::string_view, 4> types;  // activity of a pull request
  PolicyBranch branch;              // pushed to, or the base of the pull request
};

consteval Trigger proposed_to(PolicyBranch branch) {
  return {"pull_request_target", {"opened", "synchronize", "reopened"}, branch};
}

consteval Trigger merged_into(PolicyBranch branch) {
  return {"pull_request_target", {"closed"}, branch};
}

// Whether a stage looks at pull requests before they are merged. A dispatch can tell such a stage which one.
constexpr bool is_proposal(const Trigger& trigger) {
  return trigger.types.begin() != trigger.types.end() && *trigger.types.begin() == "opened";
}

// What a workflow's dispatch calls the number of that pull request. It is a hint: the run reads head and base itself
// (trust.md T11).
inline constexpr const char* kPullRequestInput = "pull-request";

consteval Trigger pushed_to(PolicyBranch branch) {
  return {"push", {}, branch};
}

// What starts a stage in each pipeline that has it; none = it signs nothing of a pipeline (trust.md T1).
struct Triggers {
  std::optional<Trigger> full;
  std::optional<Trigger> direct;

  const std::optional<Trigger>& of(lineage::Pipeline pipeline) const {
    return pipeline == lineage::Pipeline::kFull ? full : direct;
  }

  bool any() const { return full || direct; }
};

// One row: what the action, the command line, the README and the sequence know of a stage.
struct Stage {
  std::string_view name;
  std::string_view title;
  std::string_view description;
  std::string_view icon;
  std::string_view colour;
  List<Input> inputs;
  List<Output> outputs;
  List<Permission> job_permissions;
  List<Permission> app_permissions;
  Triggers triggers = {};
  // Of a stage without a trigger: a whole workflow that uses it. `<checkout>` and `<action NAME>` stand for what
  // `uses:` says, `<whole checkout>` for a checkout with all history and its `with:`.
  std::string_view example = {};
  bool attests = false;
  Needs needs = Needs::kForge;
  bool answers_groups = false;  // a dispatch can tell it to look at a group of a merge queue
  bool reads_pull = true;       // with kForge: the event's pull request as it is now, not only as the event says
  // What is under way here: the charts and the bytes that upstream keys must be about.
  Survey (*survey)(const Job& job) = nullptr;
  Plan (*plan)(const Job& job) = nullptr;
};

// In release order.
extern const Stage kValidateContribution;
extern const Stage kFilterCharts;
extern const Stage kEnforceAtomic;
extern const Stage kFormatChartPr;
extern const Stage kValidateAndBump;
extern const Stage kTagCharts;
extern const Stage kReleaseCharts;
extern const Stage kPublishCharts;
// Around the pipeline.
extern const Stage kAttest;
extern const Stage kVerify;
extern const Stage kAttestationMap;
extern const Stage kDetectChanges;
extern const Stage kReconcile;
extern const Stage kMergeQueue;
extern const Stage kRulesets;
extern const Stage kDoctor;

std::span<const Stage* const> table();
// Fault::kInput naming the nearest stages when there is none of that name.
const Stage& stage_named(std::string_view name);

// What a repository has a workflow for: the stages of its pipeline in order, then what watches over them.
std::vector<const Stage*> workflow_stages(lineage::Pipeline pipeline);

// Everything that the stages of a pipeline ask of the App's token, each at its highest level.
std::map<std::string, std::string> app_permissions(lineage::Pipeline pipeline);

// Fault::kInput when the stage is one of the pipeline's and the policy chose the pipeline without it.
void require_in_pipeline(const Stage& stage, const lineage::Policy& policy);

}  // namespace waybill::stages
