#include "git/smart_server.h"

#include "core/base/encoding.h"
#include "core/base/process.h"

namespace waybill::git {
namespace {

std::string between(const std::string& text, const std::string& start, const std::string& end) {
  const std::size_t at = text.find(start);
  if (at == std::string::npos) return "";
  return text.substr(at + start.size(), text.find(end, at + start.size()) - at - start.size());
}

}  // namespace

SmartServer::SmartServer(std::filesystem::path folder, std::string password)
    : folder_(std::move(folder)),
      password_(std::move(password)),
      server_([this](const std::string& request) { return answer(request); }) {}

std::string SmartServer::answer(const std::string& request) const {
  if (!password_.empty() &&
      between(request, "\r\nAuthorization: Basic ", "\r\n") != to_base64("x-access-token:" + password_))
    return http::answer("401 Unauthorized", "who?", "WWW-Authenticate: Basic realm=\"git\"\r\n");
  const std::string target = between(request, " ", " ");
  const std::size_t question = std::min(target.find('?'), target.size());
  Command backend{{"git", "http-backend"},
                  {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                   {"HOME", folder_.string()},
                   {"GIT_CONFIG_NOSYSTEM", "1"},
                   {"GIT_PROJECT_ROOT", folder_.string()},
                   {"GIT_HTTP_EXPORT_ALL", "1"},
                   {"REQUEST_METHOD", request.substr(0, request.find(' '))},
                   {"PATH_INFO", target.substr(0, question)},
                   {"QUERY_STRING", question < target.size() ? target.substr(question + 1) : ""},
                   {"CONTENT_TYPE", between(request, "\r\nContent-Type: ", "\r\n")}},
                  folder_,
                  request.substr(request.find("\r\n\r\n") + 4)};
  backend.environment["CONTENT_LENGTH"] = std::to_string(backend.input.size());
  const std::string output = run(backend).output;
  const std::size_t end = output.find("\r\n\r\n");
  if (end == std::string::npos) return http::answer("500 Internal Server Error");
  const std::string head = output.substr(0, end + 2);
  const std::string status = between(head, "Status: ", "\r\n");
  return http::answer(status.empty() ? "200 OK" : status, output.substr(end + 4), head);
}

}  // namespace waybill::git
