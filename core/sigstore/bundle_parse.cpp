#include "core/base/error.h"
#include "core/base/json.h"
#include "core/sigstore/bundle.h"
#include "core/sigstore/hash_output.h"
#include "core/sigstore/log_entry.h"
#include "core/sigstore/media_type.h"
#include "core/sigstore/message.h"

namespace waybill::sigstore {
namespace {

constexpr JsonLimits kLimits{.bytes = 32 * 1024 * 1024, .depth = 32};
constexpr std::size_t kMostCertificates = 10;
constexpr std::size_t kMostEntries = 32;
constexpr std::size_t kMostTimestamps = 32;
constexpr std::int64_t kLastSecond = 253'402'300'799;  // of the year 9999

InclusionProof parse_proof(const Message& proof) {
  InclusionProof parsed{.log_index = proof.number("logIndex"),
                        .tree_size = proof.number("treeSize"),
                        .root_hash = proof.bytes("rootHash"),
                        .hashes = proof.byte_strings("hashes"),
                        .checkpoint = ""};
  if (proof.has("checkpoint")) parsed.checkpoint = proof.message("checkpoint", {"envelope"}).text("envelope");
  return parsed;
}

}  // namespace

Message::Members log_entry_members() {
  static const Message::Members members = {"logIndex",         "logId",          "kindVersion",      "integratedTime",
                                           "inclusionPromise", "inclusionProof", "canonicalizedBody"};
  return members;
}

LogEntry parse_log_entry(const Message& entry) {
  const Message kind = entry.message("kindVersion", {"kind", "version"});
  LogEntry parsed{.log_index = entry.number("logIndex"),
                  .log_id = entry.message("logId", {"keyId"}).bytes("keyId"),
                  .kind = kind.text("kind"),
                  .version = kind.text("version"),
                  .integrated_time = entry.number("integratedTime", kLastSecond),
                  .promise = std::nullopt,
                  .proof = std::nullopt,
                  .canonical_body = entry.bytes("canonicalizedBody")};
  if (entry.has("inclusionPromise"))
    parsed.promise = entry.message("inclusionPromise", {"signedEntryTimestamp"}).bytes("signedEntryTimestamp");
  if (entry.has("inclusionProof"))
    parsed.proof =
        parse_proof(entry.message("inclusionProof", {"logIndex", "rootHash", "treeSize", "hashes", "checkpoint"}));
  return parsed;
}

namespace {

crypto::Certificate parse_certificate(const Message& certificate) {
  try {
    return crypto::Certificate::from_der(certificate.bytes("rawBytes"));
  } catch (const Error& error) {
    throw Error(Fault::kInput, "{}: {}", certificate.path(), error.what());
  }
}

std::vector<crypto::Certificate> parse_certificates(const Message& material) {
  const int forms =
      int{material.has("certificate")} + int{material.has("x509CertificateChain")} + int{material.has("publicKey")};
  if (forms != 1)
    throw Error(Fault::kInput,
                "bundle: exactly one of `certificate`, `x509CertificateChain` and `publicKey` is wanted");
  if (material.has("publicKey")) return {};
  if (material.has("certificate")) return {parse_certificate(material.message("certificate", {"rawBytes"}))};
  std::vector<crypto::Certificate> chain;
  for (const Message& certificate : material.message("x509CertificateChain", {"certificates"})
                                        .messages("certificates", {"rawBytes"}, kMostCertificates))
    chain.push_back(parse_certificate(certificate));
  if (chain.empty()) throw Error(Fault::kInput, "bundle: the certificate chain is empty");
  return chain;
}

Material parse_material(const Message& message) {
  Material material{.certificates = parse_certificates(message)};
  if (message.has("publicKey")) material.key_hint = message.message("publicKey", {"hint"}).text_or_empty("hint");
  for (const Message& entry : message.messages("tlogEntries", log_entry_members(), kMostEntries))
    material.entries.push_back(parse_log_entry(entry));
  if (message.has("timestampVerificationData"))
    for (const Message& timestamp : message.message("timestampVerificationData", {"rfc3161Timestamps"})
                                        .messages("rfc3161Timestamps", {"signedTimestamp"}, kMostTimestamps))
      material.timestamps.push_back(timestamp.bytes("signedTimestamp"));
  return material;
}

Envelope parse_envelope(const Message& envelope) {
  const std::vector<Message> signatures = envelope.messages("signatures", {"sig", "keyid"});
  // "DSSE envelopes in a bundle MUST have exactly one signature" (sigstore_bundle.proto).
  if (signatures.size() != 1)
    throw Error(Fault::kInput, "bundle: the envelope has {} signatures, exactly one is wanted", signatures.size());
  return {.payload = envelope.bytes("payload"),
          .payload_type = envelope.text("payloadType"),
          .signature = signatures.front().bytes("sig"),
          .key_id = signatures.front().text_or_empty("keyid")};
}

MessageSignature parse_message(const Message& message) {
  MessageSignature parsed{.digest = std::nullopt, .signature = message.bytes("signature")};
  if (message.has("messageDigest"))
    parsed.digest = parse_hash_output(message.message("messageDigest", {"algorithm", "digest"}));
  return parsed;
}

}  // namespace

Bundle Bundle::parse(std::string_view json) {
  const Json document = parse_json(json, "bundle", kLimits);
  const Message root(document, "bundle", {"mediaType", "verificationMaterial", "dsseEnvelope", "messageSignature"});
  Bundle bundle;
  bundle.media_type_ = root.text("mediaType");
  bundle_minor_version(bundle.media_type_);
  bundle.material_ =
      parse_material(root.message("verificationMaterial", {"certificate", "x509CertificateChain", "publicKey",
                                                           "tlogEntries", "timestampVerificationData"}));
  if (root.has("dsseEnvelope") == root.has("messageSignature"))
    throw Error(Fault::kInput, "bundle: exactly one of `dsseEnvelope` and `messageSignature` is wanted");
  if (root.has("dsseEnvelope"))
    bundle.content_ = parse_envelope(root.message("dsseEnvelope", {"payload", "payloadType", "signatures"}));
  else
    bundle.content_ = parse_message(root.message("messageSignature", {"messageDigest", "signature"}));
  return bundle;
}

}  // namespace waybill::sigstore
