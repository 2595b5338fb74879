#include "core/sandbox/run_job.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/sandbox/run_commands.h"
#include "core/sandbox/run_expression.h"

namespace waybill::sandbox {
namespace {

constexpr std::string_view kUsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::string inherited_path() {
  const char* path = std::getenv("PATH");
  return std::string(path == nullptr ? kUsualPath : path);
}

}  // namespace

JobExecution::JobExecution(const RunnerSetup& setup, Tokens& tokens, Authorities& authorities,
                           const PlannedJob& planned, std::filesystem::path folder)
    : setup_(setup),
      authorities_(authorities),
      planned_(planned),
      run_(planned.run),
      folder_(std::move(folder)),
      workspace_(folder_ / "workspace"),
      temporary_(folder_ / "_temp"),
      path_(setup.path.empty() ? inherited_path() : setup.path),
      grant_(setup, tokens, authorities, planned),
      end_(std::chrono::steady_clock::now() + planned.job.timeout) {}

JobOutcome JobExecution::run() {
  for (const char* part : {"_github_home", "_github_workflow", "_runner_file_commands"})
    std::filesystem::create_directories(temporary_ / part);
  std::filesystem::create_directories(workspace_);
  write_file(temporary_ / "_github_workflow" / "event.json", canonical(run_.event.payload));
  std::size_t number = 0;
  for (const WorkflowStep& step : planned_.job.steps) {
    try {
      start_step(step);
      outcome_.exit_code = step.action.empty() ? checkout(step) : stage(step, ++number);
    } catch (const Error& error) {
      outcome_.exit_code = 1;
      outcome_.reason = grant_.redacted(error.what());
      log("##[error]" + outcome_.reason + "\n");
    }
    if (outcome_.exit_code == 0) continue;
    log(fmt::format("##[error]Process completed with exit code {}.\n", outcome_.exit_code));
    if (outcome_.reason.empty())
      outcome_.reason = fmt::format("`{}` ended with exit code {}", step.uses, outcome_.exit_code);
    return outcome_;
  }
  std::filesystem::remove_all(workspace_);
  std::filesystem::remove_all(temporary_);
  return outcome_;
}

void JobExecution::start_step(const WorkflowStep& step) {
  std::string text = "##[group]Run " + step.uses + "\n";
  for (const auto& [name, value] : step.with) text += "  " + name + ": " + evaluated(value) + "\n";
  log(text + "##[endgroup]\n");
}

Exit JobExecution::execute(const Command& command) {
  Exit done = waybill::run(command);
  WorkflowCommands said = workflow_commands(done.output);
  const WorkflowCommands also = workflow_commands(done.errors);
  said.masks.insert(said.masks.end(), also.masks.begin(), also.masks.end());
  said.errors.insert(said.errors.end(), also.errors.begin(), also.errors.end());
  for (const std::string& mask : said.masks) grant_.hide(mask);
  log(done.output);
  log(done.errors);
  if (done.code != 0 && !said.errors.empty()) outcome_.reason = grant_.redacted(said.errors.back());
  return done;
}

std::string JobExecution::evaluated(const std::string& text) {
  return evaluate(text, [this](std::string_view name) { return value_of(name); });
}

std::string JobExecution::value_of(std::string_view name) {
  const std::string key(name.substr(name.find('.') + 1));
  if (name == "github.token" || name == "secrets.GITHUB_TOKEN") return grant_.token();
  if (name == "github.event.pull_request.number") {
    const Json::json_pointer number("/pull_request/number");
    return run_.event.payload.contains(number) ? run_.event.payload.at(number).dump() : std::string();
  }
  const auto& known = name.starts_with("vars.")      ? grant_.variables()
                      : name.starts_with("secrets.") ? grant_.secrets()
                                                     : planned_.inputs;
  const auto found = known.find(key);
  return found == known.end() ? std::string() : found->second;
}

void JobExecution::log(std::string_view text) {
  if (text.empty()) return;
  std::ofstream out(folder_ / "log", std::ios::app | std::ios::binary);
  out << grant_.redacted(text);
  if (!text.ends_with('\n')) out << '\n';
}

std::chrono::seconds JobExecution::time_left() const {
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(end_ - std::chrono::steady_clock::now());
  if (left.count() <= 0)
    throw Error(Fault::kRemote, "the job has exceeded its timeout of {} minutes", planned_.job.timeout.count());
  return left;
}

}  // namespace waybill::sandbox
