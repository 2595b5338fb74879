#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.h"
#include "core/chart/chart.h"

namespace waybill::chart {

// A chart directly under charts/ of what another one ships. The digest is of an archive's bytes, of a folder's
// canonical tar.
struct Vendored {
  std::string name;
  std::string version;
  Digest digest;
};
// Archives first, then folders by name. `chart_path` is for errors.
std::vector<Vendored> vendored_charts(const Subtree& subtree, std::string_view chart_path);

}  // namespace waybill::chart
