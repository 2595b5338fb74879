#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/lineage/policy.h"
#include "core/stages/job.h"

namespace waybill::app {

// The Sigstore that a repository signs with and trusts, as JSON, and in words which one it is.
struct TrustMaterial {
  std::string trusted_root;
  std::string signing_config;
  std::string described;
};

using PinnedReader = std::function<std::string(const lineage::PinnedFile& file, std::string_view key)>;
using KnownRoots = std::function<std::optional<stages::KnownRoot>(std::string_view organisation)>;

// A pinned file's content, unless that is other bytes, Fault::kUntrusted, or nothing in `place`, Fault::kInput. `key`
// is what the policy calls it.
std::string as_pinned(const lineage::PinnedFile& pinned, std::string_view key, std::optional<std::string> content,
                      std::string_view place);

// What the policy pins, both files or neither; else the instance that it names; else Sigstore's public instance for a
// public repository and GitHub's own for any other (trust.md T23).
TrustMaterial trust_material(const lineage::Policy& policy, std::string_view visibility, const PinnedReader& pinned,
                             const KnownRoots& known_root);

}  // namespace waybill::app
