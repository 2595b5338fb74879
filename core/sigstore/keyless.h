#pragma once

#include <string>

#include "core/http/client.h"
#include "core/sigstore/bundle.h"
#include "core/sigstore/sign.h"

namespace waybill::sigstore {

// The bundle of one keyless signature over any payload, not yet verified by anybody: an ephemeral key, Fulcio's
// certificate for it, a timestamp of every authority and an entry in every log of the config.
Bundle sign_keyless(const SigningConfig& config, http::Client& client, const std::string& identity_token,
                    std::string payload, std::string payload_type);

}  // namespace waybill::sigstore
