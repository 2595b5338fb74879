#pragma once

#include <vector>

#include "core/sigstore/bundle.h"
#include "core/sigstore/failures.h"
#include "core/sigstore/rekor_entry.h"
#include "core/sigstore/transparency.h"
#include "core/sigstore/trusted_root.h"

namespace waybill::sigstore {

// Everything around a signature but the signature itself: timestamps, log entries, and the certificate's path, SCT and
// usages at every trusted time; returns those times. `bundle_version` is the minor one of the media type. A root with
// logs demands an entry, one with certificate logs an SCT; some trusted time is always demanded.
std::vector<TrustedTime> check_material(const Material& material, int bundle_version, const SignedContent& content,
                                        const TrustedRoot& root, Failures& failures);

}  // namespace waybill::sigstore
