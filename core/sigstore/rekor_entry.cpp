#include "core/sigstore/rekor_entry.h"

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/crypto/hash.h"
#include "core/sigstore/message.h"

namespace waybill::sigstore {
namespace {

constexpr JsonLimits kLimits{.bytes = 1024 * 1024, .depth = 16};

Digest parse_hash(const Message& holder, std::string_view member) {
  const Message hash = holder.message(member, {"algorithm", "value"});
  return Digest::parse(fmt::format("{}:{}", hash.text("algorithm"), hash.text("value")));
}

void check_digest(const Digest& recorded, std::string_view bytes, std::string_view what, Failures& failures) {
  const Digest computed = crypto::hash(recorded.algorithm(), bytes);
  if (recorded != computed)
    failures.push_back(
        fmt::format("the log recorded the {} {}, the bundle's is {}", what, recorded.text(), computed.text()));
}

void check_signature(std::string_view recorded, const SignedEnvelope& envelope, Failures& failures) {
  if (recorded != envelope.signature)
    failures.push_back(fmt::format("the log recorded the signature {}, the envelope's is {}", to_base64(recorded),
                                   to_base64(envelope.signature)));
}

void check_certificate(const crypto::Certificate& recorded, const SignedEnvelope& envelope, Failures& failures) {
  if (recorded.der() != envelope.certificate.der())
    failures.push_back(fmt::format("the log recorded the certificate {}, the bundle's is {}",
                                   crypto::sha256(recorded.der()).text(),
                                   crypto::sha256(envelope.certificate.der()).text()));
}

Message dsse_spec(const Message& body) {
  return body.message("spec", {"envelopeHash", "payloadHash", "signatures"});
}

void check_dsse(const Message& body, const SignedEnvelope& envelope, Failures& failures) {
  const Message spec = dsse_spec(body);
  parse_hash(spec, "envelopeHash");
  check_digest(parse_hash(spec, "payloadHash"), envelope.payload, "payload hash", failures);
  const std::vector<Message> signatures = spec.messages("signatures", {"signature", "verifier"});
  if (signatures.size() != 1)
    throw Error(Fault::kInput, "the log recorded {} signatures, exactly one is wanted", signatures.size());
  check_signature(signatures.front().bytes("signature"), envelope, failures);
  check_certificate(crypto::Certificate::from_pem(signatures.front().bytes("verifier")), envelope, failures);
}

void check_hashedrekord(const Message& body, const SignedEnvelope& envelope, Failures& failures) {
  const Message record = body.message("spec", {"hashedRekordV002"}).message("hashedRekordV002", {"data", "signature"});
  const Message data = record.message("data", {"algorithm", "digest"});
  if (data.text("algorithm") != "SHA2_256")
    throw Error(Fault::kInput, "the log recorded a digest by `{}`, `SHA2_256` is wanted", data.text("algorithm"));
  check_digest(Digest::sha256(to_hex(data.bytes("digest"))), envelope.pre_authentication_encoding, "envelope digest",
               failures);
  const Message signature = record.message("signature", {"content", "verifier"});
  check_signature(signature.bytes("content"), envelope, failures);
  const Message verifier = signature.message("verifier", {"keyDetails", "x509Certificate"});
  check_certificate(crypto::Certificate::from_der(verifier.message("x509Certificate", {"rawBytes"}).bytes("rawBytes")),
                    envelope, failures);
}

struct Kind {
  std::string_view kind;
  std::string_view version;
  bool promises_time;  // Rekor v1; v2 has no SET and its integratedTime means nothing
  void (*check)(const Message& body, const SignedEnvelope& envelope, Failures& failures);
};

constexpr Kind kKinds[] = {
    {"dsse", "0.0.1", true, check_dsse},
    {"hashedrekord", "0.0.2", false, check_hashedrekord},
};

}  // namespace

void check_entry_body(const LogEntry& entry, const SignedEnvelope& envelope, Failures& failures) {
  for (const Kind& known : kKinds) {
    if (entry.kind != known.kind || entry.version != known.version) continue;
    if (entry.promise && !known.promises_time)
      failures.push_back(
          fmt::format("the kind `{}` version `{}` has no SET, the bundle brings one", entry.kind, entry.version));
    const Json document = parse_json(entry.canonical_body, "the entry's body", kLimits);
    const Message body(document, "the entry's body", {"apiVersion", "kind", "spec"});
    if (body.text("kind") != entry.kind || body.text("apiVersion") != entry.version)
      throw Error(Fault::kInput, "the bundle says kind `{}` version `{}`, the log recorded `{}` version `{}`",
                  entry.kind, entry.version, body.text("kind"), body.text("apiVersion"));
    known.check(body, envelope, failures);
    return;
  }
  throw Error(Fault::kInput, "the kind `{}` version `{}` is not read, `dsse` 0.0.1 and `hashedrekord` 0.0.2 are",
              entry.kind, entry.version);
}

Digest recorded_envelope_hash(const LogEntry& entry) {
  const Json document = parse_json(entry.canonical_body, "the entry's body", kLimits);
  return parse_hash(dsse_spec({document, "the entry's body", {"apiVersion", "kind", "spec"}}), "envelopeHash");
}

}  // namespace waybill::sigstore
