#pragma once

#include <map>
#include <string>

namespace waybill::sandbox {

// How a job ended.
struct JobOutcome {
  std::string reason;  // why it failed; empty = success
  int exit_code = 0;
  std::map<std::string, std::string> outputs;  // of its steps, by name
  bool skipped = false;                        // its `if` did not hold, or a job that it needs failed
};

}  // namespace waybill::sandbox
