#include "core/sandbox/reviews.h"

#include <algorithm>
#include <map>

#include "core/base/list.h"
#include "core/sandbox/api.h"
#include "core/sandbox/identity.h"
#include "core/sandbox/render.h"
#include "core/sandbox/rulesets.h"

// Reviews of pull requests, and what an account may do, over REST.
namespace waybill::sandbox {
namespace {

const std::map<std::string, std::string> kStates = {
    {"APPROVE", "APPROVED"}, {"REQUEST_CHANGES", "CHANGES_REQUESTED"}, {"COMMENT", "COMMENTED"}};

std::string prefix(const std::string& repository, long number) {
  return Forge::document(repository, "reviews/" + numbered(number) + "/");
}

PullRequest existing(const Forge& forge, const Call& call) {
  auto found = find_pull_request(forge, call.repository, call.number("number"));
  if (!found) throw not_found();
  return *found;
}

// An approval of an earlier commit counts no longer where the rules say so.
std::string state_of(const Json& review, const PullRequest& it, bool dismissed) {
  if (dismissed && review["state"] == "APPROVED" && review["commit_id"] != it.head_sha) return "DISMISSED";
  return review["state"];
}

Json rendered(Forge& forge, const Call& call, const PullRequest& it, Json review) {
  const std::string id = std::to_string(review["id"].get<long>());
  const std::string page = fmt::format("{}/pull/{}", render::web_url(call.base, it.repository), it.number);
  const std::string pull = fmt::format("{}/pulls/{}", render::repository_url(call.base, it.repository), it.number);
  const std::string login = review["author"];
  const std::string permission = permission_of(forge, it.repository, login);
  const bool owner = login == it.repository.substr(0, it.repository.find('/'));
  review["state"] = state_of(review, it, dismisses_stale_reviews(forge, it));
  review.erase("author");
  review["node_id"] = render::node_id("PRR", id);
  review["user"] = render::account(forge.account(login), call.base);
  review["html_url"] = page + "#pullrequestreview-" + id;
  review["pull_request_url"] = pull;
  review["_links"] = {{"html", {{"href", review["html_url"]}}}, {"pull_request", {{"href", pull}}}};
  review["author_association"] = owner ? "OWNER" : permission == "read" ? "CONTRIBUTOR" : "COLLABORATOR";
  return review;
}

HttpResponse list(Forge& forge, const Call& call) {
  const PullRequest it = existing(forge, call);
  std::vector<Json> all;
  for (const auto& [name, review] : forge.state().below(prefix(call.repository, it.number)))
    all.push_back(rendered(forge, call, it, review));
  return paged(call, all);
}

HttpResponse create(Forge& forge, const Call& call) {
  const PullRequest it = existing(forge, call);
  const auto state = kStates.find(call.text("event"));
  if (state == kStates.end()) throw Refusal(422, "Unprocessable Entity", Json::array({"Event is not a valid value"}));
  const std::string body = call.optional_text("body").value_or("");
  if (state->second != "APPROVED" && body.empty())
    throw Refusal(422, "Unprocessable Entity", Json::array({"Body is missing"}));
  if (state->second != "COMMENTED" && call.login() == it.author)
    throw Refusal(422, "Unprocessable Entity",
                  Json::array({fmt::format("Can not {} your own pull request",
                                           state->second == "APPROVED" ? "approve" : "request changes on")}));
  const std::string commit = call.optional_text("commit_id").value_or(it.head_sha);
  if (!forge.git(call.repository).commit(commit))
    throw Refusal(422, "Unprocessable Entity", Json::array({"Commit not found"}));
  const long id = 2'000'000 + forge.state().next("reviews");
  const Json review = {{"id", id},     {"author", call.login()}, {"state", state->second},
                       {"body", body}, {"commit_id", commit},    {"submitted_at", forge.now()}};
  forge.state().put(prefix(call.repository, it.number) + numbered(id), review);
  return json_response(200, rendered(forge, call, it, review));
}

HttpResponse permission(Forge& forge, const Call& call) {
  const auto account = forge.known_account(call.path.at("username"));
  if (!account) throw not_found();
  const std::string permission = permission_of(forge, call.repository, account->login);
  return json_response(
      200, {{"permission", permission}, {"role_name", permission}, {"user", render::account(*account, call.base)}});
}

}  // namespace

std::string permission_of(const Forge& forge, const std::string& repository, const std::string& login) {
  if (login == repository.substr(0, repository.find('/'))) return "admin";
  std::string best = "read";
  for (const auto& [name, token] : forge.state().below("tokens/")) {
    const std::string of = token.value("repository", "");
    if (token["kind"] != "user" || token["login"] != login || (!of.empty() && of != repository)) continue;
    const Json& permissions = token["permissions"];
    if (permissions.value("administration", "") == "write") return "admin";
    if (permissions.value("contents", "") == "write") best = "write";
  }
  return best;
}

long approvals(const Forge& forge, const PullRequest& it, bool dismissed) {
  std::map<std::string, std::string> last;
  for (const auto& [name, review] : forge.state().below(prefix(it.repository, it.number)))
    if (review["state"] != "COMMENTED") last[review["author"]] = state_of(review, it, dismissed);
  return std::ranges::count_if(last, [&](const auto& one) {
    return one.second == "APPROVED" && permission_of(forge, it.repository, one.first) != "read";
  });
}

std::vector<Route> review_routes() {
  const std::string reviews = "/repos/{owner}/{repo}/pulls/{number}/reviews";
  return {
      {"GET", reviews, {"pull_requests:read"}, {}, list},
      {"POST", reviews, {"pull_requests:write"}, {"body", "commit_id", "event"}, create, Access::kPeople},
      {"GET", "/repos/{owner}/{repo}/collaborators/{username}/permission", {"metadata:read"}, {}, permission},
  };
}

}  // namespace waybill::sandbox
