#include "core/forge/courtesy.h"

#include <boost/test/unit_test.hpp>

#include "forge/forge_under_test.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(courtesy)

using std::chrono::milliseconds;

// A forge behind good manners, on a clock that moves when somebody pauses.
struct Polite {
  explicit Polite(const std::string& api = kApi) : manners(http, api, pause(), [this] { return now; }) {}

  Pause pause() {
    return [this](milliseconds wait) {
      waits.push_back(wait.count());
      now += wait;
    };
  }

  ScriptedHttp http;
  std::vector<std::int64_t> waits;
  Courtesy::Time now{};
  Courtesy manners;
};

http::Request asks(const std::string& method, const std::string& token = "Bearer ghs_secret") {
  return {.method = method, .url = kRepo, .headers = {{"authorization", token}, {"accept", "application/json"}}};
}

BOOST_AUTO_TEST_CASE(a_second_lies_between_two_writes) {
  Polite t;
  for (const char* method : {"POST", "PATCH", "GET", "PUT", "DELETE"}) t.http.expect(method, kRepo, answer(200));
  t.manners.send(asks("POST"));
  t.now += milliseconds(300);
  t.manners.send(asks("PATCH"));
  t.manners.send(asks("GET"));
  t.now += milliseconds(1000);
  t.manners.send(asks("PUT"));
  t.manners.send(asks("DELETE"));
  BOOST_TEST(t.waits == (std::vector<std::int64_t>{700, 1000}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_write_that_was_not_answered_counts_as_one) {
  Polite t;
  t.http.lose("POST", kRepo);
  t.http.expect("POST", kRepo, answer(201));
  BOOST_CHECK_THROW(t.manners.send(asks("POST")), Error);
  t.manners.send(asks("POST"));
  BOOST_TEST(t.waits == (std::vector<std::int64_t>{1000}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_forge_on_this_machine_needs_no_rest) {
  for (const char* api : {"http://127.0.0.1:8080/api/v3", "http://localhost:8080/api/v3"}) {
    Polite t(api);
    t.http.expect("POST", kRepo, answer(201)).expect("POST", kRepo, answer(201));
    t.manners.send(asks("POST"));
    t.manners.send(asks("POST"));
    BOOST_TEST(t.waits.empty());
  }
}

BOOST_AUTO_TEST_CASE(what_is_known_is_asked_for_by_its_tag_and_an_unchanged_answer_stands) {
  Polite t;
  t.http.expect("GET", kRepo, answer(200, "one", {{"etag", "\"1\""}, {"link", "next"}}),
                without_header("if-none-match"));
  t.http.expect("GET", kRepo, answer(304), header_is("if-none-match", "\"1\""));
  t.http.expect("GET", kRepo, answer(200, "two", {{"etag", "\"2\""}}), header_is("if-none-match", "\"1\""));
  t.http.expect("GET", kRepo, answer(304), header_is("if-none-match", "\"2\""));
  BOOST_TEST(t.manners.send(asks("GET")).body == "one");
  const http::Response same = t.manners.send(asks("GET"));
  BOOST_TEST(same.status == 200);
  BOOST_TEST(same.body == "one");
  BOOST_TEST(same.header("link") == "next");
  BOOST_TEST(t.manners.send(asks("GET")).body == "two");
  BOOST_TEST(t.manners.send(asks("GET")).body == "two");
}

BOOST_AUTO_TEST_CASE(what_one_token_saw_is_not_shown_to_another) {
  Polite t;
  t.http.expect("GET", kRepo, answer(200, "one", {{"etag", "\"1\""}}));
  t.http.expect("GET", kRepo, answer(404), without_header("if-none-match"));
  t.http.expect("GET", kRepo, answer(404), header_is("if-none-match", "\"1\""));
  t.http.expect("GET", kRepo, answer(404), without_header("if-none-match"));
  t.manners.send(asks("GET"));
  BOOST_TEST(t.manners.send(asks("GET", "Bearer other")).status == 404);
  BOOST_TEST(t.manners.send(asks("GET")).status == 404);
  BOOST_TEST(t.manners.send(asks("GET")).status == 404);
}

BOOST_AUTO_TEST_CASE(neither_without_a_tag_nor_too_much_is_kept) {
  Polite t;
  t.http.expect("GET", kRepo, answer(200, "untagged"));
  t.http.expect("GET", kRepo, answer(200, std::string(1024 * 1024 + 1, 'x'), {{"etag", "\"1\""}}),
                without_header("if-none-match"));
  t.http.expect("GET", kRepo, answer(304), without_header("if-none-match"));
  t.manners.send(asks("GET"));
  t.manners.send(asks("GET"));
  BOOST_TEST(t.manners.send(asks("GET")).status == 304);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
