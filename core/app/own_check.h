#pragma once

#include <cstdint>
#include <string>

#include "core/app/session.h"
#include "core/base/error.h"

namespace waybill::app {

// What a check of waybill's is about: sha256 over pull request (0 = a group of a merge queue), base and head (trust.md
// T2).
std::string own_check_id(std::int64_t pull_request, const std::string& base_ref, const Oid& base, const Oid& head);

// A pull request or a group of a merge queue that a stage refused says why, on its head, where the check would have
// stood: a run that was dispatched for it shows nowhere else. Nothing when the fault is not the pull request's, the
// forge does not take it, it stands there already, or the head has passed for another pull request, which this one must
// not hold up.
void show_refusal(Session& session, const Error& error);

}  // namespace waybill::app
