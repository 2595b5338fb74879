// A container action's step, started as GitHub's runner starts it (facts: the runner's ContainerActionHandler).

#include <signal.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/sandbox/run_commands.h"
#include "core/sandbox/run_context.h"
#include "core/sandbox/run_job.h"
#include "core/sandbox/traffic.h"
#include "core/yaml/document.h"

namespace waybill::sandbox {
namespace {

constexpr std::size_t kActionLimit = 256 * 1024;
constexpr std::size_t kCommandFileLimit = 16UL * 1024 * 1024;
constexpr std::size_t kSummaryLimit = 1024 * 1024;
constexpr std::size_t kVariableLimit = 128 * 1024;
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kCommandFiles = {
    {{"GITHUB_ENV", "set_env_"},
     {"GITHUB_OUTPUT", "set_output_"},
     {"GITHUB_STATE", "save_state_"},
     {"GITHUB_PATH", "add_path_"},
     {"GITHUB_STEP_SUMMARY", "step_summary_"}}};

yaml::Node read_action(const RunnerSetup& setup, const std::string& action) {
  const auto file = setup.actions / action / "action.yml";
  if (!std::filesystem::exists(file)) throw Error(Fault::kInput, "there is no action `actions/{}`", action);
  return yaml::parse(read_file(file, kActionLimit), "actions/" + action + "/action.yml");
}

std::string variable_of(std::string name) {
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return c == ' ' ? '_' : static_cast<char>(std::toupper(c)); });
  return "INPUT_" + name;
}

}  // namespace

int JobExecution::stage(const WorkflowStep& step, std::size_t number) {
  const yaml::Node action = read_action(setup_, step.action);
  const std::filesystem::path entrypoint = action.at("runs").at("entrypoint").text();
  const std::filesystem::path program = setup_.state / "bin" / entrypoint.filename();
  std::filesystem::create_directories(program.parent_path());
  std::filesystem::remove(program);
  std::filesystem::create_symlink(std::filesystem::absolute(setup_.waybill), program);
  Command command;
  command.arguments = {program.string()};
  command.environment = step_environment(step, number);
  command.folder = workspace_;
  command.timeout = time_left();
  if (setup_.traffic != nullptr)
    command.started = [this](int id) { setup_.traffic->on_kill([id] { ::kill(-id, SIGKILL); }); };
  const int code = execute(command).code;
  if (setup_.traffic != nullptr) setup_.traffic->on_kill(nullptr);
  collect(command.environment);
  return code;
}

JobExecution::Environment JobExecution::step_environment(const WorkflowStep& step, std::size_t number) {
  Environment environment = added_;
  for (const auto& [name, value] : step.environment) environment[name] = evaluated(value);
  const std::string owner = step.uses.substr(0, step.uses.find('/'));
  environment["GITHUB_ACTION"] =
      !step.id.empty() ? step.id
                       : fmt::format("__{}_waybill{}", owner, number == 1 ? "" : "_" + std::to_string(number));
  environment["GITHUB_ACTION_REPOSITORY"] = owner + "/waybill";
  environment["GITHUB_ACTION_REF"] = step.uses.substr(step.uses.find('@') + 1);
  add_context(environment);
  add_inputs(step, environment);
  const std::string id = to_hex(crypto::random_bytes(16));
  for (const auto& [name, prefix] : kCommandFiles) {
    const auto file = temporary_ / "_runner_file_commands" / (std::string(prefix) + id);
    write_file(file, "");
    environment[std::string(name)] = file.string();
  }
  for (const auto& [name, value] : environment)
    if (name.size() + value.size() + 2 > kVariableLimit)
      throw Error(Fault::kInput, "`{}` has {} bytes: argument list too long", name, value.size());
  return environment;
}

void JobExecution::add_context(Environment& environment) const {
  for (const auto& [name, value] : run_context(run_, setup_.base_url)) environment[name] = value;
  const Environment places = {
      {"GITHUB_EVENT_PATH", (temporary_ / "_github_workflow" / "event.json").string()},
      {"GITHUB_JOB", run_.job},
      {"GITHUB_WORKSPACE", workspace_.string()},
      {"HOME", (temporary_ / "_github_home").string()},
      {"PATH", path_},
      {"RUNNER_TEMP", temporary_.string()},
      {"RUNNER_TOOL_CACHE", "/opt/hostedtoolcache"},
      {"RUNNER_WORKSPACE", folder_.string()},
  };
  for (const auto& [name, value] : places) environment[name] = value;
  if (grant_.identity_token().empty()) return;
  environment["ACTIONS_ID_TOKEN_REQUEST_URL"] = authorities_.request_url(run_.id);
  environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = grant_.identity_token();
}

// Every declared input is set, with its default or empty; GitHub only warns of others, the sandbox stops.
void JobExecution::add_inputs(const WorkflowStep& step, Environment& environment) {
  const yaml::Node action = read_action(setup_, step.action);
  const auto inputs = action.find("inputs");
  for (const auto& [name, value] : step.with)
    if (!inputs || !inputs->find(name)) throw Error(Fault::kInput, "`{}` is no input of actions/{}", name, step.action);
  if (!inputs) return;
  for (const auto& [name, input] : inputs->members()) {
    const auto given = step.with.find(name);
    const auto otherwise = input.find("default");
    environment[variable_of(name)] = given != step.with.end() ? evaluated(given->second)
                                     : otherwise && otherwise->kind() == yaml::Kind::kScalar
                                         ? evaluated(otherwise->text())
                                         : std::string();
  }
}

void JobExecution::collect(const Environment& environment) {
  const auto written = [&](const std::string& name) { return read_file(environment.at(name), kCommandFileLimit); };
  for (auto& [name, value] : file_entries(written("GITHUB_OUTPUT"), "GITHUB_OUTPUT"))
    outcome_.outputs[name] = grant_.redacted(value);
  for (auto& [name, value] : file_entries(written("GITHUB_ENV"), "GITHUB_ENV")) added_[name] = value;
  const std::string summary = written("GITHUB_STEP_SUMMARY");
  if (summary.size() > kSummaryLimit) {
    log(fmt::format("##[error]$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got {}k\n",
                    summary.size() / 1024));
    return;
  }
  std::ofstream(folder_ / "summary", std::ios::app | std::ios::binary) << grant_.redacted(summary);
}

}  // namespace waybill::sandbox
