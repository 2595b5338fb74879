#include "core/sandbox/environments.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/sandbox/api.h"
#include "core/sandbox/render.h"
#include "core/sandbox/run_workflow.h"

// Environments over REST: which branches and tags they are for.
namespace waybill::sandbox {
namespace {

constexpr std::string_view kOfWaybill = "waybill-";
constexpr std::string_view kBranches = "refs/heads/";
constexpr std::string_view kTags = "refs/tags/";

std::string document(const std::string& repository, const std::string& name) {
  return Forge::document(repository, "environments/of-" + percent_encode(name));
}

Json limited_to_chosen() {
  return {{"protected_branches", false}, {"custom_branch_policies", true}};
}

void save(Forge& forge, const std::string& repository, Json stored) {
  stored["updated_at"] = forge.now();
  forge.state().put(document(repository, stored["name"]), stored);
}

Json made(Forge& forge, const std::string& name) {
  return {{"id", 500'000 + forge.state().next("environments")},
          {"name", name},
          {"created_at", forge.now()},
          {"deployment_branch_policy", nullptr},
          {"policies", Json::array()}};
}

Json policy(Forge& forge, const std::string& name, const std::string& type) {
  const long id = 600'000 + forge.state().next("branch-policies");
  return {{"id", id}, {"node_id", render::node_id("DBP", std::to_string(id))}, {"name", name}, {"type", type}};
}

Json existing(const Forge& forge, const Call& call) {
  const auto found = forge.state().find(document(call.repository, call.path.at("environment")));
  if (!found) throw not_found();
  return *found;
}

Json rendered(const Call& call, const Json& stored) {
  const std::string name = stored["name"];
  Json rules = Json::array();
  if (!stored["deployment_branch_policy"].is_null())
    rules.push_back(
        {{"id", stored["id"]}, {"node_id", render::node_id("GA", stored["id"].dump())}, {"type", "branch_policy"}});
  return {{"id", stored["id"]},
          {"node_id", render::node_id("EN", stored["id"].dump())},
          {"name", name},
          {"url", render::repository_url(call.base, call.repository) + "/environments/" + percent_encode(name)},
          {"html_url", render::web_url(call.base, call.repository) +
                           "/deployments/activity_log?environments_filter=" + percent_encode(name)},
          {"created_at", stored["created_at"]},
          {"updated_at", stored["updated_at"]},
          {"can_admins_bypass", true},
          {"protection_rules", rules},
          {"deployment_branch_policy", stored["deployment_branch_policy"]}};
}

HttpResponse list(Forge& forge, const Call& call) {
  std::vector<Json> all;
  for (const auto& [name, stored] : forge.state().below(Forge::document(call.repository, "environments/")))
    all.push_back(rendered(call, stored));
  return paged(call, all, "environments");
}

HttpResponse get(Forge& forge, const Call& call) {
  return json_response(200, rendered(call, existing(forge, call)));
}

HttpResponse keep(Forge& forge, const Call& call) {
  const std::string& name = call.path.at("environment");
  const auto known = forge.state().find(document(call.repository, name));
  Json stored = known ? *known : made(forge, name);
  const Json wanted = call.body.value("deployment_branch_policy", Json());
  if (!wanted.is_null() && (wanted.value("protected_branches", false) == wanted.value("custom_branch_policies", false)))
    throw Refusal(422, "protected_branches and custom_branch_policies cannot have the same value");
  stored["deployment_branch_policy"] = wanted;
  save(forge, call.repository, stored);
  return json_response(200, rendered(call, existing(forge, call)));
}

HttpResponse remove(Forge& forge, const Call& call) {
  const std::string name = existing(forge, call)["name"];
  for (const char* kind : {"secrets", "variables"})
    for (const std::string& kept : forge.setting_names(kind, call.repository, name))
      forge.drop_setting(kind, call.repository, name, kept);
  forge.state().remove(document(call.repository, name));
  return {204, {}, {}};
}

HttpResponse policies(Forge& forge, const Call& call) {
  const Json stored = existing(forge, call);
  if (stored["deployment_branch_policy"] != limited_to_chosen()) throw not_found();
  return paged(call, stored["policies"].get<std::vector<Json>>(), "branch_policies");
}

HttpResponse add_policy(Forge& forge, const Call& call) {
  Json stored = existing(forge, call);
  if (stored["deployment_branch_policy"] != limited_to_chosen()) throw not_found();
  const Json one = policy(forge, call.text("name"), call.optional_text("type").value_or("branch"));
  stored["policies"].push_back(one);
  save(forge, call.repository, stored);
  return json_response(200, one);
}

HttpResponse remove_policy(Forge& forge, const Call& call) {
  Json stored = existing(forge, call);
  Json kept = Json::array();
  for (const Json& one : stored["policies"])
    if (one["id"] != call.number("policy")) kept.push_back(one);
  if (kept.size() == stored["policies"].size()) throw not_found();
  stored["policies"] = kept;
  save(forge, call.repository, stored);
  return {204, {}, {}};
}

}  // namespace

void keep_environment(Forge& forge, const std::string& repository, const std::string& name) {
  if (has_environment(forge, repository, name)) return;
  Json stored = made(forge, name);
  if (name.starts_with(kOfWaybill)) {
    stored["deployment_branch_policy"] = limited_to_chosen();
    stored["policies"].push_back(policy(forge, forge.repository(repository)->default_branch, "branch"));
  }
  save(forge, repository, stored);
}

bool has_environment(const Forge& forge, const std::string& repository, const std::string& name) {
  return forge.state().find(document(repository, name)).has_value();
}

bool admits(const Forge& forge, const std::string& repository, const std::string& environment, const std::string& ref) {
  const auto stored = forge.state().find(document(repository, environment));
  if (!stored || (*stored)["deployment_branch_policy"].is_null()) return true;
  // Of classic protection, which the sandbox has not: no branch is protected.
  if ((*stored)["deployment_branch_policy"] != limited_to_chosen()) return false;
  return std::ranges::any_of((*stored)["policies"], [&ref](const Json& one) {
    const std::string_view beginning = one["type"] == "tag" ? kTags : kBranches;
    return ref.starts_with(beginning) &&
           matches_branch(one["name"].get<std::string>(), std::string_view(ref).substr(beginning.size()));
  });
}

std::vector<Route> environment_routes() {
  const std::string all = "/repos/{owner}/{repo}/environments";
  const std::string one = all + "/{environment}";
  const std::string branches = one + "/deployment-branch-policies";
  const std::vector<std::string> read{"actions:read"};
  const std::vector<std::string> write{"administration:write"};
  return {{"GET", all, read, {}, list},
          {"GET", one, read, {}, get},
          {"PUT", one, write, {"deployment_branch_policy"}, keep},
          {"DELETE", one, write, {}, remove},
          {"GET", branches, read, {}, policies},
          {"POST", branches, write, {"name", "type"}, add_policy},
          {"DELETE", branches + "/{policy}", write, {}, remove_policy}};
}

}  // namespace waybill::sandbox
