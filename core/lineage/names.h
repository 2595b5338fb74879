#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace waybill::lineage {

template <class Value, std::size_t Size>
constexpr std::string_view name_of(Value value, const std::array<std::pair<std::string_view, Value>, Size>& names) {
  return std::ranges::find(names, value, &std::pair<std::string_view, Value>::second)->first;
}

// Of a name that is one of them.
template <class Value, std::size_t Size>
constexpr Value named(std::string_view name, const std::array<std::pair<std::string_view, Value>, Size>& names) {
  return std::ranges::find(names, name, &std::pair<std::string_view, Value>::first)->second;
}

}  // namespace waybill::lineage
