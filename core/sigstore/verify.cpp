#include "core/sigstore/verify.h"

#include <algorithm>

#include "core/sigstore/failures.h"
#include "core/sigstore/identity.h"
#include "core/sigstore/material.h"
#include "core/sigstore/media_type.h"

namespace waybill::sigstore {
namespace {

// Signers hash with SHA-256 whatever their curve, newer ones with the curve's own.
constexpr std::string_view kSignatureHashes[] = {"sha256", "sha384"};

std::string encoding_of(const Envelope& envelope) {
  return intoto::pre_authentication_encoding(envelope.payload_type, envelope.payload);
}

bool is_signed_by(const SignedContent& content) {
  if (content.key.kind() == "Ed25519") return content.key.verifies(content.content.bytes(), content.signature);
  return std::ranges::any_of(kSignatureHashes, [&](std::string_view hash) {
    const auto digest = content.content.digests().find(std::string(hash));
    return digest != content.content.digests().end() && content.key.verifies(digest->second, content.signature);
  });
}

void check_signature(const SignedContent& content, Failures& failures) {
  if (is_signed_by(content)) return;
  failures.add(Check::kSignature, fmt::format("signature: {} does not verify with the {} key",
                                              content.envelope != nullptr ? "the envelope's" : "the artifact's",
                                              content.certificate != nullptr ? "certificate's" : "given"));
}

std::optional<intoto::Statement> statement_of(const Envelope& envelope, Failures& failures) {
  if (envelope.payload_type != intoto::kPayloadType)
    failures.add(Check::kPayloadType, fmt::format("statement: the payload type is `{}`, `{}` is wanted",
                                                  envelope.payload_type, intoto::kPayloadType));
  std::optional<intoto::Statement> statement;
  noting(failures, "statement", [&] { statement = intoto::parse_statement(envelope.payload); });
  return statement;
}

// "Two DigestSets match if ANY of the fields match" (in-toto DigestSet v1).
Digest subject_for(const Artifact& artifact, const std::optional<intoto::Statement>& statement, Failures& failures) {
  if (statement)
    for (const auto& [algorithm, digest] : artifact.digests())
      if (statement->is_about(digest)) return digest;
  failures.add(Check::kArtifact, fmt::format("artifact: {} is no subject of the statement", artifact.name()));
  return artifact.digests().begin()->second;
}

Digest message_digest(const Artifact& artifact, const MessageSignature& message, Failures& failures) {
  if (!message.digest) return artifact.digests().begin()->second;
  Digest known = artifact.digest(message.digest->algorithm());
  if (*message.digest != known)
    failures.add(Check::kMessageDigest,
                 fmt::format("artifact: the bundle was made for {}, this is {}", message.digest->text(), known.text()));
  return known;
}

// What a public repository signs can be looked up by everybody (trust.md T23).
void check_visibility(const Identity& identity, const TrustedRoot& root, Failures& failures) {
  if (identity.visibility == "public" && (root.logs.empty() || root.certificate_logs.empty()))
    failures.add(Check::kPublicWithoutLog,
                 "identity: the repository was public, and the trusted root demands no log entry and no SCT");
}

Time earliest(const std::vector<TrustedTime>& times) {
  return times.empty() ? Time{} : std::ranges::min(times, {}, &TrustedTime::at).at;
}

const std::string& signature_of(const Bundle::Content& content) {
  return std::visit([](const auto& form) -> const std::string& { return form.signature; }, content);
}

// What was found out of a signature, whoever made it and over what.
struct Examined {
  std::vector<TrustedTime> times;
  std::optional<Identity> identity;            // none: by the managed key
  std::optional<intoto::Statement> statement;  // none: a message, or none that can be read
};

// `artifact` is what a message signature is over, `key` what a bundle without a certificate was signed with.
Examined examine(const Material& material, int bundle_version, const Bundle::Content& content, const Artifact* artifact,
                 const std::optional<crypto::PublicKey>& key, const TrustedRoot& root, Failures& failures) {
  const auto* envelope = std::get_if<Envelope>(&content);
  const crypto::Certificate* leaf = material.certificates.empty() ? nullptr : &material.certificates.front();
  Examined examined;
  noting(failures, "certificate", [&] {
    const SignedContent signed_content{envelope,
                                       envelope != nullptr ? Artifact::of_bytes(encoding_of(*envelope)) : *artifact,
                                       signature_of(content), leaf, leaf != nullptr ? leaf->public_key() : *key};
    examined.times = check_material(material, bundle_version, signed_content, root, failures);
    noting(failures, "signature", [&] { check_signature(signed_content, failures); });
  });
  if (leaf != nullptr)
    noting(failures, "identity", [&] {
      examined.identity = identity_of(*leaf, failures);
      check_visibility(*examined.identity, root, failures);
    });
  else if (envelope != nullptr && !envelope->key_id.empty() && envelope->key_id != material.key_hint)
    failures.add(Check::kKeyHint, fmt::format("bundle: the envelope's key id is `{}`, the key's hint `{}`",
                                              envelope->key_id, material.key_hint));
  if (envelope != nullptr) examined.statement = statement_of(*envelope, failures);
  return examined;
}

}  // namespace

VerifiedStatement::VerifiedStatement(intoto::Statement statement, Identity identity, Time time, Digest link)
    : statement_(std::move(statement)), identity_(std::move(identity)), time_(time), link_(std::move(link)) {}

Verdict Verifier::verify(const Bundle& bundle) const {
  if (!std::holds_alternative<Envelope>(bundle.content_))
    return {{"bundle: holds a `messageSignature`, a `dsseEnvelope` is wanted"}, std::nullopt};
  if (bundle.material_.certificates.empty())
    return {{"bundle: signed with a managed key (`publicKey`), a certificate is wanted"}, std::nullopt};
  Failures failures;
  Examined examined = examine(bundle.material_, bundle_minor_version(bundle.media_type_), bundle.content_, nullptr,
                              std::nullopt, root_, failures);
  if (!failures.empty() || !examined.statement) return {std::move(failures).texts(), std::nullopt};
  return {{},
          VerifiedStatement(std::move(*examined.statement), std::move(*examined.identity), earliest(examined.times),
                            bundle.link())};
}

ArtifactVerdict Verifier::verify(const Bundle& bundle, const Artifact& artifact,
                                 const std::optional<crypto::PublicKey>& key) const {
  const bool is_keyless = !bundle.material_.certificates.empty();
  if (is_keyless && key)
    return {{"bundle: signed with a certificate, a signature with the given key is wanted"}, std::nullopt};
  if (!is_keyless && !key)
    return {{"bundle: signed with a managed key (`publicKey`), which has to be given to be trusted"}, std::nullopt};
  Failures failures;
  Examined examined = examine(bundle.material_, bundle_minor_version(bundle.media_type_), bundle.content_, &artifact,
                              key, root_, failures);
  std::optional<Digest> digest;
  noting(failures, "artifact", [&] {
    const auto* message = std::get_if<MessageSignature>(&bundle.content_);
    digest = message != nullptr ? message_digest(artifact, *message, failures)
                                : subject_for(artifact, examined.statement, failures);
  });
  if (!failures.empty() || !digest) return {std::move(failures).texts(), std::nullopt};
  VerifiedArtifact verified(std::move(*digest), signature_of(bundle.content_), earliest(examined.times));
  verified.identity_ = std::move(examined.identity);
  verified.statement_ = std::move(examined.statement);
  return {{}, std::move(verified)};
}

}  // namespace waybill::sigstore
