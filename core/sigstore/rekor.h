#pragma once

#include "core/http/client.h"
#include "core/sigstore/bundle.h"
#include "core/sigstore/rekor_entry.h"
#include "core/sigstore/signing_config.h"

namespace waybill::sigstore {

// Records what was signed in a log and returns the entry. Rekor v1 (POST /api/v1/log/entries) takes an envelope as
// `dsse` 0.0.1 and a message as `hashedrekord` 0.0.1, and an entry that is already there is fetched; Rekor v2 (POST
// /api/v2/log/entries) takes both as `hashedrekord` 0.0.2. Fault::kRemote when it is refused. What it recorded is for a
// Verifier to judge.
LogEntry record(http::Client& client, const Service& log, const SignedContent& content);

}  // namespace waybill::sigstore
