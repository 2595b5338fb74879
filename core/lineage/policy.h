#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.h"
#include "core/base/oid.h"
#include "core/lineage/bill_format.h"
#include "core/lineage/pipeline.h"
#include "core/lineage/version_rules.h"

namespace waybill::lineage {

// The one place that definitions, policy and signers come from (trust.md T1).
struct Anchor {
  std::string server = "https://github.com";
  std::string issuer = "https://token.actions.githubusercontent.com";
  std::string repository;     // OWNER/NAME
  std::string repository_id;  // decimal; empty only in a standard policy made from a name
  std::string owner_id;
  std::string branch = "main";

  std::string ref() const { return "refs/heads/" + branch; }
  // "<server>/<OWNER/NAME>/<workflow>@refs/heads/<branch>": the whole identity (trust.md T4).
  std::string identity(std::string_view workflow) const;
};

// The workflow file that runs a stage when the policy names no other: ".github/workflows/<stage>.yml".
std::string standard_workflow(std::string_view stage);

// Who may sign which keys: one workflow file, its events, its environment (empty = none demanded).
struct Signer {
  std::string stage;
  std::string workflow;  // .github/workflows/x.yml
  std::vector<std::string> events;
  std::string environment;
  std::vector<std::string> keys;  // expanded

  // Of a stage of the pipeline, as long as the policy does not say otherwise.
  static Signer standard(const std::string& stage, const std::vector<std::string>& kubernetes, Pipeline pipeline);
};

// Branch names; `<chart>` and `<sha8>` are filled in. In a direct pipeline `integration` is the anchor's branch, and
// `chart`, `split`, `sync` and `carry` are empty: there are none.
struct Branches {
  std::string integration = "integration";
  std::string chart = "integrate/<chart>";
  std::string split = "split/<chart>/<sha8>";
  std::string bump = "bump/<chart>/<sha8>";
  std::string train = "release-train/<sha8>";
  std::string sync = "sync/<sha8>";
  std::string carry = "carry/<sha8>";
  std::string release = "release";
  std::string index = {};  // of a classic chart repository; empty: there is none

  static std::string filled(const std::string& pattern, std::string_view chart, std::string_view sha8);
  // Whether a name is the pattern's for this chart and whatever commit.
  static bool matches(const std::string& pattern, std::string_view chart, std::string_view name);
};

// A file at the anchor that counts only with exactly these bytes (trust.md T23).
struct PinnedFile {
  std::string path;
  Digest digest;
};

struct Destination {
  std::string repository;  // oci host/path; the chart's name is appended
  bool required = true;    // a release waits for it
};

// Whether a registry is the forge's own: it takes the job's token, no other is shown it (trust.md T18).
bool is_own_registry(std::string_view host, const std::string& server);

// Where bundles are kept: with the forge's attestations, or in the repository itself.
enum class Keeping { kForge, kGit };

// Who merges: true = waybill, as soon as everything holds; false = people.
struct Merging {
  bool integrate = true;
  bool sync = true;
  bool main = false;
  bool release = false;
};

// `.waybill.yml` at the tip of the default branch: what is released, which keys are demanded, who may sign.
struct Policy {
  Anchor anchor;
  std::string app;  // login of the App that owns waybill's branches: "waybill-release[bot]"
  std::vector<std::string> charts;
  std::vector<std::string> protected_paths;  // patterns as of `charts`, beside those that always are (trust.md T16)
  bool carries_other_files = false;          // files of no chart that contributions bring
  std::vector<std::string> kubernetes;
  Pipeline pipeline = Pipeline::kFull;
  Branches branches;
  std::vector<Signer> signers;  // of the pipeline's stages first, then the repository's own
  std::map<std::string, std::vector<std::string>> demanded;  // stage → keys, in place of the pipeline's
  // Of a Sigstore of its own: both or neither. Without them `instance`, which is empty when the repository's visibility
  // decides.
  std::optional<PinnedFile> trusted_root;
  std::optional<PinnedFile> signing_config;
  std::string instance;                                   // public-good, github
  std::vector<Keeping> keeping{Keeping::kForge};          // new ones in the first; looked for in all
  std::vector<BillFormat> bills{BillFormat::kCycloneDx};  // of every package: at least one, each once
  std::vector<Destination> destinations;
  Merging merging;
  // Tags from before waybill → their commits (trust.md T17). Their versions are taken, and what they tagged counts as
  // shipped; they are evidence of nothing.
  std::map<std::string, Oid> adopted;
  VersionRules versions;
  bool any_wish = false;  // people may wish for versions more than a step above the plan
  // How many people who may write and did not write it must have approved exactly what is tagged (trust.md T14).
  int reviews = 0;
  Digest digest;  // sha256 of the file's bytes

  // Refuses unknown keys, branch patterns that give two things one name or that collide, two signers that share a key
  // or a workflow file, events other than pull_request_target, push, workflow_dispatch, missing ids, what `waybill
  // init` left to fill in: all findings at once.
  static Policy parse(std::string_view text, std::string_view name);
  // What `verify --repo O/R` expects: the standard workflow file of every stage on the default branch, started as in
  // either pipeline.
  static Policy standard(const std::string& server, const std::string& repository, const std::string& branch);

  // The signer of a key; Fault::kInput naming the key when the policy has none.
  const Signer& signer_of(std::string_view key) const;
  // Whether releases get a statement of this key, as far as that is the policy's to say: of a bill of materials in a
  // format that it leaves out they do not.
  bool makes(std::string_view key) const;
  // The workflow file of a stage: its signer's, or the standard one.
  std::string workflow_of(std::string_view stage) const;
  // With `reviews`, what is released has been `reviewed`, whatever else is demanded.
  std::vector<std::string> demanded_by(std::string_view stage) const;
  // The same, with whoever signs in either pipeline and on the events of either: what was released stays released when
  // the policy goes from one to the other.
  Policy across_pipelines() const;
  // Whether waybill's branches are an App's that nobody else is. Without one nothing is merged but by people, and what
  // any job of the repository can do counts for less (trust.md T15).
  bool has_own_app() const { return app != "github-actions[bot]"; }
  bool is_direct() const { return pipeline == Pipeline::kDirect; }
};

inline constexpr std::string_view kPolicyFile = ".waybill.yml";

}  // namespace waybill::lineage
