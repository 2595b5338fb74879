#include "core/app/trust_material.h"

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/sigstore/instance.h"

namespace waybill::app {
namespace {

const sigstore::Instance& instance(const lineage::Policy& policy, std::string_view visibility) {
  if (const sigstore::Instance* named = sigstore::instance_named(policy.instance)) return *named;
  return visibility == "public" ? sigstore::kPublicGood : sigstore::kGitHub;
}

}  // namespace

std::string as_pinned(const lineage::PinnedFile& pinned, std::string_view key, std::optional<std::string> content,
                      std::string_view place) {
  if (!content)
    throw Error(Fault::kInput, "`{}`, which the policy names as {}, is not in {}", pinned.path, key, place)
        .hint("git add --force " + pinned.path);
  if (const Digest seen = crypto::sha256(*content); seen != pinned.digest)
    throw Error(Fault::kUntrusted, "`{}` is {}, the policy pins {}", pinned.path, seen.text(), pinned.digest.text())
        .hint(fmt::format("{}: {{file: {}, sha256: \"{}\"}}, if that file is meant", key, pinned.path, seen.hex()));
  return *std::move(content);
}

TrustMaterial trust_material(const lineage::Policy& policy, std::string_view visibility, const PinnedReader& pinned,
                             const KnownRoots& known_root) {
  if (policy.trusted_root && policy.signing_config)
    return {pinned(*policy.trusted_root, "trusted-root"), pinned(*policy.signing_config, "signing-config"),
            policy.trusted_root->path + ", pinned by the policy"};
  const sigstore::Instance& chosen = instance(policy, visibility);
  auto root = known_root(chosen.certificate_organisation);
  if (!root) throw Error(Fault::kInternal, "the root of {} is not known", chosen.name);
  return {std::move(root->json), std::string(chosen.signing_config), std::move(root->described)};
}

}  // namespace waybill::app
