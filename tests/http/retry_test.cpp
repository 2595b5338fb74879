#include <boost/test/unit_test.hpp>
#include <chrono>
#include <ctime>
#include <deque>

#include "core/base/error.h"
#include "core/http/client.h"
#include "http/loopback.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(http)

namespace {

using std::chrono::milliseconds;
constexpr Retry kQuick{.attempts = 3, .first = milliseconds(2), .longest = milliseconds(4000), .repeatable = false};

// Answers in the order given; status 0 is no answer at all.
class Scripted final : public Client {
 public:
  explicit Scripted(std::deque<Response> answers) : answers_(std::move(answers)) {}

  Response send(const Request&) override {
    ++sent;
    BOOST_REQUIRE(!answers_.empty());
    const Response response = answers_.front();
    answers_.pop_front();
    if (response.status == 0) throw Error(Fault::kRemote, "no answer");
    return response;
  }

  int sent = 0;

 private:
  std::deque<Response> answers_;
};

Response status(int code, std::map<std::string, std::string> headers = {}) {
  return {code, std::move(headers), ""};
}

milliseconds taken(const std::function<void()>& what) {
  const auto start = std::chrono::steady_clock::now();
  what();
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
}

std::string http_date(int seconds_from_now) {
  const std::time_t time = std::time(nullptr) + seconds_from_now;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_server_that_recovers_is_asked_again) {
  int times = 0;
  Loopback server([&](const std::string&) { return ++times == 1 ? answer("503 Busy") : answer("200 OK", "fine"); });
  const auto client = open();
  BOOST_TEST(send_retrying(*client, {.url = server.url()}, kQuick).body == "fine");
  BOOST_TEST(times == 2);
}

BOOST_AUTO_TEST_CASE(what_may_pass_is_tried_again_and_what_will_not_is_not) {
  for (const int code : {0, 408, 429, 500, 502, 503, 504}) {
    Scripted client({status(code), status(200)});
    BOOST_TEST(send_retrying(client, {}, kQuick).status == 200);
    BOOST_TEST(client.sent == 2);
  }
  for (const int code : {200, 304, 400, 401, 403, 404, 409, 422}) {
    Scripted client({status(code)});
    BOOST_TEST(send_retrying(client, {}, kQuick).status == code);
    BOOST_TEST(client.sent == 1);
  }
}

BOOST_AUTO_TEST_CASE(the_last_answer_is_handed_back_and_the_last_failure_thrown) {
  Scripted busy({status(503), status(0), status(502)});
  BOOST_TEST(send_retrying(busy, {}, kQuick).status == 502);
  Scripted silent({status(0), status(503), status(0)});
  BOOST_CHECK_THROW(send_retrying(silent, {}, kQuick), Error);
  BOOST_TEST(silent.sent == 3);
}

BOOST_AUTO_TEST_CASE(a_post_is_sent_once_unless_it_may_be_repeated) {
  for (const char* method : {"POST", "PATCH"}) {
    Scripted once({status(503)});
    BOOST_TEST(send_retrying(once, {.method = method}, kQuick).status == 503);
    BOOST_TEST(once.sent == 1);
    Retry repeatable = kQuick;
    repeatable.repeatable = true;
    Scripted twice({status(0), status(201)});
    BOOST_TEST(send_retrying(twice, {.method = method}, repeatable).status == 201);
  }
}

BOOST_AUTO_TEST_CASE(the_pause_doubles_and_half_of_it_is_chance) {
  Scripted client({status(503), status(503), status(200)});
  const Retry retry{.attempts = 3, .first = milliseconds(40), .longest = milliseconds(1000), .repeatable = false};
  const milliseconds time = taken([&] { send_retrying(client, {}, retry); });
  BOOST_TEST(time.count() >= 60);
}

BOOST_AUTO_TEST_CASE(retry_after_in_seconds_and_as_a_date_is_obeyed) {
  for (const bool dated : {false, true}) {
    Scripted client({status(429, {{"retry-after", dated ? http_date(2) : "1"}}), status(200)});
    const milliseconds time = taken([&] { BOOST_TEST(send_retrying(client, {}, kQuick).status == 200); });
    BOOST_TEST(time.count() >= 950);
  }
}

BOOST_AUTO_TEST_CASE(a_retry_after_longer_than_allowed_ends_the_attempts) {
  for (const std::string& after : {std::string("3600"), std::string("99999999999"), http_date(3600)}) {
    Scripted client({status(503, {{"retry-after", after}})});
    BOOST_TEST(send_retrying(client, {}, kQuick).status == 503);
    BOOST_TEST(client.sent == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_retry_after_of_nonsense_or_of_the_past_is_no_delay) {
  for (const std::string& after : {std::string("soon"), std::string("-5"), http_date(-3600)}) {
    Scripted client({status(503, {{"retry-after", after}}), status(200)});
    const milliseconds time = taken([&] { send_retrying(client, {}, kQuick); });
    BOOST_TEST(time.count() < 4000);
  }
}

BOOST_AUTO_TEST_CASE(a_mistake_in_the_request_is_not_tried_again) {
  const auto client = open();
  BOOST_CHECK_EXCEPTION(send_retrying(*client, {.url = "file:///etc/passwd"}, kQuick), Error,
                        [](const Error& error) { return error.fault() == Fault::kInput; });
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
