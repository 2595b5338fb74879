#pragma once

#include <string>
#include <string_view>

namespace waybill {

// Takes the first character off valid or broken UTF-8; a broken byte is U+FFFD and one byte long.
char32_t take_character(std::string_view& text);
bool is_utf8(std::string_view text);
void append_character(std::string& text, char32_t character);

// White_Space as Go's unicode.IsSpace has it.
bool is_space(char32_t character);
// Neither a control, format, surrogate, private-use character nor a noncharacter.
bool is_printable(char32_t character);
// Without white space on both sides.
std::string_view trimmed(std::string_view text);

// Equal for names that a file system or a JSON reader that ignores case takes for the same: Unicode simple folding of
// Latin, Greek, Cyrillic, Armenian and full-width letters.
std::string case_folded(std::string_view text);

}  // namespace waybill
