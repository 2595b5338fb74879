#pragma once

#include <string>
#include <string_view>

#include "core/crypto/certificate.h"
#include "core/crypto/key.h"
#include "core/http/client.h"

namespace waybill::sigstore {

// What Fulcio wants signed as proof of possession: the token's `email` when `email_verified`, else its `sub`. The token
// is decoded for this alone; whether it is true is for Fulcio to say. Its text is in no error.
std::string proof_of_possession_challenge(std::string_view identity_token);

// A certificate for `key` and the token's identity, by Fulcio's API v2 (POST /api/v2/signingCert), which signing
// configs call major version 1; where there is none (404), by v1 (POST /api/v1/signingCert). Fault::kRemote when it is
// refused or is for another key.
crypto::Certificate request_certificate(http::Client& client, std::string_view base_url,
                                        std::string_view identity_token, const crypto::PrivateKey& key);

}  // namespace waybill::sigstore
