// waybill: every stage of the pipeline, as a container action or on a command line.

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "core/app/command_line.h"
#include "core/app/describe.h"
#include "core/app/init_command.h"
#include "core/app/package_command.h"
#include "core/app/plan_command.h"
#include "core/app/policy_command.h"
#include "core/app/run.h"
#include "core/app/version.h"
#include "core/base/error.h"

namespace waybill::app {
namespace {

constexpr std::string_view kPrefix = "waybill-";
constexpr std::string_view kAnyStage = "action";

void print_usage() {
  std::cout << "waybill " << version()
            << ": a release travels, every stage stamps it, anyone checks the journey\n\nusage: waybill STAGE "
               "[--option value]…\n\n";
  for (const stages::Stage* stage : stages::table())
    std::cout << fmt::format("  {:<24}{}\n", stage->name, stage->title);
  std::cout << fmt::format("  {:<24}{}\n", "init", "Propose the policy and the workflows for a chart repository");
  std::cout << fmt::format("  {:<24}{}\n", "policy", "Check a policy and what it names, and say what it comes to");
  std::cout << fmt::format("  {:<24}{}\n", "plan-versions", "Plan the next release of each chart from its commits");
  std::cout << fmt::format("  {:<24}{}\n", "changelog", "Tell what each release of a chart brought");
  std::cout << fmt::format("  {:<24}{}\n", "package",
                           "Build a chart's package from a commit, the same bytes everywhere");
  std::cout << fmt::format("  {:<24}{}\n", "describe",
                           "Write the actions, the example workflows, the policy's schema and the README's tables");
  std::cout << "\n`waybill STAGE --help` lists a stage's options.\n";
}

int describe_command(const std::vector<std::string>& arguments) {
  constexpr std::string_view kImage = "--image=";
  constexpr std::string_view kRelease = "--release=";
  bool check = false;
  std::filesystem::path root = ".";
  Pins pins;
  for (const std::string& argument : arguments) {
    if (argument == "--check")
      check = true;
    else if (argument.starts_with(kImage))
      pins.image = argument.substr(kImage.size());
    else if (argument.starts_with(kRelease))
      pins.release = adopt::ActionsRelease::parse(std::string_view(argument).substr(kRelease.size()));
    else if (argument.starts_with("-"))
      throw Error(Fault::kInput, "`describe` has no option `{}`", argument)
          .hint("waybill describe [--check] [--image=docker://NAME:TAG@sha256:…] [--release=VERSION@COMMIT] [FOLDER]");
    else
      root = argument;
  }
  return describe(root, check, pins) ? 0 : static_cast<int>(Fault::kStale);
}

// The action of one stage, or the root's, whose input names the stage.
int start_action(const std::string& name) {
  const runner::Environment environment = runner::process_environment();
  return run(name, environment, [&] {
    if (const auto workspace = environment.find("GITHUB_WORKSPACE"); workspace != environment.end())
      runner::drop_privileges(workspace->second);
    return name == kAnyStage ? from_root_action(environment) : from_action(stages::stage_named(name), environment);
  });
}

int start(const std::string& program, const std::vector<std::string>& arguments) {
  const std::string name = std::filesystem::path(program).filename().string();
  if (name.starts_with(kPrefix) && runner::is_action(runner::process_environment()))
    return start_action(name.substr(kPrefix.size()));
  if (arguments.empty() || arguments.front() == "--help" || arguments.front() == "-h") {
    print_usage();
    return 0;
  }
  if (arguments.front() == "--version") {
    std::cout << version() << '\n';
    return 0;
  }
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (arguments.front() == "describe") return describe_command(rest);
  if (arguments.front() == "package") return package_command(rest);
  if (arguments.front() == "plan-versions") return plan_command(rest);
  if (arguments.front() == "changelog") return changelog_command(rest);
  if (arguments.front() == "policy") return policy_command(rest, SystemClock());
  if (arguments.front() == "init") return init_command(rest, runner::process_environment(), *http::open());
  const auto invocation =
      from_command_line(stages::stage_named(arguments.front()), rest, runner::process_environment());
  return invocation ? run(std::string(invocation->stage->name), invocation->environment, [&] { return *invocation; })
                    : 0;
}

}  // namespace
}  // namespace waybill::app

int main(int argc, char** argv) {
  try {
    return waybill::app::start(argv[0], {argv + 1, argv + argc});
  } catch (const waybill::Error& error) {
    std::cerr << "error: " << error.what() << '\n';
    if (!error.hint().empty()) std::cerr << "  try: " << error.hint() << '\n';
    return static_cast<int>(error.fault());
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return static_cast<int>(waybill::Fault::kInternal);
  }
}
