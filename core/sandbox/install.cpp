#include <memory>

#include "core/sandbox/api.h"
#include "core/sandbox/attestations.h"
#include "core/sandbox/git_http.h"
#include "core/sandbox/operator.h"

namespace waybill::sandbox {

void Forge::install(HttpServer& server) {
  const auto api = std::make_shared<Api>(*this);
  const Handler rest = [api](const HttpRequest& request) { return api->answer(request); };
  server.route("/api/v3/", rest);
  server.route("/api/uploads/", rest);
  server.route("/", [this](const HttpRequest& request) { return answer_git(*this, request); });
  const Handler by_operator = [this](const HttpRequest& request) { return answer_operator(*this, request); };
  for (const char* prefix :
       {"/_sandbox/users", "/_sandbox/apps", "/_sandbox/repositories", "/_sandbox/clock", "/_sandbox/lag"})
    server.route(prefix, by_operator);
  serve_bundles(*this, server);
}

}  // namespace waybill::sandbox
