#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto/certificate.h"
#include "core/sigstore/failures.h"
#include "core/sigstore/trusted_root.h"

namespace waybill::sigstore {

inline constexpr std::string_view kSctListOid = "1.3.6.1.4.1.11129.2.4.2";

// One SignedCertificateTimestamp of RFC 6962 §3.2, version v1.
struct Sct {
  std::string log_id;           // raw, 32 bytes
  std::uint64_t timestamp = 0;  // milliseconds
  std::string extensions;
  std::string hash;  // sha256 or sha384
  std::string signature;
};

// The TLS encoding of a SignedCertificateTimestampList; anything that is not exactly that is Fault::kInput.
std::vector<Sct> parse_sct_list(std::string_view tls);

// What the log signed: the digitally-signed struct of RFC 6962 §3.2 for a precert_entry.
std::string sct_signed_bytes(const Sct& sct, std::string_view issuer_key_hash, std::string_view tbs);

// At least one timestamp by a log of the root, and each by such a log holds: signature, and the key valid at that time.
// Timestamps by unknown logs count for nothing.
void check_scts(const crypto::Certificate& leaf, const crypto::Certificate& issuer, const std::vector<LogKey>& logs,
                Failures& failures);

}  // namespace waybill::sigstore
