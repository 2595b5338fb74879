#pragma once

#include <string>
#include <string_view>

namespace waybill {

// RFC 4648. Decoding is strict: foreign characters, wrong padding and non-zero trailing bits are Fault::kInput.
std::string to_base64(std::string_view bytes);
std::string from_base64(std::string_view text);
std::string to_base64url(std::string_view bytes);  // without padding
std::string from_base64url(std::string_view text);

// Lower-case; decoding takes lower case only.
std::string to_hex(std::string_view bytes);
std::string from_hex(std::string_view text);

// application/x-www-form-urlencoded escapes of one path segment or query value.
std::string percent_encode(std::string_view text);

}  // namespace waybill
