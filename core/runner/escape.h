#pragma once

#include <string>
#include <string_view>

// How a workflow command carries text in its one line.
namespace waybill::runner {

std::string escape_data(std::string_view text);      // after the second `::`
std::string escape_property(std::string_view text);  // `title=…`

}  // namespace waybill::runner
