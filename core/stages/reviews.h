#pragma once

#include <string>
#include <vector>

#include "core/stages/job.h"

// Who approved what is released (trust.md T14).
namespace waybill::stages {

struct Review {
  std::vector<std::string> approvals;    // logins, sorted
  std::vector<std::string> against;      // who may write and asks for changes
  std::vector<std::string> passed_over;  // "maria, who opened it": approvals that count for nothing, and why
};

// What people say of the commit that was merged, each by what they said last: approvals of exactly that commit count,
// by people who may write to the repository now, who did not open the pull request, and who opened or wrote none of the
// contributions that the shipment brings.
Review review_of(const Job& job, const Consignment& consignment, const forge::PullRequest& pull);

}  // namespace waybill::stages
