#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/sigstore/bundle.h"
#include "core/sigstore/trusted_root.h"
#include "core/stages/job.h"

namespace waybill::stages {

struct TrustChoice {
  sigstore::TrustedRoot root;
  std::string described;  // which root it is and how old, for verdicts (trust.md T23)
};

// The file that the input `trusted-root` names, or the root of the instance that is expected, or where none is, of the
// one that issued the first bundle's certificate. Fault::kInput when none of them is known.
TrustChoice chosen_trust(const Job& job, const std::vector<sigstore::Bundle>& bundles, std::string_view instance = {});

}  // namespace waybill::stages
