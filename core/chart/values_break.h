#pragma once

#include <string>
#include <vector>

#include "core/chart/chart.h"

namespace waybill::chart {

// What breaks for users of a chart's values from one content to another: "`a.b` is gone", "`a.b` was text and is a
// list", "`a.b` is required now". Looks at values.yaml and values.schema.json; a file that cannot be read as one
// document of plain YAML or JSON, as one with anchors, is not compared. At most 20 of them, sorted.
std::vector<std::string> broken_values(const Subtree& before, const Subtree& after);

}  // namespace waybill::chart
