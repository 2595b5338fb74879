#pragma once

#include <functional>
#include <string>

#include "core/app/session.h"

namespace waybill::app {

// The one sequence, the same for all stages: inputs → facts → verified upstream → plan → apply → report. The exit code.
// `name` is what errors are said of. Whatever fails, reading the invocation included, is told by way of the runner's
// protocol, so that no line of somebody else's text is ever a command.
int run(const std::string& name, const runner::Environment& environment,
        const std::function<Invocation()>& invocation_of);

}  // namespace waybill::app
