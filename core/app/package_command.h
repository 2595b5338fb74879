#pragma once

#include <string>
#include <vector>

namespace waybill::app {

// `waybill package CHART --workspace DIR --commit NAME --output DIR`: the chart of a commit, read from blobs, as the
// package that release-charts builds. Prints file and digests. The exit code.
int package_command(const std::vector<std::string>& arguments);

}  // namespace waybill::app
