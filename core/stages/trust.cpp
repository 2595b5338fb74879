#include "core/stages/trust.h"

#include "core/base/error.h"

namespace waybill::stages {
namespace {

constexpr std::string_view kRoot = "trusted-root";

}  // namespace

TrustChoice chosen_trust(const Job& job, const std::vector<sigstore::Bundle>& bundles) {
  const std::string path(job.input(kRoot));
  if (!path.empty()) {
    auto root = sigstore::TrustedRoot::parse(job.ports.file(path));
    std::string described = fmt::format("{} ({})", path, root.digest.text());
    return {std::move(root), std::move(described)};
  }
  const std::string organisation = bundles.empty() ? "" : bundles.front().certificate_organisation();
  const std::optional<KnownRoot> known = job.ports.known_root(organisation);
  if (!known)
    throw Error(Fault::kInput, "no trusted root is known for certificates by `{}`",
                organisation.empty() ? "nobody" : organisation)
        .hint("--trusted-root FILE");
  auto root = sigstore::TrustedRoot::parse(known->json);
  std::string described = fmt::format("{} ({})", known->described, root.digest.text());
  return {std::move(root), std::move(described)};
}

}  // namespace waybill::stages
