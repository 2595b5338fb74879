#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/lineage/policy.h"
#include "core/lineage/statements.h"
#include "core/lineage/store.h"
#include "core/sigstore/verify.h"

namespace waybill::lineage {

// A key that must hold for a chart, found under a subject that the asking stage computed itself.
struct Requirement {
  std::string key;
  std::string chart;  // path; empty = any one (an artifact whose path is not known yet)
  Digest subject;
  std::optional<Link> hint;  // what the waybill says: it must verify as this very key too (an index is never evidence)
  // What every verification summary behind it must be about, exactly (trust.md T22); where it is empty, that of the
  // first one.
  std::string resource = {};
};

// One verified statement of a lineage, with what it was built on.
struct Node {
  sigstore::VerifiedStatement verified;
  Stamp stamp;
  std::vector<Link> links;
  Digest subject;  // under which it was asked for
  sigstore::Bundle bundle;
  std::string resource;  // of a verification summary
};

// Verified evidence. Only examine() makes one: holding it means that every requirement and everything it was built on
// verified: signature, identity by policy, key, chart, repository, policy digest, subject, links, results, order in
// time.
class Upstream {
 public:
  bool has(std::string_view key, std::string_view chart) const;
  const Node& at(std::string_view key, std::string_view chart) const;  // Fault::kInternal when it was not required
  Link link(std::string_view key, std::string_view chart) const;
  // Every verified statement behind `chart`'s requirements, each once, links before what links to them.
  std::vector<const Node*> lineage(std::string_view chart) const;
  // The lineage behind a requirement as an indented tree: key, stage, time, start of the statement's digest.
  std::string tree(std::string_view key, std::string_view chart) const;
  // No requirement was made.
  bool empty() const { return required_.empty(); }

  static Upstream nothing();

 private:
  friend class Examiner;
  Upstream() = default;
  std::map<Digest, Node> nodes_;                                    // by link digest
  std::map<std::pair<std::string, std::string>, Digest> required_;  // (chart, key) → link digest
};

struct Expectations {
  const Policy& policy;
  const sigstore::Verifier& verifier;
  const Store& store;
  // Whether a commit is on the anchor's history (trust.md T4, .19); absent offline.
  std::function<bool(const std::string& commit)> on_anchor;
  // Statements made under another policy are void (trust.md T22); false where no policy file is at hand: then one
  // policy digest must run through the whole lineage.
  bool policy_digest_known = true;
};

struct Failure {
  std::string chart;
  std::string key;
  std::string text;
};

struct Examined {
  std::vector<Failure> failures;     // all of them
  std::optional<Upstream> upstream;  // only when there are none
};

// Verifies requirements against one policy, root and store; a bundle is verified once however often it is linked.
class Examiner {
 public:
  explicit Examiner(Expectations expectations);
  ~Examiner();

  Examined examine(const std::vector<Requirement>& requirements) const;
  // examine(), and Fault::kUntrusted listing every failure.
  Upstream verify(const std::vector<Requirement>& requirements) const;

  // The newest statement that withdraws what the requirement, which is for `release-overall`, is about; it counts under
  // whatever policy it was made.
  std::optional<Node> withdrawal(const Requirement& requirement) const;

  // One line for people about what was found under the subjects so far and counted for nothing: statements that do not
  // verify as anybody's whom the policy names, bundles that cannot be read (trust.md T28), statements under an earlier
  // policy (T22). Empty when there were
  // none.
  std::string passed_over() const;

 private:
  struct Known;
  std::unique_ptr<Known> known_;
};

Upstream verify(const std::vector<Requirement>& requirements, const Expectations& expectations);

// A FAILED verification summary of a whole release: its own signer takes the release back, for good (trust.md T23).
bool is_withdrawal(const Node& node);
// "withdrawn on 2026-11-21T12:14:00Z: why"
std::string described_withdrawal(const Node& node);

// Why a certificate's identity is not the policy's signer of `key`; empty when it is (trust.md T3, T4). Whole strings
// only.
std::vector<std::string> identity_failures(const sigstore::Identity& identity, std::string_view key,
                                           const Policy& policy);

// The whole lineage as lines of bundles, links first: `<name>-<version>.lineage.jsonl`.
std::string lineage_lines(const std::vector<const Node*>& nodes);

}  // namespace waybill::lineage
