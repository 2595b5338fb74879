#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/chart/chart.h"
#include "core/chart/helm.h"
#include "core/chart/package.h"
#include "core/forge/client.h"
#include "core/git/repository.h"
#include "core/lineage/policy.h"
#include "core/lineage/verify.h"
#include "core/lineage/waybill.h"
#include "core/oci/registry.h"
#include "core/runner/runner.h"
#include "core/sigstore/artifact.h"

namespace waybill::stages {

// What a merge queue tries: its branch, and the commits that it is to come from and go to.
struct MergeGroup {
  std::string branch;  // gh-readonly-queue/<base>/…
  std::string base_ref;
  Oid base;  // the tip of the branch that it is to be merged into
  Oid head;
};

// What git, the event and the forge say, as values.
struct Facts {
  lineage::Policy policy;
  Oid anchor;                              // tip of the default branch: where policy and definitions come from
  std::string event;                       // pull_request_target, push, workflow_dispatch; empty on a command line
  std::optional<forge::PullRequest> pull;  // the event's, read again from the forge
  std::optional<MergeGroup> group;         // in the place of a pull request: what a dispatch was told to look at
  runner::Occasion occasion;               // what the event said the run is about, as it was then
  lineage::Builder builder;                // this run
  std::string repository_id;
  std::string tool;  // "waybill 0.1.0"
  Time now;

  bool dispatched() const { return event != "pull_request_target" && event != "push"; }
};

// A trusted root that is known without being given, and in words which one and how old it is.
struct KnownRoot {
  std::string json;
  std::string described;
};

// Reading, in every direction a stage may look. What a stage does not need is not there (Fault::kInternal when asked
// for).
struct Ports {
  const git::Repository* repository = nullptr;
  const forge::Reader* reader = nullptr;
  const chart::Helm* charts = nullptr;
  const forge::SettingsReader* settings = nullptr;
  std::function<std::optional<oci::Manifest>(const std::string& repository, const std::string& tag)> registry;
  std::function<std::vector<std::string>(const std::string& repository)> registry_tags;
  std::function<std::string(const std::string& path)> file;  // of the workspace, at most 64 MiB
  // A file of any size, by its digests.
  std::function<sigstore::Artifact(const std::string& path, const std::set<std::string>& algorithms)> artifact;
  // Of the Sigstore instance whose certificate authorities call themselves so; nothing when that is not known.
  std::function<std::optional<KnownRoot>(std::string_view organisation)> known_root;
  // Bundles about a subject at a place: `github`, `git` or `oci://HOST/NAME`, the first two of the inputs' repository.
  std::function<std::vector<std::string>(const std::string& place, const Digest& subject)> bundles;
  // What verifies of these requirements: all of them, or Fault::kUntrusted listing every one that does not.
  std::function<lineage::Upstream(const std::vector<lineage::Requirement>&)> demanded;
  // The same, or nothing when one does not.
  std::function<std::optional<lineage::Upstream>(const std::vector<lineage::Requirement>&)> verified;
  // The same, statements made under an earlier policy included: what was shipped stays shipped when the policy changes.
  std::function<std::optional<lineage::Upstream>(const std::vector<lineage::Requirement>&)> verified_ever;
  // The same, from what the default branch lost too. It may hold something back, and proves nothing else.
  std::function<std::optional<lineage::Upstream>(const std::vector<lineage::Requirement>&)> verified_and_lost;
  // When and why its signer took back the release that a requirement is for.
  std::function<std::optional<std::string>(const lineage::Requirement&)> withdrawn;

  const git::Repository& git() const;
  const forge::Reader& forge() const;
  const chart::Helm& helm() const;
  const forge::SettingsReader& forge_settings() const;
};

// A chart at one point of its journey, with the bytes that the keys before this stage must have attested.
struct Consignment {
  std::string path;  // charts/nginx
  chart::Metadata metadata;
  chart::Subtree subtree;
  Oid tree;  // of the subtree
  Digest subtree_digest;
  Digest content_digest;
  Oid commit;  // where the subtree was read
  lineage::Shipment shipment;
  std::optional<chart::Package> package;                  // from stage 7 on
  std::string tag;                                        // from stage 7 on
  lineage::Waybill waybill;                               // the index that travelled with it, unverified
  std::optional<forge::PullRequest> pull = std::nullopt;  // that it travels in; absent: the event's, if any

  // The digest under which the evidence of a key is kept.
  const Digest& subject_of(std::string_view key) const;
  std::vector<intoto::Subject> subjects() const;  // subtree and content
};

// A chart that a stage looked at and leaves alone in this run.
struct SetAside {
  std::string why;      // for people: the chart and the reason
  std::string redo_by;  // the stage that has to look at it again; empty = none
};

// What a stage found: the charts it acts on, whose demanded keys must all verify, and those it does not.
struct Survey {
  std::vector<Consignment> due;
  std::vector<SetAside> set_aside = {};
};

using Values = std::map<std::string, std::string, std::less<>>;

// Everything a stage may read.
struct Job {
  const Facts& facts;
  const Ports& ports;
  const Values& inputs;
  std::vector<Consignment> consignments;  // what survey() found due
  std::vector<SetAside> set_aside;        // and what it did not
  lineage::Upstream upstream;             // every key the policy demands of every consignment, verified

  std::string_view input(std::string_view name) const;
};

}  // namespace waybill::stages
