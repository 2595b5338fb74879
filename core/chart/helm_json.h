#pragma once

#include <string>

#include "core/base/json.h"
#include "core/yaml/document.h"

namespace waybill::chart {

// An entry of `dependencies` as helm's structure writes it: its order of members, its empty ones left out.
OrderedJson helm_dependency(const yaml::Node& node);

// Compact JSON as Go's encoder writes it: with `<`, `>`, `&` and two line separators as escapes.
std::string as_go_writes(const OrderedJson& value);

}  // namespace waybill::chart
