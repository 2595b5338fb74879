#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/app/describe_action.h"

namespace waybill::app {

// Every generated file by path relative to the project: actions/<stage>/{action.yml,action-types.yml,README.md}, the
// root's action.yml and action-types.yml, and the generated part of README.md given as it is now.
std::map<std::filesystem::path, std::string> described(const std::string& readme,
                                                       std::string_view image = kDevelopmentImage);

// Writes them below `root`; with `check` writes nothing and returns false after naming every file that differs. `image`
// is "docker://NAME:TAG" with or without "@sha256:…"; anything else is Fault::kInput.
bool describe(const std::filesystem::path& root, bool check, std::string_view image = kDevelopmentImage);

}  // namespace waybill::app
