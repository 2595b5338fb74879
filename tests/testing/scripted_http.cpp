#include "testing/scripted_http.h"

#include <boost/test/unit_test.hpp>
#include <exception>
#include <utility>

#include "core/base/error.h"

namespace waybill::testing {
namespace {

bool says(bool holds, const std::string& what) {
  if (!holds) BOOST_TEST_MESSAGE(what);
  return holds;
}

Json json_of(const http::Request& request) {
  return Json::parse(request.body, nullptr, false);
}

}  // namespace

ScriptedHttp::~ScriptedHttp() {
  if (std::uncaught_exceptions() > 0) return;
  for (; next_ < expectations_.size(); ++next_)
    BOOST_ERROR("expected and never sent: " << expectations_[next_].method << " " << expectations_[next_].url);
}

ScriptedHttp& ScriptedHttp::expect(std::string method, std::string url, http::Response response, Matches matches) {
  expectations_.push_back({std::move(method), std::move(url), std::move(response), std::move(matches)});
  return *this;
}

ScriptedHttp& ScriptedHttp::lose(std::string method, std::string url, Matches matches) {
  expectations_.push_back({std::move(method), std::move(url), std::nullopt, std::move(matches)});
  return *this;
}

http::Response ScriptedHttp::send(const http::Request& request) {
  seen_.push_back(request);
  const std::string sent = request.method + " " + request.url;
  if (next_ == expectations_.size()) {
    BOOST_ERROR("not expected: " << sent << " " << request.body.substr(0, 1000));
    throw Error(Fault::kInternal, "not expected: {}", sent);
  }
  const Expectation& next = expectations_[next_];
  if (next.method != request.method || next.url != request.url) {
    BOOST_ERROR("expected " << next.method << " " << next.url << ", got " << sent);
    throw Error(Fault::kInternal, "not expected: {}", sent);
  }
  ++next_;
  if (next.matches && !next.matches(request)) BOOST_ERROR(sent << " was not sent as expected: " << request.body);
  if (!next.response) throw Error(Fault::kRemote, "{}: no answer", sent);
  return *next.response;
}

http::Response answer(int status, std::string body, Headers headers) {
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}

http::Response json_answer(int status, const Json& body, Headers headers) {
  headers.try_emplace("content-type", "application/json; charset=utf-8");
  return {.status = status, .headers = std::move(headers), .body = body.dump()};
}

Matches body_is(Json wanted) {
  return [wanted = std::move(wanted)](const http::Request& request) {
    return says(json_of(request) == wanted, "wanted exactly " + wanted.dump());
  };
}

Matches body_has(Json members) {
  return [members = std::move(members)](const http::Request& request) {
    const Json body = json_of(request);
    for (const auto& [key, value] : members.items())
      if (!says(body.is_object() && body.contains(key) && body[key] == value, "wanted " + key + ": " + value.dump()))
        return false;
    return true;
  };
}

Matches header_is(std::string name, std::string value) {
  return [name = std::move(name), value = std::move(value)](const http::Request& request) {
    const auto found = request.headers.find(name);
    return says(found != request.headers.end() && found->second == value, "wanted the header " + name + ": " + value);
  };
}

Matches without_header(std::string name) {
  return [name = std::move(name)](const http::Request& request) {
    return says(!request.headers.contains(name), "wanted no header " + name);
  };
}

}  // namespace waybill::testing
