#pragma once

#include <string_view>

namespace waybill {

// Whether a text is OWNER/NAME, as forges name a repository: both of letters, digits, `-`, `_` and `.`, neither `.` nor
// `..`.
bool is_repository_name(std::string_view text);

}  // namespace waybill
