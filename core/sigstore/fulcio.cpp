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
  const Json body = {{"credentials", {{"oidcIdentityToken", identity_token}}},
                     {"publicKeyRequest",
                      {{"publicKey", {{"algorithm", "ECDSA"}, {"content", key.public_key().pem()}}},
                       {"proofOfPossession", to_base64(key.sign(proof_of_possession_challenge(identity_token)))}}}};
  const http::Request request{.method = "POST",
                              .url = fmt::format("{}/api/v2/signingCert", base_url),
                              .headers = {{"content-type", "application/json"}, {"accept", "application/json"}},
                              .body = canonical(body),
                              .answer_limit = 1024 * 1024};
  const http::Response response = exchange(client, request, "Fulcio", {200, 201}, identity_token);
  try {
    const Json answer = parse_json(response.body, "Fulcio's answer");
    const auto certificate = crypto::Certificate::from_pem(chain_of(answer).front().get<std::string>());
    if (certificate.public_key().der() != key.public_key().der())
      throw Error(Fault::kRemote, "the certificate is for another key than the one sent");
    return certificate;
  } catch (const Error& error) {
    throw Error(Fault::kRemote, "Fulcio: POST {}: {}", request.url, error.what());
  }
}

}  // namespace waybill::sigstore
