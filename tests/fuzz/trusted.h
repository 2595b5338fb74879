#pragma once

// Whom the targets trust: those who signed the seeds.

#include "core/sigstore/instance.h"
#include "core/sigstore/trusted_root.h"
#include "fuzz/target.h"

namespace waybill::fuzz {

// Every authority and log that demands a log entry, and GitHub's authorities, which demand none.
inline std::vector<sigstore::TrustedRoot> trusted_roots() {
  return {sigstore::TrustedRoot::parse(beside_seeds("trusted_root.json")),
          sigstore::TrustedRoot::parse(sigstore::kGitHub.trusted_root)};
}

}  // namespace waybill::fuzz
