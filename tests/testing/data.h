#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace waybill::testing {

// A file or folder of the third-party test data (the CMake setting WAYBILL_DATA). Absent: nothing, after saying so plainly;
// with WAYBILL_DATA_REQUIRED=1 in the environment, as in CI, the running test fails.
std::optional<std::filesystem::path> data(std::string_view relative);

}  // namespace waybill::testing
