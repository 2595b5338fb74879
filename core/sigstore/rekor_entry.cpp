#include "core/sigstore/rekor_entry.h"

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/crypto/hash.h"
#include "core/sigstore/hash_output.h"
#include "core/sigstore/message.h"

namespace waybill::sigstore {
namespace {

constexpr JsonLimits kLimits{.bytes = 32 * 1024 * 1024, .depth = 16};

Digest parse_hash(const Message& holder, std::string_view member) {
  const Message hash = holder.message(member, {"algorithm", "value"});
  return Digest::parse(fmt::format("{}:{}", hash.text("algorithm"), hash.text("value")));
}

void check_digest(const Digest& recorded, const Digest& computed, std::string_view what, Failures& failures) {
  if (recorded != computed)
    failures.add(Check::kEntryDigest,
                 fmt::format("the log recorded the {} {}, the bundle's is {}", what, recorded.text(), computed.text()));
}

void check_signature(std::string_view recorded, std::string_view signature, Failures& failures) {
  if (recorded != signature)
    failures.add(Check::kEntrySignature, fmt::format("the log recorded the signature {}, the bundle's is {}",
                                                     to_base64(recorded), to_base64(signature)));
}

void check_certificate(const crypto::Certificate& recorded, const SignedContent& content, Failures& failures) {
  if (content.certificate == nullptr) {
    failures.add(Check::kEntryKey, "the log recorded a certificate, this was signed with a managed key");
    return;
  }
  if (recorded.der() != content.certificate->der())
    failures.add(Check::kEntryKey,
                 fmt::format("the log recorded the certificate {}, the bundle's is {}",
                             crypto::sha256(recorded.der()).text(), crypto::sha256(content.certificate->der()).text()));
}

void check_key(const crypto::PublicKey& recorded, const SignedContent& content, Failures& failures) {
  if (content.certificate != nullptr)
    failures.add(Check::kEntryKey, "the log recorded a key alone, the bundle has a certificate");
  else if (recorded.der() != content.key.der())
    failures.add(Check::kEntryKey,
                 fmt::format("the log recorded the key {}, {} is trusted", crypto::sha256(recorded.der()).text(),
                             crypto::sha256(content.key.der()).text()));
}

// Rekor v1 records the signer's certificate or public key in PEM.
void check_verifier(std::string_view pem, const SignedContent& content, Failures& failures) {
  if (content.certificate != nullptr && pem == content.certificate->pem()) return;  // as it nearly always is
  if (pem.starts_with("-----BEGIN PUBLIC KEY-----"))
    check_key(crypto::PublicKey::from_pem(pem), content, failures);
  else
    check_certificate(crypto::Certificate::from_pem(pem), content, failures);
}

const Envelope& envelope_of(const SignedContent& content) {
  if (content.envelope == nullptr)
    throw Error(Fault::kInput, "the log recorded an envelope, the bundle holds a message signature");
  return *content.envelope;
}

void check_dsse(const Message& body, const SignedContent& content, Failures& failures) {
  const Message spec = body.message("spec", {"envelopeHash", "payloadHash", "signatures"});
  parse_hash(spec, "envelopeHash");
  const Digest payload = parse_hash(spec, "payloadHash");
  check_digest(payload, crypto::hash(payload.algorithm(), envelope_of(content).payload), "payload hash", failures);
  const std::vector<Message> signatures = spec.messages("signatures", {"signature", "verifier"});
  if (signatures.size() != 1)
    throw Error(Fault::kInput, "the log recorded {} signatures, exactly one is wanted", signatures.size());
  check_signature(signatures.front().bytes("signature"), content.signature, failures);
  check_verifier(signatures.front().bytes("verifier"), content, failures);
}

// `intoto` 0.0.2 writes payload and signature in base64 twice, and may leave the payload out.
void check_intoto(const Message& body, const SignedContent& content, Failures& failures) {
  const Envelope& signed_envelope = envelope_of(content);
  const Message recorded = body.message("spec", {"content"}).message("content", {"envelope", "hash", "payloadHash"});
  parse_hash(recorded, "hash");
  const Digest payload = parse_hash(recorded, "payloadHash");
  check_digest(payload, crypto::hash(payload.algorithm(), signed_envelope.payload), "payload hash", failures);
  const Message envelope = recorded.message("envelope", {"payload", "payloadType", "signatures"});
  if (envelope.text("payloadType") != signed_envelope.payload_type)
    failures.add(Check::kEntryDigest, fmt::format("the log recorded the payload type `{}`, the bundle's is `{}`",
                                                  envelope.text("payloadType"), signed_envelope.payload_type));
  if (envelope.has("payload") && envelope.bytes("payload") != to_base64(signed_envelope.payload))
    failures.add(Check::kEntryDigest, "the log recorded another payload than the bundle's");
  const std::vector<Message> signatures = envelope.messages("signatures", {"publicKey", "sig", "keyid"});
  if (signatures.size() != 1)
    throw Error(Fault::kInput, "the log recorded {} signatures, exactly one is wanted", signatures.size());
  check_signature(signatures.front().bytes("sig"), to_base64(content.signature), failures);
  check_verifier(signatures.front().bytes("publicKey"), content, failures);
}

void check_hashedrekord_v1(const Message& body, const SignedContent& content, Failures& failures) {
  const Message spec = body.message("spec", {"data", "signature"});
  const Digest recorded = parse_hash(spec.message("data", {"hash"}), "hash");
  check_digest(recorded, content.content.digest(recorded.algorithm()), "digest", failures);
  const Message signature = spec.message("signature", {"content", "publicKey"});
  check_signature(signature.bytes("content"), content.signature, failures);
  check_verifier(signature.message("publicKey", {"content"}).bytes("content"), content, failures);
}

void check_hashedrekord_v2(const Message& body, const SignedContent& content, Failures& failures) {
  const Message record = body.message("spec", {"hashedRekordV002"}).message("hashedRekordV002", {"data", "signature"});
  const Digest recorded = parse_hash_output(record.message("data", {"algorithm", "digest"}));
  check_digest(recorded, content.content.digest(recorded.algorithm()), "digest", failures);
  const Message signature = record.message("signature", {"content", "verifier"});
  check_signature(signature.bytes("content"), content.signature, failures);
  const Message verifier = signature.message("verifier", {"keyDetails", "x509Certificate", "publicKey"});
  if (verifier.has("x509Certificate") == verifier.has("publicKey"))
    throw Error(Fault::kInput, "{}: exactly one of `x509Certificate` and `publicKey` is wanted", verifier.path());
  if (verifier.has("publicKey"))
    check_key(crypto::PublicKey::from_der(verifier.message("publicKey", {"rawBytes"}).bytes("rawBytes")), content,
              failures);
  else
    check_certificate(
        crypto::Certificate::from_der(verifier.message("x509Certificate", {"rawBytes"}).bytes("rawBytes")), content,
        failures);
}

struct Kind {
  std::string_view kind;
  std::string_view version;
  bool promises_time;  // Rekor v1; v2 has no SET and its integratedTime means nothing
  void (*check)(const Message& body, const SignedContent& content, Failures& failures);
};

constexpr Kind kKinds[] = {
    {"dsse", "0.0.1", true, check_dsse},
    {"hashedrekord", "0.0.1", true, check_hashedrekord_v1},
    {"intoto", "0.0.2", true, check_intoto},
    {"hashedrekord", "0.0.2", false, check_hashedrekord_v2},
};

}  // namespace

void check_entry_body(const LogEntry& entry, const SignedContent& content, Failures& failures) {
  for (const Kind& known : kKinds) {
    if (entry.kind != known.kind || entry.version != known.version) continue;
    if (entry.promise && !known.promises_time)
      failures.add(Check::kPromiseForeign, fmt::format("the kind `{}` version `{}` has no SET, the bundle brings one",
                                                       entry.kind, entry.version));
    const Json document = parse_json(entry.canonical_body, "the entry's body", kLimits);
    const Message body(document, "the entry's body", {"apiVersion", "kind", "spec"});
    if ((body.text("kind") != entry.kind || body.text("apiVersion") != entry.version) &&
        failures.add(Check::kEntryKind,
                     fmt::format("body: the bundle says kind `{}` version `{}`, the log recorded `{}` version `{}`",
                                 entry.kind, entry.version, body.text("kind"), body.text("apiVersion"))))
      return;
    known.check(body, content, failures);
    return;
  }
  throw Error(Fault::kInput,
              "the kind `{}` version `{}` is not read; `dsse` 0.0.1, `hashedrekord` 0.0.1 and 0.0.2 and `intoto` "
              "0.0.2 are",
              entry.kind, entry.version);
}

}  // namespace waybill::sigstore
