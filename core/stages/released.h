#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/chart/plan_version.h"
#include "core/stages/job.h"

// What of a chart is released and what is not, above all where contributions and releases meet on one branch
// (`pipeline: direct`). Content and evidence decide, never what a commit says or who made it.
namespace waybill::stages {

// The chart at a commit; nothing when there is none, or somebody's content cannot be meant: that is for stage 1 to say.
std::optional<Consignment> readable_chart(const Job& job, const Oid& commit, const std::string& path);
std::optional<chart::Metadata> readable_metadata(const Job& job, const Oid& commit, const std::string& path);

// Where a version of a chart is tagged, and by whom.
struct VersionTag {
  git::Tag tag;
  bool counts = false;  // the policy adopted it, or it is waybill's and stands on exactly this content
};
// The tag of the version that a content holds, among those of its chart; one that counts before every other.
std::optional<VersionTag> version_tag(const Job& job, const std::vector<chart::ReleaseTag>& releases,
                                      const std::string& version, const Oid& subtree, const std::string& path);
// A verified version is not to disappear behind a tag that somebody else made or that stands on other content:
// Fault::kConflict.
[[noreturn]] void refuse_tag(const Job& job, const VersionTag& found, const Oid& wanted);

class Released {
 public:
  explicit Released(const Job& job) : job_(job) {}

  // The chart as it was released last, by its verified tag, even when the default branch lost it, or by an adopted tag
  // on that branch. Of a chart that has none, as it was when the policy came to the default branch; nothing when it is
  // younger than that.
  std::optional<chart::Subtree> last(const Consignment& chart) const;
  // Whether more than the release-owned parts differs from that.
  bool differs(const Consignment& chart) const;

 private:
  const Job& job_;
  mutable std::optional<Oid> start_;
};

// Charts at the tip of the default branch that differ from what was released last, in the order of their paths, their
// shipments with source and last shipped. Set aside: those that cannot be read, for stage 1 to say why; those whose
// release is merged and waits for its tag.
Survey unreleased_charts(const Job& job);

// Releases that were merged and have no tag that counts, by their verified `workflow-5-overall`: the oldest of each
// chart is due, in the order of history, whoever else made a tag of its version. Set aside: other versions without a
// tag, and what would go back behind a release (trust.md T5).
Survey untagged_releases(const Job& job);

}  // namespace waybill::stages
