#pragma once

#include <string>

#include "core/base/json.h"
#include "core/sandbox/forge.h"

// The merge queue of a branch with a `merge_queue` rule. Each pull request is a group of its own: a commit on
// gh-readonly-queue/<base>/pr-<number>-<base's commit>, made on what is ahead of it, which the event `merge_group` asks
// the required checks for.
namespace waybill::sandbox {

// Puts an open pull request at the end of its base's queue; {branch, head_sha}. Fault::kConflict when that cannot be.
Json enqueue(Forge& forge, const std::string& repository, long number, const std::string& login);

// Merges, in order, what the checks have passed, and drops what they have not: those behind it are tried anew.
void settle_queue(Forge& forge, const std::string& repository, const std::string& base_url);

}  // namespace waybill::sandbox
