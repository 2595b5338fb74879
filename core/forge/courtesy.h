#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "core/forge/client.h"
#include "core/http/client.h"

namespace waybill::forge {

// What GitHub asks of those who use its API ("Best practices for using the REST API"), for everything that one run says
// to a forge, with whichever token:
// - who writes makes one request after another, and pauses at least a second between two;
// - what was read before is asked for by its entity tag; an answer 304 is free of charge and stands for the one that
//   is known.
// A forge on this machine (127.0.0.1) serves nobody else: there writes follow each other at once.
class Courtesy final : public http::Client {
 public:
  using Time = std::chrono::steady_clock::time_point;
  Courtesy(http::Client& next, const std::string& api_url, Pause pause = sleep_for,
           std::function<Time()> now = std::chrono::steady_clock::now);

  http::Response send(const http::Request& request) override;

 private:
  http::Response write(const http::Request& request);
  http::Response read(const http::Request& request);

  using Key = std::tuple<std::string, std::string, std::string>;  // URL, who asks, media type
  http::Client& next_;
  std::chrono::milliseconds pace_;
  Pause pause_;
  std::function<Time()> now_;
  std::optional<Time> written_;  // when the last write was answered, or was not
  std::map<Key, http::Response> known_;
  std::size_t known_bytes_ = 0;
};

}  // namespace waybill::forge
