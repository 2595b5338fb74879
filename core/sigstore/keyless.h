#pragma once

#include <string>

#include "core/http/client.h"
#include "core/sigstore/artifact.h"
#include "core/sigstore/bundle.h"
#include "core/sigstore/signing_config.h"

namespace waybill::sigstore {

// The bundle of one keyless signature, not yet verified by anybody: an ephemeral key, a certificate for it,
// timestamps and log entries of as many services as the config wants. A service that does not answer is replaced by the
// next of its kind; Fault::kRemote naming every failure when too few are left.
Bundle sign_keyless(const SigningConfig& config, http::Client& client, const std::string& identity_token,
                    std::string payload, std::string payload_type);
// The same over an artifact, by its sha256 digest.
Bundle sign_keyless(const SigningConfig& config, http::Client& client, const std::string& identity_token,
                    const Artifact& artifact);

}  // namespace waybill::sigstore
