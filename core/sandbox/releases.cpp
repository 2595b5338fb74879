#include "core/sandbox/releases.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/sandbox/identity.h"
#include "core/sandbox/render.h"
#include "core/sandbox/rulesets.h"
#include "core/sandbox/settings.h"

// Releases over REST.
namespace waybill::sandbox {
namespace {

std::string prefix(const std::string& repository) {
  return Forge::document(repository, "releases/");
}

bool sees_drafts(const Forge& forge, const Call& call) {
  if (!call.token) return false;
  const bool reaches = call.token->repository.empty() || call.token->repository == call.repository;
  return (reaches && call.token->may("contents", "write")) ||
         call.login() == forge.repository(call.repository)->owner.login;
}

Json rendered(Forge& forge, const Call& call, const Json& stored) {
  const std::string id = std::to_string(stored["id"].get<long>());
  const std::string repository = render::repository_url(call.base, call.repository);
  const std::string url = repository + "/releases/" + id;
  const std::string tag = stored["tag_name"];
  const std::string web = render::web_url(call.base, call.repository);
  const bool draft = stored["draft"];
  return {
      {"id", stored["id"]},
      {"node_id", render::node_id("RE", id)},
      {"url", url},
      {"html_url", web + "/releases/tag/" + (draft ? "untagged-" + id : percent_encode(tag))},
      {"assets_url", url + "/assets"},
      {"upload_url", call.base + "/api/uploads/repos/" + call.repository + "/releases/" + id + "/assets{?name,label}"},
      {"tarball_url", draft ? Json() : Json(repository + "/tarball/" + percent_encode(tag))},
      {"zipball_url", draft ? Json() : Json(repository + "/zipball/" + percent_encode(tag))},
      {"tag_name", tag},
      {"target_commitish", stored["target_commitish"]},
      {"name", stored["name"]},
      {"body", stored["body"]},
      {"draft", draft},
      {"prerelease", stored["prerelease"]},
      {"immutable", is_immutable(stored)},
      {"author", render::account(forge.account(stored["author"]), call.base)},
      {"created_at", stored["created_at"]},
      {"updated_at", stored["updated_at"]},
      {"published_at", stored["published_at"]},
      {"assets", assets_of(forge, call, stored)}};
}

void check_tag(const Forge& forge, const Call& call, const std::string& tag) {
  if (!git::is_reference_name("refs/tags/" + tag))
    throw invalid("Release", "tag_name", "custom", "tag_name is not a valid tag");
  if (forge.state().find(Forge::document(call.repository, "burned-tags/" + percent_encode(tag))))
    throw invalid("Release", "tag_name", "custom", "tag_name was used by an immutable release");
  for (const auto& [name, release] : forge.state().below(prefix(call.repository)))
    if (release["draft"] == false && release["tag_name"] == tag) throw invalid("Release", "tag_name", "already_exists");
}

// Publishing makes the tag where it does not exist, at target_commitish.
void publish(Forge& forge, const Call& call, Json& stored) {
  const BareRepository repository = forge.git(call.repository);
  const std::string name = "refs/tags/" + stored["tag_name"].get<std::string>();
  if (!repository.reference(name)) {
    const auto commit = repository.commit(stored["target_commitish"]);
    if (!commit) throw invalid("Release", "target_commitish", "invalid");
    const RefChange made{name, std::nullopt, *commit};
    if (const auto violation = against_change(forge, call.repository, made, *call.token))
      throw invalid("Release", "pre_receive", "custom", *violation);
    if (repository.update({made}))
      throw invalid("Release", "tag_name", "custom", "Published releases must have a valid tag");
    forge.references_moved(call.repository, {made}, *call.token, call.base);
  }
  stored["draft"] = false;
  stored["immutable"] = settings_of(forge, call.repository)["immutable_releases"];
  stored["published_at"] = forge.now();
}

HttpResponse create(Forge& forge, const Call& call) {
  const std::string tag = call.text("tag_name");
  check_tag(forge, call, tag);
  if (call.flag("generate_release_notes", false)) throw Refusal(422, "The sandbox generates no release notes");
  const long id = 2'000'000 + forge.state().next("releases");
  Json stored = {{"id", id},
                 {"tag_name", tag},
                 {"target_commitish",
                  call.optional_text("target_commitish").value_or(forge.repository(call.repository)->default_branch)},
                 {"name", call.body.value("name", Json())},
                 {"body", call.body.value("body", Json())},
                 {"draft", true},
                 {"prerelease", call.flag("prerelease", false)},
                 {"author", holder(forge, *call.token).login},
                 {"created_at", forge.now()},
                 {"updated_at", forge.now()},
                 {"published_at", Json()}};
  if (!call.flag("draft", false)) publish(forge, call, stored);
  forge.state().put(release_document(call.repository, id), stored);
  return json_response(201, rendered(forge, call, stored));
}

HttpResponse list(Forge& forge, const Call& call) {
  std::vector<Json> found;
  for (const auto& [key, stored] : forge.state().below(prefix(call.repository)))
    if (!stored["draft"].get<bool>() || sees_drafts(forge, call)) found.push_back(rendered(forge, call, stored));
  std::ranges::reverse(found);
  return paged(call, found);
}

HttpResponse get(Forge& forge, const Call& call) {
  return json_response(200, rendered(forge, call, visible_release(forge, call, call.number("release"))));
}

HttpResponse by_tag(Forge& forge, const Call& call) {
  for (const auto& [key, stored] : forge.state().below(prefix(call.repository)))
    if (!stored["draft"].get<bool>() && stored["tag_name"] == call.path.at("tag"))
      return json_response(200, rendered(forge, call, stored));
  throw not_found();
}

HttpResponse update(Forge& forge, const Call& call) {
  Json stored = visible_release(forge, call, call.number("release"));
  const bool draft = stored["draft"];
  const bool fixed = is_immutable(stored);
  for (const char* name : {"tag_name", "target_commitish"})
    if (const auto value = call.optional_text(name); value && stored[name] != *value) {
      if (fixed)
        throw invalid("Release", name, "custom", fmt::format("Cannot change {} of an immutable release", name));
      if (std::string_view(name) == "tag_name") check_tag(forge, call, *value);
      stored[name] = *value;
    }
  for (const char* name : {"name", "body"})
    if (const auto value = call.optional_text(name)) stored[name] = *value;
  stored["prerelease"] = call.flag("prerelease", stored["prerelease"]);
  stored["updated_at"] = forge.now();
  if (fixed && call.flag("draft", false))
    throw invalid("Release", "draft", "custom", "An immutable release cannot become a draft");
  if (draft && !call.flag("draft", true)) {
    check_tag(forge, call, stored["tag_name"]);
    publish(forge, call, stored);
  }
  forge.state().put(release_document(call.repository, stored["id"]), stored);
  return json_response(200, rendered(forge, call, stored));
}

// The tag of a deleted immutable release is burned: nothing is ever released under it again.
HttpResponse remove(Forge& forge, const Call& call) {
  const Json stored = visible_release(forge, call, call.number("release"));
  if (is_immutable(stored))
    forge.state().put(
        Forge::document(call.repository, "burned-tags/" + percent_encode(stored["tag_name"].get<std::string>())), true);
  forge.state().remove(release_document(call.repository, stored["id"]));
  return {204, {}, {}};
}

}  // namespace

std::string release_document(const std::string& repository, long id) {
  return prefix(repository) + numbered(id);
}

bool is_immutable(const Json& release) {
  return release.value("immutable", false);
}

bool has_immutable_release(const Forge& forge, const std::string& repository, const std::string& tag) {
  return std::ranges::any_of(forge.state().below(prefix(repository)), [&](const auto& entry) {
    return is_immutable(entry.second) && entry.second["tag_name"] == tag;
  });
}

Json visible_release(const Forge& forge, const Call& call, long id) {
  const auto found = forge.state().find(release_document(call.repository, id));
  if (!found || ((*found)["draft"].get<bool>() && !sees_drafts(forge, call))) throw not_found();
  return *found;
}

std::vector<Route> release_routes() {
  const std::string releases = "/repos/{owner}/{repo}/releases";
  const std::vector<std::string> members = {"tag_name",   "target_commitish",         "name",       "body", "draft",
                                            "prerelease", "discussion_category_name", "make_latest"};
  std::vector<std::string> creating = members;
  creating.push_back("generate_release_notes");
  return {
      {"POST", releases, {"contents:write"}, creating, create},
      {"GET", releases, {"contents:read"}, {}, list},
      {"GET", releases + "/tags/{tag*}", {"contents:read"}, {}, by_tag},
      {"GET", releases + "/{release}", {"contents:read"}, {}, get},
      {"PATCH", releases + "/{release}", {"contents:write"}, members, update},
      {"DELETE", releases + "/{release}", {"contents:write"}, {}, remove},
  };
}

}  // namespace waybill::sandbox
