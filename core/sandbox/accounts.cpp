#include "core/sandbox/api.h"
#include "core/sandbox/identity.h"
#include "core/sandbox/render.h"

// Users and rate limits over REST.
namespace waybill::sandbox {
namespace {

constexpr long kHourlyLimit = 15'000;

Json public_user(Forge& forge, const Account& account, const std::string& base) {
  const auto document = forge.state().find("accounts/" + account.login);
  const std::string created = document ? (*document)["created_at"].get<std::string>() : forge.now();
  Json body = render::account(account, base);
  body.update({{"name", account.login},
               {"company", Json()},
               {"blog", ""},
               {"location", Json()},
               {"email", Json()},
               {"hireable", Json()},
               {"bio", Json()},
               {"public_repos", 0},
               {"public_gists", 0},
               {"followers", 0},
               {"following", 0},
               {"created_at", created},
               {"updated_at", created}});
  return body;
}

HttpResponse own(Forge& forge, const Call& call) {
  if (call.token->kind != TokenKind::kUser) throw Refusal(403, "Resource not accessible by integration");
  return json_response(200, public_user(forge, holder(forge, *call.token), call.base));
}

HttpResponse by_name(Forge& forge, const Call& call) {
  const auto account = forge.known_account(call.path.at("username"));
  if (!account) throw not_found();
  return json_response(200, public_user(forge, *account, call.base));
}

HttpResponse rate_limit(Forge& forge, const Call&) {
  const auto reset = (forge.clock().now().time_since_epoch().count() / 3600 + 1) * 3600;
  const Json rate = {{"limit", kHourlyLimit}, {"used", 0}, {"remaining", kHourlyLimit}, {"reset", reset}};
  return json_response(200, {{"rate", rate}, {"resources", {{"core", rate}, {"search", rate}}}});
}

}  // namespace

std::vector<Route> account_routes() {
  return {
      {"GET", "/user", {}, {}, own},
      {"GET", "/users/{username}", {}, {}, by_name, Access::kNobody},
      {"GET", "/rate_limit", {}, {}, rate_limit, Access::kNobody},
  };
}

}  // namespace waybill::sandbox
