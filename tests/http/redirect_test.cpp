#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/http/client.h"
#include "core/http/url.h"
#include "http/loopback.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(http)

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string to(const std::string& location) {
  return answer("302 Found", "", "Location: " + location + "\r\n");
}

std::string refusal(const Request& request) {
  try {
    open()->send(request);
  } catch (const Error& error) {
    BOOST_TEST(static_cast<int>(error.fault()) == static_cast<int>(Fault::kRemote));
    return error.what();
  }
  return "no refusal";
}

}  // namespace

BOOST_AUTO_TEST_CASE(authorization_stays_with_its_own_origin) {
  Loopback storage([](const std::string&) { return answer("200 OK", "blob"); });
  Loopback forge([&](const std::string& request) {
    return request.starts_with("GET /old ") ? to("/new") : to(storage.url("/blob?signature=1"));
  });
  const Response response = open()->send(
      {.url = forge.url("/old"), .headers = {{"authorization", "Bearer geheim"}, {"accept", "a/b"}}, .redirects = 3});
  BOOST_TEST(response.body == "blob");
  BOOST_REQUIRE(forge.requests().size() == 2U);
  for (const std::string& request : forge.requests()) BOOST_TEST(holds(request, "authorization: Bearer geheim"));
  BOOST_TEST(storage.requests().front().starts_with("GET /blob?signature=1 HTTP/1.1"));
  BOOST_TEST(holds(storage.requests().front(), "accept: a/b"));
  BOOST_TEST(!holds(storage.requests().front(), "authorization"));
}

BOOST_AUTO_TEST_CASE(authorization_lost_on_the_way_out_is_not_given_back_on_the_way_home) {
  std::string home;
  Loopback elsewhere([&](const std::string&) { return to(home); });
  Loopback forge([&](const std::string& request) {
    return request.starts_with("GET /a ") ? to(elsewhere.url()) : answer("200 OK");
  });
  home = forge.url("/b");
  open()->send({.url = forge.url("/a"), .headers = {{"authorization", "Bearer geheim"}}, .redirects = 2});
  BOOST_TEST(holds(forge.requests().front(), "authorization"));
  BOOST_TEST(!holds(forge.requests().back(), "authorization"));
}

BOOST_AUTO_TEST_CASE(a_redirect_nobody_asked_to_follow_is_the_answer) {
  Loopback server([](const std::string&) { return to("/elsewhere"); });
  BOOST_TEST(open()->send({.url = server.url()}).header("location") == "/elsewhere");
  BOOST_TEST(open()->send({.method = "POST", .url = server.url(), .redirects = 5}).status == 302);
  BOOST_TEST(server.requests().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_circle_ends) {
  Loopback server([](const std::string&) { return to("/?again=1"); });
  BOOST_TEST(refusal({.url = server.url(), .redirects = 3}) == "GET " + server.url() + ": more than 3 redirects");
  BOOST_TEST(server.requests().size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_redirect_out_of_the_web_is_refused) {
  for (const char* location : {"file:///etc/passwd", "ftp://127.0.0.1/x", "mailto:a@b"}) {
    Loopback server([&](const std::string&) { return to(location); });
    BOOST_TEST(holds(refusal({.url = server.url(), .redirects = 1}), "redirects to"));
  }
}

BOOST_AUTO_TEST_CASE(https_never_leads_to_http) {
  BOOST_CHECK_EXCEPTION(redirected("https://a.example/x", "http://a.example/x?t=1"), Error, [](const Error& error) {
    return std::string(error.what()) == "https://a.example/x redirects from https to `http://a.example/x`";
  });
  BOOST_TEST(redirected("https://a.example/x/y?q", "z") == "https://a.example/x/z");
  BOOST_TEST(redirected("https://a.example/x", "//b.example/y") == "https://b.example/y");
  BOOST_TEST(redirected("http://u:p@a.example/x", "https://v:w@b.example/y") == "https://b.example/y");
}

BOOST_AUTO_TEST_CASE(a_printable_url_holds_no_secret) {
  BOOST_TEST(printable("https://u:p@h.example/a@b?q=1#f") == "https://h.example/a@b");
  BOOST_TEST(printable("https://u:p@h.example?q=@") == "https://h.example");
  BOOST_TEST(printable("nonsense\x1b[2J@") == "");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
