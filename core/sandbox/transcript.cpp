#include "core/sandbox/transcript.h"

#include "core/base/error.h"
#include "core/base/json.h"

namespace waybill::sandbox {
namespace {

constexpr std::string_view kApi = "/api/v3/";

Json contents(const std::string& body) {
  Json parsed = Json::parse(body, nullptr, false);
  return parsed.is_discarded() ? Json() : parsed;
}

bool is_json(const HttpResponse& response) {
  const auto type = response.headers.find("Content-Type");
  return type != response.headers.end() && type->second.starts_with("application/json");
}

}  // namespace

Transcript::Transcript(const std::filesystem::path& file) : file_(file, std::ios::app) {
  if (!file_) throw Error(Fault::kInput, "{} cannot be written", file.string());
}

void Transcript::write(const std::string& workflow, const HttpRequest& request, const HttpResponse& response) {
  if (!request.target.starts_with(kApi)) return;
  const std::string sent = request.target.substr(0, request.target.find('?'));
  const Json line = {{"workflow", workflow},
                     {"agent", request.header("user-agent")},
                     {"accept", request.header("accept")},
                     {"method", request.method},
                     {"path", sent.substr(kApi.size() - 1)},
                     {"query", request.query},
                     {"version", request.header("x-github-api-version")},
                     {"request", contents(request.body)},
                     {"status", response.status},
                     {"json", response.status == 204 || is_json(response)},
                     {"answer", contents(response.body)}};
  const std::lock_guard lock(mutex_);
  file_ << line.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n' << std::flush;
}

}  // namespace waybill::sandbox
