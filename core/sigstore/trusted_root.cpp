#include "core/sigstore/trusted_root.h"

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/sigstore/message.h"
#include "core/sigstore/validity.h"

namespace waybill::sigstore {
namespace {

struct KeyDetails {
  std::string_view name;
  std::string_view hash;
  bool bare_rsa = false;  // PKCS#1 RSAPublicKey instead of a SubjectPublicKeyInfo
};

constexpr KeyDetails kKeyDetails[] = {
    {"PKIX_ECDSA_P256_SHA_256", "sha256"},
    {"PKIX_ECDSA_P384_SHA_384", "sha384"},
    {"PKIX_ED25519", "sha256"},
    {"PKIX_RSA_PKCS1V15_2048_SHA256", "sha256"},
    {"PKIX_RSA_PKCS1V15_3072_SHA256", "sha256"},
    {"PKIX_RSA_PKCS1V15_4096_SHA256", "sha256"},
    {"PKIX_RSA_PKCS1V5", "sha256"},
    {"PKCS1_RSA_PKCS1V5", "sha256", true},
};

const KeyDetails& details_of(const Message& key) {
  const std::string name = key.text("keyDetails");
  for (const KeyDetails& known : kKeyDetails)
    if (known.name == name) return known;
  throw Error(Fault::kInput, "{}.keyDetails is `{}`, a kind of key that is not read", key.path(), name);
}

std::string der(char tag, std::string_view content) {
  std::string length;
  for (std::size_t rest = content.size(); rest > 0; rest >>= 8U)
    length.insert(length.begin(), static_cast<char>(rest & 0xffU));
  if (content.size() >= 0x80) length.insert(length.begin(), static_cast<char>(0x80U | length.size()));
  return tag + length + std::string(content);
}

// SubjectPublicKeyInfo { { rsaEncryption, NULL }, BIT STRING } around an RSAPublicKey (RFC 8017 appendix A.1).
std::string subject_public_key_info(std::string_view rsa_key) {
  const std::string algorithm = from_hex("300d06092a864886f70d0101010500");
  return der('\x30', algorithm + der('\x03', std::string(1, '\0') + std::string(rsa_key)));
}

std::string key_id(const Message& log, std::string_view member) {
  return log.message(member, {"keyId"}).bytes("keyId");
}

LogKey parse_log(const Message& log) {
  if (log.has("hashAlgorithm") && log.text("hashAlgorithm") != "SHA2_256")
    throw Error(Fault::kInput, "{}.hashAlgorithm is `{}`, `SHA2_256` is wanted", log.path(), log.text("hashAlgorithm"));
  const Message key = log.message("publicKey", {"rawBytes", "keyDetails", "validFor"});
  const KeyDetails& details = details_of(key);
  const std::string raw = key.bytes("rawBytes");
  const std::string spki = details.bare_rsa ? subject_public_key_info(raw) : raw;
  const std::string id = log.has("logId")             ? key_id(log, "logId")
                         : log.has("checkpointKeyId") ? key_id(log, "checkpointKeyId")
                                                      : crypto::sha256(spki).bytes();
  const std::string checkpoint_id = log.has("checkpointKeyId") ? key_id(log, "checkpointKeyId") : id;
  return {.base_url = log.text("baseUrl"),
          .id = id,
          .key = crypto::PublicKey::from_der(spki),
          .hash = std::string(details.hash),
          .validity = parse_validity(key),
          .checkpoint_id = checkpoint_id};
}

Authority parse_authority(const Message& authority) {
  std::vector<crypto::Certificate> chain;
  for (const Message& certificate :
       authority.message("certChain", {"certificates"}).messages("certificates", {"rawBytes"}, 16))
    chain.push_back(crypto::Certificate::from_der(certificate.bytes("rawBytes")));
  if (chain.empty()) throw Error(Fault::kInput, "{}.certChain has no certificate", authority.path());
  return {.uri = authority.has("uri") ? authority.text("uri") : "",
          .chain = std::move(chain),
          .validity = parse_validity(authority)};
}

std::vector<LogKey> parse_logs(const Message& root, std::string_view member) {
  std::vector<LogKey> logs;
  for (const Message& log :
       root.messages(member, {"baseUrl", "hashAlgorithm", "publicKey", "logId", "checkpointKeyId", "operator"}))
    logs.push_back(parse_log(log));
  return logs;
}

std::vector<Authority> parse_authorities(const Message& root, std::string_view member) {
  std::vector<Authority> authorities;
  for (const Message& authority : root.messages(member, {"subject", "uri", "certChain", "validFor", "operator"}))
    authorities.push_back(parse_authority(authority));
  return authorities;
}

}  // namespace

Validity parse_validity(const Message& holder) {
  const Message validity = holder.message("validFor", {"start", "end"});
  Validity parsed{.start = validity.time("start"), .end = std::nullopt};
  if (validity.has("end")) parsed.end = validity.time("end");
  return parsed;
}

TrustedRoot TrustedRoot::parse(std::string_view json) {
  const Json document = parse_json(json, "trusted root");
  const Message root(document, "trusted root",
                     {"mediaType", "tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"});
  const std::string type = root.text("mediaType");
  bool known = false;
  for (const std::string_view version : {"0.1", "0.2"})
    known = known || type == fmt::format("application/vnd.dev.sigstore.trustedroot+json;version={}", version) ||
            type == fmt::format("application/vnd.dev.sigstore.trustedroot.v{}+json", version);
  if (!known) throw Error(Fault::kInput, "trusted root: the media type `{}` is not version 0.1 or 0.2", type);
  return {.digest = crypto::sha256(json),
          .certificate_authorities = parse_authorities(root, "certificateAuthorities"),
          .timestamp_authorities = parse_authorities(root, "timestampAuthorities"),
          .logs = parse_logs(root, "tlogs"),
          .certificate_logs = parse_logs(root, "ctlogs")};
}

}  // namespace waybill::sigstore
