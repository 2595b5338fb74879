#pragma once

#include <string>
#include <string_view>

#include "core/stages/job.h"
#include "core/stages/plan.h"

// A merge queue tries pull requests together before it merges them: on a branch of the forge's that holds the base and
// all of a group, whose commit the required checks must answer. What runs on that branch was written by contributors,
// so it may only name the branch; the stages look at it from the default branch (trust.md T1, T11).
namespace waybill::stages {

// What a workflow's dispatch calls the branch, without refs/heads/.
inline constexpr const char* kMergeGroupInput = "merge-group";

// Where a merge queue of a branch keeps its own: gh-readonly-queue/<base>/
std::string queue_folder(std::string_view base);

// The policy's branch that a group is to be merged into, by its branch's name gh-readonly-queue/<base>/…; Fault::kInput
// when it is none where contributions or releases go.
std::string base_of_group(const lineage::Policy& policy, std::string_view branch);

// The same answer that a pull request gets, for the group's commit.
EnsureCheck own_check(const MergeGroup& group, std::string_view stage, std::string title, std::string summary);

// A contribution's rules, for the charts of a group that nobody has attested as they are in it: each alone may have
// been.
Survey contributions_of(const Job& job, const MergeGroup& group);

// Every chart that a group brings to the default branch is byte for byte what stage 5 summed up, and was not released
// before; Fault::kUntrusted naming each that is not. In a direct pipeline contributions go there too: what is released
// of them is for stage 6 to judge.
void require_releases(const Job& job, const MergeGroup& group);

}  // namespace waybill::stages
