#pragma once

#include <string_view>

namespace waybill::app {

// The release of this binary, as CMake's project() has it.
std::string_view version();

}  // namespace waybill::app
