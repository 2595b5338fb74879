#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace waybill::testing {

// A file or folder of the third-party test data (the CMake setting WAYBILL_DATA). Absent: nothing, after saying so
// plainly; with WAYBILL_DATA_REQUIRED=1 in the environment, as in CI, the running test fails.
std::optional<std::filesystem::path> data(std::string_view relative);

// The root of the sources that the tests were built from.
std::filesystem::path source_folder();

// The table of layers as core/CMakeLists.txt wrote it: one line each, name|uses|headers.
std::filesystem::path layers_file();

}  // namespace waybill::testing
