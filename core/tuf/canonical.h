#pragma once

#include <string>

#include "core/base/json.h"

namespace waybill::tuf {

// What TUF signs (specification 4.1): canonical JSON as OLPC wrote it down and securesystemslib makes it. Members
// sorted by code point, no white space, of all characters only `"` and `\` escaped. A number that is not an integer is
// Fault::kInput.
std::string canonical_json(const Json& value);

}  // namespace waybill::tuf
