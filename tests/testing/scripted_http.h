#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/http/client.h"

namespace waybill::testing {

using Matches = std::function<bool(const http::Request&)>;

// Answers exactly the requests it was told of, in that order. Any other request and any expectation left over at the
// end fail the test.
class ScriptedHttp final : public http::Client {
 public:
  ScriptedHttp() = default;
  ScriptedHttp(const ScriptedHttp&) = delete;
  ScriptedHttp& operator=(const ScriptedHttp&) = delete;
  ~ScriptedHttp() override;

  ScriptedHttp& expect(std::string method, std::string url, http::Response response, Matches matches = nullptr);
  // The request arrives or not, nobody knows: no answer, Fault::kRemote.
  ScriptedHttp& lose(std::string method, std::string url, Matches matches = nullptr);

  http::Response send(const http::Request& request) override;

  // Every request so far.
  const std::vector<http::Request>& seen() const { return seen_; }
  std::size_t left() const { return expectations_.size() - next_; }

 private:
  struct Expectation {
    std::string method;
    std::string url;
    std::optional<http::Response> response;
    Matches matches;
  };
  std::vector<Expectation> expectations_;
  std::size_t next_ = 0;
  std::vector<http::Request> seen_;
};

using Headers = std::map<std::string, std::string>;

http::Response answer(int status, std::string body = {}, Headers headers = {});
http::Response json_answer(int status, const Json& body, Headers headers = {});

// What an expectation may ask of a request: a JSON body that equals, or at least holds, these members; a header's
// value.
Matches body_is(Json wanted);
Matches body_has(Json members);
Matches header_is(std::string name, std::string value);
Matches without_header(std::string name);

}  // namespace waybill::testing
