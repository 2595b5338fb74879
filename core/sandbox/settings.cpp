#include "core/sandbox/settings.h"

#include <algorithm>

// Settings of Actions and of releases over REST.
namespace waybill::sandbox {
namespace {

std::string document(const std::string& repository) {
  return Forge::document(repository, "settings");
}

void require_one_of(const std::string& name, const std::string& value, const std::vector<std::string>& allowed) {
  if (std::ranges::find(allowed, value) == allowed.end())
    throw Refusal(422,
                  fmt::format("Invalid request.\n\nInvalid property /{}: `{}` is not a possible value.", name, value));
}

HttpResponse actions(Forge& forge, const Call& call) {
  const Json settings = settings_of(forge, call.repository);
  Json body = {{"enabled", settings["enabled"]}, {"sha_pinning_required", false}};
  if (settings["enabled"] == true) body["allowed_actions"] = settings["allowed_actions"];
  return json_response(200, body);
}

HttpResponse set_actions(Forge& forge, const Call& call) {
  if (!call.body.contains("enabled")) throw Refusal(422, "Invalid request.\n\n\"enabled\" wasn't supplied.");
  Json changes = {{"enabled", call.flag("enabled", true)}};
  if (const auto allowed = call.optional_text("allowed_actions")) {
    require_one_of("allowed_actions", *allowed, {"all", "local_only", "selected"});
    changes["allowed_actions"] = *allowed;
  }
  change_settings(forge, call.repository, changes);
  return {204, {}, {}};
}

HttpResponse job_tokens(Forge& forge, const Call& call) {
  const Json settings = settings_of(forge, call.repository);
  Json body;
  for (const char* name : {"default_workflow_permissions", "can_approve_pull_request_reviews"})
    body[name] = settings[name];
  return json_response(200, body);
}

HttpResponse set_job_tokens(Forge& forge, const Call& call) {
  Json changes = Json::object();
  if (const auto level = call.optional_text("default_workflow_permissions")) {
    require_one_of("default_workflow_permissions", *level, {"read", "write"});
    changes["default_workflow_permissions"] = *level;
  }
  if (call.body.contains("can_approve_pull_request_reviews"))
    changes["can_approve_pull_request_reviews"] = call.flag("can_approve_pull_request_reviews", false);
  change_settings(forge, call.repository, changes);
  return {204, {}, {}};
}

HttpResponse immutable_releases(Forge& forge, const Call& call) {
  if (settings_of(forge, call.repository)["immutable_releases"] != true) throw not_found();
  return json_response(200, {{"enabled", true}, {"enforced_by_owner", false}});
}

HttpResponse switch_immutable_releases(Forge& forge, const Call& call) {
  change_settings(forge, call.repository, {{"immutable_releases", call.request.method == "PUT"}});
  return {204, {}, {}};
}

}  // namespace

Json settings_of(const Forge& forge, const std::string& repository) {
  Json settings = {{"allow_squash_merge", true},
                   {"allow_merge_commit", true},
                   {"allow_rebase_merge", false},
                   {"enabled", true},
                   {"allowed_actions", "all"},
                   {"default_workflow_permissions", "read"},
                   {"can_approve_pull_request_reviews", false},
                   {"immutable_releases", true}};
  if (const auto stored = forge.state().find(document(repository))) settings.update(*stored);
  return settings;
}

void change_settings(Forge& forge, const std::string& repository, const Json& changes) {
  Json stored = forge.state().find(document(repository)).value_or(Json::object());
  stored.update(changes);
  forge.state().put(document(repository), stored);
}

std::map<std::string, std::string> usual_permissions(const Forge& forge, const std::string& repository) {
  if (settings_of(forge, repository)["default_workflow_permissions"] == "read")
    return {{"contents", "read"}, {"packages", "read"}};
  std::map<std::string, std::string> all;
  for (const char* scope : {"actions", "attestations", "checks", "contents", "deployments", "discussions", "issues",
                            "packages", "pages", "pull-requests", "statuses"})
    all[scope] = "write";
  return all;
}

std::vector<Route> settings_routes() {
  const std::string actions_path = "/repos/{owner}/{repo}/actions/permissions";
  const std::string releases = "/repos/{owner}/{repo}/immutable-releases";
  const std::vector<std::string> read{"administration:read"};
  const std::vector<std::string> write{"administration:write"};
  return {{"GET", actions_path, read, {}, actions, Access::kHolders},
          {"PUT", actions_path, write, {"enabled", "allowed_actions"}, set_actions},
          {"GET", actions_path + "/workflow", read, {}, job_tokens, Access::kHolders},
          {"PUT",
           actions_path + "/workflow",
           write,
           {"default_workflow_permissions", "can_approve_pull_request_reviews"},
           set_job_tokens},
          {"GET", releases, read, {}, immutable_releases, Access::kHolders},
          {"PUT", releases, write, {}, switch_immutable_releases},
          {"DELETE", releases, write, {}, switch_immutable_releases}};
}

}  // namespace waybill::sandbox
