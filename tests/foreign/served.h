#pragma once

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/forge/client.h"

// The real client, in front of servers that others wrote.
namespace waybill::testing {

// What tests/foreign/servers says behind `--`, as NAME=VALUE: where the servers are and where to write down what
// passed. A value that is missing fails the test.
std::string told(const std::string& name);

// Every request goes out, and is written down as tests/foreign/operations.mjs reads it.
class RecordingHttp final : public http::Client {
 public:
  explicit RecordingHttp(std::string server);
  http::Response send(const http::Request& request) override;

 private:
  std::string server_;
  std::string record_;
  std::unique_ptr<http::Client> http_;
};

// A client of one repository there; it does not wait before it asks again.
struct Served {
  Served(const std::string& server, const std::string& repository, const std::string& token);

  RecordingHttp http;
  forge::Address address;
  forge::Client client;
};

// True for an error of that kind that says `text`.
inline auto fails(Fault fault, std::string text) {
  return [fault, text = std::move(text)](const Error& error) {
    const bool as_wanted = error.fault() == fault && std::string(error.what()).find(text) != std::string::npos;
    if (!as_wanted) BOOST_TEST_MESSAGE("said: " << error.what());
    return as_wanted;
  };
}

}  // namespace waybill::testing
