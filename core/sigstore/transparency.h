#pragma once

#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/sigstore/bundle.h"
#include "core/sigstore/failures.h"
#include "core/sigstore/rekor_entry.h"
#include "core/sigstore/trusted_root.h"

namespace waybill::sigstore {

// A moment at which the signature provably existed, and who says so.
struct TrustedTime {
  Time at;
  std::string source;
};

// The time that a Rekor v1 log promised, when the entry has a promise (SET) that holds: its signature over the
// canonical {body, integratedTime, logID, logIndex}, by a key valid at that time. An integratedTime without one is
// nobody's word.
void check_promise(const LogEntry& entry, const LogKey& log, std::vector<TrustedTime>& times, Failures& failures);

// The proof and the checkpoint it ends in: signature, size, root. `checkpoint_required` by the bundle's version.
void check_inclusion(const LogEntry& entry, const LogKey& log, bool checkpoint_required, Failures& failures);

}  // namespace waybill::sigstore
