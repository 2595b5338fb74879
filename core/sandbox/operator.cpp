#include "core/sandbox/operator.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/crypto/key.h"
#include "core/sandbox/api.h"
#include "core/sandbox/environments.h"
#include "core/sandbox/lag.h"
#include "core/sandbox/merge_queue.h"

namespace waybill::sandbox {
namespace {

using Operation = Json (*)(Forge&, const std::string& repository, const Json& body);

struct OperatorRoute {
  std::string_view pattern;
  std::vector<std::string> members;
  Operation carry_out;
};

std::string text(const Json& body, const char* name) {
  return string_member(body, name, "request");
}

std::string text_or(const Json& body, const char* name, const std::string& otherwise) {
  return body.contains(name) ? text(body, name) : otherwise;
}

std::map<std::string, std::string> permissions(const Json& body, const std::map<std::string, std::string>& otherwise) {
  return body.contains("permissions") ? body["permissions"].get<std::map<std::string, std::string>>() : otherwise;
}

Json add_user(Forge& forge, const std::string&, const Json& body) {
  static const std::map<std::string, std::string> kWriter = {
      {"actions", "write"},       {"attestations", "write"}, {"checks", "write"},  {"contents", "write"},
      {"deployments", "write"},   {"issues", "write"},       {"metadata", "read"}, {"packages", "write"},
      {"pull_requests", "write"}, {"statuses", "write"}};
  const Account account = forge.account(text(body, "login"));
  const Token token{TokenKind::kUser, account.login, {}, permissions(body, kWriter)};
  const std::string value = forge.tokens().issue(token);
  forge.state().put("tokens/" + crypto::sha256(value).hex(), {{"kind", "user"},
                                                              {"value", value},
                                                              {"login", token.login},
                                                              {"repository", ""},
                                                              {"permissions", token.permissions}});
  return {{"login", account.login}, {"id", account.id}, {"token", value}};
}

Json add_app(Forge& forge, const std::string&, const Json& body) {
  const std::string slug = text(body, "slug");
  const long id = 20'000 + forge.state().next("apps");
  const crypto::PrivateKey key = crypto::PrivateKey::generate_rsa2048();
  const Account bot = forge.account(slug + "[bot]");
  forge.state().put("apps/" + std::to_string(id), {{"id", id},
                                                   {"slug", slug},
                                                   {"installation_id", id + 30'000},
                                                   {"permissions", permissions(body, {})},
                                                   {"public_key", key.public_key().pem()},
                                                   {"created_at", forge.now()}});
  return {
      {"app_id", id}, {"slug", slug}, {"bot_id", bot.id}, {"installation_id", id + 30'000}, {"private_key", key.pem()}};
}

Json add_repository(Forge& forge, const std::string&, const Json& body) {
  HostedRepository repository;
  repository.full_name = text(body, "full_name");
  repository.id = body.value("id", 0L);
  repository.owner.id = body.value("owner_id", 0L);
  repository.visibility = text_or(body, "visibility", "public");
  repository.parent = text_or(body, "fork_of", "");
  std::string from = text_or(body, "from", "");
  repository.default_branch = "main";
  if (!repository.parent.empty()) {
    const auto parent = forge.repository(repository.parent);
    if (!parent) throw Error(Fault::kInput, "no repository {} to fork", repository.parent);
    repository.default_branch = parent->default_branch;
    from = forge.git(repository.parent).path().string();
  }
  repository.default_branch = text_or(body, "default_branch", repository.default_branch);
  const HostedRepository made = forge.add_repository(repository, from);
  return {{"id", made.id},
          {"owner_id", made.owner.id},
          {"full_name", made.full_name},
          {"clone_url", "/" + made.full_name + ".git"}};
}

void keep_setting(Forge& forge, const std::string& kind, const std::string& repository, const Json& body) {
  const std::string environment = text_or(body, "environment", "");
  if (!environment.empty()) keep_environment(forge, repository, environment);
  forge.keep_setting(kind, repository, environment, text(body, "name"), text(body, "value"));
}

// `of`: whose it is, where it is not the repository's or an environment's.
Json add_secret(Forge& forge, const std::string& repository, const Json& body) {
  const std::string owner = text_or(body, "of", "");
  if (!owner.empty() && owner != "organization" && owner != "dependabot")
    throw Error(Fault::kInput, "`of` is `{}`; organization or dependabot is wanted", owner);
  keep_setting(forge, owner.empty() ? "secrets" : owner + "-secrets", repository, body);
  return Json::object();
}

Json add_variable(Forge& forge, const std::string& repository, const Json& body) {
  keep_setting(forge, "variables", repository, body);
  return Json::object();
}

// What a `schedule:` of the default branch's workflows waits for.
Json strike_schedule(Forge& forge, const std::string& repository, const Json& body) {
  const HostedRepository hosted = *forge.repository(repository);
  Event event;
  event.name = "schedule";
  event.repository = repository;
  event.branch = hosted.default_branch;
  event.actor = hosted.owner.login;
  event.payload = {{"schedule", text(body, "cron")}};
  forge.emit(std::move(event));
  return Json::object();
}

// What a person does on the pull request's page.
Json add_to_queue(Forge& forge, const std::string& repository, const Json& body) {
  return enqueue(forge, repository, body.value("pull_request", 0L), text(body, "by"));
}

Json set_clock(Forge& forge, const std::string&, const Json& body) {
  forge.clock().advance(parse_rfc3339(text(body, "now")));
  return {{"now", forge.now()}};
}

const std::vector<OperatorRoute>& routes() {
  static const std::vector<OperatorRoute> kRoutes = {
      {"/_sandbox/users", {"login", "permissions"}, add_user},
      {"/_sandbox/apps", {"slug", "permissions"}, add_app},
      {"/_sandbox/repositories",
       {"full_name", "from", "fork_of", "default_branch", "id", "owner_id", "visibility"},
       add_repository},
      {"/_sandbox/repositories/{owner}/{repo}/secrets", {"environment", "of", "name", "value"}, add_secret},
      {"/_sandbox/repositories/{owner}/{repo}/variables", {"environment", "name", "value"}, add_variable},
      {"/_sandbox/repositories/{owner}/{repo}/schedule", {"cron"}, strike_schedule},
      {"/_sandbox/repositories/{owner}/{repo}/merge-queue", {"pull_request", "by"}, add_to_queue},
      {"/_sandbox/lag", {"commit-pulls", "attestations", "mergeable"}, set_lag},
      {"/_sandbox/clock", {"now"}, set_clock},
  };
  return kRoutes;
}

HttpResponse carry_out(Forge& forge, const HttpRequest& request) {
  for (const OperatorRoute& route : routes()) {
    const auto values = matched(route.pattern, request.path);
    if (!values) continue;
    const std::string repository = values->contains("owner") ? values->at("owner") + "/" + values->at("repo") : "";
    if (!repository.empty() && !forge.repository(repository))
      throw Error(Fault::kInput, "no repository {}", repository);
    if (request.method != "POST") throw Error(Fault::kInput, "{} is for POST", request.path);
    const Json body = parse_json(request.body, "request");
    if (!body.is_object()) throw Error(Fault::kInput, "a JSON object is wanted");
    for (const auto& [name, value] : body.items())
      if (std::ranges::find(route.members, name) == route.members.end())
        throw Error(Fault::kInput, "`{}` is not a member of {}", name, request.path);
    Json answer = route.carry_out(forge, repository, body);
    if (answer.contains("clone_url")) answer["clone_url"] = base_url(request) + answer["clone_url"].get<std::string>();
    return json_response(201, answer);
  }
  return json_response(404, {{"message", "no such operation"}});
}

HttpResponse answered(Forge& forge, const HttpRequest& request) {
  const auto held = forge.state().lock();
  try {
    return carry_out(forge, request);
  } catch (const Error& error) {
    return json_response(error.fault() == Fault::kConflict ? 409 : 422, {{"message", error.what()}});
  } catch (const Json::exception&) {
    return json_response(422, {{"message", "a member is of another type than wanted"}});
  }
}

}  // namespace

HttpResponse answer_operator(Forge& forge, const HttpRequest& request) {
  HttpResponse response = answered(forge, request);
  forge.deliver();
  return response;
}

}  // namespace waybill::sandbox
