#pragma once

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"

namespace waybill::testing {

// Says that `act` stops with this fault and one text that holds every part: the reason is tested, not just the failure.
template <class Act>
void refuses_saying(Fault fault, const std::vector<std::string_view>& parts, Act&& act) {
  try {
    act();
  } catch (const Error& error) {
    const std::string said = std::string(error.what()) + "\n" + error.hint();
    BOOST_TEST(static_cast<int>(error.fault()) == static_cast<int>(fault), "another fault, with the text: " << said);
    for (const std::string_view part : parts)
      BOOST_TEST(said.find(part) != std::string::npos, "`" << part << "` is not in: " << said);
    return;
  }
  BOOST_ERROR("nothing was refused; wanted: " << parts.front());
}

template <class Act>
void refuses(Fault fault, std::string_view part, Act&& act) {
  refuses_saying(fault, {part}, std::forward<Act>(act));
}

}  // namespace waybill::testing
