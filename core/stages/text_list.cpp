#include "core/stages/text_list.h"

#include <algorithm>

namespace waybill::stages {

std::vector<std::string> text_list(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(",\n"), text.size());
    std::string_view item = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t start = item.find_first_not_of(kBlank);
    if (start == std::string_view::npos) continue;
    item.remove_prefix(start);
    items.emplace_back(item.substr(0, item.find_last_not_of(kBlank) + 1));
  }
  return items;
}

}  // namespace waybill::stages
