#include "core/chart/folders.h"

#include <fmt/format.h>

namespace waybill::chart {

bool is_below(std::string_view path, std::string_view folder) {
  if (folder == ".") return path != ".";
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::string below(std::string_view path, std::string_view folder) {
  return std::string(folder == "." ? path : path.substr(folder.size() + 1));
}

std::string path_in(std::string_view folder, std::string_view file) {
  if (folder.empty() || folder == ".") return std::string(file);
  return fmt::format("{}/{}", folder, file);
}

}  // namespace waybill::chart
