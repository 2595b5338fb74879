#include "core/sigstore/sign.h"

#include "core/base/error.h"
#include "core/sigstore/fulcio.h"
#include "core/sigstore/keyless.h"
#include "core/sigstore/rekor.h"
#include "core/sigstore/timestamp_authority.h"

namespace waybill::sigstore {

Bundle sign_keyless(const SigningConfig& config, http::Client& client, const std::string& identity_token,
                    std::string payload, std::string payload_type) {
  const crypto::PrivateKey key = crypto::PrivateKey::generate_p256();
  const crypto::Certificate certificate =
      request_certificate(client, config.certificate_authority, identity_token, key);
  std::string signature = key.sign(intoto::pre_authentication_encoding(payload_type, payload));
  std::vector<std::string> timestamps;
  for (const std::string& authority : config.timestamp_authorities)
    timestamps.push_back(request_timestamp(client, authority, signature));
  Envelope envelope{
      .payload = std::move(payload), .payload_type = std::move(payload_type), .signature = std::move(signature)};
  std::vector<LogEntry> entries;
  for (const std::string& log : config.logs) entries.push_back(record_envelope(client, log, envelope, certificate));
  return Bundle::assemble(
      {.certificates = {certificate}, .entries = std::move(entries), .timestamps = std::move(timestamps)},
      std::move(envelope));
}

Signer::Signer(SigningConfig config, const Verifier& verifier, http::Client& client,
               std::function<std::string()> identity_token)
    : config_(std::move(config)), verifier_(verifier), client_(client), identity_token_(std::move(identity_token)) {}

Signer::Signed Signer::sign(const intoto::Statement& statement) const {
  Bundle bundle = sign_keyless(config_, client_, identity_token_(), intoto::serialise(statement),
                               std::string(intoto::kPayloadType));
  Verdict verdict = verifier_.verify(Bundle::parse(bundle.json()));
  if (!verdict.statement)
    throw Error(Fault::kUntrusted, "the bundle just signed does not verify against the trusted root {}: {}",
                verifier_.root().digest.text(), fmt::join(verdict.failures, "; "));
  return {.bundle = std::move(bundle), .statement = std::move(*verdict.statement)};
}

}  // namespace waybill::sigstore
