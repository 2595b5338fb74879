#include "core/sigstore/exchange.h"

#include <algorithm>

#include "core/base/error.h"

namespace waybill::sigstore {
namespace {

constexpr std::size_t kShown = 200;

std::string shown(std::string_view answer, std::string_view secret) {
  if (!secret.empty() && answer.find(secret) != std::string_view::npos)
    return "an answer that repeats the identity token";
  std::string text(answer.substr(0, kShown));
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = ' ';
  return text;
}

}  // namespace

http::Response exchange(http::Client& client, const http::Request& request, std::string_view service,
                        std::initializer_list<int> expected, std::string_view secret) {
  http::Response response = http::send_retrying(client, request, {.repeatable = true});
  if (std::ranges::find(expected, response.status) == expected.end())
    throw Error(Fault::kRemote, "{}: {} {} answered {}: {}", service, request.method, request.url, response.status,
                shown(response.body, secret))
        .hint(kRunAgain);
  return response;
}

}  // namespace waybill::sigstore
