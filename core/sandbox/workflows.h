#pragma once

#include <string>

#include "core/sandbox/forge.h"

namespace waybill::sandbox {

// Whether events start this workflow file: Actions are on, and nobody disabled it.
bool is_active(const Forge& forge, const std::string& repository, const std::string& path);
// The number of a workflow file, always the same.
long workflow_id(const std::string& repository, const std::string& path);
// The path of a workflow that a call names by its file or its number, or 404.
std::string workflow_path(const Forge& forge, const std::string& repository, const std::string& named);

}  // namespace waybill::sandbox
