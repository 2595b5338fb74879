#pragma once

#include <string>
#include <vector>

#include "core/app/session.h"

namespace waybill::app {

// Inputs that every stage has beside its own.
std::vector<stages::Input> common_inputs(const stages::Stage& stage);
// Every input of a stage as its action.yml lists them: its own, then the common ones.
std::vector<stages::Input> all_inputs(const stages::Stage& stage);

// Reads the inputs of a stage from the runner's INPUT_* variables.
Invocation from_action(const stages::Stage& stage, runner::Environment environment);
// The same for the one action of the Marketplace, whose input `stage` names the stage; it declares what any stage
// takes.
Invocation from_root_action(runner::Environment environment);

// Reads a stage's options from a command line. Nothing when `--help` was asked for and printed. What a runner would say
// (repository, server, event, pull request) is an option too, with the local repository and github.com as defaults.
std::optional<Invocation> from_command_line(const stages::Stage& stage, const std::vector<std::string>& arguments,
                                            runner::Environment environment);

// What a runner would say, from a command line's options: no run, no event payload.
runner::Context local_context(const runner::Environment& environment);

}  // namespace waybill::app
