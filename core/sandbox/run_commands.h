#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waybill::sandbox {

// What a step said to the runner in its output: `::add-mask::` and `::error::`, unescaped. Lines between
// `::stop-commands::TOKEN` and `::TOKEN::` say nothing.
struct WorkflowCommands {
  std::vector<std::string> masks;
  std::vector<std::string> errors;
};
WorkflowCommands workflow_commands(std::string_view output);

// The entries of a file command (GITHUB_OUTPUT, GITHUB_ENV): NAME=VALUE or NAME<<DELIMITER … DELIMITER, in order.
// Fault::kInput for anything else, as a step fails on GitHub.
std::vector<std::pair<std::string, std::string>> file_entries(std::string_view text, std::string_view file);

}  // namespace waybill::sandbox
