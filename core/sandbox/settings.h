#pragma once

#include <string>

#include "core/sandbox/api.h"

namespace waybill::sandbox {

// What a repository's administrators set, by GitHub's names: merge methods, what Actions may do, immutable releases.
// Until they do it is as waybill wants it.
Json settings_of(const Forge& forge, const std::string& repository);
void change_settings(Forge& forge, const std::string& repository, const Json& changes);

// What the token of a job may do whose workflow does not say it.
std::map<std::string, std::string> usual_permissions(const Forge& forge, const std::string& repository);

}  // namespace waybill::sandbox
