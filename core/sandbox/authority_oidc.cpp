#include <algorithm>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/sandbox/api.h"
#include "core/sandbox/authority.h"

namespace waybill::sandbox {
namespace {

constexpr std::chrono::seconds kLifetime{300};
constexpr std::chrono::seconds kBackdated{5};
constexpr std::size_t kTokenLimit = 64 * 1024;
constexpr std::string_view kTags = "refs/tags/";

// The content of the DER value with `tag` at the head of `der`, which is moved past it.
std::string_view take(std::string_view& der, char tag) {
  std::size_t header = 2;
  std::size_t size = der.size() < 2 ? 0 : static_cast<unsigned char>(der[1]);
  if (size > 0x80) {
    header += size - 0x80;
    size = 0;
    for (std::size_t i = 2; i < header && i < der.size(); ++i) size = size << 8U | static_cast<unsigned char>(der[i]);
  }
  if (der.empty() || der.front() != tag || header + size > der.size())
    throw Error(Fault::kInternal, "the issuer's public key is not the DER of an RSA key");
  const std::string_view content = der.substr(header, size);
  der.remove_prefix(header + size);
  return content;
}

// Modulus and exponent as RFC 7518 §6.3.1 wants them: "utilize the minimum number of octets".
std::string unsigned_integer(std::string_view& der) {
  std::string_view bytes = take(der, 0x02);
  while (bytes.size() > 1 && bytes.front() == '\0') bytes.remove_prefix(1);
  return to_base64url(bytes);
}

Json key_set(const crypto::PublicKey& key, const std::string& id) {
  const std::string der = key.der();
  std::string_view info = der;
  info = take(info, 0x30);
  take(info, 0x30);
  std::string_view bits = take(info, 0x03).substr(1);
  bits = take(bits, 0x30);
  const std::string modulus = unsigned_integer(bits);
  const std::string exponent = unsigned_integer(bits);
  return {{"keys",
           Json::array(
               {{{"kty", "RSA"}, {"alg", "RS256"}, {"use", "sig"}, {"kid", id}, {"n", modulus}, {"e", exponent}}})}};
}

std::string text(const Json& object, std::string_view key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end() || found->is_null()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string universally_unique() {
  const std::string hex = to_hex(crypto::random_bytes(16));
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4),
                     hex.substr(20));
}

// "repo:OWNER@ID/NAME@ID:" and what the job is bound to: its environment, a pull request, or the ref.
std::string subject(const Run& run, const std::string& owner_id, const std::string& id) {
  const std::size_t slash = run.repository.find('/');
  const std::string who =
      fmt::format("repo:{}@{}/{}@{}:", run.repository.substr(0, slash), owner_id, run.repository.substr(slash + 1), id);
  if (!run.environment.empty()) return who + "environment:" + percent_encode(run.environment);
  if (run.event.name == "pull_request") return who + "pull_request";
  return who + "ref:" + run.ref;
}

}  // namespace

Issuer::Issuer(const Safe& safe, const Clock& clock, std::string url)
    : clock_(clock),
      url_(std::move(url)),
      key_(safe.key("issuer", [] { return crypto::PrivateKey::generate_rsa2048(); })),
      key_id_(crypto::sha256(key_.public_key().der()).hex().substr(0, 40)) {}

std::string Issuer::admit(const Run& run) {
  std::string token = to_hex(crypto::random_bytes(24));
  const std::lock_guard lock(mutex_);
  admitted_.insert_or_assign(token, run);
  return token;
}

void Issuer::forget(const std::string& request_token) {
  const std::lock_guard lock(mutex_);
  admitted_.erase(request_token);
}

HttpResponse Issuer::answer(const HttpRequest& request) const {
  if (request.path == "/oidc/.well-known/openid-configuration")
    return json_response(200, {{"issuer", url_},
                               {"jwks_uri", url_ + "/jwks"},
                               {"subject_types_supported", {"public", "pairwise"}},
                               {"response_types_supported", {"id_token"}},
                               {"claims_supported", {"sub", "aud", "exp", "iat", "iss", "jti", "nbf"}},
                               {"id_token_signing_alg_values_supported", {"RS256"}},
                               {"scopes_supported", {"openid"}}});
  if (request.path == "/oidc/jwks") return json_response(200, key_set(key_.public_key(), key_id_));
  if (request.path == "/oidc/token") return token(request);
  return json_response(404, {{"message", "Not Found"}});
}

HttpResponse Issuer::token(const HttpRequest& request) const {
  const std::lock_guard lock(mutex_);
  const auto of_this_job = std::ranges::find_if(admitted_, [&](const auto& one) {
    return std::to_string(one.second.id) == request.parameter("run") &&
           request.header("authorization").ends_with(" " + one.first);
  });
  if (of_this_job == admitted_.end()) return json_response(401, {{"message", "no running job has this request token"}});
  const Run& run = of_this_job->second;
  std::string audience = request.parameter("audience");
  if (audience.empty())
    audience = url_.substr(0, url_.rfind('/')) + "/" + run.repository.substr(0, run.repository.find('/'));
  const std::string value = signed_token(claims(run, audience));
  return json_response(200, {{"count", value.size()}, {"value", value}});
}

Json Issuer::claims(const Run& run, const std::string& audience) const {
  const std::string what = fmt::format("payload of run {}", run.id);
  const Json& repository = member(run.event.payload, "repository", what);
  const std::string id = text(repository, "id");
  const std::string owner_id = text(member(repository, "owner", what), "id");
  const Json sender = run.event.payload.value("sender", Json::object());
  const Json pull = run.event.payload.value("pull_request", Json::object());
  const long now = clock_.now().time_since_epoch().count();
  Json claims = {{"jti", universally_unique()},
                 {"sub", subject(run, owner_id, id)},
                 {"aud", audience},
                 {"iss", url_},
                 {"nbf", now - kBackdated.count()},
                 {"iat", now},
                 {"exp", now + kLifetime.count()},
                 {"ref", run.ref},
                 {"ref_type", run.ref.starts_with(kTags) ? "tag" : "branch"},
                 {"ref_protected", "false"},
                 {"sha", run.sha},
                 {"repository", run.repository},
                 {"repository_id", id},
                 {"repository_owner", run.repository.substr(0, run.repository.find('/'))},
                 {"repository_owner_id", owner_id},
                 {"repository_visibility", text(repository, "visibility")},
                 {"run_id", std::to_string(run.id)},
                 {"run_number", std::to_string(run.id)},
                 {"run_attempt", std::to_string(run.attempt)},
                 {"actor", run.event.actor},
                 {"actor_id", text(sender, "id")},
                 {"workflow", run.workflow_name.empty() ? run.workflow : run.workflow_name},
                 {"workflow_ref", run.workflow_ref},
                 {"workflow_sha", run.workflow_sha},
                 {"job_workflow_ref", run.workflow_ref},
                 {"job_workflow_sha", run.workflow_sha},
                 {"event_name", run.event.name},
                 {"head_ref", pull.empty() ? std::string() : text(pull.value("head", Json::object()), "ref")},
                 {"base_ref", pull.empty() ? std::string() : text(pull.value("base", Json::object()), "ref")},
                 {"runner_environment", "github-hosted"}};
  if (!run.environment.empty()) claims["environment"] = run.environment;
  return claims;
}

std::string Issuer::signed_token(const Json& claims) const {
  const Json header = {{"alg", "RS256"}, {"kid", key_id_}, {"typ", "JWT"}};
  const std::string signed_part = to_base64url(canonical(header)) + "." + to_base64url(canonical(claims));
  return signed_part + "." + to_base64url(key_.sign(signed_part));
}

Json Issuer::verified_claims(std::string_view token, std::string_view audience) const {
  const std::size_t first = token.find('.');
  const std::size_t second = token.rfind('.');
  if (token.size() > kTokenLimit || first == std::string_view::npos || first == second)
    throw Error(Fault::kUntrusted, "the identity token is not a JSON Web Signature of three parts");
  const Json header = parse_json(from_base64url(token.substr(0, first)), "header of the identity token");
  if (text(header, "alg") != "RS256" || text(header, "kid") != key_id_)
    throw Error(Fault::kUntrusted,
                "the identity token names algorithm `{}` and key `{}`, not RS256 and this issuer's key",
                text(header, "alg"), text(header, "kid"));
  if (!key_.public_key().verifies(token.substr(0, second), from_base64url(token.substr(second + 1))))
    throw Error(Fault::kUntrusted, "the identity token's signature does not verify");
  Json claims = parse_json(from_base64url(token.substr(first + 1, second - first - 1)), "claims of the identity token");
  const long now = clock_.now().time_since_epoch().count();
  if (text(claims, "iss") != url_)
    throw Error(Fault::kUntrusted, "the identity token is by `{}`, wanted `{}`", text(claims, "iss"), url_);
  if (text(claims, "aud") != audience)
    throw Error(Fault::kUntrusted, "the identity token is for audience `{}`, wanted `{}`", text(claims, "aud"),
                audience);
  if (now >= member(claims, "exp", "identity token").get<long>() ||
      now < member(claims, "nbf", "identity token").get<long>())
    throw Error(Fault::kUntrusted, "the identity token is not valid at {}", to_rfc3339(clock_.now()));
  return claims;
}

}  // namespace waybill::sandbox
