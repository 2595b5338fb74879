#include "core/git/connection.h"

#include <boost/test/unit_test.hpp>

#include "http/loopback.h"
#include "testing/refusal.h"

namespace waybill::git {
BOOST_AUTO_TEST_SUITE(git_connection)

using std::chrono::milliseconds;
using testing::refuses;

std::string port_of(const http::Loopback& server) {
  return server.url("").substr(17);
}

BOOST_AUTO_TEST_CASE(bytes_go_there_and_back) {
  const http::Loopback server([](const std::string&) { return std::string("answer\r\nConnection: close"); });
  Connection connection("localhost", port_of(server), {});
  BOOST_TEST(connection.write("GET / HTTP/1.1\r\n\r\n") == 18);
  std::string text;
  char block[5];
  for (::ssize_t count = 0; (count = connection.read(block, sizeof block)) > 0;)
    text.append(block, static_cast<std::size_t>(count));
  BOOST_TEST(text == "answer\r\nConnection: close");
}

BOOST_AUTO_TEST_CASE(silence_has_an_end) {
  const http::Loopback server([](const std::string&) { return std::string("x"); });
  Connection connection("127.0.0.1", port_of(server), {milliseconds(1000), milliseconds(100), milliseconds(60'000)});
  char byte = 0;
  refuses(Fault::kRemote, "127.0.0.1:" + port_of(server) + " was silent for 100 ms",
          [&] { (void)connection.read(&byte, 1); });
}

BOOST_AUTO_TEST_CASE(the_whole_has_an_end_too) {
  const http::Loopback server([](const std::string&) { return std::string("x"); });
  Connection connection("127.0.0.1", port_of(server), {milliseconds(1000), milliseconds(60'000), milliseconds(0)});
  char byte = 0;
  refuses(Fault::kRemote, "took longer than 0 ms", [&] { (void)connection.read(&byte, 1); });
}

BOOST_AUTO_TEST_CASE(hosts_that_do_not_answer_are_named) {
  refuses(Fault::kRemote, "no-such-host.invalid has no address", [] { Connection("no-such-host.invalid", "80", {}); });
  refuses(Fault::kRemote, "no connection to [::1]:1:", [] { Connection("[::1]", "1", {}); });
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill::git
