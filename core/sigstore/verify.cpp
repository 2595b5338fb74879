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
  if (content.key.is_ed25519()) return content.key.verifies(content.content.bytes(), content.signature);
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

}  // namespace

VerifiedStatement::VerifiedStatement(intoto::Statement statement, Identity identity, Time time, Digest link)
    : statement_(std::move(statement)), identity_(std::move(identity)), time_(time), link_(std::move(link)) {}

Verdict Verifier::verify(const Bundle& bundle) const {
  const auto* envelope = std::get_if<Envelope>(&bundle.content_);
  if (envelope == nullptr) return {{"bundle: holds a `messageSignature`, a `dsseEnvelope` is wanted"}, std::nullopt};
  if (bundle.material_.certificates.empty())
    return {{"bundle: signed with a managed key (`publicKey`), a certificate is wanted"}, std::nullopt};
  const crypto::Certificate& leaf = bundle.material_.certificates.front();
  Failures failures;
  std::optional<intoto::Statement> statement;
  Identity identity;
  std::vector<TrustedTime> times;
  noting(failures, "certificate", [&] {
    const SignedContent content{envelope, Artifact::of_bytes(encoding_of(*envelope)), envelope->signature, &leaf,
                                leaf.public_key()};
    times = check_material(bundle.material_, bundle_minor_version(bundle.media_type_), content, root_, failures);
    noting(failures, "signature", [&] { check_signature(content, failures); });
  });
  noting(failures, "identity", [&] { identity = identity_of(leaf, failures); });
  check_visibility(identity, root_, failures);
  statement = statement_of(*envelope, failures);
  if (!failures.empty() || !statement) return {std::move(failures).texts(), std::nullopt};
  return {{}, VerifiedStatement(std::move(*statement), std::move(identity), earliest(times), bundle.link())};
}

ArtifactVerdict Verifier::verify(const Bundle& bundle, const Artifact& artifact,
                                 const std::optional<crypto::PublicKey>& key) const {
  const Material& material = bundle.material_;
  const bool is_keyless = !material.certificates.empty();
  if (is_keyless && key)
    return {{"bundle: signed with a certificate, a signature with the given key is wanted"}, std::nullopt};
  if (!is_keyless && !key)
    return {{"bundle: signed with a managed key (`publicKey`), which has to be given to be trusted"}, std::nullopt};

  const auto* envelope = std::get_if<Envelope>(&bundle.content_);
  const auto* message = std::get_if<MessageSignature>(&bundle.content_);
  Failures failures;
  std::vector<TrustedTime> times;
  noting(failures, "certificate", [&] {
    const crypto::Certificate* leaf = is_keyless ? &material.certificates.front() : nullptr;
    const SignedContent content{envelope, envelope != nullptr ? Artifact::of_bytes(encoding_of(*envelope)) : artifact,
                                envelope != nullptr ? envelope->signature : message->signature, leaf,
                                is_keyless ? leaf->public_key() : *key};
    times = check_material(material, bundle_minor_version(bundle.media_type_), content, root_, failures);
    noting(failures, "signature", [&] { check_signature(content, failures); });
  });
  std::optional<Identity> identity;
  if (is_keyless)
    noting(failures, "identity", [&] {
      identity = identity_of(material.certificates.front(), failures);
      check_visibility(*identity, root_, failures);
    });
  else if (envelope != nullptr && !envelope->key_id.empty() && envelope->key_id != material.key_hint)
    failures.add(Check::kKeyHint, fmt::format("bundle: the envelope's key id is `{}`, the key's hint `{}`",
                                              envelope->key_id, material.key_hint));
  std::optional<intoto::Statement> statement;
  std::optional<Digest> digest;
  if (envelope != nullptr) statement = statement_of(*envelope, failures);
  noting(failures, "artifact", [&] {
    digest =
        envelope != nullptr ? subject_for(artifact, statement, failures) : message_digest(artifact, *message, failures);
  });
  if (!failures.empty() || !digest) return {std::move(failures).texts(), std::nullopt};
  VerifiedArtifact verified(std::move(*digest), earliest(times));
  verified.identity_ = std::move(identity);
  verified.statement_ = std::move(statement);
  return {{}, std::move(verified)};
}

}  // namespace waybill::sigstore
