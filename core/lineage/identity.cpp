#include <algorithm>

#include "core/base/error.h"
#include "core/lineage/verify.h"

namespace waybill::lineage {
namespace {

// Collects one finding for each field that is not the whole expected string.
class Comparison {
 public:
  void expect(std::string_view field, const std::string& seen, const std::string& wanted) {
    if (seen != wanted)
      findings_.push_back(fmt::format("its certificate's {} is `{}`, `{}` is wanted", field, seen, wanted));
  }

  void add(std::string text) { findings_.push_back(std::move(text)); }

  std::vector<std::string> take() { return std::move(findings_); }

 private:
  std::vector<std::string> findings_;
};

}  // namespace

std::vector<std::string> identity_failures(const sigstore::Identity& identity, std::string_view key,
                                           const Policy& policy) {
  const Anchor& anchor = policy.anchor;
  const Signer& signer = policy.signer_of(key);
  const std::string wanted = anchor.identity(signer.workflow);
  Comparison compared;
  compared.expect("issuer (.8)", identity.issuer, anchor.issuer);
  compared.expect("subject alternative name", identity.subject, wanted);
  compared.expect("signer (.9)", identity.signer_uri, wanted);
  compared.expect("signer digest (.10)", identity.signer_digest, identity.config_digest);
  compared.expect("runner (.11)", identity.runner, "github-hosted");
  compared.expect("repository (.12)", identity.repository_uri, anchor.server + "/" + anchor.repository);
  compared.expect("source ref (.14)", identity.source_ref, anchor.ref());
  if (!anchor.repository_id.empty())
    compared.expect("repository id (.15)", identity.repository_id, anchor.repository_id);
  if (!anchor.owner_id.empty()) compared.expect("owner id (.17)", identity.owner_id, anchor.owner_id);
  compared.expect("workflow (.18)", identity.config_uri, wanted);
  if (std::ranges::find(signer.events, identity.trigger) == signer.events.end())
    compared.add(fmt::format("its certificate's event (.20) is `{}`, the policy accepts {}", identity.trigger,
                             fmt::join(signer.events, ", ")));
  if (!signer.environment.empty()) compared.expect("environment (.23)", identity.environment, signer.environment);
  return compared.take();
}

}  // namespace waybill::lineage
