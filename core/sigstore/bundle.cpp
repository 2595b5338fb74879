#include "core/sigstore/bundle.h"

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/crypto/hash.h"
#include "core/intoto/statement.h"
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

}  // namespace

int bundle_minor_version(std::string_view media_type) {
  for (const int minor : {1, 2, 3})
    if (media_type == fmt::format("application/vnd.dev.sigstore.bundle+json;version=0.{}", minor) ||
        media_type == fmt::format("application/vnd.dev.sigstore.bundle.v0.{}+json", minor))
      return minor;
  throw Error(Fault::kInput, "bundle: the media type `{}` is not a bundle of version 0.1, 0.2 or 0.3",
              media_type.substr(0, 120));
}

Bundle Bundle::assemble(const crypto::Certificate& certificate, std::string payload, std::string payload_type,
                        std::string signature, std::vector<LogEntry> entries, std::vector<std::string> timestamps) {
  Bundle bundle;
  bundle.media_type_ = kBundleMediaType;
  bundle.certificates_ = {certificate};
  bundle.payload_ = std::move(payload);
  bundle.payload_type_ = std::move(payload_type);
  bundle.signature_ = std::move(signature);
  bundle.entries_ = std::move(entries);
  bundle.timestamps_ = std::move(timestamps);
  return bundle;
}

std::string Bundle::json() const {
  Json material = Json::object();
  if (bundle_minor_version(media_type_) >= kSingleCertificateSince && certificates_.size() == 1) {
    material["certificate"] = certificate_json(certificates_.front());
  } else {
    for (const crypto::Certificate& certificate : certificates_)
      material["x509CertificateChain"]["certificates"].push_back(certificate_json(certificate));
  }
  material["tlogEntries"] = Json::array();
  for (const LogEntry& entry : entries_) material["tlogEntries"].push_back(entry_json(entry));
  material["timestampVerificationData"]["rfc3161Timestamps"] = Json::array();
  for (const std::string& timestamp : timestamps_)
    material["timestampVerificationData"]["rfc3161Timestamps"].push_back({{"signedTimestamp", to_base64(timestamp)}});
  return canonical({{"mediaType", media_type_},
                    {"verificationMaterial", material},
                    {"dsseEnvelope",
                     {{"payload", to_base64(payload_)},
                      {"payloadType", payload_type_},
                      {"signatures", Json::array({{{"sig", to_base64(signature_)}}})}}}});
}

Digest Bundle::link() const {
  return crypto::sha256(intoto::pre_authentication_encoding(payload_type_, payload_));
}

}  // namespace waybill::sigstore
