#include "core/base/json.h"

#include <boost/test/unit_test.hpp>

#include "testing/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(base_json)

void refused(const std::string& text, std::string_view why, JsonLimits limits = {}) {
  testing::refuses(Fault::kInput, why, [&] { parse_json(text, "the note", limits); });
}

BOOST_AUTO_TEST_CASE(a_key_stands_once_in_an_object) {
  refused(R"({"a":1,"a":1})", "the note: the key `a` stands twice in one object");
  refused(R"({"x":[{"deep":{"k":1,"l":2,"k":3}}]})", "the key `k` stands twice");
  refused(R"({"a":1,"\u0061":2})", "the key `a` stands twice");
  refused(R"({"a":{"b":1},"a":{"c":1}})", "the key `a` stands twice");
  const Json fine = parse_json(R"({"a":{"a":[{"a":1},{"a":2}]},"b":{"a":3}})", "the note");
  BOOST_TEST(fine["a"]["a"][1]["a"] == 2);
}

BOOST_AUTO_TEST_CASE(one_document_and_nothing_else) {
  refused("{} {}", "the note: not JSON at byte");
  refused("{}x", "not JSON");
  refused("", "not JSON");
  refused("{\"a\":1,}", "not JSON");
  refused("// note\n{}", "not JSON");
  refused("\"\xff\"", "not JSON");
  refused("NaN", "not JSON");
  refused("\xEF\xBB\xBF{}", "the note: begins with a byte order mark");
  refused("[1e999]", "holds a number beyond");
}

BOOST_AUTO_TEST_CASE(limits_hold_before_anything_is_kept) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  BOOST_CHECK_NO_THROW(parse_json(nested(64), "the note"));
  refused(nested(65), "nested deeper than 64 levels");
  refused(std::string(1'000'000, '['), "nested deeper than 64 levels");
  refused(R"({"a":{"a":{}}})", "nested deeper than 2 levels", {100, 2});
  refused("[1,2,3]", "7 bytes of JSON, at most 6 are read", {6, 8});
}

BOOST_AUTO_TEST_CASE(the_canonical_form_is_compact_and_sorted) {
  BOOST_TEST(canonical(parse_json(R"({ "b": [1, true, null], "a": "\u00fc\n\/" })", "the note")) ==
             "{\"a\":\"\xc3\xbc\\n/\",\"b\":[1,true,null]}");
  testing::refuses(Fault::kInput, "not UTF-8", [] { canonical(Json("\xff")); });
}

BOOST_AUTO_TEST_CASE(a_missing_or_mistyped_member_is_named) {
  const Json object = parse_json(R"({"name":"n","size":3})", "the note");
  BOOST_TEST(string_member(object, "name", "the note") == "n");
  BOOST_TEST(member(object, "size", "the note") == 3);
  testing::refuses(Fault::kInput, "the note: `owner` is missing", [&] { member(object, "owner", "the note"); });
  testing::refuses(Fault::kInput, "the note: `size` is a number, a string is wanted",
                   [&] { string_member(object, "size", "the note"); });
  testing::refuses(Fault::kInput, "the note: a array stands where an object is wanted",
                   [] { member(Json::array(), "x", "the note"); });
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
