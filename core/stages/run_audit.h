#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/forge/settings.h"
#include "core/lineage/policy.h"
#include "core/sigstore/verify.h"

namespace waybill::stages {

// One attempt of a run, as a certificate names it.
struct RunName {
  std::int64_t run = 0;
  std::int64_t attempt = 0;
  auto operator<=>(const RunName&) const = default;
};

// Of "https://github.com/OWNER/NAME/actions/runs/7/attempts/1"; nothing for any other text.
std::optional<RunName> run_named(const std::string& invocation);

// The workflow file of a certificate: ".github/workflows/x.yml" of its .18.
std::string workflow_in(const sigstore::Identity& identity, const lineage::Anchor& anchor);

// In what the forge's record of a run differs from what a certificate and its trusted time say of it: one line each.
std::vector<std::string> run_differences(const sigstore::Identity& identity, Time signed_at,
                                         const forge::RunAttempt& run, const lineage::Anchor& anchor, Time now);

}  // namespace waybill::stages
