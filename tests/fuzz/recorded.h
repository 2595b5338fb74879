#pragma once

// What the bodies that the target `dsse` reads should be about, for the target and for its seeds.

#include "core/intoto/statement.h"
#include "core/sigstore/instance.h"
#include "core/sigstore/rekor_entry.h"
#include "core/sigstore/trusted_root.h"

namespace waybill::fuzz {

// One signature over an envelope and over a message, each by a certificate and by a managed key.
struct Recorded {
  sigstore::Envelope envelope{
      .payload = "{}", .payload_type = std::string(intoto::kPayloadType), .signature = "signature"};
  crypto::Certificate certificate =
      sigstore::TrustedRoot::parse(sigstore::kPublicGood.trusted_root).certificate_authorities.front().chain.front();
  crypto::PublicKey key = certificate.public_key();
  sigstore::Artifact content =
      sigstore::Artifact::of_bytes(intoto::pre_authentication_encoding(envelope.payload_type, envelope.payload));

  sigstore::SignedContent about(bool is_envelope, bool has_certificate) const {
    return {.envelope = is_envelope ? &envelope : nullptr,
            .content = content,
            .signature = envelope.signature,
            .certificate = has_certificate ? &certificate : nullptr,
            .key = key};
  }
};

struct EntryKind {
  const char* kind;
  const char* version;
};

inline constexpr EntryKind kEntryKinds[] = {
    {"dsse", "0.0.1"}, {"hashedrekord", "0.0.1"}, {"intoto", "0.0.2"}, {"hashedrekord", "0.0.2"}};

}  // namespace waybill::fuzz
