#pragma once

#include <string_view>

#include "core/crypto/certificate.h"
#include "core/sigstore/bundle.h"
#include "core/sigstore/failures.h"

namespace waybill::sigstore {

// What a bundle says was signed, to be compared with what a log recorded.
struct SignedEnvelope {
  std::string_view payload;
  std::string_view pre_authentication_encoding;
  std::string_view signature;  // raw
  const crypto::Certificate& certificate;
};

// Compares an entry's body with the envelope: kind and version, digest, signature byte for byte, certificate. Kinds:
// `dsse` 0.0.1 (Rekor v1), `hashedrekord` 0.0.2 over the pre-authentication encoding (Rekor v2); any other is a
// failure.
void check_entry_body(const LogEntry& entry, const SignedEnvelope& envelope, Failures& failures);

// The digest of the envelope's JSON as it was given to the log, which a `dsse` 0.0.1 body records.
Digest recorded_envelope_hash(const LogEntry& entry);

}  // namespace waybill::sigstore
