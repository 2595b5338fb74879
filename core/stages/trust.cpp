#include "core/stages/trust.h"

#include "core/base/error.h"
#include "core/sigstore/instance.h"

namespace waybill::stages {
namespace {

constexpr std::string_view kRoot = "trusted-root";

TrustChoice choice(const KnownRoot& known) {
  auto root = sigstore::TrustedRoot::parse(known.json);
  std::string described = fmt::format("{} ({})", known.described, root.digest.text());
  return {std::move(root), std::move(described)};
}

}  // namespace

TrustChoice chosen_trust(const Job& job, const std::vector<sigstore::Bundle>& bundles, std::string_view instance) {
  if (const std::string path(job.input(kRoot)); !path.empty()) return choice({job.ports.file(path), path});
  const sigstore::Instance* expected = sigstore::instance_named(instance);
  const std::string organisation = expected != nullptr ? std::string(expected->certificate_organisation)
                                   : bundles.empty()   ? ""
                                                       : bundles.front().certificate_organisation();
  const std::optional<KnownRoot> known = job.ports.known_root(organisation);
  if (!known)
    throw Error(Fault::kInput, "no trusted root is known for certificates by `{}`",
                organisation.empty() ? "nobody" : organisation)
        .hint("--trusted-root FILE");
  return choice(*known);
}

}  // namespace waybill::stages
