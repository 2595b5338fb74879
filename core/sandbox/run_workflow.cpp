#include "core/sandbox/run_workflow.h"

#include <algorithm>
#include <array>
#include <regex>

#include "core/base/error.h"
#include "core/sandbox/run_expression.h"
#include "core/sandbox/run_subset.h"

namespace waybill::sandbox {
namespace {

constexpr std::array<std::string_view, 7> kEvents = {"pull_request",      "pull_request_target", "push",
                                                     "workflow_dispatch", "repository_dispatch", "schedule",
                                                     "merge_group"};
constexpr std::array<std::string_view, 14> kScopes = {
    "actions",       "artifact-metadata", "attestations", "checks", "contents", "deployments",
    "discussions",   "id-token",          "issues",       "models", "packages", "pages",
    "pull-requests", "statuses"};
// What of a job is its executor's alone. Jobs that call a workflow and groups of single jobs are nobody's.
constexpr std::array<std::string_view, 8> kForExecutors = {"needs", "if",       "strategy",  "outputs",
                                                           "env",   "defaults", "container", "continue-on-error"};

constexpr std::size_t kLongestUses = 300;  // std::regex goes one call deeper for each character

std::string quoted_value(const std::string& where, const std::string& value) {
  return fmt::format("{} `{}`", where, value);
}

Permissions read_permissions(const yaml::Node& node, const std::string& where) {
  if (node.kind() != yaml::Kind::kMapping)
    subset::refuse(node.kind() == yaml::Kind::kScalar ? quoted_value(where, node.text()) : where);
  Permissions permissions;
  for (const auto& [scope, level] : node.members()) {
    const std::string& text = level.text();
    if (std::ranges::find(kScopes, scope) == kScopes.end()) subset::refuse(where + "." + scope);
    if (text != "read" && text != "write" && text != "none") subset::refuse(quoted_value(where + "." + scope, text));
    if (text != "none") permissions[scope] = text;
  }
  return permissions;
}

Concurrency read_concurrency(const yaml::Node& node) {
  Concurrency concurrency;
  if (node.kind() == yaml::Kind::kScalar) {
    concurrency.group = node.text();
  } else {
    subset::require_members(node, "concurrency", {"group", "cancel-in-progress", "queue"});
    concurrency.group = node.at("group").text();
    if (const auto cancel = node.find("cancel-in-progress")) concurrency.cancel_in_progress = cancel->as_boolean();
    if (const auto queue = node.find("queue")) {
      if (queue->text() != "max" && queue->text() != "single")
        subset::refuse(quoted_value("concurrency.queue", queue->text()));
      concurrency.queue_all = queue->text() == "max";
    }
  }
  require_text(concurrency.group, "concurrency.group");
  return concurrency;
}

std::map<std::string, std::string> read_values(const yaml::Node& node, const std::string& where) {
  std::map<std::string, std::string> values;
  for (const auto& [name, value] : node.members()) {
    const std::string text = value.kind() == yaml::Kind::kNull ? std::string() : value.text();
    require_value(text, where + "." + name);
    values[name] = text;
  }
  return values;
}

// "actions/checkout@REF" or "OWNER/waybill/actions/NAME@REF".
std::string read_action(const std::string& uses, const std::string& where) {
  static const std::regex checkout("actions/checkout@[^@\\s]+");
  static const std::regex stage("[A-Za-z0-9][A-Za-z0-9-]*/waybill/actions/([a-z0-9][a-z0-9-]*)@[^@\\s]+");
  std::smatch found;
  if (uses.size() > kLongestUses) subset::refuse(fmt::format("{} of {} bytes", where, uses.size()));
  if (std::regex_match(uses, checkout)) return {};
  if (!std::regex_match(uses, found, stage)) subset::refuse(quoted_value(where, uses));
  return found[1];
}

WorkflowStep read_step(const yaml::Node& node, const std::string& where) {
  subset::require_members(node, where, {"name", "id", "uses", "with", "env"});
  WorkflowStep step;
  step.uses = node.at("uses").text();
  step.action = read_action(step.uses, where + ".uses");
  if (const auto name = node.find("name")) step.name = name->text();
  if (const auto id = node.find("id")) step.id = id->text();
  if (const auto with = node.find("with")) {
    if (step.action.empty())
      subset::require_members(*with, where + ".with", {"ref", "fetch-depth", "persist-credentials"});
    step.with = read_values(*with, where + ".with");
    if (step.action.empty() && step.with.contains("persist-credentials") && step.with["persist-credentials"] != "false")
      subset::refuse(quoted_value(where + ".with.persist-credentials", step.with["persist-credentials"]));
  }
  if (const auto environment = node.find("env")) step.environment = read_values(*environment, where + ".env");
  return step;
}

std::string read_environment(const yaml::Node& node, const std::string& where) {
  if (node.kind() == yaml::Kind::kScalar) {
    if (node.text().find("${{") != std::string::npos) subset::refuse(quoted_value(where, node.text()));
    return node.text();
  }
  subset::require_members(node, where, {"name"});
  return read_environment(node.at("name"), where + ".name");
}

WorkflowJob read_job(const std::string& id, const yaml::Node& node, StepsBy by) {
  const std::string where = "jobs." + id;
  std::vector<std::string_view> known = {"name", "runs-on", "environment", "permissions", "timeout-minutes", "steps"};
  if (by == StepsBy::kExecutor) known.insert(known.end(), kForExecutors.begin(), kForExecutors.end());
  subset::require_members(node, where, known);
  WorkflowJob job;
  job.id = id;
  if (const auto environment = node.find("environment"))
    job.environment = read_environment(*environment, where + ".environment");
  if (const auto permissions = node.find("permissions"))
    job.permissions = read_permissions(*permissions, where + ".permissions");
  if (const auto minutes = node.find("timeout-minutes")) job.timeout = std::chrono::minutes(minutes->as_integer());
  if (by == StepsBy::kExecutor) return job;
  const yaml::Node machine = node.at("runs-on");
  if (machine.kind() != yaml::Kind::kScalar) subset::refuse(where + ".runs-on");
  if (machine.text() != "ubuntu-latest") subset::refuse(quoted_value(where + ".runs-on", machine.text()));
  std::size_t number = 0;
  for (const yaml::Node& step : node.at("steps").items())
    job.steps.push_back(read_step(step, fmt::format("{}.steps[{}]", where, number++)));
  return job;
}

}  // namespace

namespace subset {

void refuse(const std::string& what) {
  throw Error(Fault::kInput, "{} is not in the subset that the sandbox runs", what);
}

void require_members(const yaml::Node& node, const std::string& where, const std::vector<std::string_view>& allowed) {
  if (node.kind() != yaml::Kind::kMapping) refuse(where);
  std::string foreign;
  for (const auto& [name, value] : node.members())
    if (std::ranges::find(allowed, name) == allowed.end())
      foreign += (foreign.empty() ? "" : ", ") + (where.empty() ? name : where + "." + name);
  if (!foreign.empty()) refuse(foreign);
}

}  // namespace subset

Workflow read_workflow(const yaml::Node& file, StepsBy by) {
  std::vector<std::string_view> known = {"name", "on", "permissions", "concurrency", "jobs"};
  if (by == StepsBy::kExecutor) known.insert(known.end(), {"run-name", "env", "defaults"});
  subset::require_members(file, "", known);
  if (const yaml::Node on = file.at("on"); on.kind() == yaml::Kind::kMapping) {
    subset::require_members(on, "on", {kEvents.begin(), kEvents.end()});
    for (const std::string_view event : kEvents) read_trigger(file, std::string(event));
  }
  Workflow workflow;
  if (const auto name = file.find("name")) workflow.name = name->text();
  if (const auto permissions = file.find("permissions"))
    workflow.permissions = read_permissions(*permissions, "permissions");
  if (const auto concurrency = file.find("concurrency")) workflow.concurrency = read_concurrency(*concurrency);
  for (const auto& [id, job] : file.at("jobs").members()) workflow.jobs.push_back(read_job(id, job, by));
  return workflow;
}

}  // namespace waybill::sandbox
