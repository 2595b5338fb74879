#pragma once

#include <string>
#include <string_view>

namespace waybill::chart {

// Paths of a repository; "." is its root.

bool is_below(std::string_view path, std::string_view folder);
// What is left of a path below a folder.
std::string below(std::string_view path, std::string_view folder);
// "charts/nginx/Chart.yaml"; just the file where the folder is the root.
std::string path_in(std::string_view folder, std::string_view file);

}  // namespace waybill::chart
