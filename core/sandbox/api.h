#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/sandbox/forge.h"
#include "core/sandbox/http_server.h"

namespace waybill::sandbox {

// A request that GitHub answers with an error: its status, text and list of what is wrong.
class Refusal final : public Error {
 public:
  Refusal(int status, const std::string& message, Json errors = nullptr);
  HttpResponse response() const;
  std::map<std::string, std::string> headers;

 private:
  int status_;
  Json errors_;
};

Refusal not_found();
// 422 "Validation Failed" with one error; `code` is missing, missing_field, invalid, already_exists or custom.
Refusal invalid(const std::string& resource, const std::string& field, const std::string& code,
                const std::string& message = {});

// One request as an operation sees it: authorised, its body an object of known members.
struct Call {
  const HttpRequest& request;
  std::string base;                         // http://127.0.0.1:PORT, from the Host header
  std::map<std::string, std::string> path;  // the pattern's names
  std::string repository;                   // OWNER/NAME where the pattern has them
  std::optional<Token> token;
  long app = 0;  // whose JWT was sent, of kApp routes
  Json body = Json::object();

  std::string api() const { return base + "/api/v3"; }

  const std::string& login() const { return token->login; }

  // Members of the body; of another type = 422.
  std::string text(std::string_view name) const;  // must be there
  std::optional<std::string> optional_text(std::string_view name) const;
  bool flag(std::string_view name, bool otherwise) const;
  // A number of the path; not a number = 404.
  long number(std::string_view name) const;
};

enum class Access {
  kToken,    // a token with one of the route's permissions; anonymous reading of public repositories
  kPeople,   // the same, but people need no permission on a public repository
  kHolders,  // a token with one of the route's permissions, however public the repository is
  kApp,      // an App's JWT
  kNobody,   // anybody, with or without a token
};

struct Route {
  std::string method;
  std::string pattern;                   // {name} is one segment, {name*} one or more
  std::vector<std::string> permissions;  // "contents:write"; any one of them is enough
  std::vector<std::string> members;      // that the body may have
  HttpResponse (*handle)(Forge&, const Call&) = nullptr;
  Access access = Access::kToken;
};

// The operations, by subject.
std::vector<Route> account_routes();
std::vector<Route> app_routes();
std::vector<Route> attestation_routes();
std::vector<Route> check_routes();
std::vector<Route> commit_routes();
std::vector<Route> deployment_routes();
std::vector<Route> dispatch_routes();
std::vector<Route> environment_routes();
std::vector<Route> git_object_routes();
std::vector<Route> merge_routes();
std::vector<Route> pull_request_routes();
std::vector<Route> reference_routes();
std::vector<Route> release_asset_routes();
std::vector<Route> release_routes();
std::vector<Route> repository_routes();
std::vector<Route> review_routes();
std::vector<Route> ruleset_routes();
std::vector<Route> secret_routes();
std::vector<Route> settings_routes();
std::vector<Route> workflow_routes();
std::vector<Route> workflow_run_routes();
std::vector<Route> all_routes();

// Fills in the caller and refuses who may not: 401, 403 with `x-accepted-github-permissions`, or 404.
void authorise(Forge& forge, const Route& route, Call& call);

// Routes, authorises, checks the body's members, and turns a Refusal into its answer.
class Api {
 public:
  explicit Api(Forge& forge);
  HttpResponse answer(const HttpRequest& request);

 private:
  HttpResponse carry_out(const HttpRequest& request, const std::string& path);

  Forge& forge_;
  std::vector<Route> routes_;
  std::map<std::string, long> used_;  // requests by token, for the rate headers
};

// The values that a pattern's names take in a path, or nothing.
std::optional<std::map<std::string, std::string>> matched(std::string_view pattern, std::string_view path);

HttpResponse json_response(int status, const Json& body);
// One page of a list with GitHub's Link header: per_page 30, at most 100.
HttpResponse paged(const Call& call, const std::vector<Json>& items);
// The same, of as many items as there are, each rendered when it is on the page.
HttpResponse paged(const Call& call, std::size_t count, const std::function<Json(std::size_t)>& item);
// The same where the list stands in an object beside its total_count.
HttpResponse paged(const Call& call, const std::vector<Json>& items, const std::string& member);
std::string base_url(const HttpRequest& request);

}  // namespace waybill::sandbox
