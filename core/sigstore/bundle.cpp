#include "core/sigstore/bundle.h"

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/crypto/hash.h"
#include "core/intoto/statement.h"
#include "core/sigstore/hash_output.h"
#include "core/sigstore/media_type.h"

namespace waybill::sigstore {
namespace {

constexpr int kSingleCertificateSince = 3;

Json proof_json(const InclusionProof& proof) {
  Json hashes = Json::array();
  for (const std::string& hash : proof.hashes) hashes.push_back(to_base64(hash));
  Json json = {{"logIndex", std::to_string(proof.log_index)},
               {"treeSize", std::to_string(proof.tree_size)},
               {"rootHash", to_base64(proof.root_hash)},
               {"hashes", hashes}};
  if (!proof.checkpoint.empty()) json["checkpoint"] = {{"envelope", proof.checkpoint}};
  return json;
}

Json entry_json(const LogEntry& entry) {
  Json json = {{"logIndex", std::to_string(entry.log_index)},
               {"logId", {{"keyId", to_base64(entry.log_id)}}},
               {"kindVersion", {{"kind", entry.kind}, {"version", entry.version}}},
               {"integratedTime", std::to_string(entry.integrated_time)},
               {"canonicalizedBody", to_base64(entry.canonical_body)}};
  if (entry.promise) json["inclusionPromise"] = {{"signedEntryTimestamp", to_base64(*entry.promise)}};
  if (entry.proof) json["inclusionProof"] = proof_json(*entry.proof);
  return json;
}

Json certificate_json(const crypto::Certificate& certificate) {
  return {{"rawBytes", to_base64(certificate.der())}};
}

Json material_json(const Material& material, std::string_view media_type) {
  Json json = Json::object();
  if (material.certificates.empty()) {
    json["publicKey"]["hint"] = material.key_hint;
  } else if (bundle_minor_version(media_type) >= kSingleCertificateSince && material.certificates.size() == 1) {
    json["certificate"] = certificate_json(material.certificates.front());
  } else {
    for (const crypto::Certificate& certificate : material.certificates)
      json["x509CertificateChain"]["certificates"].push_back(certificate_json(certificate));
  }
  json["tlogEntries"] = Json::array();
  for (const LogEntry& entry : material.entries) json["tlogEntries"].push_back(entry_json(entry));
  json["timestampVerificationData"]["rfc3161Timestamps"] = Json::array();
  for (const std::string& timestamp : material.timestamps)
    json["timestampVerificationData"]["rfc3161Timestamps"].push_back({{"signedTimestamp", to_base64(timestamp)}});
  return json;
}

Json message_json(const MessageSignature& message) {
  Json json = {{"signature", to_base64(message.signature)}};
  if (message.digest)
    json["messageDigest"] = {{"algorithm", hash_name(*message.digest)}, {"digest", to_base64(message.digest->bytes())}};
  return json;
}

}  // namespace

Json envelope_json(const Envelope& envelope) {
  Json signature = {{"sig", to_base64(envelope.signature)}};
  if (!envelope.key_id.empty()) signature["keyid"] = envelope.key_id;
  return {{"payload", to_base64(envelope.payload)},
          {"payloadType", envelope.payload_type},
          {"signatures", Json::array({signature})}};
}

int bundle_minor_version(std::string_view media_type) {
  for (const int minor : {1, 2, 3})
    if (media_type == fmt::format("application/vnd.dev.sigstore.bundle+json;version=0.{}", minor) ||
        media_type == fmt::format("application/vnd.dev.sigstore.bundle.v0.{}+json", minor))
      return minor;
  throw Error(Fault::kInput, "bundle: the media type `{}` is not a bundle of version 0.1, 0.2 or 0.3",
              media_type.substr(0, 120));
}

Bundle Bundle::assemble(Material material, Content content) {
  Bundle bundle;
  bundle.media_type_ = kBundleMediaType;
  bundle.material_ = std::move(material);
  bundle.content_ = std::move(content);
  return bundle;
}

std::string Bundle::json() const {
  Json json = {{"mediaType", media_type_}, {"verificationMaterial", material_json(material_, media_type_)}};
  if (const auto* envelope = std::get_if<Envelope>(&content_))
    json["dsseEnvelope"] = envelope_json(*envelope);
  else
    json["messageSignature"] = message_json(std::get<MessageSignature>(content_));
  return canonical(json);
}

Digest Bundle::link() const {
  const auto* envelope = std::get_if<Envelope>(&content_);
  if (envelope == nullptr) throw Error(Fault::kInput, "bundle: holds a message signature, no envelope to link to");
  return crypto::sha256(intoto::pre_authentication_encoding(envelope->payload_type, envelope->payload));
}

std::string Bundle::certificate_organisation() const {
  return material_.certificates.empty() ? "" : material_.certificates.front().issuer_organisation();
}

std::set<std::string> Bundle::digest_algorithms() const {
  std::set<std::string> algorithms = {"sha256"};
  if (const auto* message = std::get_if<MessageSignature>(&content_)) {
    if (message->digest) algorithms.insert(message->digest->algorithm());
    return algorithms;
  }
  try {
    for (const intoto::Subject& subject : intoto::parse_statement(std::get<Envelope>(content_).payload).subjects)
      algorithms.insert(subject.digest.algorithm());
  } catch (const Error&) {  // what is wrong with it is for the verifier to say
  }
  return algorithms;
}

}  // namespace waybill::sigstore
