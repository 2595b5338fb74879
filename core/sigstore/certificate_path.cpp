#include "core/sigstore/certificate_path.h"

#include <algorithm>

namespace waybill::sigstore {
namespace {

std::optional<std::string> authority_failure(const crypto::Certificate& leaf,
                                             const std::vector<crypto::Certificate>& others, const Authority& authority,
                                             Time at, std::optional<crypto::Certificate>& issuer) {
  std::vector<crypto::Certificate> intermediates(authority.chain.begin(), authority.chain.end() - 1);
  intermediates.insert(intermediates.end(), others.begin(), others.end());
  return crypto::path_failure(leaf, intermediates, {authority.chain.back()}, at, kCodeSigning, &issuer);
}

}  // namespace

std::optional<crypto::Certificate> check_paths(const crypto::Certificate& leaf,
                                               const std::vector<crypto::Certificate>& others,
                                               const std::vector<Authority>& authorities,
                                               const std::vector<TrustedTime>& times, Failures& failures) {
  if (std::ranges::any_of(others, &crypto::Certificate::is_self_issued))
    failures.add(Check::kRootInBundle,
                 "certificate: the bundle brings a root certificate, roots come from the trusted root alone");
  std::optional<crypto::Certificate> issuer;
  for (const TrustedTime& time : times) {
    std::string reasons;
    bool found = false;
    for (const Authority& authority : authorities) {
      if (found || !authority.validity.contains(time.at)) continue;
      std::optional<crypto::Certificate> candidate;
      const auto failure = authority_failure(leaf, others, authority, time.at, candidate);
      found = !failure;
      if (failure) reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", authority.uri, *failure);
      if (found && !issuer) issuer = candidate;
    }
    if (found) continue;
    failures.add(Check::kPath,
                 fmt::format("certificate: no path to the trusted root at {}, {} ({})", to_rfc3339(time.at),
                             time.source, reasons.empty() ? "no authority is valid then" : reasons));
  }
  return issuer;
}

}  // namespace waybill::sigstore
