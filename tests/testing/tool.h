#pragma once

#include <filesystem>
#include <string>

namespace waybill::testing {

// A program of another project that the tests need: on PATH, or where tests/prepare puts it. Absent: the test fails.
std::filesystem::path tool(const std::string& name);

}  // namespace waybill::testing
