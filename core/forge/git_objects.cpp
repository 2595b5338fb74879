#include "core/base/encoding.h"
#include "core/forge/exchange.h"
#include "core/forge/read.h"

namespace waybill::forge {
namespace {

constexpr std::string_view kPermission = "contents: write";

// "refs/heads/a+b/c" as its path has it: "heads/a%2Bb/c".
std::string reference_path(const std::string& name) {
  if (!name.starts_with("refs/heads/") && !name.starts_with("refs/tags/"))
    throw Error(Fault::kInternal, "`{}` is not the full name of a branch or a tag", name);
  return path_of(std::string_view(name).substr(5));
}

struct Target {
  std::string type;
  Oid id;
};

std::optional<Target> find(const Exchange& api, const std::string& name) {
  const Call call{.path = api.repository_path("/git/ref/" + reference_path(name)),
                  .what = "`" + name + "`",
                  .permission = "contents: read"};
  const http::Response response = api.send(call);
  if (response.status == 404) return std::nullopt;
  return api.read(call, response, [&](const Json& json) -> std::optional<Target> {
    // An answer about the references that begin with this name is a list.
    if (json.is_array() || string_member(json, "ref", call.what) != name) return std::nullopt;
    const Json& object = member(json, "object", call.what);
    return Target{string_member(object, "type", call.what), read_oid(object, "sha", call.what)};
  });
}

// A second object of the same content does no harm: nothing refers to it.
Oid make(const Exchange& api, std::string_view path, const std::string& what, Json body) {
  const Call call{.method = "POST",
                  .path = api.repository_path(path),
                  .what = what,
                  .permission = std::string(kPermission),
                  .body = std::move(body),
                  .repeatable = true};
  return api.read(call, api.send(call), [&](const Json& json) { return read_oid(json, "sha", call.what); });
}

}  // namespace

Oid Client::create_tree(const std::optional<Oid>& base_tree, const std::vector<TreeEntry>& entries) const {
  Json tree = Json::array();
  for (const TreeEntry& entry : entries) {
    Json item{{"path", entry.path}, {"mode", entry.mode}, {"type", entry.type}};
    if (entry.content)
      item["content"] = *entry.content;
    else
      item["sha"] = entry.id ? Json(entry.id->hex()) : Json();
    tree.push_back(std::move(item));
  }
  Json body{{"tree", std::move(tree)}};
  if (base_tree) body["base_tree"] = base_tree->hex();
  return make(api(), "/git/trees", base_tree ? "a tree on " + base_tree->shortened() : "a tree", std::move(body));
}

Oid Client::create_commit(const std::string& message, const Oid& tree, const std::vector<Oid>& parents) const {
  Json ids = Json::array();
  for (const Oid& parent : parents) ids.push_back(parent.hex());
  return make(api(), "/git/commits", "a commit of tree " + tree.shortened(),
              {{"message", message}, {"tree", tree.hex()}, {"parents", std::move(ids)}});
}

Oid Client::create_blob(std::string_view content) const {
  return make(api(), "/git/blobs", fmt::format("a blob of {} bytes", content.size()),
              {{"content", to_base64(content)}, {"encoding", "base64"}});
}

Oid Client::create_tag(const std::string& name, const std::string& message, const Oid& commit) const {
  return make(api(), "/git/tags", "tag `" + name + "`",
              {{"tag", name}, {"message", message}, {"object", commit.hex()}, {"type", "commit"}});
}

std::optional<Client::CommitInfo> Client::commit(const Oid& id) const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path("/commits/" + id.hex()),
                  .what = "commit " + id.shortened(),
                  .permission = "contents: read"};
  const http::Response response = api.send(call);
  // 422 "No commit found for SHA" is how the forge says that it has none.
  if (response.status == 404 || response.status == 422) return std::nullopt;
  return api.read(call, response, read_commit);
}

std::string Client::author_of(const Oid& commit) const {
  const auto found = this->commit(commit);
  return found ? found->author : std::string();
}

std::optional<Oid> Client::branch(const std::string& name) const {
  return reference("refs/heads/" + name);
}

std::optional<Oid> Client::reference(const std::string& name) const {
  const std::optional<Target> target = find(api(), name);
  return target ? std::optional(target->id) : std::nullopt;
}

void Client::create_reference(const std::string& name, const Oid& target) const {
  reference_path(name);
  const Exchange api = this->api();
  const Call call{.method = "POST",
                  .path = api.repository_path("/git/refs"),
                  .what = "`" + name + "`",
                  .permission = std::string(kPermission),
                  .body = Json{{"ref", name}, {"sha", target.hex()}}};
  api.create<bool>(
      call, [](const Json&) { return true; },
      [&]() -> std::optional<bool> {
        const std::optional<Oid> now = reference(name);
        if (!now) return std::nullopt;
        if (*now != target)
          throw Error(Fault::kConflict, "`{}` is at {} already, {} was wanted", name, now->shortened(),
                      target.shortened());
        return true;
      });
}

void Client::update_reference(const std::string& name, const Oid& target) const {
  const Exchange api = this->api();
  api.succeed({.method = "PATCH",
               .path = api.repository_path("/git/refs/" + reference_path(name)),
               .what = "`" + name + "`",
               .permission = std::string(kPermission),
               .body = Json{{"sha", target.hex()}, {"force", false}},
               .repeatable = true});
}

void Client::delete_reference(const std::string& name) const {
  const Exchange api = this->api();
  const Call call{.method = "DELETE",
                  .path = api.repository_path("/git/refs/" + reference_path(name)),
                  .what = "`" + name + "`",
                  .permission = std::string(kPermission),
                  .repeatable = true};
  const http::Response response = api.send(call);
  const bool missing = response.status == 404 || response.status == 422;
  if (missing && !reference(name)) return;
  api.require_success(call, response);
}

std::optional<Client::TagObject> Client::tag(const std::string& name) const {
  const Exchange api = this->api();
  const std::optional<Target> target = find(api, "refs/tags/" + name);
  if (!target) return std::nullopt;
  if (target->type == "commit") return TagObject{target->id, target->id, {}};
  if (target->type != "tag") throw Error(Fault::kConflict, "tag `{}` is on a {}, not on a commit", name, target->type);
  const Call call{.path = api.repository_path("/git/tags/" + target->id.hex()),
                  .what = "tag `" + name + "`",
                  .permission = "contents: read"};
  return api.read(call, api.send(call), [&](const Json& json) {
    const Json& object = member(json, "object", call.what);
    if (const std::string type = string_member(object, "type", call.what); type != "commit")
      throw Error(Fault::kConflict, "tag `{}` is on a {}, not on a commit", name, type);
    return TagObject{read_oid(json, "sha", call.what), read_oid(object, "sha", call.what),
                     string_member(json, "message", call.what)};
  });
}

}  // namespace waybill::forge
