#include "core/base/clock.h"

#include <boost/test/unit_test.hpp>

#include "testing/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(base_clock)

BOOST_AUTO_TEST_CASE(times_are_written_in_utc) {
  BOOST_TEST(to_rfc3339(Time(std::chrono::seconds(0))) == "1970-01-01T00:00:00Z");
  BOOST_TEST(to_rfc3339(Time(std::chrono::seconds(1795262400))) == "2026-11-21T12:00:00Z");
  BOOST_CHECK(parse_rfc3339("2026-11-21T12:00:00Z") == Time(std::chrono::seconds(1795262400)));
  BOOST_TEST(to_rfc3339(parse_rfc3339("2024-02-29T23:59:59Z")) == "2024-02-29T23:59:59Z");
}

BOOST_AUTO_TEST_CASE(fractions_are_dropped_and_offsets_applied) {
  BOOST_TEST(to_rfc3339(parse_rfc3339("2026-11-21T12:00:00.999999999Z")) == "2026-11-21T12:00:00Z");
  BOOST_TEST(to_rfc3339(parse_rfc3339("2026-11-21T12:00:00+02:30")) == "2026-11-21T09:30:00Z");
  BOOST_TEST(to_rfc3339(parse_rfc3339("2026-11-21T23:00:00.5-02:00")) == "2026-11-22T01:00:00Z");
}

BOOST_AUTO_TEST_CASE(what_is_no_time_is_refused) {
  for (const char* text : {"",
                           "2026",
                           "2026-11-21",
                           "2026-11-21T12:00:00",
                           "2026-13-01T00:00:00Z",
                           "2026-02-30T00:00:00Z",
                           "2026-11-21T24:00:01Z",
                           "2026-11-21T10:99:00Z",
                           "2026-11-21T10:00:61Z",
                           "2026-11-21T12:00:00ZZ",
                           "2026-11-21T12:00:00+0200",
                           "2026-11-21 12:00:00",
                           "+026-11-21T12:00:00Z",
                           "2026-11-21T1 :00:00Z",
                           "2026-11-21T12:00:00+-1:00",
                           "2026-11-21T12:00:00.Z",
                           "2026-11-21T12:00:00.xZ",
                           "2026-11-21T12:00:00.5",
                           "2026-11-21T12:00:00.",
                           "2026-11-21T12:00:00+99:00"})
    testing::refuses(Fault::kInput, "is not an RFC 3339 time", [&] { parse_rfc3339(text); });
}

BOOST_AUTO_TEST_CASE(the_system_clock_goes_with_the_system) {
  const Time before = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  BOOST_CHECK(SystemClock().now() >= before);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
