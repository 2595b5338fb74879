#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/digest.h"
#include "core/base/json.h"
#include "core/crypto/certificate.h"

namespace waybill::sigstore {

struct InclusionProof {
  std::int64_t log_index = 0;
  std::int64_t tree_size = 0;
  std::string root_hash;            // raw
  std::vector<std::string> hashes;  // raw
  std::string checkpoint;           // the signed note
};

struct LogEntry {
  std::int64_t log_index = 0;
  std::string log_id;  // raw
  std::string kind;
  std::string version;
  std::int64_t integrated_time = 0;
  std::optional<std::string> promise;  // the SET's signature
  std::optional<InclusionProof> proof;
  std::string canonical_body;
};

// With what the content was signed, and who saw it.
struct Material {
  std::vector<crypto::Certificate> certificates;  // the signer's first; none = signed with a managed key
  std::string key_hint;                           // of a managed key
  std::vector<LogEntry> entries;
  std::vector<std::string> timestamps;  // DER
};

struct Envelope {  // DSSE, exactly one signature
  std::string payload;
  std::string payload_type;
  std::string signature;
  std::string key_id = {};
};

// As it stands in a bundle and is given to a log; `keyid` only when there is one.
Json envelope_json(const Envelope& envelope);

struct MessageSignature {
  std::optional<Digest> digest;  // a hint, never what is trusted
  std::string signature;
};

// A parsed Sigstore bundle. Nothing in it is trusted, and the payload cannot be read from here: a Verifier alone hands
// out a statement.
class Bundle {
 public:
  using Content = std::variant<Envelope, MessageSignature>;

  // Media types v0.1 to v0.3 in both spellings. Strict: lowerCamelCase, base64, non-negative indices, exactly one
  // signature, exactly one of certificate, chain and key (Fault::kInput).
  static Bundle parse(std::string_view json);
  static Bundle assemble(Material material, Content content);  // v0.3

  std::string json() const;  // canonical, one line; zero-valued fields written
  // sha256 of the DSSE pre-authentication encoding: what a link binds (trust.md T13). Fault::kInput for a message.
  Digest link() const;
  // Who issued the signer's certificate, as it says itself: a hint at the instance to verify against. May be empty.
  std::string certificate_organisation() const;
  // The algorithms by which it may name the artifact: those that a verifier should be told the artifact's digest in.
  std::set<std::string> digest_algorithms() const;

 private:
  friend class Verifier;
  Bundle() = default;
  std::string media_type_;
  Material material_;
  Content content_;
};

}  // namespace waybill::sigstore
