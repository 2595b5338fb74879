#include <algorithm>

#include "core/sandbox/api.h"
#include "core/sandbox/render.h"

// Commits and branches over REST.
namespace waybill::sandbox {
namespace {

constexpr std::size_t kHistoryLimit = 10'000;

HttpResponse get(Forge& forge, const Call& call) {
  const BareRepository repository = forge.git(call.repository);
  const std::string& ref = call.path.at("ref");
  const auto id = repository.commit(ref);
  if (!id && ref.find('/') != std::string::npos)
    forge.unknown(fmt::format("GET {}: no such operation or reference", call.request.path));
  if (!id) throw Refusal(422, fmt::format("No commit found for SHA: {}", ref));
  const git::Commit commit = repository.read().commit(*id);
  Json body = render::commit(forge, call.repository, commit, call.base);
  body["stats"] = {{"additions", 0}, {"deletions", 0}, {"total", 0}};
  body["files"] = Json::array();
  return json_response(200, body);
}

HttpResponse list(Forge& forge, const Call& call) {
  const BareRepository repository = forge.git(call.repository);
  const std::string start = call.request.parameter("sha");
  const auto id = repository.commit(start.empty() ? forge.repository(call.repository)->default_branch : start);
  if (!id) throw not_found();
  std::vector<Json> rendered;
  for (const git::Commit& commit : repository.read().history(*id, {}, kHistoryLimit))
    rendered.push_back(render::commit(forge, call.repository, commit, call.base));
  return paged(call, rendered);
}

HttpResponse branch(Forge& forge, const Call& call) {
  const BareRepository repository = forge.git(call.repository);
  const std::string& name = call.path.at("branch");
  const auto id = repository.reference("refs/heads/" + name);
  if (!id) throw Refusal(404, "Branch not found");
  const std::string url = render::repository_url(call.base, call.repository) + "/branches/" + name;
  return json_response(
      200,
      {{"name", name},
       {"commit", render::commit(forge, call.repository, repository.read().commit(*id), call.base)},
       {"_links", {{"self", url}, {"html", render::web_url(call.base, call.repository) + "/tree/" + name}}},
       {"protected", false},
       {"protection",
        {{"enabled", false}, {"required_status_checks", {{"contexts", Json::array()}, {"enforcement_level", "off"}}}}},
       {"protection_url", url + "/protection"}});
}

HttpResponse branches(Forge& forge, const Call& call) {
  constexpr std::string_view kHeads = "refs/heads/";
  const std::string url = render::repository_url(call.base, call.repository);
  std::vector<Json> rendered;
  for (const auto& [name, target] : forge.git(call.repository).references(std::string(kHeads)))
    rendered.push_back({{"name", name.substr(kHeads.size())},
                        {"commit", {{"sha", target.id.hex()}, {"url", url + "/commits/" + target.id.hex()}}},
                        {"protected", false}});
  return paged(call, rendered);
}

}  // namespace

std::vector<Route> commit_routes() {
  const std::string repository = "/repos/{owner}/{repo}";
  return {
      {"GET", repository + "/commits", {"contents:read"}, {}, list},
      {"GET", repository + "/branches", {"contents:read"}, {}, branches},
      {"GET", repository + "/branches/{branch*}", {"contents:read"}, {}, branch},
      // Last of all below /commits/: a reference may hold slashes.
      {"GET", repository + "/commits/{ref*}", {"contents:read"}, {}, get},
  };
}

}  // namespace waybill::sandbox
