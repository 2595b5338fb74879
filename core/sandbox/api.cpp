#include "core/sandbox/api.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/base/number.h"
#include "core/crypto/hash.h"

namespace waybill::sandbox {
namespace {

constexpr std::string_view kPrefix = "/api/v3";
constexpr std::string_view kUploads = "/api/uploads";
constexpr long kHourlyLimit = 15'000;
constexpr std::string_view kDocumentation = "https://docs.github.com/rest";

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t end = path.find('/');
    if (end != 0) parts.push_back(path.substr(0, end));
    path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
  }
  return parts;
}

bool is_upload(const Route& route) {
  return route.pattern.ends_with("/assets") && route.method == "POST";
}

// To a HEAD the answer is that to a GET; the server keeps its body back.
std::string operation_method(const HttpRequest& request) {
  return request.method == "HEAD" ? "GET" : request.method;
}

Json parsed_body(Forge& forge, const Route& route, const HttpRequest& request) {
  if (request.body.empty() || is_upload(route)) return Json::object();
  Json body;
  try {
    body = parse_json(request.body, "body", {64UL * 1024 * 1024, 128});
  } catch (const Error&) {
    throw Refusal(400, "Problems parsing JSON");
  }
  if (body.is_null()) return Json::object();
  if (!body.is_object()) throw Refusal(400, "Body should be a JSON object");
  for (const auto& [name, value] : body.items())
    if (std::ranges::find(route.members, name) == route.members.end()) {
      forge.unknown(fmt::format("{} {}: body member `{}`", request.method, request.path, name));
      throw Refusal(422, fmt::format("Invalid request.\n\n\"{}\" is not a permitted key.", name));
    }
  return body;
}

void add_entity_tag(const HttpRequest& request, HttpResponse& response) {
  if (operation_method(request) != "GET" || response.status != 200 || response.body.empty()) return;
  const std::string tag = "W/\"" + crypto::sha256(response.body).hex() + "\"";
  if (request.header("if-none-match") == tag) response = {304, std::move(response.headers), {}};
  response.headers["ETag"] = tag;
}

}  // namespace

Refusal::Refusal(int status, const std::string& message, Json errors)
    : Error(Fault::kRemote, "{}", message), status_(status), errors_(std::move(errors)) {}

HttpResponse Refusal::response() const {
  Json body = {{"message", what()}, {"documentation_url", kDocumentation}, {"status", std::to_string(status_)}};
  if (!errors_.is_null()) body["errors"] = errors_;
  HttpResponse response = json_response(status_, body);
  response.headers.insert(headers.begin(), headers.end());
  return response;
}

Refusal not_found() {
  return {404, "Not Found"};
}

Refusal invalid(const std::string& resource, const std::string& field, const std::string& code,
                const std::string& message) {
  Json error = {{"resource", resource}, {"field", field}, {"code", code}};
  if (!message.empty()) error["message"] = message;
  return {422, "Validation Failed", Json::array({error})};
}

std::string Call::text(std::string_view name) const {
  const auto value = optional_text(name);
  if (!value) throw Refusal(422, fmt::format("Invalid request.\n\n\"{}\" wasn't supplied.", name));
  return *value;
}

std::optional<std::string> Call::optional_text(std::string_view name) const {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null()) return std::nullopt;
  if (!found->is_string())
    throw Refusal(422,
                  fmt::format("Invalid request.\n\nFor 'properties/{}', {} is not a string.", name, found->dump()));
  return found->get<std::string>();
}

bool Call::flag(std::string_view name, bool otherwise) const {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null()) return otherwise;
  if (!found->is_boolean())
    throw Refusal(422,
                  fmt::format("Invalid request.\n\nFor 'properties/{}', {} is not a boolean.", name, found->dump()));
  return found->get<bool>();
}

long Call::number(std::string_view name) const {
  const auto value = whole_number(path.at(std::string(name)));
  if (!value) throw not_found();
  return *value;
}

std::optional<std::map<std::string, std::string>> matched(std::string_view pattern, std::string_view path) {
  const auto wanted = segments(pattern);
  const auto given = segments(path);
  const bool wide = pattern.find("*}") != std::string_view::npos;
  if (given.size() < wanted.size() || (given.size() > wanted.size() && !wide)) return std::nullopt;
  std::size_t spare = given.size() - wanted.size();
  std::map<std::string, std::string> values;
  for (std::size_t i = 0, at = 0; i < wanted.size(); ++i, ++at) {
    if (!wanted[i].starts_with('{')) {
      if (wanted[i] != given[at]) return std::nullopt;
      continue;
    }
    const bool many = wanted[i].ends_with("*}");
    std::string value(given[at]);
    for (; many && spare > 0; --spare) value += "/" + std::string(given[++at]);
    values[std::string(wanted[i].substr(1, wanted[i].size() - (many ? 3 : 2)))] = value;
  }
  return values;
}

std::string base_url(const HttpRequest& request) {
  return "http://" + request.header("host");
}

HttpResponse json_response(int status, const Json& body) {
  return {status,
          {{"Content-Type", "application/json; charset=utf-8"}},
          body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

std::vector<Route> all_routes() {
  std::vector<Route> routes;
  // Commits stand last: a reference in their paths may hold slashes and so look like anything.
  for (const auto& subject :
       {account_routes(),  app_routes(),           attestation_routes(), check_routes(),        deployment_routes(),
        dispatch_routes(), git_object_routes(),    merge_routes(),       pull_request_routes(), reference_routes(),
        review_routes(),   release_asset_routes(), release_routes(),     repository_routes(),   commit_routes(),
        ruleset_routes(),  workflow_run_routes(),  environment_routes(), secret_routes(),       settings_routes(),
        workflow_routes()})
    routes.insert(routes.end(), subject.begin(), subject.end());
  return routes;
}

Api::Api(Forge& forge) : forge_(forge), routes_(all_routes()) {}

HttpResponse Api::answer(const HttpRequest& request) {
  HttpResponse response;
  {
    const auto held = forge_.state().lock();
    try {
      const bool upload = request.path.starts_with(kUploads);
      response = carry_out(request, request.path.substr(upload ? kUploads.size() : kPrefix.size()));
    } catch (const Refusal& refusal) {
      response = refusal.response();
    } catch (const Error& error) {
      const bool by_caller = error.fault() == Fault::kInput;
      if (!by_caller) forge_.unknown(fmt::format("{} {}: {}", request.method, request.path, error.what()));
      response = Refusal(by_caller ? 422 : 500, error.what()).response();
    }
    add_entity_tag(request, response);
    long& used = used_[request.header("authorization")];
    if (response.status != 304) ++used;  // free of charge
    const auto hour = forge_.clock().now().time_since_epoch().count() / 3600 + 1;
    response.headers["x-ratelimit-limit"] = std::to_string(kHourlyLimit);
    response.headers["x-ratelimit-used"] = std::to_string(used);
    response.headers["x-ratelimit-remaining"] = std::to_string(std::max(0L, kHourlyLimit - used));
    response.headers["x-ratelimit-reset"] = std::to_string(hour * 3600);
    response.headers["x-ratelimit-resource"] = "core";
    response.headers["x-github-api-version-selected"] = "2022-11-28";
  }
  forge_.deliver();
  return response;
}

HttpResponse Api::carry_out(const HttpRequest& request, const std::string& path) {
  for (const Route& route : routes_) {
    if (route.method != operation_method(request)) continue;
    auto values = matched(route.pattern, path);
    if (!values) continue;
    Call call{request, base_url(request), std::move(*values), {}, {}, 0, Json::object()};
    if (call.path.contains("owner")) call.repository = call.path["owner"] + "/" + call.path["repo"];
    authorise(forge_, route, call);
    call.body = parsed_body(forge_, route, request);
    return route.handle(forge_, call);
  }
  forge_.unknown(fmt::format("{} {}: no such operation", request.method, request.path));
  throw not_found();
}

}  // namespace waybill::sandbox
