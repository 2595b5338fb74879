#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace waybill {

// The characters of a UTF-8 text as forges count them.
std::size_t code_points(std::string_view text);

// The text as it is, or where it has more code points than `limit`, its first lines and one that says that it was cut.
std::string shortened(std::string_view text, std::size_t limit);

// What stands before the first `end`, all when there is none; `rest` goes on behind it.
std::string_view take_until(char end, std::string_view& rest);

}  // namespace waybill
