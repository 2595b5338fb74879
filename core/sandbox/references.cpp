#include "core/base/encoding.h"
#include "core/sandbox/api.h"
#include "core/sandbox/identity.h"
#include "core/sandbox/releases.h"
#include "core/sandbox/render.h"
#include "core/sandbox/rulesets.h"

// References and annotated tags over REST.
namespace waybill::sandbox {
namespace {

Json rendered(const Call& call, const std::string& name, const RefTarget& target) {
  const std::string url = render::repository_url(call.base, call.repository) + "/git";
  return {{"ref", name},
          {"node_id", render::node_id("REF", name)},
          {"url", url + "/" + name},
          {"object",
           {{"type", target.type},
            {"sha", target.id.hex()},
            {"url", fmt::format("{}/{}s/{}", url, target.type, target.id.hex())}}}};
}

RefTarget target(const BareRepository& repository, const std::string& name, const Oid& id) {
  return {id, name.starts_with("refs/tags/") ? repository.type(id) : "commit"};
}

Oid existing_object(const BareRepository& repository, const Call& call) {
  try {
    const Oid id = Oid::parse(call.text("sha"));
    if (!repository.type(id).empty()) return id;
  } catch (const Refusal&) {
    throw;
  } catch (const Error&) {
    throw Refusal(422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f].");
  }
  throw Refusal(422, "Object does not exist");
}

void move(Forge& forge, const Call& call, const RefChange& change) {
  if (change.name.starts_with("refs/tags/") && has_immutable_release(forge, call.repository, change.name.substr(10)))
    throw Refusal(422, "Cannot change a tag that belongs to an immutable release");
  if (const auto violation = against_change(forge, call.repository, change, *call.token))
    throw Refusal(422, *violation);
  if (const auto complaint = forge.git(call.repository).update({change}))
    throw Refusal(422, complaint->find("cannot lock ref") != std::string::npos
                           ? "Reference cannot be created: " + *complaint
                           : "Reference update failed: " + *complaint);
  forge.references_moved(call.repository, {change}, *call.token, call.base);
}

HttpResponse create(Forge& forge, const Call& call) {
  const BareRepository repository = forge.git(call.repository);
  const std::string name = call.text("ref");
  const bool known_kind = name.starts_with("refs/heads/") || name.starts_with("refs/tags/");
  if (!known_kind || !git::is_reference_name(name))
    throw Refusal(422, "Reference name is not valid: must start with 'refs/heads/' or 'refs/tags/'");
  const Oid id = existing_object(repository, call);
  if (repository.reference(name)) throw Refusal(422, "Reference already exists");
  if (name.starts_with("refs/heads/") && repository.type(id) != "commit") throw Refusal(422, "Object is not a commit");
  move(forge, call, {name, std::nullopt, id});
  return json_response(201, rendered(call, name, target(repository, name, id)));
}

HttpResponse get(Forge& forge, const Call& call) {
  const BareRepository repository = forge.git(call.repository);
  const std::string name = "refs/" + call.path.at("ref");
  const auto id = repository.reference(name);
  if (!id) throw not_found();
  return json_response(200, rendered(call, name, target(repository, name, *id)));
}

HttpResponse matching(Forge& forge, const Call& call) {
  Json listed = Json::array();
  for (const auto& [name, target] : forge.git(call.repository).references("refs/" + call.path.at("ref")))
    listed.push_back(rendered(call, name, target));
  return json_response(200, listed);
}

HttpResponse update(Forge& forge, const Call& call) {
  const BareRepository repository = forge.git(call.repository);
  const std::string name = "refs/" + call.path.at("ref");
  const auto before = repository.reference(name);
  if (!before || name.starts_with("refs/pull/")) throw Refusal(422, "Reference does not exist");
  const Oid after = existing_object(repository, call);
  const bool forward = repository.type(after) == "commit" && repository.type(*before) == "commit" &&
                       repository.read().is_ancestor(*before, after);
  if (!call.flag("force", false) && !forward) throw Refusal(422, "Update is not a fast forward");
  if (*before != after) move(forge, call, {name, *before, after});
  return json_response(200, rendered(call, name, target(repository, name, after)));
}

HttpResponse remove(Forge& forge, const Call& call) {
  const std::string name = "refs/" + call.path.at("ref");
  const auto before = forge.git(call.repository).reference(name);
  if (!before || name.starts_with("refs/pull/")) throw Refusal(422, "Reference does not exist");
  if (name == "refs/heads/" + forge.repository(call.repository)->default_branch)
    throw Refusal(422, "Cannot delete the default branch");
  move(forge, call, {name, *before, std::nullopt});
  return {204, {}, {}};
}

Json tag_body(const Forge& forge, const Call& call, const Oid& id, const std::string& text) {
  const std::string url = render::repository_url(call.base, call.repository) + "/git";
  const auto header = [&](const std::string& name) {
    const std::size_t at = ("\n" + text).find("\n" + name + " ");
    return at == std::string::npos ? std::string()
                                   : text.substr(at + name.size() + 1, text.find('\n', at) - at - name.size() - 1);
  };
  const std::string tagger = header("tagger");
  const std::size_t open = tagger.find(" <");
  const std::size_t close = tagger.find("> ");
  const git::Signature by{tagger.substr(0, open), tagger.substr(open + 2, close - open - 2),
                          Time(std::chrono::seconds(std::stol(tagger.substr(close + 2))))};
  const std::string type = header("type");
  return {{"sha", id.hex()},
          {"node_id", render::node_id("T", id.hex())},
          {"url", url + "/tags/" + id.hex()},
          {"tag", header("tag")},
          {"message", text.substr(text.find("\n\n") + 2)},
          {"tagger", render::signature(by)},
          {"object",
           {{"type", type}, {"sha", header("object")}, {"url", fmt::format("{}/{}s/{}", url, type, header("object"))}}},
          {"verification", render::verification(forge, id)}};
}

HttpResponse create_tag(Forge& forge, const Call& call) {
  const BareRepository repository = forge.git(call.repository);
  const std::string name = call.text("tag");
  const std::string type = call.text("type");
  const Oid object = Oid::parse(call.text("object"));
  if (!git::is_reference_name("refs/tags/" + name)) throw Refusal(422, "tag is not a valid tag name");
  if (repository.type(object) != type) throw Refusal(422, "Object does not exist or is not a " + type);
  const bool own = !call.body.contains("tagger");
  const git::Signature tagger = own ? own_signature(forge, *call.token) : given_signature(forge, call.body["tagger"]);
  const std::string text =
      fmt::format("object {}\ntype {}\ntag {}\ntagger {} <{}> {} +0000\n\n{}", object.hex(), type, name, tagger.name,
                  tagger.email, tagger.time.time_since_epoch().count(), call.text("message"));
  const Oid id = repository.write("tag", text);
  if (own && call.token->kind != TokenKind::kUser) forge.mark_signed(id);
  return json_response(201, tag_body(forge, call, id, text));
}

HttpResponse get_tag(Forge& forge, const Call& call) {
  const BareRepository repository = forge.git(call.repository);
  const Oid id = Oid::parse(call.path.at("tag"));
  if (repository.type(id) != "tag") throw not_found();
  return json_response(200, tag_body(forge, call, id, repository.content("tag", id)));
}

}  // namespace

std::vector<Route> reference_routes() {
  const std::string git = "/repos/{owner}/{repo}/git";
  return {
      {"GET", git + "/ref/{ref*}", {"contents:read"}, {}, get},
      {"GET", git + "/matching-refs/{ref*}", {"contents:read"}, {}, matching},
      {"POST", git + "/refs", {"contents:write"}, {"ref", "sha"}, create},
      {"PATCH", git + "/refs/{ref*}", {"contents:write"}, {"sha", "force"}, update},
      {"DELETE", git + "/refs/{ref*}", {"contents:write"}, {}, remove},
      {"POST", git + "/tags", {"contents:write"}, {"tag", "message", "object", "type", "tagger"}, create_tag},
      {"GET", git + "/tags/{tag}", {"contents:read"}, {}, get_tag},
  };
}

}  // namespace waybill::sandbox
