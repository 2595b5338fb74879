#pragma once

#include <string>
#include <vector>

#include "core/sigstore/bundle.h"
#include "core/sigstore/trusted_root.h"
#include "core/stages/job.h"

namespace waybill::stages {

struct TrustChoice {
  sigstore::TrustedRoot root;
  std::string described;  // which root it is and how old, for verdicts (trust.md T23)
};

// The file that the input `trusted-root` names, or the root of the instance that issued the first bundle's
// certificate. Fault::kInput when neither is known.
TrustChoice chosen_trust(const Job& job, const std::vector<sigstore::Bundle>& bundles);

}  // namespace waybill::stages
