#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/sandbox/event.h"
#include "core/sandbox/run_setup.h"
#include "core/sandbox/run_workflow.h"

namespace waybill::sandbox {

// A job that an event starts, with all that decides what it may do; `run.id` is still 0.
struct PlannedJob {
  Run run;
  WorkflowJob job;
  Concurrency concurrency;  // the group's expressions are evaluated
  bool first_of_start = true;
  // A pull_request run of a fork, or a run for a pull request of Dependabot's: no identity, no secrets, nothing
  // written.
  bool withheld = false;
  std::map<std::string, std::string> inputs;
  std::string refusal;  // why it fails without running; `job` is empty then
};

// The jobs that GitHub starts for an event (trust.md T6). File, ref and sha all come from one commit:
//   push                                    the pushed commit; none for deletions
//   pull_request                            the test merge commit, ref refs/pull/N/merge
//   pull_request_target, schedule,
//   repository_dispatch                     the default branch's tip
//   merge_group                             the group's commit, refs/heads/gh-readonly-queue/…
//   workflow_dispatch                       the given ref's tip, the named file alone
// Events by a job's token start dispatches alone, and what awaits_approval(); `[skip ci]` in the head commit's message
// holds push and pull_request back.
std::vector<PlannedJob> planned_jobs(const RunnerSetup& setup, const Event& event);

// Whether what an event starts waits until somebody who may write lets it run: runs for a pull request that a job's
// token opened, opened again or pushed to. Those of pull_request_target do not start at all.
bool awaits_approval(const Event& event);

// The same job once more: definition, ref and sha as they were.
PlannedJob planned_again(const RunnerSetup& setup, const Run& original);

}  // namespace waybill::sandbox
