#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/app/applier.h"
#include "core/app/session.h"
#include "core/base/error.h"
#include "core/stages/plan.h"

namespace waybill::app {

// Text by others as a block of Markdown that it cannot end.
std::string fenced(std::string_view text, std::string_view language = "");

// What stopped a stage and how to go on, as Markdown.
std::string explained(std::string_view text, std::string_view hint);

// Outputs of the step, its summary, and the table of what was done.
void report(Session& session, const stages::Plan& plan, const std::vector<Done>& done, const Ledger& ledger);
// The plan as JSON on the terminal and in the summary; nothing was changed.
void report_plan(Session& session, const stages::Plan& plan);
// The same text to the log, the annotation and the summary.
void report_error(runner::Commands& commands, Log& log, const std::string& stage, const Error& error);

}  // namespace waybill::app
