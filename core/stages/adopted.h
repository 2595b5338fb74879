#pragma once

#include <string>

#include "core/git/repository.h"

namespace waybill::stages {

// That a tag which the policy adopted stands at a commit of this repository; Fault::kInput with both named.
void require_adopted_here(const git::Repository& git, const std::string& tag, const Oid& commit);

}  // namespace waybill::stages
