#include "testing/virtual_authority.h"

#include <chrono>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/crypto/hash.h"
#include "core/sigstore/certificate_path.h"
#include "core/sigstore/identity.h"

namespace waybill::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kWhat = "certificate request";
constexpr std::string_view kTimeStamping = "1.3.6.1.5.5.7.3.8";
constexpr std::string_view kOrganisation = "virtual.example";
constexpr std::chrono::days kLife{3650};

VirtualChain make_chain(const crypto::CertificateRequest& below, Time start) {
  const crypto::PrivateKey root_key = crypto::PrivateKey::generate_p256();
  const crypto::Certificate root = crypto::issue({.organisation = std::string(kOrganisation),
                                                  .common_name = below.common_name + " root",
                                                  .not_before = start,
                                                  .not_after = start + kLife,
                                                  .authority = true,
                                                  .path_length = 1,
                                                  .key_usages = {"keyCertSign", "cRLSign"},
                                                  .extended_usages = {},
                                                  .uris = {},
                                                  .extensions = {}},
                                                 root_key.public_key(), root_key, nullptr);
  crypto::PrivateKey key = crypto::PrivateKey::generate_p256();
  const crypto::Certificate certificate = crypto::issue(below, key.public_key(), root_key, &root);
  return {.key = std::move(key), .certificates = {certificate, root}};
}

std::string tls_vector(std::string_view bytes) {
  return std::string{static_cast<char>(bytes.size() >> 8U), static_cast<char>(bytes.size() & 0xffU)} +
         std::string(bytes);
}

std::string tls_of(const sigstore::Sct& sct) {
  std::string bytes(1, '\0');
  bytes += sct.log_id;
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes += static_cast<char>(sct.timestamp >> static_cast<unsigned>(shift) & 0xffU);
  return bytes + tls_vector(sct.extensions) + "\x04\x03" + tls_vector(sct.signature);
}

crypto::CertificateRequest leaf_request(const Json& claims, Time now) {
  crypto::CertificateRequest request{.organisation = "",
                                     .common_name = "",
                                     .not_before = now,
                                     .not_after = now + 10min,
                                     .authority = false,
                                     .key_usages = {"digitalSignature"},
                                     .extended_usages = {std::string(sigstore::kCodeSigning)},
                                     .uris = {},
                                     .extensions = {}};
  if (claims.contains("subject")) request.uris = {claims["subject"].get<std::string>()};
  const Json& identity = claims["identity"];
  request.extensions.push_back({.oid = sigstore::identity_oid(1), .der = identity["8"].get<std::string>()});
  for (const auto& [number, name, ignored] : sigstore::kIdentityExtensions)
    if (const auto value = identity.find(std::to_string(number)); value != identity.end())
      request.extensions.push_back(
          {.oid = sigstore::identity_oid(number), .der = crypto::utf8_string_der(value->get<std::string>())});
  return request;
}

void require_possession(const crypto::PublicKey& key, const Json& claims, std::string_view proof) {
  if (!key.verifies(claims.at("sub").get<std::string>(), from_base64(proof)))
    throw Error(Fault::kInput, "the proof of possession does not verify");
}

}  // namespace

VirtualChain make_signing_chain(Time start) {
  return make_chain({.organisation = std::string(kOrganisation),
                     .common_name = "signing",
                     .not_before = start,
                     .not_after = start + kLife,
                     .authority = true,
                     .path_length = 0,
                     .key_usages = {"keyCertSign", "cRLSign"},
                     .extended_usages = {std::string(sigstore::kCodeSigning)},
                     .uris = {},
                     .extensions = {}},
                    start);
}

VirtualChain make_timestamp_chain(Time start) {
  return make_chain({.organisation = std::string(kOrganisation),
                     .common_name = "timestamps",
                     .not_before = start,
                     .not_after = start + kLife,
                     .authority = false,
                     .key_usages = {"digitalSignature"},
                     .extended_usages = {std::string(kTimeStamping)},
                     .extended_usage_critical = true,
                     .uris = {},
                     .extensions = {}},
                    start);
}

VirtualAuthority::VirtualAuthority(std::string issuer, Time start)
    : issuer_(std::move(issuer)), start_(start), chain_(make_signing_chain(start)) {}

std::string VirtualAuthority::token(const sigstore::Identity& identity, Time now) const {
  const std::int64_t issued = now.time_since_epoch().count();
  Json claims = {{"iss", issuer_},
                 {"aud", "sigstore"},
                 {"sub", "run of " + identity.subject},
                 {"iat", issued},
                 {"exp", issued + 3600},
                 {"identity", {{"8", identity.issuer.empty() ? issuer_ : identity.issuer}}}};
  if (!identity.subject.empty()) claims["subject"] = identity.subject;
  for (const auto& [number, name, member] : sigstore::kIdentityExtensions)
    if (!(identity.*member).empty()) claims["identity"][std::to_string(number)] = identity.*member;
  const std::string text = to_base64url(R"({"alg":"virtual"})") + "." + to_base64url(canonical(claims));
  return text + "." + to_base64url(token_key_.sign(text));
}

Json VirtualAuthority::claims_of(const std::string& token, Time now) const {
  const std::size_t end = token.rfind('.');
  const std::string text = token.substr(0, end);
  if (!token_key_.public_key().verifies(text, from_base64url(token.substr(end + 1))))
    throw Error(Fault::kPermission, "the identity token's signature does not verify");
  const Json claims = parse_json(from_base64url(text.substr(text.find('.') + 1)), kWhat);
  const std::int64_t seconds = now.time_since_epoch().count();
  if (claims.at("aud") != "sigstore" || claims.at("iat") > seconds || claims.at("exp") < seconds)
    throw Error(Fault::kPermission, "the identity token is for another audience or time");
  return claims;
}

crypto::Certificate VirtualAuthority::certificate(const Json& claims, const crypto::PublicKey& key, Time now,
                                                  const VirtualFaults& faults) const {
  crypto::CertificateRequest request = leaf_request(claims, now);
  if (faults.certificate) faults.certificate(request);
  const VirtualChain chain = faults.foreign_certificate_authority ? make_signing_chain(start_) : chain_;
  const crypto::Certificate& issuer = chain.certificates.front();
  if (faults.without_sct) return crypto::issue(request, key, chain.key, &issuer);
  return crypto::issue_with_scts(request, key, chain.key, issuer, [&](std::string_view precertificate) {
    sigstore::Sct sct{.log_id = crypto::sha256(log_key_.public_key().der()).bytes(),
                      .timestamp = static_cast<std::uint64_t>(now.time_since_epoch().count()) * 1000 + 7,
                      .extensions = "leaf index",
                      .hash = "sha256",
                      .signature = ""};
    std::string issuer_key_hash = crypto::sha256(issuer.public_key().der()).bytes();
    std::string tbs(precertificate);
    if (faults.sct_signed) faults.sct_signed(sct, issuer_key_hash, tbs);
    sct.signature = log_key_.sign(sigstore::sct_signed_bytes(sct, issuer_key_hash, tbs));
    if (faults.sct_embedded) faults.sct_embedded(sct);
    return tls_vector(tls_vector(tls_of(sct)));
  });
}

http::Response VirtualAuthority::sign_certificate_v1(const http::Request& request, Time now,
                                                     const VirtualFaults& faults) const {
  constexpr std::string_view kBearer = "Bearer ";
  const auto header = request.headers.find("authorization");
  if (header == request.headers.end() || !header->second.starts_with(kBearer))
    throw Error(Fault::kPermission, "no identity token");
  const Json claims = claims_of(header->second.substr(kBearer.size()), now);
  const Json body = parse_json(request.body, kWhat);
  const auto key =
      crypto::PublicKey::from_der(from_base64(string_member(member(body, "publicKey", kWhat), "content", kWhat)));
  require_possession(key, claims, string_member(body, "signedEmailAddress", kWhat));
  std::string chain = certificate(claims, key, now, faults).pem();
  for (const crypto::Certificate& above : chain_.certificates) chain += above.pem();
  return {.status = 201, .headers = {{"content-type", "application/pem-certificate-chain"}}, .body = chain};
}

http::Response VirtualAuthority::sign_certificate(const http::Request& request, Time now,
                                                  const VirtualFaults& faults) const {
  const Json body = parse_json(request.body, kWhat);
  const Json claims = claims_of(string_member(member(body, "credentials", kWhat), "oidcIdentityToken", kWhat), now);
  const Json& key_request = member(body, "publicKeyRequest", kWhat);
  const auto key =
      crypto::PublicKey::from_pem(string_member(member(key_request, "publicKey", kWhat), "content", kWhat));
  require_possession(key, claims, string_member(key_request, "proofOfPossession", kWhat));
  Json certificates = Json::array({certificate(claims, key, now, faults).pem()});
  for (const crypto::Certificate& above : chain_.certificates) certificates.push_back(above.pem());
  const std::string form = faults.without_sct ? "signedCertificateDetachedSct" : "signedCertificateEmbeddedSct";
  return {.status = 200, .headers = {}, .body = canonical({{form, {{"chain", {{"certificates", certificates}}}}}})};
}

}  // namespace waybill::testing
