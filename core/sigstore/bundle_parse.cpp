#include <algorithm>
#include <set>

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
constexpr int kCertificateAloneSince = 3;
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

// What an entry of Rekor v2 says beside its proof is signed by nobody: a time is none, and the index is the proof's.
// (One with a promise is refused for that.)
void require_signed_alone(const LogEntry& entry, const std::string& path) {
  if (entry.kind != "hashedrekord" || entry.version != "0.0.2" || entry.promise) return;
  if (entry.integrated_time != 0)
    throw Error(Fault::kInput, "{}: `integratedTime` is {}, entries of version {} have none", path,
                entry.integrated_time, entry.version);
  if (entry.proof && entry.proof->log_index != entry.log_index)
    throw Error(Fault::kInput, "{}: `logIndex` is {}, that of the proof is {}", path, entry.log_index,
                entry.proof->log_index);
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
  require_signed_alone(parsed, entry.path());
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

std::vector<crypto::Certificate> parse_certificates(const Message& material, int version) {
  const int forms =
      int{material.has("certificate")} + int{material.has("x509CertificateChain")} + int{material.has("publicKey")};
  if (forms != 1)
    throw Error(Fault::kInput,
                "bundle: exactly one of `certificate`, `x509CertificateChain` and `publicKey` is wanted");
  if (material.has("publicKey")) return {};
  if (material.has("certificate")) return {parse_certificate(material.message("certificate", {"rawBytes"}))};
  // Form (3) "MUST be used" in a 0.3 bundle of the public instance (sigstore_bundle.proto); elsewhere nobody reads (2).
  if (version >= kCertificateAloneSince)
    throw Error(Fault::kInput, "bundle: `x509CertificateChain` in version 0.{}, which has `certificate` alone",
                version);
  std::vector<crypto::Certificate> chain;
  for (const Message& certificate : material.message("x509CertificateChain", {"certificates"})
                                        .messages("certificates", {"rawBytes"}, kMostCertificates))
    chain.push_back(parse_certificate(certificate));
  if (chain.empty()) throw Error(Fault::kInput, "bundle: the certificate chain is empty");
  return chain;
}

// What stands twice is counted twice by whoever counts.
void require_once(const Material& material) {
  for (auto entry = material.entries.begin(); entry != material.entries.end(); ++entry)
    if (std::any_of(material.entries.begin(), entry, [&](const LogEntry& before) {
          return before.log_id == entry->log_id && before.log_index == entry->log_index;
        }))
      throw Error(Fault::kInput, "bundle: the log entry {} stands twice", entry->log_index);
  const std::set<std::string> timestamps(material.timestamps.begin(), material.timestamps.end());
  if (timestamps.size() != material.timestamps.size()) throw Error(Fault::kInput, "bundle: a timestamp stands twice");
}

Material parse_material(const Message& message, int version) {
  Material material{.certificates = parse_certificates(message, version)};
  if (message.has("publicKey")) material.key_hint = message.message("publicKey", {"hint"}).text_or_empty("hint");
  for (const Message& entry : message.messages("tlogEntries", log_entry_members(), kMostEntries))
    material.entries.push_back(parse_log_entry(entry));
  if (message.has("timestampVerificationData"))
    for (const Message& timestamp : message.message("timestampVerificationData", {"rfc3161Timestamps"})
                                        .messages("rfc3161Timestamps", {"signedTimestamp"}, kMostTimestamps))
      material.timestamps.push_back(timestamp.bytes("signedTimestamp"));
  require_once(material);
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
  bundle.material_ = parse_material(
      root.message("verificationMaterial",
                   {"certificate", "x509CertificateChain", "publicKey", "tlogEntries", "timestampVerificationData"}),
      bundle_minor_version(bundle.media_type_));
  if (root.has("dsseEnvelope") == root.has("messageSignature"))
    throw Error(Fault::kInput, "bundle: exactly one of `dsseEnvelope` and `messageSignature` is wanted");
  if (root.has("dsseEnvelope"))
    bundle.content_ = parse_envelope(root.message("dsseEnvelope", {"payload", "payloadType", "signatures"}));
  else
    bundle.content_ = parse_message(root.message("messageSignature", {"messageDigest", "signature"}));
  return bundle;
}

}  // namespace waybill::sigstore
