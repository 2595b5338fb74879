#include "core/forge/app_token.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/crypto/key.h"
#include "core/forge/exchange.h"
#include "core/forge/read.h"

namespace waybill::forge {
namespace {

// RFC 7519, signed as RFC 7518 section 3.3 has it. The forge's clock may be behind, so `iat` lies a minute back.
std::string signed_claims(const std::string& app_id, const std::string& private_key_pem, Time now) {
  const auto seconds = now.time_since_epoch().count();
  const Json header{{"alg", "RS256"}, {"typ", "JWT"}};
  const Json claims{{"iat", seconds - 60}, {"exp", seconds + 9 * 60}, {"iss", app_id}};
  const std::string text = to_base64url(header.dump()) + "." + to_base64url(claims.dump());
  return text + "." + to_base64url(crypto::PrivateKey::from_pem(private_key_pem).sign(text));
}

// The API writes `pull_requests` where workflows write `pull-requests`.
Json api_names(const std::map<std::string, std::string>& permissions) {
  Json names = Json::object();
  for (const auto& [permission, level] : permissions) {
    std::string name = permission;
    std::ranges::replace(name, '-', '_');
    names[name] = level;
  }
  return names;
}

// Of what is wanted, what the App was not given here, with what it was; nothing where the forge does not say.
std::vector<std::string> lacking(const Json& installation, const std::map<std::string, std::string>& wanted) {
  std::vector<std::string> names;
  const auto held = installation.find("permissions");
  if (held == installation.end() || !held->is_object()) return names;
  const Json asked = api_names(wanted);
  for (const auto& [permission, level] : asked.items()) {
    const auto found = held->find(permission);
    if (found == held->end() || (level == "write" && *found == "read"))
      names.push_back(fmt::format("`{}: {}` (it has {})", permission, level.get<std::string>(),
                                  found == held->end() ? "none" : found->dump()));
  }
  return names;
}

void check_installation(const Json& installation, const std::string& slug, const std::string& repository,
                        const std::map<std::string, std::string>& wanted) {
  const auto suspended = installation.find("suspended_at");
  if (suspended != installation.end() && suspended->is_string())
    throw Error(Fault::kPermission, "the App `{}` is suspended on {} since {}", slug, repository,
                suspended->get<std::string>())
        .hint("where the App is installed, Configure: Unsuspend");
  if (const auto names = lacking(installation, wanted); !names.empty())
    throw Error(Fault::kPermission, "the App `{}` lacks {} on {}", slug, fmt::join(names, ", "), repository)
        .hint("grant that on the App's page, Permissions; then accept it where the App is installed");
}

}  // namespace

AppToken::AppToken(http::Client& http, std::string api_url, std::string value, std::string login)
    : http_(&http), api_url_(std::move(api_url)), value_(std::move(value)), login_(std::move(login)) {}

AppToken::AppToken(AppToken&& other) noexcept
    : http_(std::exchange(other.http_, nullptr)),
      api_url_(std::move(other.api_url_)),
      value_(std::move(other.value_)),
      login_(std::move(other.login_)) {}

AppToken::~AppToken() {
  if (http_ == nullptr) return;
  try {
    const Address address{.api_url = api_url_, .repository = {}};
    const Pause pause = sleep_for;
    Exchange(*http_, address, value_, pause)
        .send({.method = "DELETE", .path = "/installation/token", .what = "token", .permission = {}});
  } catch (const std::exception&) {
    // It ends by itself within the hour.
  }
}

AppToken AppToken::mint(http::Client& http, const Address& address, const std::string& app_id,
                        const std::string& private_key_pem, const std::map<std::string, std::string>& permissions,
                        Time now) {
  const std::string jwt = signed_claims(app_id, private_key_pem, now);
  const Pause pause = sleep_for;
  const Exchange api(http, address, jwt, pause);

  const Call find{.path = api.repository_path("/installation"),
                  .what = "installation of the App on " + address.repository,
                  .permission = {}};
  const http::Response found = api.send(find);
  if (found.status == 404)
    throw Error(Fault::kPermission, "the App `{}` is not installed on {}", app_id, address.repository)
        .hint("install it: the App's page, Install App, and choose this repository");
  const Json installation = api.read(find, found, [](Json json) { return json; });

  const std::string repository = address.repository.substr(address.repository.find('/') + 1);
  const auto [id, slug] = api.understood(find, [&] {
    return std::pair(read_number(installation, "id", find.what), string_member(installation, "app_slug", find.what));
  });
  check_installation(installation, slug, address.repository, permissions);
  const Call call{.method = "POST",
                  .path = fmt::format("/app/installations/{}/access_tokens", id),
                  .what = "token of the App `" + slug + "` for " + address.repository,
                  .permission = {},
                  .body = Json{{"repositories", Json::array({repository})}, {"permissions", api_names(permissions)}},
                  .repeatable = true};
  const http::Response answer = api.send(call);
  if (answer.status == 404)
    throw Error(Fault::kPermission, "the App `{}` is not installed on {} any more ({} to {})", slug, address.repository,
                answer.status, call.path)
        .hint("install it: the App's page, Install App, and choose this repository");
  if (answer.status == 403 || answer.status == 422)
    throw Error(Fault::kPermission, "{}: the forge does not give one with these permissions ({}: {})", call.what,
                answer.status, words(answer))
        .hint("the App's page, Permissions: grant " + api_names(permissions).dump());
  return {http, address.api_url,
          api.read(call, answer, [&](const Json& json) { return string_member(json, "token", call.what); }),
          slug + "[bot]"};
}

}  // namespace waybill::forge
