#include "core/base/parallel.h"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace waybill {

BOOST_AUTO_TEST_SUITE(base_parallel)

BOOST_AUTO_TEST_CASE(every_number_is_called_once) {
  for (const std::size_t count : {0U, 1U, 2U, 1000U}) {
    std::vector<int> calls(count);
    in_parallel(count, [&](std::size_t number) { ++calls[number]; });
    BOOST_TEST(calls == std::vector<int>(count, 1));
  }
}

BOOST_AUTO_TEST_CASE(the_first_failure_is_thrown_after_all_were_called) {
  std::vector<int> calls(100);
  const auto act = [&](std::size_t number) {
    ++calls[number];
    if (number % 30 == 29) throw std::runtime_error(std::to_string(number));
  };
  BOOST_CHECK_EXCEPTION(in_parallel(100, act), std::runtime_error,
                        [](const std::runtime_error& error) { return error.what() == std::string("29"); });
  BOOST_TEST(calls == std::vector<int>(100, 1));
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
