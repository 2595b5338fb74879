#include "testing/virtual_sigstore.h"

#include <algorithm>
#include <chrono>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/sigstore/keyless.h"

namespace waybill::testing {
namespace {

constexpr std::string_view kCertificateAuthority = "https://fulcio.virtual.example";
constexpr std::string_view kTimestampAuthority = "https://timestamp.virtual.example/api/v1/timestamp";
constexpr std::string_view kLog = "https://rekor.virtual.example";
constexpr std::string_view kNewLog = "https://log2026.virtual.example";
constexpr std::string_view kCertificateLog = "https://ctfe.virtual.example/2026";

Json authority_json(std::string_view uri, const VirtualChain& chain, const std::string& start) {
  Json certificates = Json::array();
  for (const crypto::Certificate& certificate : chain.certificates)
    certificates.push_back({{"rawBytes", to_base64(certificate.der())}});
  return {{"subject", {{"organization", "virtual.example"}, {"commonName", "virtual"}}},
          {"uri", uri},
          {"certChain", {{"certificates", certificates}}},
          {"validFor", {{"start", start}}}};
}

Json log_json(std::string_view url, const crypto::PublicKey& key, const std::string& start) {
  return {{"baseUrl", url},
          {"hashAlgorithm", "SHA2_256"},
          {"publicKey",
           {{"rawBytes", to_base64(key.der())},
            {"keyDetails", "PKIX_ECDSA_P256_SHA_256"},
            {"validFor", {{"start", start}}}}},
          {"logId", {{"keyId", to_base64(crypto::sha256(key.der()).bytes())}}}};
}

Json service_json(std::string_view url, const std::string& start) {
  return {{"url", url}, {"majorApiVersion", 1}, {"validFor", {{"start", start}}}, {"operator", "virtual.example"}};
}

void want_header(const http::Request& request, const std::string& name, std::string_view wanted) {
  const auto found = request.headers.find(name);
  if (found == request.headers.end() || found->second != wanted)
    throw Error(Fault::kInternal, "virtual Sigstore: {} {} without `{}: {}`", request.method, request.url, name,
                wanted);
}

}  // namespace

VirtualSigstore::VirtualSigstore()
    : now_(parse_rfc3339("2026-11-21T12:00:00Z")),
      start_(now_ - std::chrono::days(365)),
      authority_(kIssuer, start_),
      timestamp_chain_(make_timestamp_chain(start_)),
      log_(std::string(kLog.substr(kLog.rfind('/') + 1))),
      new_log_(std::string(kNewLog.substr(kNewLog.rfind('/') + 1))) {}

std::string VirtualSigstore::trusted_root_json() const {
  const std::string start = to_rfc3339(start_);
  return canonical(
      {{"mediaType", "application/vnd.dev.sigstore.trustedroot+json;version=0.1"},
       {"tlogs", Json::array({log_json(kLog, log_.key(), start), log_json(kNewLog, new_log_.key(), start)})},
       {"ctlogs", Json::array({log_json(kCertificateLog, authority_.certificate_log_key(), start)})},
       {"certificateAuthorities", Json::array({authority_json(kCertificateAuthority, authority_.chain(), start)})},
       {"timestampAuthorities", Json::array({authority_json(kTimestampAuthority, timestamp_chain_, start)})}});
}

sigstore::TrustedRoot VirtualSigstore::trusted_root() const {
  return sigstore::TrustedRoot::parse(trusted_root_json());
}

std::string VirtualSigstore::signing_config_json() const {
  const std::string start = to_rfc3339(start_);
  return canonical({{"mediaType", "application/vnd.dev.sigstore.signingconfig.v0.2+json"},
                    {"caUrls", Json::array({service_json(kCertificateAuthority, start)})},
                    {"oidcUrls", Json::array({service_json(kIssuer, start)})},
                    {"rekorTlogUrls", Json::array({service_json(kLog, start)})},
                    {"tsaUrls", Json::array({service_json(kTimestampAuthority, start)})},
                    {"rekorTlogConfig", {{"selector", "ANY"}}},
                    {"tsaConfig", {{"selector", "ANY"}}}});
}

sigstore::SigningConfig VirtualSigstore::signing_config() const {
  return sigstore::SigningConfig::parse(signing_config_json(), now_);
}

sigstore::SigningConfig VirtualSigstore::new_signing_config() const {
  Json config = parse_json(signing_config_json(), "signing config");
  config["rekorTlogUrls"].push_back(config["rekorTlogUrls"][0]);
  config["rekorTlogUrls"][1].update({{"url", kNewLog}, {"majorApiVersion", 2}, {"operator", "another.example"}});
  return sigstore::SigningConfig::parse(canonical(config), now_);
}

sigstore::Bundle VirtualSigstore::sign(const sigstore::Artifact& artifact, const sigstore::Identity& claims) {
  return sigstore::sign_keyless(signing_config(), *this, token(claims), artifact);
}

sigstore::Bundle VirtualSigstore::sign(const intoto::Statement& statement, const sigstore::Identity& claims) {
  return sign(intoto::serialise(statement), std::string(intoto::kPayloadType), claims);
}

sigstore::Bundle VirtualSigstore::sign(std::string payload, std::string payload_type,
                                       const sigstore::Identity& claims) {
  return sigstore::sign_keyless(signing_config(), *this, token(claims), std::move(payload), std::move(payload_type));
}

http::Response VirtualSigstore::send(const http::Request& request) {
  requests.push_back(request.method + " " + request.url);
  const auto is_asked = [&](const std::string& service) { return request.url.starts_with(service); };
  if (std::ranges::any_of(faults.down, is_asked)) return {.status = 503, .headers = {}, .body = "down"};
  if (refused_ < faults.unavailable) {
    ++refused_;
    return {.status = 503, .headers = {}, .body = "busy"};
  }
  refused_ = 0;
  try {
    return answer(request);
  } catch (const Error& error) {
    if (error.fault() == Fault::kInternal) throw;
    const int status = error.fault() == Fault::kPermission ? 401 : 400;
    return {.status = status, .headers = {}, .body = canonical({{"code", status}, {"message", error.what()}})};
  }
}

http::Response VirtualSigstore::answer(const http::Request& request) {
  const std::string entries = fmt::format("{}/api/v1/log/entries", kLog);
  if (request.method == "GET" && request.url.starts_with(entries + "/"))
    return log_.get(request.url.substr(entries.size() + 1));
  if (request.method == "POST" && request.url == kTimestampAuthority) return stamp(request);
  if (request.method == "POST" && request.url == entries) {
    want_header(request, "content-type", "application/json");
    return log_.post(request, now_, faults);
  }
  if (request.method == "POST" && request.url == fmt::format("{}/api/v2/log/entries", kNewLog)) {
    want_header(request, "content-type", "application/json");
    return new_log_.post_v2(request, now_, faults);
  }
  if (request.method == "POST" && request.url == fmt::format("{}/api/v1/signingCert", kCertificateAuthority))
    return authority_.sign_certificate_v1(request, now_, faults);
  if (request.method == "POST" && request.url == fmt::format("{}/api/v2/signingCert", kCertificateAuthority)) {
    if (faults.first_api_only) return {.status = 404, .headers = {}, .body = "404 page not found"};
    want_header(request, "content-type", "application/json");
    return authority_.sign_certificate(request, now_, faults);
  }
  throw Error(Fault::kInternal, "virtual Sigstore: nobody answers {} {}", request.method, request.url);
}

http::Response VirtualSigstore::stamp(const http::Request& request) const {
  want_header(request, "content-type", "application/timestamp-query");
  std::string query = request.body;
  if (faults.timestamp_request) faults.timestamp_request(query);
  const VirtualChain chain = faults.foreign_timestamp_authority ? make_timestamp_chain(start_) : timestamp_chain_;
  return {
      .status = 201,
      .headers = {{"content-type", "application/timestamp-reply"}},
      .body = crypto::timestamp_response(query, chain.certificates.front(), chain.key, now_ + faults.timestamp_offset)};
}

}  // namespace waybill::testing
