#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/issue.h"
#include "core/sandbox/api.h"
#include "core/sandbox/authority.h"

namespace waybill::sandbox {
namespace {

constexpr std::string_view kAudience = "sigstore";
constexpr std::string_view kCodeSigning = "1.3.6.1.5.5.7.3.3";
constexpr std::string_view kFulcio = "1.3.6.1.4.1.57264.1.";
constexpr std::chrono::minutes kValidity{10};

// google.rpc.Status, as the gateway in front of Fulcio writes it.
HttpResponse refused(int status, int code, const std::string& why) {
  return json_response(status, {{"code", code}, {"message", why}, {"details", Json::array()}});
}

// In the body, or as a bearer token: clients do either.
std::string identity_token(const HttpRequest& request, const Json& body) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string header = request.header("authorization");
  if (!body.contains("credentials") && header.starts_with(kBearer)) return header.substr(kBearer.size());
  return string_member(member(body, "credentials", "request for a certificate"), "oidcIdentityToken", "credentials");
}

crypto::CertificateRequest authority_request(const std::string& name, int path_length) {
  crypto::CertificateRequest request;
  request.organisation = kOrganisation;
  request.common_name = name;
  request.not_before = parse_rfc3339(kTrustedFrom);
  request.not_after = parse_rfc3339(kTrustedUntil);
  request.authority = true;
  request.path_length = path_length;
  request.key_usages = {"keyCertSign", "cRLSign"};
  return request;
}

crypto::Certificate make_root(const crypto::PrivateKey& key) {
  return crypto::issue(authority_request("waybill-sandbox root", 1), key.public_key(), key, nullptr);
}

crypto::Certificate make_intermediate(const crypto::PrivateKey& key, const crypto::PrivateKey& root_key,
                                      const crypto::Certificate& root) {
  crypto::CertificateRequest request = authority_request("waybill-sandbox intermediate", 0);
  request.extended_usages = {std::string(kCodeSigning)};
  return crypto::issue(request, key.public_key(), root_key, &root);
}

// Fulcio's oid-info: 1 to 6 are raw text, from 8 on DER UTF8Strings.
std::vector<crypto::CertificateExtension> extensions(const Json& claims, const std::string& server) {
  const auto claim = [&](std::string_view name) { return string_member(claims, name, "identity token"); };
  const auto at_server = [&](const std::string& path) { return server + "/" + path; };
  const std::string run =
      fmt::format("{}/actions/runs/{}/attempts/{}", claim("repository"), claim("run_id"), claim("run_attempt"));
  const std::vector<std::pair<int, std::string>> values = {
      {1, claim("iss")},
      {2, claim("event_name")},
      {3, claim("sha")},
      {4, claim("workflow")},
      {5, claim("repository")},
      {6, claim("ref")},
      {8, claim("iss")},
      {9, at_server(claim("job_workflow_ref"))},
      {10, claim("job_workflow_sha")},
      {11, claim("runner_environment")},
      {12, at_server(claim("repository"))},
      {13, claim("sha")},
      {14, claim("ref")},
      {15, claim("repository_id")},
      {16, at_server(claim("repository_owner"))},
      {17, claim("repository_owner_id")},
      {18, at_server(claim("workflow_ref"))},
      {19, claim("workflow_sha")},
      {20, claim("event_name")},
      {21, at_server(run)},
      {22, claim("repository_visibility")},
      {23, claims.value("environment", std::string())},
      {24, claim("sub")},
  };
  std::vector<crypto::CertificateExtension> list;
  for (const auto& [number, value] : values)
    if (!value.empty())
      list.push_back(
          {std::string(kFulcio) + std::to_string(number), number < 8 ? value : crypto::utf8_string_der(value), false});
  return list;
}

}  // namespace

CertificateAuthority::CertificateAuthority(const Safe& safe, const Clock& clock, const Issuer& issuer,
                                           const CertificateLog& log, std::string server_url)
    : clock_(clock),
      issuer_(issuer),
      log_(log),
      server_url_(std::move(server_url)),
      root_key_(safe.key("root", [] { return crypto::PrivateKey::generate_p256(); })),
      root_(safe.certificate("root", [this] { return make_root(root_key_); })),
      key_(safe.key("intermediate", [] { return crypto::PrivateKey::generate_p256(); })),
      intermediate_(safe.certificate("intermediate", [this] { return make_intermediate(key_, root_key_, root_); })) {}

HttpResponse CertificateAuthority::answer(const HttpRequest& request) const {
  if (request.path == "/fulcio/api/v2/trustBundle" && request.method == "GET")
    return json_response(200, {{"chains", Json::array({{{"certificates", {intermediate_.pem(), root_.pem()}}}})}});
  if (request.path != "/fulcio/api/v2/signingCert" || request.method != "POST") return refused(404, 5, "Not Found");
  try {
    return sign(request);
  } catch (const Error& error) {
    return error.fault() == Fault::kUntrusted ? refused(401, 16, error.what()) : refused(400, 3, error.what());
  }
}

HttpResponse CertificateAuthority::sign(const HttpRequest& request) const {
  const Json body = parse_json(request.body, "request for a certificate", {64 * 1024, 8});
  const Json claims = issuer_.verified_claims(identity_token(request, body), kAudience);
  const Json& wanted = member(body, "publicKeyRequest", "request for a certificate");
  const Json& described = member(wanted, "publicKey", "publicKeyRequest");
  if (const std::string algorithm = string_member(described, "algorithm", "publicKey"); algorithm != "ECDSA")
    throw Error(Fault::kInput, "publicKey.algorithm is `{}`, this authority certifies ECDSA keys", algorithm);
  const auto key = crypto::PublicKey::from_pem(string_member(described, "content", "publicKey"));
  // "The signature over the `email` or `sub` claim proves possession of the private key" (fulcio.proto).
  const std::string proof = from_base64(string_member(wanted, "proofOfPossession", "publicKeyRequest"));
  if (!key.verifies(string_member(claims, "sub", "identity token"), proof))
    throw Error(Fault::kInput, "proofOfPossession is not a signature over the token's subject by the given key");
  const Json chain = {certify(key, claims).pem(), intermediate_.pem(), root_.pem()};
  return json_response(200, {{"signedCertificateEmbeddedSct", {{"chain", {{"certificates", chain}}}}}});
}

crypto::Certificate CertificateAuthority::certify(const crypto::PublicKey& key, const Json& claims) const {
  crypto::CertificateRequest request;
  request.not_before = clock_.now();
  request.not_after = request.not_before + kValidity;
  request.key_usages = {"digitalSignature"};
  request.extended_usages = {std::string(kCodeSigning)};
  request.uris = {server_url_ + "/" + string_member(claims, "job_workflow_ref", "identity token")};
  request.extensions = extensions(claims, server_url_);
  return crypto::issue_with_scts(request, key, key_, intermediate_, [&](std::string_view tbs) {
    return log_.promise(tbs, intermediate_, request.not_before);
  });
}

}  // namespace waybill::sandbox
