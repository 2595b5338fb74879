#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "core/base/error.h"
#include "core/base/jitter.h"
#include "core/base/number.h"
#include "core/http/client.h"

namespace waybill::http {
namespace {

using std::chrono::milliseconds;

// RFC 9110 section 9.2.2: "A client SHOULD NOT automatically retry a request with a non-idempotent method".
bool may_repeat(const std::string& method, const Retry& retry) {
  return retry.repeatable || method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE" ||
         method == "OPTIONS";
}

bool is_transient(int status) {
  return status == 408 || status == 429 || status >= 500;
}

// RFC 9110 section 10.2.3: seconds, or the date of an HTTP-date.
std::optional<milliseconds> asked_delay(const Response& response) {
  const std::string text = response.header("retry-after");
  if (text.empty()) return std::nullopt;
  if (const auto seconds = whole_number(text))
    return milliseconds(std::clamp<std::int64_t>(*seconds, 0, 86'400) * 1000);
  const std::time_t date = ::curl_getdate(text.c_str(), nullptr);
  if (date == -1) return std::nullopt;
  const auto left = std::chrono::system_clock::from_time_t(date) - std::chrono::system_clock::now();
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(left));
}

// Doubled each time.
milliseconds backoff(const Retry& retry, int failures) {
  milliseconds full = std::min(retry.first, retry.longest);
  for (int doubled = 1; doubled < failures && full < retry.longest; ++doubled) full = std::min(2 * full, retry.longest);
  return jittered(full);
}

}  // namespace

Response send_retrying(Client& client, const Request& request, const Retry& retry) {
  for (int attempt = 1;; ++attempt) {
    const bool last = attempt >= retry.attempts || !may_repeat(request.method, retry);
    milliseconds delay = backoff(retry, attempt);
    try {
      Response response = client.send(request);
      if (last || !is_transient(response.status)) return response;
      const std::optional<milliseconds> asked = asked_delay(response);
      if (asked && *asked > retry.longest) return response;
      delay = std::max(delay, asked.value_or(delay));
    } catch (const Error& error) {
      if (last || error.fault() != Fault::kRemote) throw;
    }
    std::this_thread::sleep_for(delay);
  }
}

}  // namespace waybill::http
