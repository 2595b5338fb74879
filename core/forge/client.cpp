#include "core/forge/client.h"

#include <thread>

#include "core/base/encoding.h"
#include "core/base/repository_name.h"
#include "core/base/text.h"
#include "core/forge/exchange.h"
#include "core/forge/read.h"

namespace waybill::forge {
namespace {

constexpr std::size_t kMostSummary = 65'535;

}  // namespace

void sleep_for(std::chrono::milliseconds duration) {
  std::this_thread::sleep_for(duration);
}

Client::Client(http::Client& http, Address address, Pause pause)
    : http_(http), address_(std::move(address)), pause_(std::move(pause)) {
  http::origin(address_.api_url);
  if (!is_repository_name(address_.repository))
    throw Error(Fault::kInput, "`{}` is not a repository, which is OWNER/NAME", address_.repository);
}

Client::Client(http::Client& http, Address address, std::string token, Pause pause)
    : Client(http, std::move(address), std::move(pause)) {
  token_ = std::move(token);
  if (token_.empty())
    throw Error(Fault::kPermission, "there is no token for {}", address_.repository).hint("token: ${{ github.token }}");
}

Client Client::anonymous(http::Client& http, Address address, Pause pause) {
  return {http, std::move(address), std::move(pause)};
}

Exchange Client::api() const {
  return {http_, address_, token_, pause_};
}

RepositoryInfo Client::repository() const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path(""),
                  .what = "repository " + address_.repository,
                  .permission = "metadata: read",
                  .redirects = 3};
  return api.read(call, api.send(call), read_repository);
}

std::vector<CheckRun> Client::check_runs(const Oid& commit) const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path("/commits/" + commit.hex() + "/check-runs?per_page=100"),
                  .what = "checks of commit " + commit.shortened(),
                  .permission = "checks: read"};
  std::vector<CheckRun> runs;
  for (const Json& item : api.list(call, "check_runs"))
    runs.push_back(api.understood(call, [&] { return read_check_run(item); }));
  return runs;
}

CheckRun Client::create_check(const std::string& name, const Oid& head, const std::string& conclusion,
                              const std::string& title, const std::string& summary,
                              const std::string& external_id) const {
  const Exchange api = this->api();
  const Call call{.method = "POST",
                  .path = api.repository_path("/check-runs"),
                  .what = "check `" + name + "` of commit " + head.shortened(),
                  .permission = "checks: write",
                  .body = Json{{"name", name},
                               {"head_sha", head.hex()},
                               {"status", "completed"},
                               {"conclusion", conclusion},
                               {"external_id", external_id},
                               {"output", {{"title", title}, {"summary", shortened(summary, kMostSummary)}}}}};
  return api.create<CheckRun>(call, read_check_run, [&]() -> std::optional<CheckRun> {
    for (CheckRun& run : check_runs(head))
      if (run.name == name && run.external_id == external_id && run.conclusion == conclusion) return std::move(run);
    return std::nullopt;
  });
}

}  // namespace waybill::forge
