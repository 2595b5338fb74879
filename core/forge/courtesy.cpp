#include "core/forge/courtesy.h"

namespace waybill::forge {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPace{1000};
constexpr std::size_t kMostBytesOfOne = 1024 * 1024;
constexpr std::size_t kMostBytes = 32 * 1024 * 1024;
constexpr int kOk = 200;
constexpr int kNotModified = 304;

bool is_on_this_machine(const std::string& url) {
  const std::string origin = http::origin(url);
  return origin.find("://127.0.0.1:") != std::string::npos || origin.find("://localhost:") != std::string::npos;
}

bool is_read(const std::string& method) {
  return method == "GET" || method == "HEAD";
}

std::string header_of(const http::Request& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string() : found->second;
}

}  // namespace

Courtesy::Courtesy(http::Client& next, const std::string& api_url, Pause pause, std::function<Time()> now)
    : next_(next),
      pace_(is_on_this_machine(api_url) ? milliseconds(0) : kPace),
      pause_(std::move(pause)),
      now_(std::move(now)) {}

http::Response Courtesy::send(const http::Request& request) {
  return is_read(request.method) ? read(request) : write(request);
}

http::Response Courtesy::write(const http::Request& request) {
  if (written_)
    if (const auto since = std::chrono::floor<milliseconds>(now_() - *written_); since < pace_) pause_(pace_ - since);
  struct Stamp {
    Courtesy& self;
    ~Stamp() { self.written_ = self.now_(); }
  } const stamp{*this};
  return next_.send(request);
}

http::Response Courtesy::read(const http::Request& request) {
  const Key key{request.url, header_of(request, "authorization"), header_of(request, "accept")};
  const auto known = known_.find(key);
  http::Request asked = request;
  if (known != known_.end()) asked.headers["if-none-match"] = known->second.header("etag");
  http::Response response = next_.send(asked);
  if (response.status == kNotModified && known != known_.end()) return known->second;
  if (known != known_.end()) {
    known_bytes_ -= known->second.body.size();
    known_.erase(known);
  }
  const std::size_t bytes = response.body.size();
  if (request.method == "GET" && response.status == kOk && !response.header("etag").empty() &&
      bytes <= kMostBytesOfOne && known_bytes_ + bytes <= kMostBytes) {
    known_.emplace(key, response);
    known_bytes_ += bytes;
  }
  return response;
}

}  // namespace waybill::forge
