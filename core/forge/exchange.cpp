#include "core/forge/exchange.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/base/jitter.h"
#include "core/base/number.h"
#include "core/http/url.h"

namespace waybill::forge {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kTries = 4;
constexpr int kLimitWaits = 3;
constexpr seconds kLongestWait{60};
constexpr std::size_t kMostItems = 1000;
constexpr int kMostPages = 100;

// How long the forge wants to be left alone; nothing when this is no limit.
std::optional<seconds> asked_wait(const http::Response& response) {
  if (response.status != 403 && response.status != 429) return std::nullopt;
  if (const auto wait = whole_number(response.header("retry-after"))) return seconds(std::clamp(*wait, 1L, 86'400L));
  if (response.header("x-ratelimit-remaining") == "0") {
    const Time now = SystemClock().now();
    const long reset = whole_number(response.header("x-ratelimit-reset")).value_or(0);
    return std::clamp(seconds(reset) - now.time_since_epoch(), seconds(1), seconds(86'400));
  }
  if (response.status == 429 || words(response).find("secondary rate limit") != std::string::npos) return kLongestWait;
  return std::nullopt;
}

}  // namespace

std::string Exchange::url(std::string_view path) const {
  if (!path.starts_with('/')) return std::string(path);
  const std::string& base = address_.api_url;
  return base.substr(0, base.find_last_not_of('/') + 1) + std::string(path);
}

std::string Exchange::name(const Call& call) const {
  return call.method + " " + http::printable(url(call.path));
}

http::Request Exchange::request(const Call& call) const {
  http::Request request;
  request.method = call.method;
  request.url = url(call.path);
  request.headers = {{"accept", call.accept}, {"x-github-api-version", "2022-11-28"}};
  if (!token_.empty()) request.headers["authorization"] = "Bearer " + token_;
  request.body = call.body ? call.body->dump() : call.raw;
  if (!request.body.empty()) request.headers["content-type"] = call.media_type;
  if (request.body.size() > 1024 * 1024) request.timeout = seconds(300);
  request.answer_limit = call.limit;
  request.redirects = call.redirects;
  return request;
}

void Exchange::wait(int failures) const {
  pause_(jittered(milliseconds(1000 << std::min(failures - 1, 4))));
}

bool Exchange::waited_for_limit(const Call& call, const http::Response& response, int waits) const {
  const std::optional<seconds> asked = asked_wait(response);
  if (!asked) return false;
  if (waits < kLimitWaits && *asked <= kLongestWait) {
    pause_(*asked);
    return true;
  }
  throw Error(Fault::kRemote, "{}: the forge limits this token's rate and wants {} seconds of rest ({} to {}: {})",
              call.what, asked->count(), response.status, name(call), words(response))
      .hint("run this stage again later; what is done stays done");
}

Outcome Exchange::attempt(const Call& call) const {
  const bool repeatable = call.repeatable || call.method == "GET";
  const http::Request request = this->request(call);
  int waits = 0;
  for (int tries = 1;;) {
    std::optional<http::Response> response;
    std::string unknown;
    try {
      response = http_.send(request);
    } catch (const Error& error) {
      if (error.fault() != Fault::kRemote) throw;
      unknown = error.what();
      if (repeatable && tries == kTries) throw unanswered(call, {std::nullopt, unknown});
    }
    if (response) {
      if (response->status == 401) refuse(call, *response);
      if (waited_for_limit(call, *response, waits)) {
        ++waits;
        continue;
      }
      if (response->status < 500 && response->status != 408) return {std::move(response), {}};
      if (repeatable && tries == kTries) refuse(call, *response);
      unknown = fmt::format("{} to {}: {}", response->status, name(call), words(*response));
    }
    if (!repeatable) return {std::nullopt, unknown};
    wait(tries++);
  }
}

Error Exchange::unanswered(const Call& call, const Outcome& outcome) const {
  const std::string why = !outcome.answer
                              ? outcome.unknown
                              : fmt::format("{} to {}: {}", outcome.answer->status, name(call), words(*outcome.answer));
  return Error(Fault::kRemote, "{}: the forge failed or did not answer ({})", call.what, why).hint(kRunAgain);
}

http::Response Exchange::send(const Call& call) const {
  Outcome outcome = attempt(call);
  if (!outcome.answer) throw unanswered(call, outcome);
  return *std::move(outcome.answer);
}

http::Response Exchange::succeed(const Call& call) const {
  http::Response response = send(call);
  require_success(call, response);
  return response;
}

Json Exchange::get(const Call& call) const {
  return read(call, send(call), [](Json json) { return json; });
}

void Exchange::each(Call call, std::string_view key, const std::function<bool(const Json&)>& visit) const {
  std::size_t seen = 0;
  for (int page = 0; page < kMostPages; ++page) {
    const http::Response response = send(call);
    if (call.absent_is_empty && response.status == 404) return;
    const Json json = read(call, response, [](Json answer) { return answer; });
    const bool more = understood(call, [&] {
      const Json& items = key.empty() ? json : member(json, key, call.what);
      if (!items.is_array()) throw Error(Fault::kInput, "a list is wanted, {} was sent", items.type_name());
      for (const Json& item : items)
        if (!visit(item) || ++seen == kMostItems) return false;
      return true;
    });
    const std::optional<std::string> next = http::next_page(url(call.path), response.header("link"));
    if (!more || !next) return;
    call.path = *next;
  }
}

std::vector<Json> Exchange::list(Call call, std::string_view key) const {
  std::vector<Json> items;
  each(std::move(call), key, [&](const Json& item) {
    items.push_back(item);
    return true;
  });
  return items;
}

std::string path_of(std::string_view name) {
  std::string path;
  while (true) {
    const std::size_t slash = name.find('/');
    path += percent_encode(name.substr(0, slash));
    if (slash == std::string_view::npos) return path;
    path += '/';
    name.remove_prefix(slash + 1);
  }
}

}  // namespace waybill::forge
