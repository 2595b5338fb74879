#include "core/base/encoding.h"
#include "core/forge/exchange.h"
#include "core/forge/read.h"

namespace waybill::forge {

std::vector<Review> Client::reviews(std::int64_t pull_request) const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path(fmt::format("/pulls/{}/reviews?per_page=100", pull_request)),
                  .what = fmt::format("reviews of pull request #{}", pull_request),
                  .permission = "pull-requests: read"};
  std::vector<Review> found;
  for (const Json& item : api.list(call)) found.push_back(api.understood(call, [&] { return read_review(item); }));
  return found;
}

bool Client::may_write(const std::string& login) const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path("/collaborators/" + percent_encode(login) + "/permission"),
                  .what = "what `" + login + "` may do in " + address_.repository,
                  .permission = "metadata: read"};
  const http::Response response = api.send(call);
  if (response.status == 404) return false;
  // `maintain` is told as `write`, `triage` as `read`.
  const std::string permission =
      api.read(call, response, [](const Json& json) { return string_member(json, "permission", "permission"); });
  return permission == "admin" || permission == "write";
}

}  // namespace waybill::forge
