#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace waybill {

// The characters of a UTF-8 text as forges count them.
std::size_t code_points(std::string_view text);

// The text as it is, or where it has more code points than `limit`, its first lines and one that says that it was cut.
std::string shortened(std::string_view text, std::size_t limit);

// The text with everything that nobody can see, or that turns what stands around it, written out: `\u{202e}`, bytes
// that are no UTF-8 as `\x{e9}`. Line ends and tabs stay.
std::string printable(std::string_view text);
// The same in one line.
std::string printable_line(std::string_view text);

// What stands before the first `end`, all when there is none; `rest` goes on behind it.
std::string_view take_until(char end, std::string_view& rest);

}  // namespace waybill
