#pragma once

// The forms of inputs that are not one document alone, for targets and for what writes their seeds.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace waybill::fuzz {

// What the signatures over a file are over: a.txt of the public conformance suite.
inline constexpr std::string_view kSignedFile =
    "DO NOT MODIFY ME!\n\nthis is \"a.txt\", a sample input for sigstore-conformance's test suite.\n\nDO NOT MODIFY "
    "ME!\n";

// What must hold of everything that was read.
void require(bool holds, std::string_view property);

// Takes a part off the front of an input; one that is too short gives what it has.
std::string_view take(std::string_view& input, std::size_t size);
std::string_view take_text(std::string_view& input);  // a byte says how long it is
std::uint64_t take_number(std::string_view& input);   // 8 bytes, the highest first

// How seeds write what the last two read; a text of at most 255 bytes.
std::string written_text(std::string_view text);
std::string written_number(std::uint64_t number);

}  // namespace waybill::fuzz
