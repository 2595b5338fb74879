#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/oid.h"
#include "core/chart/chart.h"
#include "core/chart/repository_index.h"
#include "core/lineage/statements.h"
#include "core/lineage/waybill.h"
#include "core/oci/registry.h"

// All that a stage can say: an ordered list of claims to attest and effects to ensure, as values. The order is the only
// order. Every effect has a natural key; the applier makes it so, finds it so, or stops with both values named.
namespace waybill::stages {

// A statement to sign. `inputs` are keys of the same chart, attested earlier in this plan or verified upstream: the
// applier turns them into links.
struct Claim {
  std::string key;
  lineage::Stamp stamp;
  std::vector<intoto::Subject> subjects;
  std::vector<std::string> inputs;

  struct Tested {
    std::vector<lineage::Check> checks;
  };
  struct Produced {
    Json results;  // byproducts by name
  };
  struct Summarised {
    std::string resource_uri;
    std::vector<std::string> levels;
    std::string withdrawn;  // why it is FAILED; empty = PASSED
  };
  struct Described {
    std::string predicate_type;
    Json predicate;
  };
  std::variant<Tested, Produced, Summarised, Described> content;
  bool once = false;  // one that verifies and says the same is not signed again
};

// A branch points at a commit. Key: the name.
struct EnsureBranch {
  std::string name;
  Oid commit;
};

// The tip of a branch is a commit with this one parent, this tree and this message. Key: the branch and its parent. The
// tree is the parent's with one subtree replaced and files laid over it.
struct EnsureCommit {
  std::string branch;
  Oid parent;
  Oid parent_tree;
  std::string path;            // of the replaced subtree
  std::optional<Oid> subtree;  // an existing tree object; absent = only `files`
  struct File {
    std::string path;  // from the root
    git::Mode mode = git::Mode::kFile;
    std::string content;
  };
  std::vector<File> files;
  Oid tree;  // what must come out
  std::string message;
};

// The tip of a branch is a commit with these parents, this tree and this message. Key: the branch and its parents. The
// tree is the first parent's with entries laid over it.
struct EnsureMergeCommit {
  std::string branch;
  Oid parent;
  std::optional<Oid> merged;  // the second one
  Oid parent_tree;
  struct Entry {
    std::string path;                    // from the root
    std::optional<git::Entry> object;    // an existing file; absent = the path goes
    std::optional<std::string> content;  // in place of the object's, which then gives the mode alone
  };
  std::vector<Entry> entries;
  Oid tree;  // what must come out
  std::string message;
};

// An open pull request from a branch of this repository. Key: head and base. `carried` and what this plan attests for
// these charts stand in its waybill from the first moment.
struct EnsurePullRequest {
  std::string head;
  std::string base;
  std::string title;
  std::string prose;
  lineage::Waybill carried;
};

// The waybill in the description of a pull request that exists. Key: the number.
struct EnsureWaybill {
  std::int64_t pull_request = 0;
  lineage::Waybill carried;
};

// The pull request is merged with exactly this head into exactly this branch: what a check said of one base it did not
// say of another (trust.md T2).
struct EnsureMerged {
  std::int64_t pull_request = 0;
  Oid head;
  std::string base_ref;
  std::string method;  // squash or merge
  std::string title;
  std::string message;
  std::optional<Oid> base = std::nullopt;  // where the branch must still be; absent: it may have moved on
};

// The pull request does not stay open; a merged one stays as it is. Key: the number.
struct EnsureClosed {
  std::int64_t pull_request = 0;
  std::string why;
};

// waybill's own check for a head and a base (trust.md T2). Key: the commit and the name.
struct EnsureCheck {
  std::string name;
  std::variant<Oid, std::string> head;  // a commit, or the tip of a branch that this plan writes
  std::int64_t pull_request = 0;
  std::string base_ref;
  Oid base;
  std::string title;
  std::string summary;
};

// An annotated tag, its message completed with what this plan attested. Key: the name.
struct EnsureTag {
  std::string name;
  Oid commit;
  lineage::TagMessage message;
};

struct EnsureDraft {  // a release that is not yet visible. Key: the tag
  std::string tag;
  std::string name;
  std::string body;
  bool prerelease = false;
};

// An asset of a release. Key: tag and file name; compared by digest.
struct EnsureAsset {
  struct LineageOf {
    std::string chart;
    std::string key;
  };
  std::string tag;
  std::string name;
  std::string media_type;
  std::variant<std::string, LineageOf> content;  // bytes, or the lineage behind a key of a chart
};

struct EnsurePublished {  // the release is visible. Key: the tag
  std::string tag;
};

struct EnsureWithdrawn {  // the release's page, if there is one, begins with this. Key: the tag
  std::string tag;
  std::string notice;
};

// A manifest and its blobs, by digest only. Key: repository and digest.
struct EnsureManifest {
  std::string repository;
  oci::Manifest manifest;
  std::vector<std::string> blobs;
};

// A bundle attached to a manifest. Key: subject and bundle.
struct EnsureReferrer {
  struct Kept {
    std::string bundle;
    std::string predicate_type;
  };
  std::string repository;
  oci::Descriptor subject;
  std::string chart;
  std::string key;
  std::string created;
  std::optional<Kept> kept = std::nullopt;  // what another run attested; absent = attested in this plan
};

struct EnsureRegistryTag {  // Key: repository and tag
  std::string repository;
  std::string tag;
  oci::Manifest manifest;
};

// The index of a classic chart repository lists these packages, and those versions not. Key: branch, chart and version.
// The branch is made where there is none.
struct EnsureIndex {
  struct Version {
    std::string name;
    std::string version;
  };
  std::string branch;
  std::vector<chart::IndexEntry> listed;
  std::vector<Version> unlisted;
};

struct EnsureDeployment {  // Key: commit, environment and payload
  Oid commit;
  std::string environment;
  Json payload;
};

struct EnsureDispatch {  // a run of another stage's workflow on the anchor. Key: workflow and why
  std::string workflow;
  std::string ref;
  std::string why;
  std::int64_t pull_request = 0;  // that the run is to look at; 0 = everything that waits
  std::string merge_group = {};   // the same, a branch of the merge queue
};

struct EnsureRuleset {  // rules of the repository's branches or tags. Key: the name
  std::string name;
  Json body;
  std::vector<std::string> drift;  // what is otherwise now
};

using Step = std::variant<Claim, EnsureBranch, EnsureCommit, EnsureMergeCommit, EnsurePullRequest, EnsureWaybill,
                          EnsureMerged, EnsureClosed, EnsureCheck, EnsureTag, EnsureDraft, EnsureAsset, EnsurePublished,
                          EnsureWithdrawn, EnsureManifest, EnsureReferrer, EnsureRegistryTag, EnsureIndex,
                          EnsureDeployment, EnsureDispatch, EnsureRuleset>;

class Plan {
 public:
  void add(Step step) { steps_.push_back(std::move(step)); }
  // What nothing else waits for: when it fails, what is kept apart under the same name is left, everything else is
  // done, and then the run stops with this fault.
  void add_apart(std::string name, Step step) {
    apart_.emplace(steps_.size(), std::move(name));
    add(std::move(step));
  }
  // One line for people: why nothing happens to this chart, which waits for which.
  void note(std::string text) { notes_.push_back(std::move(text)); }
  // What people have to see to. The plan is carried out all the same, and then the run stops with this fault.
  void alarm(Error what) { alarms_.push_back(std::move(what)); }
  void output(std::string_view name, Json value) { outputs_[std::string(name)] = std::move(value); }

  const std::vector<Step>& steps() const { return steps_; }

  // The name that a step is kept apart under; empty for all others.
  std::string_view apart(std::size_t step) const {
    const auto found = apart_.find(step);
    return found == apart_.end() ? std::string_view() : found->second;
  }

  const std::vector<std::string>& notes() const { return notes_; }

  const std::vector<Error>& alarms() const { return alarms_; }

  const std::map<std::string, Json>& outputs() const { return outputs_; }

 private:
  std::vector<Step> steps_;
  std::map<std::size_t, std::string> apart_;
  std::vector<std::string> notes_;
  std::vector<Error> alarms_;
  std::map<std::string, Json> outputs_;
};

std::string predicate_type(const Claim& claim);

// "attest lint-test-v1.33.7 of charts/nginx", "tag nginx-v1.2.3 at 1a2b3c4d": what a step does, in one line.
std::string title(const Step& step);
// The plan as JSON: every step with its kind, natural key and content digests.
OrderedJson to_json(const Plan& plan);

}  // namespace waybill::stages
