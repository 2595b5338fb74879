#include "core/base/encoding.h"
#include "core/forge/exchange.h"
#include "core/forge/read.h"

namespace waybill::forge {

std::vector<Deployment> Client::deployments(const Oid& commit, const std::string& environment) const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path("/deployments?per_page=100&sha=" + commit.hex() +
                                              "&environment=" + percent_encode(environment)),
                  .what = "deployments of " + commit.shortened() + " to `" + environment + "`",
                  .permission = "deployments: read"};
  std::vector<Deployment> found;
  for (const Json& item : api.list(call)) found.push_back(api.understood(call, [&] { return read_deployment(item); }));
  return found;
}

Deployment Client::create_deployment(const Oid& commit, const std::string& environment, const Json& payload) const {
  const Exchange api = this->api();
  const Call call{.method = "POST",
                  .path = api.repository_path("/deployments"),
                  .what = "deployment of " + commit.shortened() + " to `" + environment + "`",
                  .permission = "deployments: write",
                  .body = Json{{"ref", commit.hex()},
                               {"environment", environment},
                               {"auto_merge", false},
                               {"required_contexts", Json::array()},
                               {"payload", payload}}};
  return api.create<Deployment>(call, read_deployment, [&]() -> std::optional<Deployment> {
    for (Deployment& deployment : deployments(commit, environment))
      if (deployment.payload == payload) return std::move(deployment);
    return std::nullopt;
  });
}

std::optional<std::string> Client::deployment_state(const Deployment& deployment) const {
  const Exchange api = this->api();
  const std::vector<Json> statuses =
      api.list({.path = api.repository_path(fmt::format("/deployments/{}/statuses?per_page=1", deployment.id)),
                .what = fmt::format("status of deployment {}", deployment.id),
                .permission = "deployments: read"});
  if (statuses.empty()) return std::nullopt;
  return text_or_empty(statuses.front(), "state");
}

void Client::create_deployment_status(const Deployment& deployment, const std::string& state) const {
  const Exchange api = this->api();
  const Call call{.method = "POST",
                  .path = api.repository_path(fmt::format("/deployments/{}/statuses", deployment.id)),
                  .what = fmt::format("status `{}` of deployment {}", state, deployment.id),
                  .permission = "deployments: write",
                  .body = Json{{"state", state}}};
  api.create<bool>(
      call, [](const Json&) { return true; },
      [&]() -> std::optional<bool> {
        return deployment_state(deployment) == state ? std::optional(true) : std::nullopt;
      });
}

}  // namespace waybill::forge
