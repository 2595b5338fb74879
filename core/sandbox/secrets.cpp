#include <algorithm>

#include "core/sandbox/api.h"
#include "core/sandbox/environments.h"

// The names of secrets over REST; what they say is told to jobs alone.
namespace waybill::sandbox {
namespace {

// Whose they are, by how the path ends.
std::string kind_of(const Call& call) {
  if (call.request.path.find("/dependabot/") != std::string::npos) return "dependabot-secrets";
  return call.request.path.find("/organization-secrets") != std::string::npos ? "organization-secrets" : "secrets";
}

std::string environment_of(const Forge& forge, const Call& call) {
  const auto named = call.path.find("environment");
  if (named == call.path.end()) return {};
  if (!has_environment(forge, call.repository, named->second)) throw not_found();
  return named->second;
}

HttpResponse list(Forge& forge, const Call& call) {
  std::vector<Json> all;
  const std::string created = forge.repository(call.repository)->created_at;
  for (const std::string& name : forge.setting_names(kind_of(call), call.repository, environment_of(forge, call)))
    all.push_back({{"name", name}, {"created_at", created}, {"updated_at", created}});
  return paged(call, all, "secrets");
}

HttpResponse remove(Forge& forge, const Call& call) {
  const std::string& name = call.path.at("secret");
  const std::string environment = environment_of(forge, call);
  const auto names = forge.setting_names(kind_of(call), call.repository, environment);
  if (std::ranges::find(names, name) == names.end()) throw not_found();
  forge.drop_setting(kind_of(call), call.repository, environment, name);
  return {204, {}, {}};
}

}  // namespace

std::vector<Route> secret_routes() {
  const std::string repository = "/repos/{owner}/{repo}";
  const std::string own = repository + "/actions/secrets";
  const std::string environment = repository + "/environments/{environment}/secrets";
  const std::string dependabot = repository + "/dependabot/secrets";
  return {
      {"GET", own, {"secrets:read"}, {}, list, Access::kHolders},
      {"DELETE", own + "/{secret}", {"secrets:write"}, {}, remove},
      {"GET", repository + "/actions/organization-secrets", {"secrets:read"}, {}, list, Access::kHolders},
      {"GET", environment, {"environments:read"}, {}, list, Access::kHolders},
      {"DELETE", environment + "/{secret}", {"environments:write"}, {}, remove},
      {"GET", dependabot, {"dependabot_secrets:read"}, {}, list, Access::kHolders},
      {"DELETE", dependabot + "/{secret}", {"dependabot_secrets:write"}, {}, remove},
  };
}

}  // namespace waybill::sandbox
