#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/stages/job.h"

// What travels between two stages, for runs that no pull request tells where to look: a dispatch after a change of the
// policy, or after an edge was lost. Everything here is derived from git; branches' names are hints to commits.
namespace waybill::stages {

// Contents of charts on their way to a release, their shipments with source and last shipped: what integration has now
// and the default branch has not, and what integration had since the last shipment, was validated and still stands on a
// branch of waybill's. Of one chart the oldest first: what is older goes first. In a direct pipeline what lies
// unreleased on the default branch.
std::vector<Consignment> under_way(const Job& job);
// What integration has of the chart now.
bool is_newest(const Job& job, const Consignment& consignment);
// The chart's own branch holds exactly this content.
bool is_on_chart_branch(const Job& job, const Consignment& consignment);
// The name of the chart at `path` of a commit.
std::string name_of(const Job& job, const Oid& commit, const std::string& path);

// What integration's history says of contents, read once for all charts.
class ReleaseBranches {
 public:
  ReleaseBranches(const Job& job, const Oid& integration);

  // A content of a chart has come before the default branch: there is a branch that brings it as it came to integration
  // after what the chart's newest tag says was shipped, or it is what was shipped.
  bool are_settled(const std::string& path, const std::string& name, const Oid& content) const;

 private:
  const Job& job_;
  std::vector<git::Tag> tags_;
  std::set<std::string> names_;
  std::map<std::string, std::pair<Oid, std::size_t>> commits_;  // by their shortened names: how far back they are
};

// The App's own pull request that brought this content into the chart's branch, or towards the default branch: open or
// merged, the newest. Of an open one the base is its branch's tip.
std::optional<forge::PullRequest> split_pull_request(const Job& job, const Consignment& consignment);
std::optional<forge::PullRequest> release_pull_request(const Job& job, const Consignment& consignment);

// Everything that the policy demands before this stage verifies.
bool is_due(const Job& job, std::string_view stage, const Consignment& consignment);
// It does not, but `key`, the last one before this stage, was attested under an earlier policy: void (trust.md T22), to
// be made anew from the first stage on. What was never attested stays due and is refused aloud.
std::optional<SetAside> outdated(const Job& job, std::string_view stage, std::string_view key,
                                 const Consignment& consignment);

// A run acts on one content of a chart: the first stays, for the others the stage runs again.
void take_turns(Survey& survey, std::string_view stage);

}  // namespace waybill::stages
