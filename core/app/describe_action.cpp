#include "core/app/describe_action.h"

#include <algorithm>

#include "core/app/command_line.h"
#include "core/base/error.h"
#include "core/yaml/quote.h"

namespace waybill::app {
namespace {

constexpr stages::Output kAttestationOutputs[] = {
    {"attestation-id", stages::Type::kString, "Id of the attestation; JSON by chart and key where there are several"},
    {"attestation-url", stages::Type::kString,
     "Address of the attestation; JSON by chart and key where there are several"},
    {"bundle-path", stages::Type::kString,
     "File with every bundle that was signed, one a line; relative to the workspace"},
    {"entries", stages::Type::kString, "JSON of what was signed by chart and key, as `attestation-map` takes it"},
};

std::string type_lines(stages::Type type, const std::vector<std::string>& allowed) {
  switch (type) {
    case stages::Type::kBoolean:
      return "    type: boolean\n";
    case stages::Type::kInteger:
      return "    type: integer\n";
    case stages::Type::kList:
      return "    type: list\n    separator: \"\\n\"\n    list-item:\n      type: string\n";
    case stages::Type::kEnum: {
      std::string lines = "    type: enum\n    allowed-values:\n";
      for (const std::string& value : allowed) lines += fmt::format("      - {}\n", value);
      return lines;
    }
    case stages::Type::kString:
      break;
  }
  return "    type: string\n";
}

template <class Member>
bool has(const std::vector<Member>& members, const std::string& name) {
  return std::ranges::any_of(members, [&](const Member& member) { return member.name == name; });
}

}  // namespace

Action action_of(const stages::Stage& stage) {
  Action action{.name = "waybill " + std::string(stage.name),
                .description = std::string(stage.description),
                .icon = std::string(stage.icon),
                .colour = std::string(stage.colour),
                .entrypoint = "/bin/waybill-" + std::string(stage.name)};
  for (const stages::Input& input : all_inputs(stage))
    action.inputs.push_back({.name = std::string(input.name),
                             .type = input.type,
                             .help = std::string(input.help),
                             .initial = std::string(input.initial),
                             .required = input.required,
                             .allowed = {input.allowed.begin(), input.allowed.end()}});
  for (const stages::Output& output : stage.outputs)
    action.outputs.push_back({std::string(output.name), output.type, std::string(output.help)});
  if (stage.attests)
    for (const stages::Output& output : kAttestationOutputs)
      action.outputs.push_back({std::string(output.name), output.type, std::string(output.help)});
  return action;
}

Action root_action() {
  Action root{
      .name = "waybill",
      .description = "Chart releases that travel through eight stages, each signed and verified: one stage a step",
      .icon = "map",
      .colour = "blue",
      .entrypoint = "/bin/waybill-action"};
  root.inputs.push_back({.name = "stage",
                         .type = stages::Type::kEnum,
                         .help = "The stage to run; what each takes and needs is said in actions/<stage>/README.md",
                         .required = true});
  for (const stages::Stage* stage : stages::table()) {
    root.inputs.front().allowed.emplace_back(stage->name);
    for (Action::Input& input : action_of(*stage).inputs) {
      if (has(root.inputs, input.name)) continue;
      input.required = false;  // by one stage, not by all
      root.inputs.push_back(std::move(input));
    }
    for (Action::Output& output : action_of(*stage).outputs)
      if (!has(root.outputs, output.name)) root.outputs.push_back(std::move(output));
  }
  return root;
}

std::string action_yml(const Action& action, std::string_view image) {
  std::string yaml = fmt::format(
      "# Written by `waybill describe`.\nname: {}\ndescription: {}\nauthor: waybill\nbranding: {{icon: {}, color: "
      "{}}}\ninputs:\n",
      yaml::single_quoted(action.name), yaml::single_quoted(action.description), action.icon, action.colour);
  for (const auto& input : action.inputs)
    yaml += fmt::format("  {}:\n    description: {}\n    required: {}\n    default: {}\n", input.name,
                        yaml::single_quoted(input.help), input.required, yaml::single_quoted(input.initial));
  if (!action.outputs.empty()) yaml += "outputs:\n";
  for (const auto& output : action.outputs)
    yaml += fmt::format("  {}:\n    description: {}\n", output.name, yaml::single_quoted(output.help));
  return yaml + fmt::format("runs:\n  using: docker\n  image: {}\n  entrypoint: {}\n", image, action.entrypoint);
}

std::string action_types_yml(const Action& action) {
  std::string yaml =
      "# Written by `waybill describe`. See https://github.com/typesafegithub/github-actions-typing/\ninputs:\n";
  for (const auto& input : action.inputs)
    yaml += fmt::format("  {}:\n{}", input.name, type_lines(input.type, input.allowed));
  if (!action.outputs.empty()) yaml += "outputs:\n";
  for (const auto& output : action.outputs)
    yaml += fmt::format("  {}:\n{}", output.name,
                        type_lines(output.type == stages::Type::kList ? stages::Type::kString : output.type, {}));
  return yaml;
}

}  // namespace waybill::app
