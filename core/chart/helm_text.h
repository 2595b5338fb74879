#pragma once

#include <string>
#include <string_view>

#include "core/yaml/document.h"

namespace waybill::chart {

// The kinds of plain scalars: what YAML 1.1 (helm's reader) or YAML 1.2 (most others) make of a text without quotes.
enum class PlainKind { kText, kNull, kBoolean, kInteger, kFloat, kDate };

// As helm's reader, go-yaml v2, sees it.
PlainKind plain_kind(std::string_view plain);
// True when YAML 1.1 and the core schema of YAML 1.2 both read the plain scalar as text.
bool is_text_to_everyone(std::string_view plain);

// The text helm puts where it wants a text: `1.10` is "1.1", `yes` is "true", nothing is "". Fault::kInput for anything
// but a scalar.
std::string helm_text(const yaml::Node& node);
// As helm_text, with white space as blanks and without what cannot be printed: what helm does to most fields.
std::string helm_line(const yaml::Node& node);

}  // namespace waybill::chart
