#include "core/sandbox/workflows.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/sandbox/api.h"
#include "core/sandbox/render.h"
#include "core/sandbox/settings.h"
#include "core/yaml/document.h"

// Workflows over REST: the files of the default branch, and whether they are on.
namespace waybill::sandbox {
namespace {

constexpr std::string_view kFolder = ".github/workflows";
constexpr std::size_t kFileLimit = 512UL * 1024;

std::string document(const std::string& repository, const std::string& path) {
  return Forge::document(repository, "workflows/of-" + path.substr(path.rfind('/') + 1));
}

// As it was left, or as it is by itself: who only looks writes nothing.
Json stored(const Forge& forge, const std::string& repository, const std::string& path) {
  if (const auto known = forge.state().find(document(repository, path))) return *known;
  const std::string since = forge.repository(repository)->created_at;
  return {{"path", path}, {"state", "active"}, {"created_at", since}, {"updated_at", since}};
}

// What its `name:` says, or the path where the file cannot be read.
std::string name_of(const std::string& text, const std::string& path) {
  try {
    const auto name = yaml::parse(text, path).find("name");
    return name ? name->text() : path;
  } catch (const Error&) {
    return path;
  }
}

struct File {
  std::string path;
  std::string text;
};

std::vector<File> files(const Forge& forge, const std::string& repository) {
  const BareRepository bare = forge.git(repository);
  const auto main = bare.reference("refs/heads/" + forge.repository(repository)->default_branch);
  const auto folder = main ? bare.read().subtree(*main, kFolder) : std::nullopt;
  std::vector<File> found;
  if (!folder) return found;
  for (const git::Entry& entry : bare.read().children(*folder))
    if (entry.path.ends_with(".yml") || entry.path.ends_with(".yaml"))
      found.push_back({std::string(kFolder) + "/" + entry.path, bare.read().blob(entry.id, kFileLimit)});
  return found;
}

Json rendered(const Forge& forge, const Call& call, const File& file) {
  const Json known = stored(forge, call.repository, file.path);
  const long number = workflow_id(call.repository, file.path);
  const std::string id = std::to_string(number);
  const std::string name = name_of(file.text, file.path);
  const std::string web = render::web_url(call.base, call.repository);
  return {{"id", number},
          {"node_id", render::node_id("W", id)},
          {"name", name},
          {"path", file.path},
          {"state", known["state"]},
          {"created_at", known["created_at"]},
          {"updated_at", known["updated_at"]},
          {"url", render::repository_url(call.base, call.repository) + "/actions/workflows/" + id},
          {"html_url", web + "/blob/" + forge.repository(call.repository)->default_branch + "/" + file.path},
          {"badge_url", web + "/workflows/" + percent_encode(name) + "/badge.svg"}};
}

HttpResponse list(Forge& forge, const Call& call) {
  std::vector<Json> all;
  for (const File& file : files(forge, call.repository)) all.push_back(rendered(forge, call, file));
  return paged(call, all, "workflows");
}

HttpResponse get(Forge& forge, const Call& call) {
  const std::string path = workflow_path(forge, call.repository, call.path.at("workflow"));
  for (const File& file : files(forge, call.repository))
    if (file.path == path) return json_response(200, rendered(forge, call, file));
  throw not_found();
}

HttpResponse switch_workflow(Forge& forge, const Call& call) {
  const std::string path = workflow_path(forge, call.repository, call.path.at("workflow"));
  Json known = stored(forge, call.repository, path);
  known["state"] = call.request.path.ends_with("/enable") ? "active" : "disabled_manually";
  known["updated_at"] = forge.now();
  forge.state().put(document(call.repository, path), known);
  return {204, {}, {}};
}

}  // namespace

bool is_active(const Forge& forge, const std::string& repository, const std::string& path) {
  if (settings_of(forge, repository)["enabled"] != true) return false;
  const auto known = forge.state().find(document(repository, path));
  return !known || (*known)["state"] == "active";
}

long workflow_id(const std::string& repository, const std::string& path) {
  return 1 + std::stol(crypto::sha256(repository + " " + path).hex().substr(0, 7), nullptr, 16);
}

std::string workflow_path(const Forge& forge, const std::string& repository, const std::string& named) {
  for (const File& file : files(forge, repository))
    if (file.path == std::string(kFolder) + "/" + named || std::to_string(workflow_id(repository, file.path)) == named)
      return file.path;
  throw not_found();
}

std::vector<Route> workflow_routes() {
  const std::string all = "/repos/{owner}/{repo}/actions/workflows";
  const std::string one = all + "/{workflow}";
  return {{"GET", all, {"actions:read"}, {}, list},
          {"GET", one, {"actions:read"}, {}, get},
          {"PUT", one + "/enable", {"actions:write"}, {}, switch_workflow},
          {"PUT", one + "/disable", {"actions:write"}, {}, switch_workflow}};
}

}  // namespace waybill::sandbox
