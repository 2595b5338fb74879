#pragma once

#include "core/sigstore/bundle.h"
#include "core/sigstore/message.h"

namespace waybill::sigstore {

Message::Members log_entry_members();

// A TransparencyLogEntry of sigstore_rekor.proto, as bundles hold it and Rekor v2 answers.
LogEntry parse_log_entry(const Message& entry);

}  // namespace waybill::sigstore
