#include <algorithm>

#include "core/base/list.h"
#include "core/sandbox/api.h"
#include "core/sandbox/identity.h"
#include "core/sandbox/render.h"

// Deployments and their statuses over REST.
namespace waybill::sandbox {
namespace {

std::string document(const Call& call, long id) {
  return Forge::document(call.repository, "deployments/" + numbered(id));
}

std::string status_prefix(const Call& call, long id) {
  return Forge::document(call.repository, "deployment-statuses/" + numbered(id) + "/");
}

Json rendered(Forge& forge, const Call& call, const Json& stored) {
  const std::string repository = render::repository_url(call.base, call.repository);
  const std::string id = std::to_string(stored["id"].get<long>());
  const std::string url = repository + "/deployments/" + id;
  Json body = stored;
  body["node_id"] = render::node_id("DE", id);
  body["url"] = url;
  body["statuses_url"] = url + "/statuses";
  body["repository_url"] = repository;
  body["creator"] = render::account(forge.account(stored["creator"]), call.base);
  body["updated_at"] = stored["created_at"];
  return body;
}

HttpResponse create(Forge& forge, const Call& call) {
  const std::string ref = call.text("ref");
  const auto commit = forge.git(call.repository).commit(ref);
  if (!commit) throw Refusal(422, fmt::format("No ref found for: {}", ref));
  const Json contexts = call.body.value("required_contexts", Json());
  if (call.flag("auto_merge", true) || !contexts.is_array() || !contexts.empty())
    throw Refusal(409, "Conflict: the sandbox deploys with `auto_merge: false` and `required_contexts: []` only");
  const long id = 8'000'000 + forge.state().next("deployments");
  const std::string environment = call.optional_text("environment").value_or("production");
  const Json stored = {{"id", id},
                       {"sha", commit->hex()},
                       {"ref", ref},
                       {"task", call.optional_text("task").value_or("deploy")},
                       {"payload", call.body.value("payload", Json(""))},
                       {"original_environment", environment},
                       {"environment", environment},
                       {"description", call.body.value("description", Json(""))},
                       {"creator", call.login()},
                       {"created_at", forge.now()},
                       {"transient_environment", call.flag("transient_environment", false)},
                       {"production_environment", call.flag("production_environment", environment == "production")}};
  forge.state().put(document(call, id), stored);
  return json_response(201, rendered(forge, call, stored));
}

Json existing(const Forge& forge, const Call& call) {
  const auto found = forge.state().find(document(call, call.number("deployment")));
  if (!found) throw not_found();
  return *found;
}

HttpResponse get(Forge& forge, const Call& call) {
  return json_response(200, rendered(forge, call, existing(forge, call)));
}

HttpResponse list(Forge& forge, const Call& call) {
  std::vector<Json> found;
  for (const auto& [key, stored] : forge.state().below(Forge::document(call.repository, "deployments/"))) {
    const bool wanted = std::ranges::all_of(std::initializer_list<const char*>{"sha", "ref", "task", "environment"},
                                            [&](const char* name) {
                                              const std::string value = call.request.parameter(name);
                                              return value.empty() || stored[name] == value;
                                            });
    if (wanted) found.push_back(rendered(forge, call, stored));
  }
  std::ranges::reverse(found);
  return paged(call, found);
}

HttpResponse create_status(Forge& forge, const Call& call) {
  static constexpr List<std::string_view> kStates{"error",  "failure", "inactive", "in_progress",
                                                  "queued", "pending", "success"};
  const Json deployment = existing(forge, call);
  const std::string state = call.text("state");
  if (std::ranges::find(kStates, state) == kStates.end())
    throw invalid("DeploymentStatus", "state", "custom", "state is not included in the list");
  const long id = 9'000'000 + forge.state().next("deployment-statuses");
  const std::string repository = render::repository_url(call.base, call.repository);
  const std::string url = fmt::format("{}/deployments/{}", repository, deployment["id"].get<long>());
  const Json stored = {
      {"id", id},
      {"node_id", render::node_id("DES", std::to_string(id))},
      {"url", fmt::format("{}/statuses/{}", url, id)},
      {"state", state},
      {"creator", render::account(holder(forge, *call.token), call.base)},
      {"description", call.optional_text("description").value_or("")},
      {"environment", call.optional_text("environment").value_or(deployment["environment"].get<std::string>())},
      {"target_url", call.optional_text("target_url").value_or("")},
      {"log_url", call.optional_text("log_url").value_or("")},
      {"environment_url", call.optional_text("environment_url").value_or("")},
      {"deployment_url", url},
      {"repository_url", repository},
      {"created_at", forge.now()},
      {"updated_at", forge.now()}};
  forge.state().put(status_prefix(call, deployment["id"]) + numbered(id), stored);
  return json_response(201, stored);
}

HttpResponse list_statuses(Forge& forge, const Call& call) {
  std::vector<Json> found;
  for (const auto& [key, stored] : forge.state().below(status_prefix(call, existing(forge, call)["id"])))
    found.push_back(stored);
  std::ranges::reverse(found);
  return paged(call, found);
}

}  // namespace

std::vector<Route> deployment_routes() {
  const std::string deployments = "/repos/{owner}/{repo}/deployments";
  return {
      {"POST",
       deployments,
       {"deployments:write"},
       {"ref", "task", "auto_merge", "required_contexts", "payload", "environment", "description",
        "transient_environment", "production_environment"},
       create},
      {"GET", deployments, {"deployments:read"}, {}, list},
      {"GET", deployments + "/{deployment}", {"deployments:read"}, {}, get},
      {"POST",
       deployments + "/{deployment}/statuses",
       {"deployments:write"},
       {"state", "target_url", "log_url", "description", "environment", "environment_url", "auto_inactive"},
       create_status},
      {"GET", deployments + "/{deployment}/statuses", {"deployments:read"}, {}, list_statuses},
  };
}

}  // namespace waybill::sandbox
