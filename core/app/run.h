#pragma once

#include "core/app/session.h"

namespace waybill::app {

// The one sequence, the same for all stages: inputs → facts → verified upstream → plan → apply → report. The exit code.
int run(const Invocation& invocation);

}  // namespace waybill::app
