#include <array>

#include "core/base/encoding.h"
#include "core/sandbox/api.h"
#include "core/sandbox/render.h"
#include "core/sandbox/settings.h"

// Repositories and their files over REST.
namespace waybill::sandbox {
namespace {

constexpr std::size_t kFileLimit = 100UL * 1024 * 1024;

constexpr std::array kMergeMethods{"allow_squash_merge", "allow_merge_commit", "allow_rebase_merge"};

// How pull requests are merged is shown to those alone who may merge them.
HttpResponse get(Forge& forge, const Call& call) {
  const HostedRepository repository = *forge.repository(call.repository);
  Json body = render::repository(repository, call.base, forge);
  const bool writes = call.token && (call.token->may("contents", "write") || call.login() == repository.owner.login);
  if (!writes)
    for (const char* method : kMergeMethods) body.erase(method);
  if (call.token)
    body["permissions"] = {{"admin", call.login() == repository.owner.login},
                           {"push", call.token->may("contents", "write")},
                           {"pull", call.token->may("contents", "read")}};
  return json_response(200, body);
}

HttpResponse update(Forge& forge, const Call& call) {
  Json changes = Json::object();
  for (const char* method : kMergeMethods)
    if (call.body.contains(method)) changes[method] = call.flag(method, false);
  change_settings(forge, call.repository, changes);
  return get(forge, call);
}

HttpResponse content(Forge& forge, const Call& call) {
  const BareRepository repository = forge.git(call.repository);
  const std::string ref = call.request.parameter("ref");
  const std::string at = ref.empty() ? forge.repository(call.repository)->default_branch : ref;
  const auto commit = repository.commit(at);
  if (!commit) throw Refusal(404, "No commit found for the ref " + at);
  const std::string& path = call.path.at("path");
  const auto bytes = repository.read().file(*commit, path, kFileLimit);
  if (!bytes) throw not_found();
  if (call.request.header("accept").find("raw") != std::string::npos)
    return {200, {{"Content-Type", "application/vnd.github.raw"}}, *bytes};
  const std::string sha = git::blob_id(*bytes).hex();
  const std::string api = render::repository_url(call.base, call.repository);
  const std::string web = render::web_url(call.base, call.repository);
  const std::string url = api + "/contents/" + path + "?ref=" + at;
  const std::string git_url = api + "/git/blobs/" + sha;
  const std::string html = web + "/blob/" + at + "/" + path;
  return json_response(200, {{"type", "file"},
                             {"encoding", "base64"},
                             {"size", bytes->size()},
                             {"name", path.substr(path.rfind('/') + 1)},
                             {"path", path},
                             {"content", to_base64(*bytes)},
                             {"sha", sha},
                             {"url", url},
                             {"git_url", git_url},
                             {"html_url", html},
                             {"download_url", web + "/raw/" + at + "/" + path},
                             {"_links", {{"self", url}, {"git", git_url}, {"html", html}}}});
}

}  // namespace

std::vector<Route> repository_routes() {
  return {
      {"GET", "/repos/{owner}/{repo}", {"metadata:read"}, {}, get},
      {"PATCH",
       "/repos/{owner}/{repo}",
       {"administration:write"},
       {kMergeMethods.begin(), kMergeMethods.end()},
       update},
      {"GET", "/repos/{owner}/{repo}/contents/{path*}", {"contents:read"}, {}, content},
  };
}

}  // namespace waybill::sandbox
