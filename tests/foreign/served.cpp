#include "foreign/served.h"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "core/base/json.h"

namespace waybill::testing {

std::string told(const std::string& name) {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  for (int at = 1; at < suite.argc; ++at)
    if (const std::string argument = suite.argv[at]; argument.starts_with(name + "="))
      return argument.substr(name.size() + 1);
  BOOST_FAIL("tests/foreign/servers did not say `" << name << "`");
  return {};
}

RecordingHttp::RecordingHttp(std::string server)
    : server_(std::move(server)), record_(told("record")), http_(http::open()) {}

http::Response RecordingHttp::send(const http::Request& request) {
  http::Response response = http_->send(request);
  const std::size_t path = request.url.find('/', request.url.find("://") + 3);
  const Json line = {{"client", server_},
                     {"method", request.method},
                     {"path", request.url.substr(path, request.url.find('?') - path)},
                     {"status", response.status}};
  std::ofstream(record_, std::ios::app) << line.dump() << '\n';
  return response;
}

Served::Served(const std::string& server, const std::string& repository, const std::string& token)
    : http(server),
      address{.api_url = told(server), .repository = repository},
      client(http, address, token, [](std::chrono::milliseconds) {}) {}

}  // namespace waybill::testing
