#include "core/app/command_line.h"

#include <algorithm>
#include <cxxopts.hpp>
#include <filesystem>
#include <iostream>

#include "core/base/error.h"

namespace waybill::app {
namespace {

constexpr stages::Input kMode{
    "mode", stages::Type::kEnum, "`apply` carries the plan out; `plan` prints it and changes nothing", "apply",
    false,  {"plan", "apply"}};
constexpr stages::Input kToken{"token", stages::Type::kString, "The job's token", "${{ github.token }}"};
constexpr stages::Input kAppId{"app-id", stages::Type::kString,
                               "Id of the GitHub App that owns waybill's branches, pull requests and tags"};
constexpr stages::Input kAppKey{"app-private-key", stages::Type::kString,
                                "Private key (PEM) of that App, a secret of the stage's environment"};

// What the runner says and a command line may say instead: option, variable, meaning.
struct Surrounding {
  const char* option;
  const char* variable;
  const char* help;
  const char* initial;
};
constexpr std::array kSurroundings{
    Surrounding{"workspace", "GITHUB_WORKSPACE", "The local repository", "."},
    Surrounding{"repository", "GITHUB_REPOSITORY", "OWNER/NAME on the forge", ""},
    Surrounding{"server-url", "GITHUB_SERVER_URL", "The forge", "https://github.com"},
    Surrounding{"api-url", "GITHUB_API_URL", "The forge's API", "https://api.github.com"},
    Surrounding{"event-name", "GITHUB_EVENT_NAME", "The event to plan for", "workflow_dispatch"},
};

bool is_expression(std::string_view text) {
  return text.starts_with("${{");
}

std::string initial_value(const stages::Input& input) {
  return is_expression(input.initial) ? "" : std::string(input.initial);
}

// A boolean may stand alone.
std::shared_ptr<cxxopts::Value> value_of(const stages::Input& input) {
  auto value = cxxopts::value<std::string>()->default_value(initial_value(input));
  return input.type == stages::Type::kBoolean ? value->implicit_value("true") : value;
}

cxxopts::Options options_of(const stages::Stage& stage) {
  cxxopts::Options options("waybill " + std::string(stage.name), std::string(stage.description));
  auto add = options.add_options();
  for (const auto& input : all_inputs(stage)) add(std::string(input.name), std::string(input.help), value_of(input));
  if (stage.needs != stages::Needs::kNothing)
    for (const Surrounding& surrounding : kSurroundings)
      add(surrounding.option, surrounding.help, cxxopts::value<std::string>());
  if (stage.needs == stages::Needs::kForge)
    add("pull-request", "Number of the pull request to look at", cxxopts::value<std::int64_t>());
  add("h,help", "Print this");
  add("subject", "", cxxopts::value<std::vector<std::string>>());
  options.parse_positional("subject");
  if (stage.inputs.begin() != stage.inputs.end() && stage.inputs.begin()->name == "subject-path")
    options.positional_help("FILE");
  return options;
}

}  // namespace

std::vector<stages::Input> common_inputs(const stages::Stage& stage) {
  if (stage.needs == stages::Needs::kNothing) return {kMode};
  if (stage.needs == stages::Needs::kGit) return {kMode};
  return {kMode, kToken, kAppId, kAppKey};
}

std::vector<stages::Input> all_inputs(const stages::Stage& stage) {
  std::vector<stages::Input> inputs(stage.inputs.begin(), stage.inputs.end());
  for (const auto& input : common_inputs(stage)) inputs.push_back(input);
  return inputs;
}

namespace {

// The sequence asks every stage for these; a stage without them has them empty.
void complete(stages::Values& inputs) {
  for (const char* name : {"token", "app-id", "app-private-key"}) inputs.try_emplace(name, "");
}

}  // namespace

namespace {

// Booleans as the toolkit reads them: `true`, `True`, `TRUE`, and no other spelling.
std::string normal(const stages::Input& input, std::string value) {
  if (input.type == stages::Type::kBoolean && (value == "True" || value == "TRUE")) return "true";
  if (input.type == stages::Type::kBoolean && (value == "False" || value == "FALSE")) return "false";
  return value;
}

std::vector<std::string> undeclared(const std::vector<stages::Input>& declared,
                                    const runner::Environment& environment) {
  std::vector<std::string> names;
  for (const std::string& given : runner::input_names(environment))
    if (std::ranges::find(declared, given, &stages::Input::name) == declared.end()) names.push_back(given);
  return names;
}

}  // namespace

Invocation from_action(const stages::Stage& stage, runner::Environment environment) {
  const auto declared = all_inputs(stage);
  Invocation invocation{.stage = &stage, .unknown = undeclared(declared, environment), .action = true};
  for (const auto& input : declared)
    invocation.inputs[std::string(input.name)] =
        normal(input, runner::input(environment, input.name).value_or(initial_value(input)));
  complete(invocation.inputs);
  invocation.environment = std::move(environment);
  return invocation;
}

Invocation from_root_action(runner::Environment environment) {
  constexpr std::string_view kStage = "stage";
  const stages::Stage& stage = stages::stage_named(runner::input(environment, kStage).value_or(""));
  Invocation invocation = from_action(stage, std::move(environment));
  std::erase_if(invocation.unknown, [&](const std::string& name) {
    return name == kStage || std::ranges::any_of(stages::table(), [&](const stages::Stage* other) {
             return std::ranges::find(other->inputs, name, &stages::Input::name) != other->inputs.end();
           });
  });
  return invocation;
}

std::optional<Invocation> from_command_line(const stages::Stage& stage, const std::vector<std::string>& arguments,
                                            runner::Environment environment) {
  cxxopts::Options options = options_of(stage);
  try {
    std::vector<const char*> argv{"waybill"};
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    const auto parsed = options.parse(static_cast<int>(argv.size()), argv.data());
    if (parsed.count("help") > 0) {
      std::cout << options.help();
      return std::nullopt;
    }
    Invocation invocation{.stage = &stage};
    for (const auto& input : all_inputs(stage))
      invocation.inputs[std::string(input.name)] = parsed[std::string(input.name)].as<std::string>();
    complete(invocation.inputs);
    if (parsed.count("subject") > 0) {
      const auto subjects = parsed["subject"].as<std::vector<std::string>>();
      if (subjects.size() != 1 || !invocation.inputs.contains("subject-path"))
        throw Error(Fault::kInput, "`{}` is no option of `waybill {}`", subjects.back(), stage.name)
            .hint("waybill " + std::string(stage.name) + " --help");
      invocation.inputs["subject-path"] = subjects.front();
    }
    if (stage.needs != stages::Needs::kNothing)
      for (const Surrounding& surrounding : kSurroundings) {
        if (parsed.count(surrounding.option) > 0)
          environment[surrounding.variable] = parsed[surrounding.option].as<std::string>();
        environment.try_emplace(surrounding.variable, surrounding.initial);
      }
    if (stage.needs == stages::Needs::kForge && parsed.count("pull-request") > 0)
      invocation.pull_request = parsed["pull-request"].as<std::int64_t>();
    invocation.environment = std::move(environment);
    return invocation;
  } catch (const cxxopts::exceptions::exception& error) {
    throw Error(Fault::kInput, "{}", error.what()).hint("waybill " + std::string(stage.name) + " --help");
  }
}

runner::Context local_context(const runner::Environment& environment) {
  const auto value = [&environment](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
  };
  return {.repository = value("GITHUB_REPOSITORY"),
          .workflow_ref = value("GITHUB_REPOSITORY") + "@local",
          .event_name = value("GITHUB_EVENT_NAME"),
          .run_id = "0",
          .run_attempt = "0",
          .api_url = value("GITHUB_API_URL"),
          .server_url = value("GITHUB_SERVER_URL"),
          .workspace = value("GITHUB_WORKSPACE"),
          .event = Json::object()};
}

}  // namespace waybill::app
