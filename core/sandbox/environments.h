#pragma once

#include <string>

#include "core/sandbox/forge.h"

namespace waybill::sandbox {

// An environment that the operator speaks of: made if there is none of that name, limited to the default branch if it
// is one of waybill's.
void keep_environment(Forge& forge, const std::string& repository, const std::string& name);

bool has_environment(const Forge& forge, const std::string& repository, const std::string& name);

// Whether a job on this reference may have what the environment keeps (trust.md T15). One that nobody made keeps
// nothing back.
bool admits(const Forge& forge, const std::string& repository, const std::string& environment, const std::string& ref);

}  // namespace waybill::sandbox
