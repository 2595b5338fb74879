#pragma once

#include <string>
#include <vector>

#include "core/stages/job.h"
#include "core/stages/plan.h"

// Files of no chart on their way from integration to the default branch, where the policy says `other-files: carry`.
namespace waybill::stages {

// Of the files of no chart that differ at `head`, those that no contribution brings: all of them, or where they are
// carried those that say who releases, links and submodules (trust.md T16).
std::vector<std::string> never_carried(const Job& job, const Oid& head, const std::vector<std::string>& others);

// Everything that integration has and the default branch has not, as one pull request that people merge; what both
// changed waits for the sync. Open ones with older content are closed.
void carry_other_files(Plan& plan, const Job& job);

}  // namespace waybill::stages
