#include "core/sigstore/keyless.h"

#include "core/base/error.h"
#include "core/intoto/statement.h"
#include "core/sigstore/fulcio.h"
#include "core/sigstore/rekor.h"
#include "core/sigstore/timestamp_authority.h"

namespace waybill::sigstore {
namespace {

template <class Ask>
auto answers(const Selection& selection, std::string_view kind, Ask&& ask) {
  std::vector<decltype(ask(selection.candidates.front()))> given;
  std::vector<std::string> failures;
  for (const Service& service : selection.candidates) {
    if (given.size() == selection.wanted) break;
    try {
      given.push_back(ask(service));
    } catch (const Error& error) {
      if (error.fault() != Fault::kRemote) throw;
      failures.emplace_back(error.what());
    }
  }
  if (given.size() < selection.wanted)
    throw Error(Fault::kRemote, "{} of the {} {} wanted answered: {}", given.size(), selection.wanted, kind,
                fmt::join(failures, "; "))
        .hint(kRunAgain);
  return given;
}

struct Ephemeral {
  crypto::PrivateKey key;
  crypto::Certificate certificate;
};

Ephemeral new_signer(const SigningConfig& config, http::Client& client, const std::string& identity_token) {
  crypto::PrivateKey key = crypto::PrivateKey::generate_p256();
  std::vector<crypto::Certificate> certificates = answers(
      config.certificate_authorities, "certificate authorities",
      [&](const Service& authority) { return request_certificate(client, authority.url, identity_token, key); });
  return {std::move(key), std::move(certificates.front())};
}

Material witnessed(const SigningConfig& config, http::Client& client, const SignedContent& content) {
  Material material{.certificates = {*content.certificate}};
  material.timestamps = answers(config.timestamp_authorities, "timestamp authorities", [&](const Service& authority) {
    return request_timestamp(client, authority.url, content.signature);
  });
  material.entries = answers(config.logs, "logs", [&](const Service& log) { return record(client, log, content); });
  return material;
}

}  // namespace

Bundle sign_keyless(const SigningConfig& config, http::Client& client, const std::string& identity_token,
                    std::string payload, std::string payload_type) {
  const Ephemeral signer = new_signer(config, client, identity_token);
  std::string encoding = intoto::pre_authentication_encoding(payload_type, payload);
  std::string signature = signer.key.sign(encoding);
  Envelope envelope{
      .payload = std::move(payload), .payload_type = std::move(payload_type), .signature = std::move(signature)};
  const SignedContent content{&envelope, Artifact::of_bytes(std::move(encoding)), envelope.signature,
                              &signer.certificate, signer.key.public_key()};
  Material material = witnessed(config, client, content);
  return Bundle::assemble(std::move(material), std::move(envelope));
}

Bundle sign_keyless(const SigningConfig& config, http::Client& client, const std::string& identity_token,
                    const Artifact& artifact) {
  const Ephemeral signer = new_signer(config, client, identity_token);
  const Digest digest = artifact.digest("sha256");
  MessageSignature message{.digest = digest, .signature = signer.key.sign(digest)};
  const SignedContent content{nullptr, artifact, message.signature, &signer.certificate, signer.key.public_key()};
  Material material = witnessed(config, client, content);
  return Bundle::assemble(std::move(material), std::move(message));
}

}  // namespace waybill::sigstore
