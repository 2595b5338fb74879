#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/lineage/keys.h"
#include "core/lineage/verify.h"
#include "testing/virtual_sigstore.h"

namespace waybill::lineage {

// A store in memory; it gives what was put under a subject, in that order.
class MemoryStore final : public Store {
 public:
  std::vector<sigstore::Bundle> find(const Digest& subject) const override;
  void put(const Digest& subject, const sigstore::Bundle& bundle) { kept_[subject].push_back(bundle); }
  // Takes the statement away wherever it is.
  void lose(const Digest& statement);

 private:
  std::map<Digest, std::vector<sigstore::Bundle>> kept_;
};

// What a stage is about to sign, to be changed before it does.
struct Draft {
  Stamp stamp;
  std::vector<intoto::Subject> subjects;
  std::vector<Link> links;
  sigstore::Identity identity;
  bool passed = true;
  std::string builder;                    // what the statement says; by default the identity's .9
  Json results = {{"version", "1.2.3"}};  // of a provenance
  // Of a verification summary.
  std::string resource = "https://forge.example/octo/charts/releases/tag/web-v1.2.3";
  std::vector<std::string> levels{std::string(kVerifiedLevel)};
  std::string reason = {};
  std::optional<Digest> summed_up_by = std::nullopt;  // the policy; by default the stamp's
};

extern const char* const kPolicyText;

// A chart on its whole way, each key really signed by the run that the policy names, a minute apart. When `chart`
// changes, another one's way begins or goes on.
class Journey {
 public:
  explicit Journey(std::string chart = "charts/web", const std::string& policy = kPolicyText);

  Policy policy;
  testing::VirtualSigstore sigstore;
  MemoryStore store;
  std::string chart;
  bool policy_digest_known = true;
  std::function<bool(const std::string& commit)> on_anchor;  // kAnchorCommit alone

  // Of a policy that says nothing about them.
  static std::vector<std::string> all_keys();
  // Not about a subtree, as those before.
  static bool is_about_package(std::string_view key);
  // Those of the pipeline in order, up to and including `last`; bills of materials as the policy has them.
  void travel(std::string_view last = keys::kReleaseOverall);

  Draft draft(std::string_view key) const;
  intoto::Statement statement(const Draft& draft) const;
  // Signs, stores under every subject, and counts as this journey's statement of the key from now on.
  Link sign(const Draft& draft);
  Link sign(std::string_view key) { return sign(draft(key)); }
  // Signed, but in no store.
  sigstore::Bundle signature(const Draft& draft) { return sigstore.sign(statement(draft), draft.identity); }

  Digest subject(std::string_view key) const;
  Requirement requirement(std::string_view key) const;
  Examined examine(const std::vector<Requirement>& requirements) const;
  Examined examine(std::string_view key) const { return examine(std::vector<Requirement>{requirement(key)}); }
  Expectations expectations(const sigstore::Verifier& verifier) const;

  const Link& link(std::string_view key) const { return links_.at({chart, std::string(key)}); }
  // This journey's statement of the key, as the store has it.
  sigstore::Bundle bundle(std::string_view key) const;

  // `act` while the statement of the key is nowhere.
  void without(std::string_view key, const std::function<void()>& act);
  void wait() { sigstore.set_time(sigstore.now() + std::chrono::minutes(1)); }

 private:
  std::map<std::pair<std::string, std::string>, Link> links_;  // by chart and key
};

// Asks about a journey often: every bundle is verified once.
class Judge {
 public:
  explicit Judge(const Journey& journey);
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  Examined examine(const std::vector<Requirement>& requirements) const { return examiner_.examine(requirements); }
  Examined examine(std::string_view key) const { return examine({journey_.requirement(key)}); }
  std::optional<Node> withdrawal(const Requirement& release) const { return examiner_.withdrawal(release); }
  // Fault::kUntrusted listing every failure.
  Upstream verify(const std::vector<Requirement>& requirements) const { return examiner_.verify(requirements); }
  const sigstore::Verifier& verifier() const { return verifier_; }

 private:
  const Journey& journey_;
  sigstore::Verifier verifier_;
  Examiner examiner_;
};

inline const std::string kAnchorCommit(40, 'a');
inline const std::string kSource(40, 'c');

std::string listed(const Examined& examined);
// That it verified, or why not.
void check_verified(const Examined& examined);
// That it did not, and that one of the failures says `text`.
void check_refused(const Examined& examined, std::string_view text);

}  // namespace waybill::lineage
