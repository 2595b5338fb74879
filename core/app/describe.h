#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/stages/table.h"

namespace waybill::app {

// Every generated file by path relative to the project: actions/<stage>/{action.yml,action-types.yml,README.md}, the
// root's action.yml and action-types.yml, and the generated part of README.md given as it is now.
std::map<std::filesystem::path, std::string> described(const std::string& readme);

// Writes them below `root`; with `check` writes nothing and returns false after naming every file that differs.
bool describe(const std::filesystem::path& root, bool check);

}  // namespace waybill::app
