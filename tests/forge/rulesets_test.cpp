#include <boost/test/unit_test.hpp>

#include "forge/forge_under_test.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(rulesets)

const std::string kRulesets = kRepo + "/rulesets";
const std::string kList = kRulesets + "?per_page=100&includes_parents=false";
const Json kBody{{"name", "waybill: main"}, {"enforcement", "active"}};

Json ruleset_json(std::int64_t id, const std::string& name) {
  return {{"id", id}, {"name", name}, {"enforcement", "active"}};
}

void expect_listed(ScriptedHttp& http, const std::vector<Json>& all) {
  http.expect("GET", kList, json_answer(200, all));
}

BOOST_AUTO_TEST_CASE(each_is_told_whole) {
  ForgeUnderTest t;
  const std::vector<Json> all{ruleset_json(3, "waybill: main"), ruleset_json(4, "ours")};
  expect_listed(t.http, {{{"id", 3}, {"name", "waybill: main"}}, {{"id", 4}, {"name", "ours"}}});
  for (const Json& one : all)
    t.http.expect("GET", kRulesets + "/" + one["id"].dump() + "?includes_parents=false", json_answer(200, one));
  const auto found = t.client.rulesets();
  BOOST_REQUIRE(found.size() == 2U);
  BOOST_TEST(found[1].name == "ours");
  BOOST_TEST(found[0].body["enforcement"] == "active");
}

BOOST_AUTO_TEST_CASE(one_of_that_name_is_changed_and_none_is_made_beside_it) {
  ForgeUnderTest t;
  expect_listed(t.http, {ruleset_json(3, "waybill: main")});
  t.http.expect("PUT", kRulesets + "/3", json_answer(200, ruleset_json(3, "waybill: main")), body_is(kBody));
  t.client.keep_ruleset("waybill: main", kBody);
}

BOOST_AUTO_TEST_CASE(one_whose_making_was_not_answered_is_found_and_not_made_twice) {
  ForgeUnderTest t;
  expect_listed(t.http, {ruleset_json(4, "ours")});
  t.http.lose("POST", kRulesets);
  expect_listed(t.http, {ruleset_json(4, "ours"), ruleset_json(5, "waybill: main")});
  t.client.keep_ruleset("waybill: main", kBody);
}

BOOST_AUTO_TEST_CASE(who_does_not_administer_is_told_what_it_takes) {
  ForgeUnderTest t;
  expect_listed(t.http, {});
  t.http.expect("POST", kRulesets, json_answer(403, message("Resource not accessible by integration")));
  BOOST_CHECK_EXCEPTION(t.client.keep_ruleset("waybill: main", kBody), Error, [](const Error& error) {
    return error.fault() == Fault::kPermission && error.hint().find("administration") != std::string::npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
