#pragma once

#include <string>
#include <vector>

namespace waybill::app {

// `waybill plan-versions`: the next release of each chart of any clone, from its commits and tags alone; with reasons,
// and changelog sections when asked. Exit code: Fault::kInput when a chart cannot be planned.
int plan_command(const std::vector<std::string>& arguments);

// `waybill changelog [CHART]`: what each release of a chart brought, from its commits and tags alone.
int changelog_command(const std::vector<std::string>& arguments);

}  // namespace waybill::app
