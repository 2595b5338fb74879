#include "core/stages/text_list.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/json.h"

namespace waybill::stages {
namespace {

constexpr std::string_view kBlank = " \t\r";

std::vector<std::string> read_array(std::string_view text) {
  std::vector<std::string> items;
  for (const Json& item : parse_json(text, "the list")) {
    if (!item.is_string()) throw Error(Fault::kInput, "the list holds {}, texts are wanted", item.dump());
    items.push_back(item.get<std::string>());
  }
  return items;
}

}  // namespace

std::vector<std::string> text_list(std::string_view text) {
  if (text.starts_with('[')) return read_array(text);
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
