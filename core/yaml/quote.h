#pragma once

#include <string>
#include <string_view>

namespace waybill::yaml {

// A text of one line as a scalar in single quotes: nothing inside has a meaning.
std::string single_quoted(std::string_view text);
// The same text plain where every reader takes it as a string, in a list in brackets too; else in single quotes.
std::string scalar(std::string_view text);

}  // namespace waybill::yaml
