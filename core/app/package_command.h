#pragma once

#include <string>
#include <vector>

namespace waybill::app {

// `waybill package [CHART…]`: the charts of a commit, read from blobs, as the packages that release-charts builds, in
// parallel; every chart of the repository when none is named. Prints file and digests of each, by path. The exit code;
// Fault::kInput at the end with every chart that could not be packaged.
int package_command(const std::vector<std::string>& arguments);

}  // namespace waybill::app
