// What the forge's refusals mean and what their reader can do about them.

#include <algorithm>
#include <cctype>
#include <vector>

#include "core/forge/exchange.h"
#include "core/http/url.h"

namespace waybill::forge {
namespace {

constexpr std::size_t kMostWords = 600;

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string field_words(const Json& error) {
  if (error.is_string()) return error.get<std::string>();
  if (!error.is_object()) return {};
  if (std::string message = text_of(error, "message"); !message.empty()) return message;
  return text_of(error, "field") + " " + text_of(error, "code");
}

std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  std::size_t end = std::min(text.size(), kMostWords);
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  text.resize(end);
  return text;
}

// `pull_requests=write,contents=read; issues=write`: alternatives by `;`, what belongs together by `,`.
std::vector<std::string> accepted_permissions(const std::string& header) {
  std::vector<std::string> lines;
  std::string line;
  for (const char c : header.substr(0, header.find(';')) + ",") {
    if (c == ',') {
      if (!line.empty()) lines.push_back(std::exchange(line, {}));
    } else if (c == '=') {
      line += ": ";
    } else if (c == '_') {
      line += '-';
    } else if (std::isspace(static_cast<unsigned char>(c)) == 0) {
      line += c;
    }
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "`" : ", `") + line + "`";
  return text;
}

Error forbidden(const Exchange& api, const Call& call, const http::Response& response, const std::string& said) {
  if (said.find("not permitted to create or approve pull requests") != std::string::npos)
    return Error(Fault::kPermission, "{}: {}", call.what, said)
        .hint(
            "give the stage `app-id` and `app-private-key`, or allow it under Settings, Actions, General, Workflow "
            "permissions");
  if (said.find("Feature not available") != std::string::npos || said.find("upgrade") != std::string::npos)
    return Error(Fault::kPermission, "{}: {}", call.what, said)
        .hint(
            "attestations of private repositories need GitHub Enterprise Cloud; make the repository public or change "
            "the plan");
  std::vector<std::string> wanted = accepted_permissions(response.header("x-accepted-github-permissions"));
  if (wanted.empty() && !call.permission.empty()) wanted.push_back(call.permission);
  return Error(Fault::kPermission, "{}: the token lacks the permission {} ({} {})", call.what, joined(wanted),
               response.status, said)
      .hint(api.cure(wanted));
}

}  // namespace

std::string words(const http::Response& response) {
  const Json json = Json::parse(response.body.substr(0, 64 * 1024), nullptr, false);
  if (!json.is_object()) return one_line(response.body.substr(0, 200));
  std::string text = text_of(json, "message");
  if (const auto errors = json.find("errors"); errors != json.end() && errors->is_array())
    for (const Json& error : *errors) text += (text.empty() ? "" : ": ") + field_words(error);
  return one_line(std::move(text));
}

std::string Exchange::cure(const std::vector<std::string>& permissions) const {
  if (!address_.app.empty())
    return fmt::format("the page of the App `{}`, Permissions: grant {}; then accept it where the App is installed",
                       address_.app, joined(permissions));
  std::string text = "permissions:";
  for (const std::string& line : permissions) text += "\n  " + line;
  return text;
}

void Exchange::refuse(const Call& call, const http::Response& response) const {
  const std::string said = words(response);
  const std::string exchange = fmt::format("{} to {}", response.status, name(call));
  switch (response.status) {
    case 401:
      throw Error(Fault::kPermission, "{}: the forge does not accept the token ({}: {})", call.what, exchange, said)
          .hint(
              "give the stage a token of this run, `token: ${{ github.token }}`, or check `app-id` and "
              "`app-private-key`");
    case 403:
      throw forbidden(*this, call, response, said);
    case 404:
      if (call.method == "GET")
        throw Error(Fault::kInput, "{}: not there, or not for this token to see ({})", call.what, exchange);
      throw Error(Fault::kPermission, "{}: not there, or the token lacks the permission `{}` ({})", call.what,
                  call.permission, exchange)
          .hint(cure({call.permission}));
    case 405:
    case 409:
    case 422:
      throw Error(Fault::kConflict, "{}: the forge refuses it as things are: {} ({})", call.what, said, exchange)
          .hint("put in order what the forge names, then run this stage again; what is done stays done");
    default:
      throw Error(Fault::kRemote, "{}: the forge answered {}: {}", call.what, exchange, said).hint(kRunAgain);
  }
}

void Exchange::require_success(const Call& call, const http::Response& response) const {
  if (response.status < 200 || response.status > 299) refuse(call, response);
}

}  // namespace waybill::forge
