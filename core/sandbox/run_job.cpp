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

constexpr std::string_view kBot = "github-actions[bot]";
constexpr std::string_view kLimitedEnvironments = "waybill-";
constexpr std::size_t kShortestHidden = 4;
constexpr std::string_view kUsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::string inherited_path() {
  const char* path = std::getenv("PATH");
  return std::string(path == nullptr ? kUsualPath : path);
}

// As tokens name their permissions.
std::map<std::string, std::string> of_token(const std::map<std::string, std::string>& permissions) {
  std::map<std::string, std::string> named;
  for (const auto& [scope, level] : permissions) {
    std::string name = scope;
    std::ranges::replace(name, '-', '_');
    named[name] = level;
  }
  return named;
}

}  // namespace

JobExecution::JobExecution(const RunnerSetup& setup, Tokens& tokens, Authorities& authorities,
                           const PlannedJob& planned, std::filesystem::path folder)
    : setup_(setup),
      tokens_(tokens),
      authorities_(authorities),
      planned_(planned),
      run_(planned.run),
      folder_(std::move(folder)),
      workspace_(folder_ / "workspace"),
      temporary_(folder_ / "_temp"),
      path_(setup.path.empty() ? inherited_path() : setup.path),
      token_(tokens.issue({TokenKind::kJob, std::string(kBot), run_.repository, of_token(run_.permissions)})),
      end_(std::chrono::steady_clock::now() + planned.job.timeout) {
  hide(token_);
  const auto identity = run_.permissions.find("id-token");
  if (identity == run_.permissions.end() || identity->second != "write") return;
  identity_token_ = authorities_.request_token(run_);
  hide(identity_token_);
}

JobExecution::~JobExecution() {
  tokens_.revoke(token_);
  authorities_.forget(run_.id);
}

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
      outcome_.reason = redactor_.redacted(error.what());
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
  for (const std::string& mask : said.masks) hide(mask);
  log(done.output);
  log(done.errors);
  if (done.code != 0 && !said.errors.empty()) outcome_.reason = redactor_.redacted(said.errors.back());
  return done;
}

std::string JobExecution::evaluated(const std::string& text) {
  return evaluate(text, [this](std::string_view name) { return value_of(name); });
}

std::string JobExecution::value_of(std::string_view name) {
  const std::string key(name.substr(name.find('.') + 1));
  if (name == "github.token" || name == "secrets.GITHUB_TOKEN") return token_;
  if (name == "github.event.pull_request.number") {
    const Json::json_pointer number("/pull_request/number");
    return run_.event.payload.contains(number) ? run_.event.payload.at(number).dump() : std::string();
  }
  if (name.starts_with("vars.")) return setup_.variable(run_.repository, run_.environment, key).value_or("");
  if (name.starts_with("secrets.")) {
    std::string value = secret(key);
    hide(value);
    return value;
  }
  const auto input = planned_.inputs.find(key);
  return input == planned_.inputs.end() ? std::string() : input->second;
}

// An environment's secrets go to runs on the default branch alone where the environment is limited to it (trust.md
// T15); on GitHub the job would wait for ever, here it finds them empty.
std::string JobExecution::secret(const std::string& name) const {
  if (planned_.from_fork) return {};
  const bool limited = run_.environment.starts_with(kLimitedEnvironments);
  const bool allowed = !limited || run_.ref == "refs/heads/" + setup_.default_branch(run_.repository);
  if (!run_.environment.empty() && allowed)
    if (auto value = setup_.secret(run_.repository, run_.environment, name)) return *value;
  return setup_.secret(run_.repository, "", name).value_or("");
}

void JobExecution::hide(const std::string& secret) {
  if (secret.size() >= kShortestHidden) redactor_.hide(secret);
  for (std::size_t begin = 0, end = 0; secret.find('\n') != std::string::npos && begin < secret.size();
       begin = end + 1) {
    end = std::min(secret.find('\n', begin), secret.size());
    if (end - begin >= kShortestHidden) redactor_.hide(std::string_view(secret).substr(begin, end - begin));
  }
}

void JobExecution::log(std::string_view text) {
  if (text.empty()) return;
  std::ofstream out(folder_ / "log", std::ios::app | std::ios::binary);
  out << redactor_.redacted(text);
  if (!text.ends_with('\n')) out << '\n';
}

std::chrono::seconds JobExecution::time_left() const {
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(end_ - std::chrono::steady_clock::now());
  if (left.count() <= 0)
    throw Error(Fault::kRemote, "the job has exceeded its timeout of {} minutes", planned_.job.timeout.count());
  return left;
}

}  // namespace waybill::sandbox
