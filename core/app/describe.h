#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "core/adopt/workflow.h"
#include "core/app/describe_action.h"

namespace waybill::app {

// What is described from, as it lies in the project now.
struct Described {
  std::string readme;  // README.md, with its generated parts
  // By folder, .waybill.yml of each of the examples: its pipeline and branches are those of the workflows there.
  std::map<std::string, std::string> policies;
};

// What the generated files point at.
struct Pins {
  std::string image{kDevelopmentImage};  // every action: "docker://NAME:TAG" with or without "@sha256:…"
  adopt::ActionsRelease release = {};    // every workflow; none = the one that README.md names already
};

// The examples that are written, as folders; single actions show the workflows of the first.
inline constexpr std::array<std::string_view, 2> kExamples{"examples/chart-pipeline", "examples/direct"};

// Every generated file by path relative to the project: actions/<stage>/{action.yml,action-types.yml,README.md}, the
// root's action.yml and action-types.yml, policy.schema.json, the workflows of the examples, and README.md with its
// generated parts anew.
std::map<std::filesystem::path, std::string> described(const Described& from, const Pins& pins = {});

// Writes them below `root`; with `check` writes nothing and returns false after naming every file that differs. An
// image of another form is Fault::kInput.
bool describe(const std::filesystem::path& root, bool check, const Pins& pins = {});

}  // namespace waybill::app
