#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/adopt/workflow.h"
#include "core/app/describe_action.h"

namespace waybill::app {

// What is described from, as it lies in the project now.
struct Described {
  std::string readme;          // README.md, with its generated parts
  std::string example_policy;  // examples/chart-pipeline/.waybill.yml: its branches are those of the example workflows
};

// What the generated files point at.
struct Pins {
  std::string image{kDevelopmentImage};  // every action: "docker://NAME:TAG" with or without "@sha256:…"
  adopt::ActionsRelease release = {};    // every workflow; none = the one that README.md names already
};

// Every generated file by path relative to the project: actions/<stage>/{action.yml,action-types.yml,README.md}, the
// root's action.yml and action-types.yml, the workflows of examples/chart-pipeline, and README.md with its generated
// parts anew.
std::map<std::filesystem::path, std::string> described(const Described& from, const Pins& pins = {});

// Writes them below `root`; with `check` writes nothing and returns false after naming every file that differs. An
// image of another form is Fault::kInput.
bool describe(const std::filesystem::path& root, bool check, const Pins& pins = {});

}  // namespace waybill::app
