#include "core/base/encoding.h"
#include "core/crypto/hash.h"
#include "core/sandbox/api.h"
#include "core/sandbox/render.h"

// Apps: who they are, where they are installed (everywhere), and their installation tokens.
namespace waybill::sandbox {
namespace {

constexpr std::chrono::seconds kTokenLife = std::chrono::hours(1);

Json app_document(const Forge& forge, long id) {
  const auto app = forge.state().find("apps/" + std::to_string(id));
  if (!app) throw not_found();
  return *app;
}

HttpResponse get(Forge& forge, const Call& call) {
  return json_response(200, render::app(forge, call.app, call.base));
}

HttpResponse by_slug(Forge& forge, const Call& call) {
  for (const auto& [name, app] : forge.state().below("apps/"))
    if (app["slug"] == call.path.at("slug")) return json_response(200, render::app(forge, app["id"], call.base));
  throw not_found();
}

HttpResponse installation(Forge& forge, const Call& call) {
  const Json app = app_document(forge, call.app);
  const auto repository = forge.repository(call.repository);
  if (!repository) throw not_found();
  const std::string id = app["installation_id"].dump();
  return json_response(200, {{"id", app["installation_id"]},
                             {"app_id", app["id"]},
                             {"app_slug", app["slug"]},
                             {"client_id", "Iv1." + app["id"].dump()},
                             {"account", render::account(repository->owner, call.base)},
                             {"target_id", repository->owner.id},
                             {"target_type", repository->owner.type},
                             {"repository_selection", "all"},
                             {"access_tokens_url", call.api() + "/app/installations/" + id + "/access_tokens"},
                             {"repositories_url", call.api() + "/installation/repositories"},
                             {"html_url", call.base + "/settings/installations/" + id},
                             {"permissions", app["permissions"]},
                             {"events", Json::array()},
                             {"single_file_name", Json()},
                             {"has_multiple_single_files", false},
                             {"single_file_paths", Json::array()},
                             {"created_at", app["created_at"]},
                             {"updated_at", app["created_at"]},
                             {"suspended_at", Json()},
                             {"suspended_by", Json()}});
}

// The repository that a request narrows the token to; nothing = all.
std::optional<HostedRepository> narrowed(const Forge& forge, const Call& call) {
  const Json names = call.body.value("repositories", Json::array());
  const Json ids = call.body.value("repository_ids", Json::array());
  if (names.size() + ids.size() == 0) return std::nullopt;
  if (names.size() + ids.size() > 1) throw Refusal(422, "The sandbox narrows a token to one repository");
  for (const HostedRepository& repository : forge.repositories()) {
    const std::string name = repository.full_name.substr(repository.full_name.find('/') + 1);
    if ((!names.empty() && names[0] == name && repository.parent.empty()) || (!ids.empty() && ids[0] == repository.id))
      return repository;
  }
  throw Refusal(
      422, "There is at least one repository that does not exist or is not accessible to the parent installation.");
}

std::map<std::string, std::string> granted(const Json& app, const Call& call) {
  const auto held = app["permissions"].get<std::map<std::string, std::string>>();
  if (!call.body.contains("permissions")) return held;
  const Token all{TokenKind::kInstallation, {}, {}, held};
  std::map<std::string, std::string> wanted;
  for (const auto& [name, level] : call.body["permissions"].items()) {
    if (!level.is_string() || !all.may(name, level.get<std::string>()))
      throw Refusal(422, "The permissions requested are not granted to this installation.");
    wanted[name] = level;
  }
  return wanted;
}

HttpResponse create_token(Forge& forge, const Call& call) {
  const Json app = app_document(forge, call.app);
  if (app["installation_id"] != call.number("installation")) throw not_found();
  const auto repository = narrowed(forge, call);
  const Token token{TokenKind::kInstallation, app["slug"].get<std::string>() + "[bot]",
                    repository ? repository->full_name : "", granted(app, call)};
  const std::string value = forge.tokens().issue(token);
  forge.state().put("tokens/" + crypto::sha256(value).hex(), {{"kind", "installation"},
                                                              {"value", value},
                                                              {"login", token.login},
                                                              {"repository", token.repository},
                                                              {"permissions", token.permissions}});
  Json body = {{"token", value},
               {"expires_at", to_rfc3339(forge.clock().now() + kTokenLife)},
               {"permissions", token.permissions},
               {"repository_selection", repository ? "selected" : "all"}};
  if (repository) body["repositories"] = Json::array({render::repository(*repository, call.base, forge)});
  return json_response(201, body);
}

HttpResponse revoke(Forge& forge, const Call& call) {
  if (call.token->kind != TokenKind::kInstallation)
    throw Refusal(403, "Resource not accessible by personal access token");
  const std::string header = call.request.header("authorization");
  const std::string value = header.substr(header.find(' ') + 1);
  forge.tokens().revoke(value);
  forge.state().remove("tokens/" + crypto::sha256(value).hex());
  return {204, {}, {}};
}

}  // namespace

std::vector<Route> app_routes() {
  return {
      {"GET", "/app", {}, {}, get, Access::kApp},
      {"GET", "/apps/{slug}", {}, {}, by_slug, Access::kNobody},
      {"GET", "/repos/{owner}/{repo}/installation", {}, {}, installation, Access::kApp},
      {"POST",
       "/app/installations/{installation}/access_tokens",
       {},
       {"repositories", "repository_ids", "permissions"},
       create_token,
       Access::kApp},
      {"DELETE", "/installation/token", {}, {}, revoke},
  };
}

}  // namespace waybill::sandbox
