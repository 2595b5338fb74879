#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/chart/plan_version.h"
#include "core/stages/job.h"

// Where a chart is on its way, derived from git alone (trust.md T5, T11): branches' names and dispatch inputs are
// hints.
namespace waybill::stages {

// Both are in this clone, and one is the other or comes after it. A commit that a branch lost is nowhere, so nothing
// does.
bool comes_after(const git::Repository& git, const Oid& older, const Oid& newer);

// The commit a branch of the repository has now; Fault::kInput naming the branch when there is none.
Oid branch_tip(const Job& job, const std::string& branch);
std::optional<Oid> find_branch_tip(const Job& job, const std::string& branch);
// The branches that the repository has of a pattern of the policy, for one chart.
std::vector<std::string> branches_like(const Job& job, const std::string& pattern, std::string_view chart);

// What people call a commit: a full id, a branch as origin/NAME, a tag. Fault::kInput when it is none here.
Oid named_commit(const Job& job, std::string_view name);

// The chart at `path` of a commit with everything digested; `shipment` holds its path only.
Consignment consign(const Job& job, const Oid& commit, const std::string& path);

// What Chart.yaml of a commit says, without reading the rest; nothing when there is none.
std::optional<chart::Metadata> metadata_at(const Job& job, const Oid& commit, const std::string& path);

// The last commit on the first-parent history of integration that changed the chart.
Oid source_of(const Job& job, const Oid& integration, const std::string& path);

// What the verified `tag` statement about the chart's content at a tag says, whatever policy was in force then, and
// wherever it ran, of a tag that the default branch lost; nothing when there is none, or the tag is not named after the
// chart and version that it stands on.
std::optional<lineage::Stamp> tag_stamp(const Job& job, const chart::ReleaseTag& release, const std::string& path);
// That statement, with all that it was built on.
std::optional<lineage::Upstream> tag_evidence(const Job& job, const chart::ReleaseTag& release,
                                              const std::string& path);
// What a verification summary of this repository calls the release of a chart in a version.
std::string release_uri(const Job& job, const std::string& chart, const std::string& version);
// That a package is that release.
lineage::Requirement release_requirement(const Job& job, const std::string& path, const std::string& chart,
                                         const std::string& version, const Digest& package);
// What a package of the chart was released on, whatever policy was in force then; nothing when that does not verify.
std::optional<lineage::Upstream> package_evidence(const Job& job, const std::string& path, const std::string& chart,
                                                  const std::string& version, const Digest& package);

// The newest release of a chart, by name, that `wanted` accepts. A tag is a release only with a verified `tag`
// statement about this chart in this version, or when the policy adopted it; any other is none, whatever its name
// (trust.md T17). An adopted tag stands at the policy's commit, wherever it is now. One on the default branch, but in a
// direct pipeline: there what was released counts even when that branch lost it.
std::optional<chart::ReleaseTag> newest_release(const Job& job, const std::string& chart,
                                                const std::function<bool(const chart::ReleaseTag&)>& wanted);

// The source of the newest release of the chart on the default branch, by its verified `tag` statement. Tags above it
// that do not verify any more count by what they say, as far as that is newer; so does the newest adopted tag there. In
// a direct pipeline, where releases and contributions have one history, the tagged commit itself; a verified one counts
// even when the default branch lost it.
std::optional<Oid> last_shipped(const Job& job, const Consignment& consignment);
// The source of a shipment is on integration's first-parent history and descends strictly from what was shipped last;
// Fault::kUntrusted otherwise (trust.md T5).
void require_after_shipped(const Job& job, const Consignment& consignment, const lineage::Shipment& shipment);
// The same, and the source holds exactly this subtree.
void require_forward(const Job& job, const Consignment& consignment, const lineage::Shipment& shipment);

// The pull request is waybill's own: by the App, from this repository, its branch made by the pattern (trust.md T2).
void require_own(const Job& job, const forge::PullRequest& pull, const std::string& pattern, std::string_view chart);
bool is_own(const Job& job, const forge::PullRequest& pull);

// The merged pull request that a commit of the default branch came from.
std::optional<forge::PullRequest> source_pull(const Job& job, const Oid& commit);

// The commits of the default branch that waybill watches over, everything after the policy came to be, oldest first.
std::vector<git::Commit> watched_commits(const Job& job);
// The commit that they follow: where the policy came to be.
Oid policy_start(const Job& job);

// The chart whose directory differs between two commits, and nothing else; Fault::kUntrusted listing what else does.
std::string only_changed_chart(const Job& job, const Oid& base, const Oid& head);

// The root tree of a commit with the subtree at `path` replaced.
Oid replaced_tree(const git::Repository& git, const Oid& commit, const std::string& path, const Oid& subtree);

// Whether a chart depends on charts of the same repository, by `file://`.
bool holds_charts(const Consignment& chart);
// Whether a chart depends on the other one, which lies in the same repository.
bool depends_on(const Consignment& chart, const Consignment& other);

// Whether a statement under this key about this content verifies under the policy in force; or under that or an earlier
// one.
bool has_statement(const Job& job, std::string_view key, const Consignment& consignment);
bool had_statement(const Job& job, std::string_view key, const Consignment& consignment);
// This exact content has a verified `validate` statement.
bool is_validated(const Job& job, const Consignment& consignment);
// This exact content was released, under whatever policy was in force then: it needs no second look.
bool is_released(const Job& job, const Consignment& consignment);

// What the chart on `main` is: nothing for a new chart.
std::optional<Consignment> on_main(const Job& job, const std::string& path);

}  // namespace waybill::stages
