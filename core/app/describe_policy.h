#pragma once

#include <string>

namespace waybill::app {

// README.md's table of the policy's keys.
std::string policy_table();

// policy.schema.json: JSON Schema draft-07, the newest that every editor's YAML server reads. It knows a file by
// itself; how one value goes with another only the parser knows.
std::string policy_schema();

}  // namespace waybill::app
