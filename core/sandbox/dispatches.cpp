#include <algorithm>

#include "core/sandbox/api.h"
#include "core/sandbox/identity.h"
#include "core/sandbox/render.h"
#include "core/sandbox/workflows.h"
#include "core/yaml/document.h"

// workflow_dispatch and repository_dispatch over REST.
namespace waybill::sandbox {
namespace {

constexpr std::size_t kWorkflowLimit = 512UL * 1024;
constexpr std::size_t kInputsLimit = 25;
constexpr std::size_t kPayloadLimit = 65'535;
constexpr std::size_t kClientPayloadMembers = 10;
constexpr std::size_t kEventTypeLimit = 100;

// The `workflow_dispatch` of a workflow file: its inputs, or nothing where it has no such trigger.
std::optional<std::map<std::string, bool>> required_inputs(const std::string& text, const std::string& path) {
  const yaml::Node triggers = yaml::parse(text, path).at("on");
  std::map<std::string, bool> inputs;
  const auto names = [&](const std::string& name) { return name == "workflow_dispatch"; };
  if (triggers.kind() == yaml::Kind::kScalar) return names(triggers.text()) ? std::optional(inputs) : std::nullopt;
  if (triggers.kind() == yaml::Kind::kSequence) {
    const std::vector<std::string> listed = triggers.texts();
    return std::ranges::any_of(listed, names) ? std::optional(inputs) : std::nullopt;
  }
  const auto trigger = triggers.find("workflow_dispatch");
  if (!trigger) return std::nullopt;
  const auto declared = trigger->kind() == yaml::Kind::kMapping ? trigger->find("inputs") : std::nullopt;
  if (declared && declared->kind() == yaml::Kind::kMapping)
    for (const auto& [name, input] : declared->members()) {
      const bool described = input.kind() == yaml::Kind::kMapping;
      const auto required = described ? input.find("required") : std::nullopt;
      inputs[name] = required && required->as_boolean() && !input.find("default");
    }
  return inputs;
}

Json checked_inputs(const Call& call, const std::map<std::string, bool>& declared) {
  const Json given = call.body.value("inputs", Json::object());
  if (!given.is_object() || given.size() > kInputsLimit || given.dump().size() > kPayloadLimit)
    throw Refusal(
        422, fmt::format("inputs are too large: at most {} properties and {} characters", kInputsLimit, kPayloadLimit));
  Json inputs = Json::object();
  Json foreign = Json::array();
  for (const auto& [name, value] : given.items()) {
    if (!declared.contains(name)) foreign.push_back(name);
    inputs[name] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  if (!foreign.empty()) throw Refusal(422, "Unexpected inputs provided: " + foreign.dump());
  for (const auto& [name, required] : declared)
    if (required && !inputs.contains(name)) throw Refusal(422, fmt::format("Required input '{}' not provided", name));
  return inputs;
}

HttpResponse dispatch_workflow(Forge& forge, const Call& call) {
  const HostedRepository hosted = *forge.repository(call.repository);
  const BareRepository repository = forge.git(call.repository);
  const git::Repository& objects = repository.read();
  const std::string path = workflow_path(forge, call.repository, call.path.at("workflow"));
  const std::string given = call.text("ref");
  std::string ref;
  for (const char* prefix : {"", "refs/heads/", "refs/tags/"})
    if (ref.empty() && repository.reference(prefix + given)) ref = prefix + given;
  if (ref.empty()) throw Refusal(422, "No ref found for: " + given);
  const auto commit = objects.find_commit(ref);
  const auto text = objects.file(*commit, path, kWorkflowLimit);
  const auto declared = text ? required_inputs(*text, path) : std::nullopt;
  if (!declared) throw Refusal(422, "Workflow does not have 'workflow_dispatch' trigger");
  const Json inputs = checked_inputs(call, *declared);
  if (!is_active(forge, call.repository, path))
    throw Refusal(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  if (call.flag("return_run_details", false)) throw Refusal(422, "The sandbox returns no details of a dispatched run");

  Event event;
  event.name = "workflow_dispatch";
  event.repository = call.repository;
  event.ref = ref;
  event.branch = given;
  event.workflow = path.substr(path.rfind('/') + 1);
  event.sha = commit->hex();
  event.actor = call.login();
  event.by_job_token = call.token->kind == TokenKind::kJob;
  event.payload = {{"inputs", inputs.empty() ? Json() : inputs},
                   {"ref", ref},
                   {"workflow", path},
                   {"repository", render::repository(hosted, call.base, forge)},
                   {"sender", render::account(holder(forge, *call.token), call.base)}};
  forge.emit(std::move(event));
  return {204, {}, {}};
}

HttpResponse dispatch_repository(Forge& forge, const Call& call) {
  const HostedRepository hosted = *forge.repository(call.repository);
  const std::string type = call.text("event_type");
  const Json payload = call.body.value("client_payload", Json::object());
  if (type.empty() || type.size() > kEventTypeLimit)
    throw Refusal(422, "Invalid request.\n\nevent_type has 1 to 100 characters.");
  if (!payload.is_object() || payload.size() > kClientPayloadMembers || payload.dump().size() > kPayloadLimit)
    throw Refusal(422,
                  fmt::format("Invalid request.\n\nNo more than {} properties are allowed.", kClientPayloadMembers));
  Event event;
  event.name = "repository_dispatch";
  event.action = type;
  event.repository = call.repository;
  event.branch = hosted.default_branch;
  event.ref = "refs/heads/" + hosted.default_branch;
  if (const auto tip = forge.git(call.repository).reference(event.ref)) event.sha = tip->hex();
  event.actor = call.login();
  event.by_job_token = call.token->kind == TokenKind::kJob;
  event.payload = {{"action", type},
                   {"branch", hosted.default_branch},
                   {"client_payload", payload},
                   {"repository", render::repository(hosted, call.base, forge)},
                   {"sender", render::account(holder(forge, *call.token), call.base)}};
  forge.emit(std::move(event));
  return {204, {}, {}};
}

}  // namespace

std::vector<Route> dispatch_routes() {
  const std::string repository = "/repos/{owner}/{repo}";
  return {
      {"POST",
       repository + "/actions/workflows/{workflow}/dispatches",
       {"actions:write"},
       {"ref", "inputs", "return_run_details"},
       dispatch_workflow},
      {"POST", repository + "/dispatches", {"contents:write"}, {"event_type", "client_payload"}, dispatch_repository},
  };
}

}  // namespace waybill::sandbox
