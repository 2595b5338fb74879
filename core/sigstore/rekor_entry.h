#pragma once

#include <string_view>

#include "core/crypto/certificate.h"
#include "core/sigstore/artifact.h"
#include "core/sigstore/bundle.h"
#include "core/sigstore/failures.h"

namespace waybill::sigstore {

// What was signed and with which key, as bundle and caller say it; to be compared with what a log recorded.
struct SignedContent {
  const Envelope* envelope;                // null: a message
  Artifact content;                        // the signed bytes: the pre-authentication encoding, or the artifact
  std::string_view signature;              // raw
  const crypto::Certificate* certificate;  // null: a managed key
  crypto::PublicKey key;
};

// Compares an entry's body with what was signed: kind and version, digest, signature byte for byte, certificate or key.
// Kinds: `hashedrekord` 0.0.1 (Rekor v1) and 0.0.2 (Rekor v2) over any content, `dsse` 0.0.1 and `intoto` 0.0.2 over an
// envelope; any other is a failure.
void check_entry_body(const LogEntry& entry, const SignedContent& content, Failures& failures);

}  // namespace waybill::sigstore
