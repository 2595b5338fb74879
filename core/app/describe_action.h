#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/stages/table.h"

namespace waybill::app {

// The image that the actions of the main branch name: built locally by CI, pushed by every green main.
inline constexpr std::string_view kDevelopmentImage = "docker://ghcr.io/waybill/waybill:edge";

// An action as its two files and the README's tables show it.
struct Action {
  struct Input {
    std::string name;
    stages::Type type;
    std::string help;
    std::string initial;
    bool required = false;
    std::vector<std::string> allowed;  // of an enum
  };
  struct Output {
    std::string name;
    stages::Type type;
    std::string help;
  };

  std::string name;
  std::string description;
  std::string icon;
  std::string colour;
  std::string entrypoint;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
};

// The action of one stage: its own inputs and outputs, then those that every such stage has.
Action action_of(const stages::Stage& stage);
// The one action of the Marketplace: `stage` and the inputs and outputs of every stage.
Action root_action();

// action.yml: a container action with a literal image and entry point, no `args`.
std::string action_yml(const Action& action, std::string_view image);
// action-types.yml, as typesafegithub/github-actions-typing reads it: a list leaves a step as one line of JSON, a
// string.
std::string action_types_yml(const Action& action);

}  // namespace waybill::app
