#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/runner/runner.h"

namespace waybill::runner {
namespace {

constexpr std::size_t kMostAnswer = 256 * 1024;

Error without_permission(const std::string& text) {
  return Error(Fault::kPermission, "{}", text).hint("permissions:\n  id-token: write");
}

std::string token_in(const std::string& body) {
  try {
    return string_member(parse_json(body, "the answer", {.bytes = kMostAnswer}), "value", "the answer");
  } catch (const Error&) {
    // Not the parser's text: it might quote a token.
    throw Error(Fault::kRemote, "the runner's identity service answered without a token");
  }
}

}  // namespace

IdentityTokens::IdentityTokens(http::Client& http, const Environment& environment, Commands& commands)
    : http_(http), commands_(commands) {
  const auto url = environment.find("ACTIONS_ID_TOKEN_REQUEST_URL");
  const auto token = environment.find("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
  if (url == environment.end() || token == environment.end() || url->second.empty() || token->second.empty()) return;
  url_ = url->second;
  request_token_ = token->second;
  commands_.mask(request_token_);
}

std::string IdentityTokens::fetch(std::string_view audience) const {
  if (!available()) throw without_permission("the job may not ask for an identity token");
  http::Request request;
  request.url = url_ + (url_.find('?') == std::string::npos ? "?" : "&") + "audience=" + percent_encode(audience);
  request.headers = {{"authorization", "Bearer " + request_token_}, {"accept", "application/json"}};
  request.answer_limit = kMostAnswer;
  const http::Response response = http::send_retrying(http_, request);
  if (response.status == 401 || response.status == 403)
    throw without_permission(
        fmt::format("the runner's identity service refuses this job a token for `{}` ({})", audience, response.status));
  if (response.status != 200)
    throw Error(Fault::kRemote, "the runner's identity service answered {} instead of a token for `{}`",
                response.status, audience)
        .hint(kRunAgain);
  std::string token = token_in(response.body);
  commands_.mask(token);
  return token;
}

}  // namespace waybill::runner
