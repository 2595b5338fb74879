#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/sandbox/event.h"
#include "core/yaml/document.h"

namespace waybill::sandbox {

// The literal subset of workflow syntax that the sandbox runs. Whatever else a file says is Fault::kInput naming it:
// "jobs.stage.strategy is not in the subset that the sandbox runs".

using Permissions = std::map<std::string, std::string>;  // as written: pull-requests → read|write|none

// One event of `on:` with its filters.
struct Trigger {
  std::vector<std::string> types;
  std::vector<std::string> branches;          // empty = no filter
  std::map<std::string, std::string> inputs;  // of workflow_dispatch, with their defaults
};

struct WorkflowStep {
  std::string name;
  std::string id;
  std::string uses;                         // as written
  std::string action;                       // the folder below actions/; empty = actions/checkout
  std::map<std::string, std::string> with;  // literals, or one whole expression each
  std::map<std::string, std::string> environment;
};

struct WorkflowJob {
  std::string id;
  std::string environment;
  std::optional<Permissions> permissions;
  std::chrono::minutes timeout{360};
  std::vector<WorkflowStep> steps;  // none of an executor's
};

struct Concurrency {
  std::string group;  // with expressions
  bool cancel_in_progress = false;
  bool queue_all = false;  // `queue: max`: waiting runs are not replaced by later ones
};

struct Workflow {
  std::string name;
  std::optional<Permissions> permissions;
  std::optional<Concurrency> concurrency;
  std::vector<WorkflowJob> jobs;
};

// Who carries out what a job says: the sandbox, which reads steps of its subset and refuses the rest; or an executor
// (run_executor.h), and then only what decides when a job starts and what it may do is read, the rest is not looked at.
enum class StepsBy { kSandbox, kExecutor };

// The trigger under an event's name; nothing when `on:` does not name it.
std::optional<Trigger> read_trigger(const yaml::Node& file, const std::string& event);
Workflow read_workflow(const yaml::Node& file, StepsBy by = StepsBy::kSandbox);

// Whether an event passes the filters: activity type, base or pushed branch.
bool passes(const Trigger& trigger, const Event& event);
// GitHub's filter patterns: `*` is any run of characters but `/`, `**` any run at all; all else is itself.
bool matches_branch(std::string_view pattern, std::string_view branch);

}  // namespace waybill::sandbox
