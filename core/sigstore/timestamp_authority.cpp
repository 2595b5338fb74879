#include "core/sigstore/timestamp_authority.h"

#include "core/base/error.h"
#include "core/crypto/timestamp.h"
#include "core/sigstore/exchange.h"

namespace waybill::sigstore {

std::string request_timestamp(http::Client& client, std::string_view url, std::string_view signature) {
  const http::Request request{
      .method = "POST",
      .url = std::string(url),
      .headers = {{"content-type", "application/timestamp-query"}, {"accept", "application/timestamp-reply"}},
      .body = crypto::timestamp_request(signature),
      .answer_limit = 256 * 1024};
  http::Response response = exchange(client, request, "timestamp authority", {200, 201});
  try {
    crypto::Timestamp::parse(response.body);
  } catch (const Error& error) {
    throw Error(Fault::kRemote, "timestamp authority: POST {}: {}", url, error.what());
  }
  return std::move(response.body);
}

}  // namespace waybill::sigstore
