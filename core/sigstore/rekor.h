#pragma once

#include <string>
#include <string_view>

#include "core/crypto/certificate.h"
#include "core/http/client.h"
#include "core/sigstore/bundle.h"

namespace waybill::sigstore {

// Records the envelope in a Rekor v1 log as kind `dsse` 0.0.1 (POST /api/v1/log/entries) and returns the entry with its
// promise and proof. An entry that is already there is fetched. Fault::kRemote when it is refused, or when the log
// recorded another envelope.
LogEntry record_envelope(http::Client& client, std::string_view base_url, const Envelope& envelope,
                         const crypto::Certificate& certificate);

}  // namespace waybill::sigstore
