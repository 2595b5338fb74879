#include <algorithm>

#include "core/base/encoding.h"
#include "core/crypto/key.h"
#include "core/sandbox/api.h"

namespace waybill::sandbox {
namespace {

constexpr std::chrono::seconds kLongestJwt = std::chrono::minutes(10);
constexpr std::chrono::seconds kClockSkew = std::chrono::minutes(1);

// "bearer x" or "token x"; of Basic the password.
std::string credential(const HttpRequest& request) {
  const std::string header = request.header("authorization");
  const std::size_t space = header.find(' ');
  if (space == std::string::npos) return header;
  return header.substr(space + 1);
}

Json jwt_part(std::string_view part) {
  return parse_json(from_base64url(part), "JWT", {64 * 1024, 8});
}

// RFC 7519 with RS256, as GitHub wants it of an App: `iat` not in the future, `exp` at most ten minutes on, `iss` the
// App.
long app_of_jwt(Forge& forge, const std::string& jwt) {
  const Refusal undecodable(401, "A JSON web token could not be decoded");
  const std::size_t first = jwt.find('.');
  const std::size_t second = jwt.find('.', first + 1);
  if (first == std::string::npos || second == std::string::npos) throw undecodable;
  try {
    const Json header = jwt_part(jwt.substr(0, first));
    const Json claims = jwt_part(jwt.substr(first + 1, second - first - 1));
    if (string_member(header, "alg", "JWT") != "RS256") throw undecodable;
    const Json& issuer = member(claims, "iss", "JWT");
    const std::string id = issuer.is_string() ? issuer.get<std::string>() : issuer.dump();
    const auto app = forge.state().find("apps/" + id);
    if (!app) throw Refusal(401, "Integration not found");
    const auto key = crypto::PublicKey::from_pem((*app)["public_key"].get<std::string>());
    if (!key.verifies(jwt.substr(0, second), from_base64url(jwt.substr(second + 1)))) throw undecodable;
    const auto now = forge.clock().now().time_since_epoch();
    const std::chrono::seconds issued(member(claims, "iat", "JWT").get<long>());
    const std::chrono::seconds expires(member(claims, "exp", "JWT").get<long>());
    if (issued > now + kClockSkew)
      throw Refusal(401,
                    "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
    if (expires <= now)
      throw Refusal(401,
                    "'Expiration time' claim ('exp') must be a numeric value representing the future time at "
                    "which the assertion expires");
    if (expires > now + kLongestJwt) throw Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
    return std::stol(id);
  } catch (const Refusal&) {
    throw;
  } catch (const std::exception&) {
    throw undecodable;
  }
}

bool reads_only(const Route& route) {
  return std::ranges::all_of(route.permissions, [](const std::string& wanted) { return wanted.ends_with(":read"); });
}

bool reaches(const Token& token, const HostedRepository& repository) {
  return token.repository.empty() || token.repository == repository.full_name;
}

bool holds(const Token& token, const Route& route) {
  if (route.permissions.empty()) return true;
  return std::ranges::any_of(route.permissions, [&](const std::string& wanted) {
    const std::size_t colon = wanted.find(':');
    return token.may(wanted.substr(0, colon), wanted.substr(colon + 1));
  });
}

Refusal forbidden(const Token& token, const Route& route) {
  Refusal refusal(403, token.kind == TokenKind::kUser ? "Resource not accessible by personal access token"
                                                      : "Resource not accessible by integration");
  std::string accepted;
  for (std::string wanted : route.permissions) {
    wanted[wanted.find(':')] = '=';
    accepted += (accepted.empty() ? "" : "; ") + wanted;
  }
  refusal.headers["x-accepted-github-permissions"] = accepted;
  return refusal;
}

}  // namespace

void authorise(Forge& forge, const Route& route, Call& call) {
  const std::string sent = credential(call.request);
  if (route.access == Access::kApp) {
    if (sent.empty()) throw Refusal(401, "Requires authentication");
    call.app = app_of_jwt(forge, sent);
    return;
  }
  if (!sent.empty()) {
    call.token = forge.tokens().find(sent);
    if (!call.token) throw Refusal(401, "Bad credentials");
  }
  if (call.repository.empty()) {
    if (route.access == Access::kToken && !call.token) throw Refusal(401, "Requires authentication");
    return;
  }
  const auto repository = forge.repository(call.repository);
  if (!repository) throw not_found();
  const bool visible = repository->visibility == "public";
  const bool reading = reads_only(route);
  const bool open = visible && route.access != Access::kHolders;
  if (route.access == Access::kNobody && visible) return;
  if (!call.token) {
    if (reading && open) return;
    throw visible ? Refusal(401, "Requires authentication") : not_found();
  }
  const Token& token = *call.token;
  if (token.kind == TokenKind::kUser && token.login == repository->owner.login) return;
  if (!reaches(token, *repository)) {
    if (reading && open) return;
    throw visible ? forbidden(token, route) : not_found();
  }
  if (token.kind == TokenKind::kUser && open && (reading || route.access == Access::kPeople)) return;
  if (!holds(token, route)) throw forbidden(token, route);
}

}  // namespace waybill::sandbox
