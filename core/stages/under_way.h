#pragma once

#include <optional>
#include <string>
#include <string_view>
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
// There is a branch to bring exactly this content, as it came to integration last, before the default branch.
bool has_release_branch(const Job& job, const Consignment& consignment);

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
