#include "core/base/number.h"

#include <boost/test/unit_test.hpp>

namespace waybill {

BOOST_AUTO_TEST_SUITE(base_number)

BOOST_AUTO_TEST_CASE(a_text_of_digits_is_a_number) {
  BOOST_TEST(whole_number("0").value() == 0);
  BOOST_TEST(whole_number("007").value() == 7);
  BOOST_TEST(whole_number("-3").value() == -3);
  BOOST_TEST(whole_number("9223372036854775807").value() == std::numeric_limits<std::int64_t>::max());
}

BOOST_AUTO_TEST_CASE(anything_more_or_less_is_none) {
  for (const char* text : {"", " 1", "1 ", "+1", "1.0", "0x1", "1e3", "7; id", "--1", "9223372036854775808"})
    BOOST_TEST(!whole_number(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
