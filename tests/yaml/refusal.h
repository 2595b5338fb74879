#pragma once

#include <boost/test/unit_test.hpp>
#include <string>

#include "core/base/error.h"

namespace waybill::yaml {

// The text of the Fault::kInput that `what` ends in.
template <class What>
std::string refusal(What what) {
  try {
    what();
  } catch (const Error& error) {
    BOOST_TEST(static_cast<int>(error.fault()) == static_cast<int>(Fault::kInput), error.what());
    return error.what();
  }
  return "no refusal";
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace waybill::yaml
