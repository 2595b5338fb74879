#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/process.h"
#include "core/sandbox/authorities.h"
#include "core/sandbox/run_grant.h"
#include "core/sandbox/run_outcome.h"
#include "core/sandbox/run_setup.h"
#include "core/sandbox/run_trigger.h"
#include "core/sandbox/tokens.h"

namespace waybill::sandbox {

// One job from its first step to its last in a fresh workspace below `folder`, which keeps its `log` and `summary`.
class JobExecution {
 public:
  JobExecution(const RunnerSetup& setup, Tokens& tokens, Authorities& authorities, const PlannedJob& planned,
               std::filesystem::path folder);

  JobOutcome run();

 private:
  using Environment = std::map<std::string, std::string>;

  void start_step(const WorkflowStep& step);
  int checkout(const WorkflowStep& step);
  int stage(const WorkflowStep& step, std::size_t number);
  Exit execute(const Command& command);
  int git(const std::vector<std::string>& arguments);

  Environment step_environment(const WorkflowStep& step, std::size_t number);
  void add_context(Environment& environment) const;
  void add_inputs(const WorkflowStep& step, Environment& environment);
  void collect(const Environment& environment);

  std::string evaluated(const std::string& text);
  std::string value_of(std::string_view name);
  void log(std::string_view text);
  std::chrono::seconds time_left() const;

  const RunnerSetup& setup_;
  Authorities& authorities_;
  const PlannedJob& planned_;
  const Run& run_;
  std::filesystem::path folder_;
  std::filesystem::path workspace_;
  std::filesystem::path temporary_;
  std::string path_;
  JobGrant grant_;
  std::chrono::steady_clock::time_point end_;
  Environment added_;  // by GITHUB_ENV of earlier steps
  JobOutcome outcome_;
};

}  // namespace waybill::sandbox
