#include <algorithm>

#include "core/base/encoding.h"
#include "core/sandbox/api.h"
#include "core/sandbox/identity.h"
#include "core/sandbox/render.h"

// Git's objects over REST: blobs, trees, commits, tags.
namespace waybill::sandbox {
namespace {

constexpr std::size_t kBlobLimit = 100UL * 1024 * 1024;

Oid object_id(const std::string& text, const std::string& what) {
  try {
    return Oid::parse(text);
  } catch (const Error&) {
    throw Refusal(422, fmt::format("The {} parameter must be exactly 40 characters and contain only [0-9a-f].", what));
  }
}

std::string_view kind(git::Mode mode) {
  return mode == git::Mode::kTree ? "tree" : mode == git::Mode::kSubmodule ? "commit" : "blob";
}

void list(const git::Repository& repository, const Oid& tree, const std::string& prefix, const std::string& url,
          bool recursive, Json& listed) {
  for (const git::Entry& entry : repository.children(tree)) {
    listed.push_back({{"path", prefix + entry.path},
                      {"mode", fmt::format("{:06o}", static_cast<unsigned>(entry.mode))},
                      {"type", kind(entry.mode)},
                      {"sha", entry.id.hex()},
                      {"url", fmt::format("{}/git/{}s/{}", url, kind(entry.mode), entry.id.hex())}});
    if (recursive && entry.mode == git::Mode::kTree)
      list(repository, entry.id, prefix + entry.path + "/", url, true, listed);
  }
}

HttpResponse tree_response(Forge& forge, const Call& call, int status, const Oid& tree) {
  const std::string url = render::repository_url(call.base, call.repository);
  Json listed = Json::array();
  list(forge.git(call.repository).read(), tree, "", url, !call.request.parameter("recursive").empty(), listed);
  return json_response(
      status, {{"sha", tree.hex()}, {"url", url + "/git/trees/" + tree.hex()}, {"tree", listed}, {"truncated", false}});
}

// A tree's id from a tree, a commit or a branch.
std::optional<Oid> tree_of(const BareRepository& repository, const std::string& name) {
  const bool is_id = name.size() == 40 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (is_id && repository.type(Oid::parse(name)) == "tree") return Oid::parse(name);
  const auto commit = repository.commit(name);
  return commit ? std::optional(repository.read().commit(*commit).tree) : std::nullopt;
}

TreeEdit edit(const Json& entry) {
  const auto member = [&](const char* name) -> std::string {
    if (!entry.is_object() || !entry.contains(name) || !entry[name].is_string())
      throw Refusal(422, fmt::format("Invalid tree info: `{}` of an entry must be a string", name));
    return entry[name];
  };
  TreeEdit edit{member("path"), "", std::nullopt, std::nullopt};
  for (const auto& [name, value] : entry.items())
    if (name != "path" && name != "mode" && name != "type" && name != "sha" && name != "content")
      throw Refusal(422, fmt::format("Invalid request.\n\n\"{}\" is not a permitted key.", name));
  const bool has_id = entry.contains("sha") && !entry["sha"].is_null();
  const bool has_content = entry.contains("content");
  if (has_id && has_content) throw Refusal(422, "Must supply either tree.sha or tree.content, not both");
  if (!has_id && !has_content && !entry.contains("sha")) throw Refusal(422, "Must supply tree.sha or tree.content");
  if (!has_id && !has_content) return edit;
  edit.mode = member("mode");
  if (has_id) edit.id = object_id(member("sha"), "tree.sha");
  if (has_content) edit.content = member("content");
  return edit;
}

HttpResponse create_tree(Forge& forge, const Call& call) {
  const BareRepository repository = forge.git(call.repository);
  if (!call.body.contains("tree") || !call.body["tree"].is_array() || call.body["tree"].empty())
    throw Refusal(422, "Invalid tree info");
  std::optional<Oid> base;
  if (const auto name = call.optional_text("base_tree")) {
    base = tree_of(repository, *name);
    if (!base) throw Refusal(404, "Not Found");
  }
  std::vector<TreeEdit> edits;
  std::ranges::transform(call.body["tree"], std::back_inserter(edits), edit);
  try {
    return tree_response(forge, call, 201, repository.write_tree(base, edits));
  } catch (const Refusal&) {
    throw;
  } catch (const Error& error) {
    throw Refusal(422, fmt::format("tree.sha or tree.path is not valid: {}", error.what()));
  }
}

HttpResponse get_tree(Forge& forge, const Call& call) {
  const auto tree = tree_of(forge.git(call.repository), call.path.at("tree"));
  if (!tree) throw not_found();
  return tree_response(forge, call, 200, *tree);
}

HttpResponse create_commit(Forge& forge, const Call& call) {
  const BareRepository repository = forge.git(call.repository);
  git::Commit commit{Oid::parse(std::string(40, '0')),  object_id(call.text("tree"), "tree"), {}, call.text("message"),
                     own_signature(forge, *call.token), own_signature(forge, *call.token)};
  if (repository.type(commit.tree) != "tree") throw Refusal(422, "Tree SHA does not exist");
  for (const Json& parent : call.body.value("parents", Json::array())) {
    const Oid id = object_id(parent.is_string() ? parent.get<std::string>() : "", "parents");
    if (repository.type(id) != "commit") throw Refusal(422, "Parent SHA does not exist or is not a commit object");
    commit.parents.push_back(id);
  }
  const bool own =
      !call.body.contains("author") && !call.body.contains("committer") && !call.body.contains("signature");
  if (call.body.contains("author")) commit.author = commit.committer = given_signature(forge, call.body["author"]);
  if (call.body.contains("committer")) commit.committer = given_signature(forge, call.body["committer"]);
  commit.id = repository.write_commit(commit);
  if (own && call.token->kind != TokenKind::kUser) forge.mark_signed(commit.id);
  return json_response(201, render::git_commit(forge, call.repository, commit, call.base));
}

HttpResponse get_commit(Forge& forge, const Call& call) {
  const auto id = forge.git(call.repository).commit(call.path.at("commit"));
  if (!id || id->hex() != call.path.at("commit")) throw not_found();
  const git::Commit commit = forge.git(call.repository).read().commit(*id);
  return json_response(200, render::git_commit(forge, call.repository, commit, call.base));
}

HttpResponse create_blob(Forge& forge, const Call& call) {
  std::string content = call.text("content");
  const std::string encoding = call.optional_text("encoding").value_or("utf-8");
  if (encoding == "base64") {
    std::erase(content, '\n');
    try {
      content = from_base64(content);
    } catch (const Error&) {
      throw Refusal(422, "content is not valid Base64");
    }
  } else if (encoding != "utf-8") {
    throw Refusal(422, fmt::format("encoding: {} is neither utf-8 nor base64", encoding));
  }
  const std::string id = forge.git(call.repository).write("blob", content).hex();
  return json_response(201,
                       {{"sha", id}, {"url", render::repository_url(call.base, call.repository) + "/git/blobs/" + id}});
}

HttpResponse get_blob(Forge& forge, const Call& call) {
  const Oid id = object_id(call.path.at("blob"), "sha");
  const BareRepository repository = forge.git(call.repository);
  if (repository.type(id) != "blob") throw not_found();
  const std::string content = repository.read().blob(id, kBlobLimit);
  return json_response(200, {{"sha", id.hex()},
                             {"node_id", render::node_id("B", id.hex())},
                             {"size", content.size()},
                             {"url", render::repository_url(call.base, call.repository) + "/git/blobs/" + id.hex()},
                             {"content", to_base64(content)},
                             {"encoding", "base64"}});
}

}  // namespace

std::vector<Route> git_object_routes() {
  const std::string git = "/repos/{owner}/{repo}/git";
  return {
      {"POST", git + "/trees", {"contents:write"}, {"base_tree", "tree"}, create_tree},
      {"GET", git + "/trees/{tree*}", {"contents:read"}, {}, get_tree},
      {"POST",
       git + "/commits",
       {"contents:write"},
       {"message", "tree", "parents", "author", "committer", "signature"},
       create_commit},
      {"GET", git + "/commits/{commit}", {"contents:read"}, {}, get_commit},
      {"POST", git + "/blobs", {"contents:write"}, {"content", "encoding"}, create_blob},
      {"GET", git + "/blobs/{blob}", {"contents:read"}, {}, get_blob},
  };
}

}  // namespace waybill::sandbox
