#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/encoding.h"
#include "core/base/json.h"
#include "core/base/oid.h"
#include "testing/mutation.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(damaged)

using testing::survives_damage;

std::size_t levels(const Json& value) {
  std::size_t most = 0;
  if (value.is_structured())
    for (const Json& member : value) most = std::max(most, levels(member));
  return value.is_structured() ? most + 1 : 0;
}

BOOST_AUTO_TEST_CASE(json_is_read_and_written_back_or_refused) {
  survives_damage(
      {R"({"a": [1, -2.5e3, true, null, "text \u00e9 \ud83d\ude00"], "b": {"c": {"d": [[[]]]}}, "": 18446744073709551615})",
       "[]", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", R"({"k": {"k": {"k": {"k": 0}}}})"},
      [](const std::string& text) { return parse_json(text, "document", {.bytes = 32 * 1024, .depth = 8}); },
      [](const Json& value, const std::string& text) {
        BOOST_TEST(text.size() <= 32U * 1024);
        BOOST_TEST(levels(value) <= 8U);
        BOOST_TEST(parse_json(canonical(value), "copy") == value);
      });
}

BOOST_AUTO_TEST_CASE(encodings_are_read_and_written_back_or_refused) {
  survives_damage(
      {to_base64("any carnal pleas"), to_base64(std::string("\0\xff\x80", 3)), ""},
      [](const std::string& text) { return from_base64(text); },
      [](const std::string& bytes, const std::string& text) { BOOST_TEST(to_base64(bytes) == text); });
  survives_damage(
      {to_base64url("any carnal pleas"), to_base64url("\xff\xfe\xfd?>")},
      [](const std::string& text) { return from_base64url(text); },
      [](const std::string& bytes, const std::string& text) { BOOST_TEST(to_base64url(bytes) == text); });
  survives_damage(
      {to_hex("0123456789"), ""}, [](const std::string& text) { return from_hex(text); },
      [](const std::string& bytes, const std::string& text) { BOOST_TEST(to_hex(bytes) == text); });
}

BOOST_AUTO_TEST_CASE(names_of_content_are_read_and_written_back_or_refused) {
  survives_damage({"sha256:" + std::string(64, 'a'), "sha512:" + std::string(128, '0')},
                  [](const std::string& text) { BOOST_TEST(Digest::parse(text).text() == text); });
  survives_damage({std::string(40, 'b')}, [](const std::string& text) { BOOST_TEST(Oid::parse(text).hex() == text); });
}

BOOST_AUTO_TEST_CASE(times_are_read_as_one_moment_or_refused) {
  survives_damage(
      {"2026-11-21T12:00:00Z", "2024-02-29T23:59:59.123456+05:30", "0001-01-01T00:00:00-23:59"},
      [](const std::string& text) { return parse_rfc3339(text); },
      [](const Time& time, const std::string&) {
        BOOST_TEST((parse_rfc3339(to_rfc3339(time)) == time), to_rfc3339(time));
      });
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
