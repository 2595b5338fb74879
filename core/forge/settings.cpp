#include "core/forge/settings.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/forge/exchange.h"
#include "core/forge/read.h"

namespace waybill::forge {
namespace {

constexpr const char* kAdministration = "administration: read";
constexpr const char* kActions = "actions: read";
constexpr const char* kEnvironments = "environments: read";
constexpr const char* kSecrets = "secrets: read";

// What there always is was hidden when the answer is a 404: to a GET that alone is Fault::kInput.
template <class Ask>
auto shown(const Call& call, const Ask& ask) {
  try {
    return ask();
  } catch (const Error& error) {
    if (error.fault() != Fault::kInput) throw;
    throw Error(Fault::kPermission, "{}: not for this token to see, it takes `{}`", call.what, call.permission);
  }
}

std::vector<Json> shown_list(const Exchange& api, const Call& call, std::string_view member) {
  return shown(call, [&] { return api.list(call, member); });
}

std::set<std::string> names(const Exchange& api, const Call& call) {
  std::set<std::string> found;
  for (const Json& secret : shown_list(api, call, "secrets"))
    found.insert(api.understood(call, [&] { return string_member(secret, "name", "secret"); }));
  return found;
}

bool is_true(const Json& json, std::string_view name) {
  const auto found = json.find(name);
  return found != json.end() && *found == true;
}

std::optional<bool> if_shown(const Json& json, std::string_view name) {
  return json.contains(name) ? std::optional(is_true(json, name)) : std::nullopt;
}

Environment read_environment(const Json& json) {
  Environment environment{.name = string_member(json, "name", "environment")};
  const auto policy = json.find("deployment_branch_policy");
  if (policy != json.end() && policy->is_object())
    environment.limit =
        is_true(*policy, "custom_branch_policies") ? Environment::For::kListed : Environment::For::kProtected;
  return environment;
}

RunAttempt read_attempt(const Json& json) {
  const std::string_view what = "workflow run";
  const std::string path = string_member(json, "path", what);
  return {.path = path.substr(0, path.find('@')),
          .event = string_member(json, "event", what),
          .head_sha = string_member(json, "head_sha", what),
          .repository_id = read_number(member(json, "repository", what), "id", "repository of the run"),
          .status = string_member(json, "status", what),
          .conclusion = text_or_empty(json, "conclusion"),
          .started = parse_rfc3339(string_member(json, "run_started_at", what)),
          .updated = parse_rfc3339(string_member(json, "updated_at", what)),
          .url = text_or_empty(json, "html_url")};
}

std::string environment_path(const std::string& name) {
  return "/environments/" + percent_encode(name);
}

}  // namespace

MergeSettings Client::merging() const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path(""), .what = "the repository", .permission = "contents: write"};
  const Json json = shown(call, [&] { return api.get(call); });
  return api.understood(call, [&] {
    return MergeSettings{.archived = is_true(json, "archived"),
                         .owner_type = text_or_empty(member(json, "owner", "repository"), "type"),
                         .squash = if_shown(json, "allow_squash_merge"),
                         .merge_commit = if_shown(json, "allow_merge_commit")};
  });
}

ActionsSettings Client::actions() const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path("/actions/permissions"),
                  .what = "the settings of Actions",
                  .permission = kAdministration};
  const Json json = shown(call, [&] { return api.get(call); });
  return {.enabled = is_true(json, "enabled"), .allowed = text_or_empty(json, "allowed_actions")};
}

std::string Client::usual_job_permissions() const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path("/actions/permissions/workflow"),
                  .what = "the workflows' usual permissions",
                  .permission = kAdministration};
  const Json json = shown(call, [&] { return api.get(call); });
  return api.understood(call, [&] { return string_member(json, "default_workflow_permissions", "settings"); });
}

bool Client::has_immutable_releases() const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path("/immutable-releases"),
                  .what = "whether releases are immutable",
                  .permission = kAdministration};
  const http::Response response = api.send(call);
  if (response.status == 404) return false;
  return api.read(call, response, [](const Json& json) { return is_true(json, "enabled"); });
}

std::vector<Workflow> Client::workflows() const {
  const Exchange api = this->api();
  const Call call{
      .path = api.repository_path("/actions/workflows?per_page=100"), .what = "the workflows", .permission = kActions};
  std::vector<Workflow> found;
  for (const Json& one : shown_list(api, call, "workflows"))
    found.push_back(api.understood(call, [&] {
      return Workflow{string_member(one, "path", "workflow"), string_member(one, "state", "workflow")};
    }));
  return found;
}

std::vector<Environment> Client::environments() const {
  const Exchange api = this->api();
  const Call call{
      .path = api.repository_path("/environments?per_page=100"), .what = "the environments", .permission = kActions};
  std::vector<Environment> found;
  for (const Json& one : shown_list(api, call, "environments"))
    found.push_back(api.understood(call, [&] { return read_environment(one); }));
  return found;
}

std::vector<BranchPolicy> Client::branch_policies(const std::string& environment) const {
  const Exchange api = this->api();
  const Call call{
      .path = api.repository_path(environment_path(environment) + "/deployment-branch-policies?per_page=100"),
      .what = "the branches of the environment `" + environment + "`",
      .permission = kActions};
  std::vector<BranchPolicy> found;
  for (const Json& one : shown_list(api, call, "branch_policies"))
    found.push_back(api.understood(call, [&] {
      const std::string type = text_or_empty(one, "type");
      return BranchPolicy{string_member(one, "name", "branch policy"), type.empty() ? "branch" : type};
    }));
  return found;
}

std::set<std::string> Client::secrets(SecretsOf whose) const {
  const Exchange api = this->api();
  switch (whose) {
    case SecretsOf::kRepository:
      return names(api, {.path = api.repository_path("/actions/secrets?per_page=100"),
                         .what = "the repository's secrets",
                         .permission = kSecrets});
    case SecretsOf::kOrganisation:
      return names(api, {.path = api.repository_path("/actions/organization-secrets?per_page=100"),
                         .what = "the organisation's secrets",
                         .permission = kSecrets});
    case SecretsOf::kDependabot:
      return names(api, {.path = api.repository_path("/dependabot/secrets?per_page=100"),
                         .what = "Dependabot's secrets",
                         .permission = "dependabot-secrets: read"});
  }
  throw Error(Fault::kInternal, "nobody's secrets were asked for");
}

std::set<std::string> Client::environment_secrets(const std::string& environment) const {
  const Exchange api = this->api();
  return names(api, {.path = api.repository_path(environment_path(environment) + "/secrets?per_page=100"),
                     .what = "the secrets of the environment `" + environment + "`",
                     .permission = kEnvironments});
}

std::optional<App> Client::app(const std::string& slug) const {
  const Exchange api = this->api();
  const Call call{.path = "/apps/" + percent_encode(slug), .what = "the App `" + slug + "`", .permission = {}};
  const http::Response response = api.send(call);
  if (response.status == 404) return std::nullopt;
  return api.read(call, response, [&](const Json& json) {
    App app{.id = read_number(json, "id", call.what), .slug = string_member(json, "slug", call.what)};
    for (const auto& [name, level] : member(json, "permissions", call.what).items())
      if (level.is_string()) app.permissions.emplace(name, level.get<std::string>());
    return app;
  });
}

std::optional<RunAttempt> Client::run_attempt(std::int64_t run, std::int64_t attempt) const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path(fmt::format("/actions/runs/{}/attempts/{}", run, attempt)),
                  .what = fmt::format("attempt {} of run {}", attempt, run),
                  .permission = kActions};
  const http::Response response = api.send(call);
  if (response.status == 404) return std::nullopt;
  return api.read(call, response, read_attempt);
}

std::optional<RunAttempt> Client::last_success(const std::string& workflow) const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path(
                      fmt::format("/actions/workflows/{}/runs?status=success&per_page=1", percent_encode(workflow))),
                  .what = "runs of workflow `" + workflow + "`",
                  .permission = kActions};
  const http::Response response = api.send(call);
  if (response.status == 404) return std::nullopt;
  return api.read(call, response, [&](const Json& json) {
    const Json& runs = member(json, "workflow_runs", call.what);
    return runs.is_array() && !runs.empty() ? std::optional(read_attempt(runs.front())) : std::nullopt;
  });
}

}  // namespace waybill::forge
