#include "core/sigstore/fulcio.h"

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/sigstore/exchange.h"

namespace waybill::sigstore {
namespace {

constexpr std::string_view kClaims = "identity token";

Json claims_of(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
    throw Error(Fault::kInput, "the identity token is not a JSON Web Token of three parts");
  return parse_json(from_base64url(token.substr(first + 1, second - first - 1)), kClaims,
                    {.bytes = 64 * 1024, .depth = 8});
}

// A Fulcio without a certificate log answers under the detached name, with no timestamp.
const Json& chain_of(const Json& answer) {
  constexpr std::string_view kWhat = "Fulcio's answer";
  const std::string_view form = answer.is_object() && answer.contains("signedCertificateEmbeddedSct")
                                    ? "signedCertificateEmbeddedSct"
                                    : "signedCertificateDetachedSct";
  const Json& certificates = member(member(member(answer, form, kWhat), "chain", kWhat), "certificates", kWhat);
  if (!certificates.is_array() || certificates.empty() || !certificates.front().is_string())
    throw Error(Fault::kInput, "{}: `certificates` is not a list of PEM texts", kWhat);
  return certificates;
}

struct Proof {
  const crypto::PrivateKey& key;
  std::string_view identity_token;
  std::string signature;  // base64
};

http::Request request_of(const std::string& url, const Json& body) {
  return {.method = "POST",
          .url = url,
          .headers = {{"content-type", "application/json"}, {"accept", "application/json"}},
          .body = canonical(body),
          .answer_limit = 1024 * 1024};
}

// CreateSigningCertificateRequest of fulcio.proto.
http::Request current_request(const std::string& url, const Proof& proof) {
  return request_of(url, {{"credentials", {{"oidcIdentityToken", proof.identity_token}}},
                          {"publicKeyRequest",
                           {{"publicKey", {{"algorithm", "ECDSA"}, {"content", proof.key.public_key().pem()}}},
                            {"proofOfPossession", proof.signature}}}});
}

// The same of fulcio_legacy.proto, answered by the chain in PEM.
http::Request first_request(const std::string& url, const Proof& proof) {
  http::Request request =
      request_of(url, {{"publicKey", {{"algorithm", "ecdsa"}, {"content", to_base64(proof.key.public_key().der())}}},
                       {"signedEmailAddress", proof.signature}});
  request.headers["accept"] = "application/pem-certificate-chain";
  request.headers["authorization"] = fmt::format("Bearer {}", proof.identity_token);
  return request;
}

std::string first_of(const std::string& chain) {
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  const std::size_t end = chain.find(kEnd);
  return end == std::string::npos ? chain : chain.substr(0, end + kEnd.size());
}

}  // namespace

std::string proof_of_possession_challenge(std::string_view identity_token) {
  const Json claims = claims_of(identity_token);
  const auto verified = claims.is_object() ? claims.find("email_verified") : claims.end();
  const bool by_email = claims.is_object() && verified != claims.end() && verified->is_boolean() &&
                        verified->get<bool>() && claims.contains("email");
  return string_member(claims, by_email ? "email" : "sub", kClaims);
}

crypto::Certificate request_certificate(http::Client& client, std::string_view base_url,
                                        std::string_view identity_token, const crypto::PrivateKey& key) {
  const Proof proof{key, identity_token, to_base64(key.sign(proof_of_possession_challenge(identity_token)))};
  std::string url = fmt::format("{}/api/v2/signingCert", base_url);
  http::Response response = exchange(client, current_request(url, proof), "Fulcio", {200, 201, 404}, identity_token);
  const bool is_current = response.status != 404;
  if (!is_current) {
    url = fmt::format("{}/api/v1/signingCert", base_url);
    response = exchange(client, first_request(url, proof), "Fulcio", {200, 201}, identity_token);
  }
  try {
    const std::string pem = is_current
                                ? chain_of(parse_json(response.body, "Fulcio's answer")).front().get<std::string>()
                                : first_of(response.body);
    const auto certificate = crypto::Certificate::from_pem(pem);
    if (certificate.public_key().der() != key.public_key().der())
      throw Error(Fault::kRemote, "the certificate is for another key than the one sent");
    return certificate;
  } catch (const Error& error) {
    throw Error(Fault::kRemote, "Fulcio: POST {}: {}", url, error.what());
  }
}

}  // namespace waybill::sigstore
