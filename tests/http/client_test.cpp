#include "core/http/client.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "core/base/error.h"
#include "http/loopback.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(http)

namespace {

std::string failure(const Request& request, Fault fault = Fault::kRemote) {
  try {
    open()->send(request);
  } catch (const Error& error) {
    BOOST_TEST(static_cast<int>(error.fault()) == static_cast<int>(fault));
    return error.what();
  }
  return "no failure";
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_answer_has_status_headers_and_body) {
  Loopback server([](const std::string&) {
    return answer("404 Not Found", "nothing here", "X-Mixed-Case: Value\r\nLink: <a>\r\nLINK: <b>\r\n");
  });
  const Response response = open()->send({.url = server.url("/thing?page=2")});
  BOOST_TEST(response.status == 404);
  BOOST_TEST(response.body == "nothing here");
  BOOST_TEST(response.header("x-mixed-case") == "Value");
  BOOST_TEST(response.header("Link") == "<a>, <b>");
  BOOST_TEST(response.header("absent") == "");
  BOOST_TEST(server.requests().front().starts_with("GET /thing?page=2 HTTP/1.1\r\n"));
  BOOST_TEST(!holds(server.requests().front(), "Accept-Encoding"));
}

BOOST_AUTO_TEST_CASE(what_may_not_be_done_twice_is_sent_once_when_a_kept_connection_dies) {
  for (const char* method : {"POST", "PATCH"}) {
    Loopback server([](const std::string& request) { return request.starts_with("GET ") ? answer("200 OK") : ""; });
    const auto client = open();
    BOOST_TEST(client->send({.url = server.url()}).status == 200);
    BOOST_CHECK_THROW(client->send({.method = method, .url = server.url(), .body = "{}"}), Error);
    BOOST_TEST(server.requests().size() == 2U, method);
  }
}

BOOST_AUTO_TEST_CASE(a_request_sends_its_method_headers_and_body_and_nothing_of_its_own) {
  Loopback server([](const std::string&) { return answer("200 OK"); });
  const auto client = open({.user_agent = "waybill/1"});
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"})
    client->send({.method = method, .url = server.url(), .headers = {{"x-one", "1"}, {"x-empty", ""}}, .body = "{}"});
  for (const std::string& request : server.requests()) {
    BOOST_TEST(holds(request, "\r\nx-one: 1\r\n"));
    BOOST_TEST(holds(request, "\r\nx-empty:\r\n"));
    BOOST_TEST(holds(request, "\r\nUser-Agent: waybill/1\r\n"));
    BOOST_TEST(holds(request, "\r\nContent-Length: 2\r\n"));
    BOOST_TEST(!holds(request, "Content-Type"));
    BOOST_TEST(!holds(request, "Expect"));
    BOOST_TEST(request.ends_with("\r\n\r\n{}"));
  }
  client->send({.method = "POST", .url = server.url()});
  BOOST_TEST(holds(server.requests().back(), "\r\nContent-Length: 0\r\n"));
  BOOST_TEST(server.requests().at(3).starts_with("DELETE / "));
}

BOOST_AUTO_TEST_CASE(one_connection_serves_many_requests) {
  Loopback server([](const std::string&) { return answer("200 OK", "again"); });
  const auto client = open();
  for (int i = 0; i < 20; ++i) BOOST_TEST(client->send({.url = server.url()}).body == "again");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(head_has_headers_and_no_body) {
  Loopback server([](const std::string&) { return "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n"; });
  const Response response = open()->send({.method = "HEAD", .url = server.url(), .answer_limit = 10});
  BOOST_TEST(response.status == 200);
  BOOST_TEST(response.header("content-length") == "999999999");
  BOOST_TEST(response.body.empty());
}

BOOST_AUTO_TEST_CASE(an_interim_answer_and_trailers_are_not_the_answer) {
  Loopback server([](const std::string&) {
    return "HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
           "X-Digest: a\r\n\r\n3\r\nabc\r\n0\r\nX-Digest: b\r\n\r\n";
  });
  const Response response = open()->send({.url = server.url()});
  BOOST_TEST(response.body == "abc");
  BOOST_TEST(response.header("x-early") == "");
  BOOST_TEST(response.header("x-digest") == "a");
}

BOOST_AUTO_TEST_CASE(an_answer_over_the_limit_is_refused_while_it_comes) {
  Loopback server([](const std::string&) { return answer("200 OK", std::string(1000, 'x')); });
  BOOST_TEST(open()->send({.url = server.url(), .answer_limit = 1000}).body.size() == 1000U);
  const std::string text = failure({.url = server.url("/big?token=geheim"), .answer_limit = 999});
  BOOST_TEST(text == "GET " + server.url("/big") + ": an answer of more than 999 bytes");
}

BOOST_AUTO_TEST_CASE(endless_headers_are_refused) {
  Loopback server([](const std::string&) {
    std::string headers;
    for (int i = 0; i < 40; ++i) headers += "X-" + std::to_string(i) + ": " + std::string(8000, 'h') + "\r\n";
    return answer("200 OK", "", headers + "Connection: close\r\n");
  });
  BOOST_TEST(holds(failure({.url = server.url()}), "headers of more than 262144 bytes"));
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_early_is_no_answer) {
  Loopback server(
      [](const std::string&) { return "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nhalf"; });
  BOOST_TEST(holds(failure({.url = server.url()}), "6 bytes remaining to read"));
}

BOOST_AUTO_TEST_CASE(a_server_that_says_nothing_runs_out_of_time) {
  Loopback server([](const std::string&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    return std::string();
  });
  const std::string text = failure({.url = server.url("/slow"), .timeout = std::chrono::seconds(1)});
  BOOST_TEST(text.starts_with("GET " + server.url("/slow") + ": "));
  BOOST_TEST(holds(text, "timed out"));
}

BOOST_AUTO_TEST_CASE(a_refused_connection_names_the_url_without_query_and_password) {
  std::string url;
  {
    url = Loopback([](const std::string&) { return std::string(); }).url("/x?signature=geheim#f");
  }
  url.insert(7, "user:passwort@");
  const std::string text = failure({.method = "PUT", .url = url});
  BOOST_TEST(text.starts_with("PUT http://127.0.0.1:"));
  BOOST_TEST(holds(text, "/x: Failed to connect to 127.0.0.1"));
  for (const char* secret : {"geheim", "passwort", "user", "signature"}) BOOST_TEST(!holds(text, secret));
}

BOOST_AUTO_TEST_CASE(only_http_and_https_are_spoken) {
  for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/", "127.0.0.1/x", ""})
    BOOST_TEST(holds(failure({.url = url}, Fault::kInput), "is not a URL of the form https://host"));
}

BOOST_AUTO_TEST_CASE(a_header_cannot_carry_a_second_header) {
  for (const char* value : {"a\r\nx-evil: 1", "a\nb"})
    BOOST_TEST(holds(failure({.url = "http://127.0.0.1:1/", .headers = {{"x-one", value}}}, Fault::kInput), "`x-one`"));
  BOOST_TEST(holds(failure({.method = "GET / HTTP/1.1\r\nx: y\r\n", .url = "http://127.0.0.1:1/"}, Fault::kInput),
                   "is not an HTTP method"));
}

BOOST_AUTO_TEST_CASE(the_environment_says_nothing_about_proxies) {
  Loopback server([](const std::string&) { return answer("200 OK", "direct"); });
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  ::setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
  BOOST_TEST(open()->send({.url = server.url()}).body == "direct");
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
}

BOOST_AUTO_TEST_CASE(an_origin_is_scheme_host_and_port) {
  BOOST_TEST(origin("https://API.Example.com/x?y") == "https://api.example.com:443");
  BOOST_TEST(origin("HTTP://user:pass@example.com:8080") == "http://example.com:8080");
  BOOST_TEST(origin("http://[::1]:81/") == "http://[::1]:81");
  for (const char* url : {"", "example.com", "https://", "https:///x", "ftp://example.com", "https://exa mple.com"})
    BOOST_CHECK_EXCEPTION(origin(url), Error, [](const Error& error) { return error.fault() == Fault::kInput; });
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
