#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace waybill {

using Json = nlohmann::json;                 // objects sorted by key: what is signed and compared
using OrderedJson = nlohmann::ordered_json;  // objects in the order written: what people read

struct JsonLimits {
  std::size_t bytes = 16 * 1024 * 1024;
  std::size_t depth = 64;
};

// Parses one JSON document. Duplicate keys, trailing text, too many bytes or levels are Fault::kInput; `what` names
// the document in the error ("bundle of lint-test-v1.33.7").
Json parse_json(std::string_view text, std::string_view what, JsonLimits limits = {});

// The compact form with sorted keys (RFC 8785 for the strings and integers that waybill writes). Text that is not
// UTF-8 is Fault::kInput.
std::string canonical(const Json& value);

// Reads a member or says which one of `what` is missing or of another type (Fault::kInput).
const Json& member(const Json& object, std::string_view key, std::string_view what);
std::string string_member(const Json& object, std::string_view key, std::string_view what);

}  // namespace waybill
