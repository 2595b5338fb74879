#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/issue.h"
#include "core/sandbox/api.h"
#include "core/sandbox/authority.h"

namespace waybill::sandbox {
namespace {

constexpr std::string_view kTimeStamping = "1.3.6.1.5.5.7.3.8";
constexpr std::size_t kSha256Size = 32;

crypto::CertificateRequest request_for(const std::string& name) {
  crypto::CertificateRequest request;
  request.organisation = kOrganisation;
  request.common_name = name;
  request.not_before = parse_rfc3339(kTrustedFrom);
  request.not_after = parse_rfc3339(kTrustedUntil);
  return request;
}

crypto::Certificate make_root(const crypto::PrivateKey& key) {
  crypto::CertificateRequest request = request_for("waybill-sandbox time root");
  request.authority = true;
  request.path_length = 0;
  request.key_usages = {"keyCertSign", "cRLSign"};
  return crypto::issue(request, key.public_key(), key, nullptr);
}

crypto::Certificate make_leaf(const crypto::PrivateKey& key, const crypto::PrivateKey& root_key,
                              const crypto::Certificate& root) {
  crypto::CertificateRequest request = request_for("waybill-sandbox time");
  request.key_usages = {"digitalSignature"};
  // RFC 3161 §2.3: "This extension MUST be critical".
  request.extended_usages = {std::string(kTimeStamping)};
  request.extended_usage_critical = true;
  return crypto::issue(request, key.public_key(), root_key, &root);
}

}  // namespace

TimestampAuthority::TimestampAuthority(const Safe& safe, const Clock& clock)
    : clock_(clock),
      root_key_(safe.key("time-root", [] { return crypto::PrivateKey::generate_p256(); })),
      root_(safe.certificate("time-root", [this] { return make_root(root_key_); })),
      key_(safe.key("time", [] { return crypto::PrivateKey::generate_p256(); })),
      leaf_(safe.certificate("time", [this] { return make_leaf(key_, root_key_, root_); })) {}

HttpResponse TimestampAuthority::answer(const HttpRequest& request) const {
  if (request.path == "/tsa/api/v1/timestamp/certchain" && request.method == "GET")
    return {200, {{"Content-Type", "application/pem-certificate-chain"}}, leaf_.pem() + root_.pem()};
  if (request.path != "/tsa/api/v1/timestamp" || request.method != "POST")
    return json_response(404, {{"code", 404}, {"message", "Not Found"}});
  try {
    const bool json = request.header("content-type").starts_with("application/json");
    std::string stamp;
    if (json) {
      const Json body = parse_json(request.body, "time-stamp request", {64 * 1024, 8});
      const std::string algorithm = string_member(body, "hashAlgorithm", "time-stamp request");
      const std::string digest = from_base64(string_member(body, "artifactHash", "time-stamp request"));
      if (algorithm != "sha256" || digest.size() != kSha256Size)
        throw Error(Fault::kInput, "hashAlgorithm `{}` with {} bytes, wanted sha256 with {}", algorithm, digest.size(),
                    kSha256Size);
      stamp = crypto::timestamp_response_over_digest(digest, leaf_, key_, clock_.now());
    } else {
      stamp = crypto::timestamp_response(request.body, leaf_, key_, clock_.now());
    }
    return {201, {{"Content-Type", "application/timestamp-reply"}}, stamp};
  } catch (const Error& error) {
    return json_response(400, {{"code", 400}, {"message", error.what()}});
  }
}

}  // namespace waybill::sandbox
