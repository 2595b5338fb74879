#pragma once

#include <span>
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
  List<std::string_view, 4>
      events;  // on which it may run and sign (trust.md T1); empty = it signs nothing of the pipeline
  bool attests = false;
  Needs needs = Needs::kForge;
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

std::span<const Stage* const> table();
// Fault::kInput naming the nearest stages when there is none of that name.
const Stage& stage_named(std::string_view name);

// Fault::kInput when the stage is one of the pipeline's and the policy chose the pipeline without it.
void require_in_pipeline(const Stage& stage, const lineage::Policy& policy);

// The workflow file that runs a stage when the policy names no other: ".github/workflows/<stage>.yml".
std::string standard_workflow(std::string_view stage);

}  // namespace waybill::stages
