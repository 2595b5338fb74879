#pragma once

#include <string>

#include "core/sandbox/forge.h"
#include "core/sandbox/pull_request.h"

namespace waybill::sandbox {

// What an account may do with a repository, as people see it: admin, write, read.
std::string permission_of(const Forge& forge, const std::string& repository, const std::string& login);

// How many people who may write approve a pull request, by what each said last: of its head alone where approvals of
// earlier commits are `dismissed`.
long approvals(const Forge& forge, const PullRequest& pull_request, bool dismissed);

}  // namespace waybill::sandbox
