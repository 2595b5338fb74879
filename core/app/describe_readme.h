#pragma once

#include <string>
#include <string_view>

#include "core/app/describe.h"

namespace waybill::app {

// The text as a cell of a table holds it.
std::string cell(std::string_view text);

// actions/<stage>/README.md: what it does, inputs, outputs, permissions, one complete workflow.
std::string action_readme(const stages::Stage& stage, const std::string& example);

// README.md's table of actions.
std::string stage_table();

// The text with its part `name` replaced; Fault::kInput with the lines to add when it has none.
std::string with_part(const std::string& text, std::string_view name, const std::string& content);

}  // namespace waybill::app
