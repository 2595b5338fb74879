#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/forge/client.h"
#include "core/http/client.h"

namespace waybill::forge {

struct Call {
  std::string method = "GET";
  std::string path;        // below the API's address, or a whole URL
  std::string what;        // the thing asked for, as an error names it
  std::string permission;  // "contents: write"
  std::optional<Json> body = std::nullopt;
  std::string raw = {};  // in place of `body`
  std::string media_type = "application/json";
  std::string accept = "application/vnd.github+json";
  std::size_t limit = 16 * 1024 * 1024;
  bool repeatable = false;  // saying it twice is saying it once; GET always is
  int redirects = 0;
  bool absent_is_empty = false;  // of a list: 404 is one without items
};

// What became of a call: the forge's answer, or why it cannot be known whether it did what it was asked.
struct Outcome {
  std::optional<http::Response> answer;
  std::string unknown;
};

// Requests to one forge: its headers, its limits, its pages, its errors.
class Exchange {
 public:
  Exchange(http::Client& http, const Address& address, const std::string& token, const Pause& pause)
      : http_(http), address_(address), token_(token), pause_(pause) {}

  // Any answer but 401, rate limits and 5xx, which are waited for and tried again as far as the call allows.
  Outcome attempt(const Call& call) const;
  // As above; an unknown outcome is Fault::kRemote.
  http::Response send(const Call& call) const;
  // A 2xx answer, anything else is thrown.
  http::Response succeed(const Call& call) const;
  Json get(const Call& call) const;

  // The items of every page, of the answer itself or of its `member`, until `visit` says false or 1,000 were seen.
  void each(Call call, std::string_view member, const std::function<bool(const Json&)>& visit) const;
  std::vector<Json> list(Call call, std::string_view member = {}) const;

  // A thing is made once: when the outcome is unknown it is looked for before asking again.
  template <class T>
  T create(const Call& call, const std::function<T(const Json&)>& reader,
           const std::function<std::optional<T>()>& find) const {
    for (int tries = 1;; ++tries) {
      const Outcome outcome = attempt(call);
      if (outcome.answer) return read(call, *outcome.answer, reader);
      if (std::optional<T> found = find()) return *std::move(found);
      if (tries == 3) throw unanswered(call, outcome);
      wait(tries);
    }
  }

  // The value that `reader` makes of a 2xx answer. What it misses in there is the forge's fault, not an input's.
  template <class Reader>
  auto read(const Call& call, const http::Response& response, const Reader& reader) const {
    require_success(call, response);
    return understood(call, [&] { return reader(parse_json(response.body, call.what, {.bytes = call.limit})); });
  }

  template <class Make>
  auto understood(const Call& call, const Make& make) const {
    try {
      return make();
    } catch (const Error& error) {
      if (error.fault() != Fault::kInput) throw;
      throw Error(Fault::kRemote, "{}: the forge's answer to {} is not understood: {}", call.what, name(call),
                  error.what());
    }
  }

  // "https://api.github.com/repos/OWNER/NAME" + path
  std::string repository_path(std::string_view path) const {
    return "/repos/" + address_.repository + std::string(path);
  }
  std::string url(std::string_view path) const;
  void wait(int failures) const;  // a second, doubled each time, with jitter
  http::Client& http() const { return http_; }

  // What gives the token this permission: a line of the workflow, or of the App's page.
  std::string cure(const std::vector<std::string>& permissions) const;
  [[noreturn]] void refuse(const Call& call, const http::Response& response) const;
  void require_success(const Call& call, const http::Response& response) const;
  Error unanswered(const Call& call, const Outcome& outcome) const;

 private:
  http::Request request(const Call& call) const;
  bool waited_for_limit(const Call& call, const http::Response& response, int waits) const;
  std::string name(const Call& call) const;

  http::Client& http_;
  const Address& address_;
  const std::string& token_;
  const Pause& pause_;
};

// GitHub's own words in an answer: message, and what it says of each field.
std::string words(const http::Response& response);
// Every segment percent-encoded, slashes kept.
std::string path_of(std::string_view name);

}  // namespace waybill::forge
