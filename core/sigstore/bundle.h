#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.h"
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

// A parsed Sigstore bundle holding a DSSE envelope (media type v0.3). Nothing in it is trusted, and the payload cannot
// be read from here: verify() alone hands out a statement.
class Bundle {
 public:
  // Strict: known media type, lowerCamelCase, base64, non-negative indices, exactly one signature (Fault::kInput).
  static Bundle parse(std::string_view json);
  static Bundle assemble(const crypto::Certificate& certificate, std::string payload, std::string payload_type,
                         std::string signature, std::vector<LogEntry> entries, std::vector<std::string> timestamps);

  std::string json() const;  // canonical, one line; zero-valued fields written
  // sha256 of the DSSE pre-authentication encoding: what a link binds (trust.md T13).
  Digest link() const;

 private:
  friend class Verifier;
  Bundle() = default;
  std::string media_type_;
  std::vector<crypto::Certificate> certificates_;
  std::string payload_;
  std::string payload_type_;
  std::string signature_;
  std::vector<LogEntry> entries_;
  std::vector<std::string> timestamps_;
};

}  // namespace waybill::sigstore
