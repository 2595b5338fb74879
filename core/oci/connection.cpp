#include "core/oci/connection.h"

#include <algorithm>
#include <cctype>

#include "core/base/encoding.h"
#include "core/base/json.h"
#include "core/http/url.h"

namespace waybill::oci {
namespace {

constexpr std::size_t kMostToken = 256 * 1024;

std::string lower(std::string_view text) {
  std::string copy(text);
  std::ranges::transform(copy, copy.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return copy;
}

bool is_loopback(const std::string& host) {
  const std::string name = host.substr(0, host.starts_with('[') ? host.find(']') + 1 : host.find(':'));
  return name == "localhost" || name == "[::1]" ||
         (name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string::npos);
}

std::string address(const Repository& repository) {
  if (is_loopback(repository.host)) return "http://" + repository.host;
  // Docker Hub's registry lives beside the name that people write.
  if (repository.host == "docker.io" || repository.host == "index.docker.io") return "https://registry-1.docker.io";
  return "https://" + repository.host;
}

std::string basic(const Credentials& credentials) {
  return "Basic " + to_base64(credentials.user + ":" + credentials.password);
}

}  // namespace

Connection::Connection(http::Client& http, const Repository& repository, std::optional<Credentials> credentials)
    : http_(http), repository_(repository), credentials_(std::move(credentials)), base_(address(repository)) {}

std::string Connection::url(std::string_view path) const {
  if (path.starts_with("https://") || path.starts_with("http://")) return std::string(path);
  return base_ + "/v2/" + repository_.name + "/" + std::string(path);
}

bool Connection::is_own(std::string_view url) const {
  return http::origin(url) == http::origin(base_);
}

http::Response Connection::send(http::Request request, std::string_view path, std::string_view actions, int attempts) {
  request.url = url(path);
  const bool own = is_own(request.url);
  const http::Retry retry{.attempts = attempts, .repeatable = true};
  for (bool fresh = false;; fresh = true) {
    const auto known = authorization_.find(actions);
    if (own && known != authorization_.end()) request.headers["authorization"] = known->second;
    http::Response response = http::send_retrying(http_, request, retry);
    if (response.status != 401 && response.status != 403) return response;
    if (response.status == 403 || fresh || !own)
      throw Error(Fault::kPermission, "{} does not allow {} of {} ({} to {} {}: {})", repository_.host, actions,
                  repository_.name, response.status, request.method, http::printable(request.url), words(response))
          .hint(repository_.host == "ghcr.io" ? "permissions:\n  packages: write"
                                              : "give the stage a user and password that may do this");
    authorize(response, actions);
  }
}

void Connection::authorize(const http::Response& response, std::string_view actions) {
  const std::map<std::string, std::string> challenge = parse_challenge(response.header("www-authenticate"));
  const auto scheme = challenge.find("");
  if (scheme != challenge.end() && scheme->second == "bearer") {
    authorization_.insert_or_assign(std::string(actions), "Bearer " + fetch_token(challenge, actions));
    return;
  }
  if (!credentials_ || scheme == challenge.end() || scheme->second != "basic")
    throw Error(Fault::kPermission, "{} wants to know who asks for {} ({})", repository_.host, repository_.name,
                response.status)
        .hint("give the stage the registry's user and password");
  authorization_.insert_or_assign(std::string(actions), basic(*credentials_));
}

std::string Connection::fetch_token(const std::map<std::string, std::string>& challenge,
                                    std::string_view actions) const {
  const auto realm = challenge.find("realm");
  if (realm == challenge.end()) throw Error(Fault::kRemote, "{} names no place to get a token from", repository_.host);
  if (http::origin(realm->second).starts_with("http:") && base_.starts_with("https:"))
    throw Error(Fault::kUntrusted, "{} wants its password sent to {} in plain text", repository_.host,
                http::printable(realm->second));

  http::Request request;
  request.url = realm->second + (realm->second.find('?') == std::string::npos ? "?" : "&");
  if (const auto service = challenge.find("service"); service != challenge.end())
    request.url += "service=" + percent_encode(service->second) + "&";
  request.url += "scope=" + percent_encode("repository:" + repository_.name + ":" + std::string(actions));
  if (credentials_) request.headers["authorization"] = basic(*credentials_);
  request.answer_limit = kMostToken;
  const http::Response response = http::send_retrying(http_, request);
  if (response.status == 401 || response.status == 403)
    throw Error(Fault::kPermission, "{} gives no token for {} of {} ({}: {})", repository_.host, actions,
                repository_.name, response.status, words(response))
        .hint("give the stage the registry's user and password");
  if (response.status != 200) throw refusal(request, response, "token");
  const Json json = Json::parse(response.body, nullptr, false);
  for (const char* key : {"token", "access_token"})
    if (json.is_object() && json.contains(key) && json[key].is_string()) return json[key].get<std::string>();
  throw Error(Fault::kRemote, "{} answered without a token", http::printable(realm->second));
}

Json Connection::json(const http::Response& response, std::string_view what) const {
  try {
    return parse_json(response.body, what);
  } catch (const Error& error) {
    throw Error(Fault::kRemote, "{} of {}: the registry's answer is not understood: {}", what, repository_.text(),
                error.what());
  }
}

bool Connection::turn_page(const http::Response& response, std::string& path) const {
  const std::optional<std::string> next = http::next_page(url(path), response.header("link"));
  if (next) path = *next;
  return next.has_value();
}

Error Connection::refusal(const http::Request& request, const http::Response& response, std::string_view what) const {
  const Fault fault = response.status == 409 ? Fault::kConflict : Fault::kRemote;
  return Error(fault, "{} of {}: {} answered {} to {}: {}", what, repository_.text(), repository_.host, response.status,
               request.method, words(response))
      .hint(kRunAgain);
}

std::string words(const http::Response& response) {
  const Json json = Json::parse(response.body.substr(0, 64 * 1024), nullptr, false);
  std::string text;
  if (json.is_object() && json.contains("errors") && json["errors"].is_array())
    for (const Json& error : json["errors"])
      if (error.is_object())
        text += (text.empty() ? "" : "; ") + error.value("code", Json("")).dump() + " " +
                error.value("message", Json("")).dump();
  if (text.empty()) text = response.body;
  std::erase_if(text, [](unsigned char c) { return c < 0x20 || c >= 0x7f || c == '"'; });
  return text.substr(0, 300);
}

std::map<std::string, std::string> parse_challenge(std::string_view header) {
  std::map<std::string, std::string> challenge;
  const std::size_t space = header.find(' ');
  if (header.empty()) return challenge;
  challenge[""] = lower(header.substr(0, space));
  std::size_t at = space == std::string_view::npos ? header.size() : space;
  while (at < header.size()) {
    at = header.find_first_not_of(", \t", at);
    const std::size_t equals = header.find('=', std::min(at, header.size()));
    if (equals == std::string_view::npos) break;
    const std::string name = lower(header.substr(at, equals - at));
    std::string value;
    at = equals + 1;
    if (at < header.size() && header[at] == '"') {
      for (++at; at < header.size() && header[at] != '"'; ++at) {
        if (header[at] == '\\' && at + 1 < header.size()) ++at;
        value += header[at];
      }
      ++at;
    } else {
      const std::size_t end = std::min(header.find(',', at), header.size());
      value = header.substr(at, end - at);
      at = end;
    }
    challenge.try_emplace(name, std::move(value));
  }
  return challenge;
}

}  // namespace waybill::oci
