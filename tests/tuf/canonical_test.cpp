#include "core/tuf/canonical.h"

#include <boost/test/unit_test.hpp>

#include "testing/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(tuf)
BOOST_AUTO_TEST_SUITE(canonical_form)

std::string canonical_of(std::string_view json) {
  return canonical_json(parse_json(json, "test"));
}

BOOST_AUTO_TEST_CASE(sorts_members_and_drops_white_space) {
  BOOST_TEST(canonical_of(R"({"b": [1, -2, true, null, {}], "a": {"y": [], "x": ""}})") ==
             R"({"a":{"x":"","y":[]},"b":[1,-2,true,null,{}]})");
}

BOOST_AUTO_TEST_CASE(sorts_by_code_point) {
  BOOST_TEST(canonical_of("{\"\\ud83d\\ude00\": 1, \"\\uffee\": 2, \"Z\": 3, \"a\": 4}") ==
             "{\"Z\":3,\"a\":4,\"\uffee\":2,\"\U0001f600\":1}");
}

BOOST_AUTO_TEST_CASE(escapes_quotes_and_backslashes_alone) {
  BOOST_TEST(canonical_of(R"(["\"", "\\", "\n\t\u0001\u00e4\/"])") == "[\"\\\"\",\"\\\\\",\"\n\t\x01\u00e4/\"]");
}

BOOST_AUTO_TEST_CASE(keeps_whole_numbers_as_they_are) {
  BOOST_TEST(canonical_of("[18446744073709551615, -9223372036854775808, 0]") ==
             "[18446744073709551615,-9223372036854775808,0]");
  for (const char* number : {"1.0", "1e2", "18446744073709551616"})
    testing::refuses(Fault::kInput, "is not an integer", [&] { canonical_of(number); });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
