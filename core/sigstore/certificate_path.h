#pragma once

#include <optional>
#include <vector>

#include "core/crypto/certificate.h"
#include "core/sigstore/failures.h"
#include "core/sigstore/transparency.h"
#include "core/sigstore/trusted_root.h"

namespace waybill::sigstore {

inline constexpr std::string_view kCodeSigning = "1.3.6.1.5.5.7.3.3";

// The path from the leaf, a code signer's and no authority's, to an authority of the root that is valid at the time, at
// every one of `times`; `others` came with the bundle and are intermediates at most. Returns the leaf's issuer once a
// path was found.
std::optional<crypto::Certificate> check_paths(const crypto::Certificate& leaf,
                                               const std::vector<crypto::Certificate>& others,
                                               const std::vector<Authority>& authorities,
                                               const std::vector<TrustedTime>& times, Failures& failures);

}  // namespace waybill::sigstore
