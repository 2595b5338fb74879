#pragma once

#include <string_view>

#include "core/chart/chart.h"

namespace waybill::chart {

// Fault::kInput for a values.schema.json, of the chart or of anything under its charts/, that points out of itself:
// helm would read the file or address it names (trust.md T20).
void require_closed_schemas(const Subtree& subtree, std::string_view chart_path);

}  // namespace waybill::chart
