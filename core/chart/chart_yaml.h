#pragma once

#include <string_view>
#include <vector>

#include "core/chart/chart.h"
#include "core/yaml/document.h"

namespace waybill::chart {

// A Chart.yaml (of any chart, sub-charts too) as a mapping in which no key is another spelling of one helm knows.
yaml::Node parse_chart_yaml(std::string_view text, std::string_view where);

// The list under `dependencies` of a Chart.yaml or requirements.yaml.
std::vector<Dependency> read_dependencies(const yaml::Node& document);

}  // namespace waybill::chart
