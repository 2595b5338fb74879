#include "core/sandbox/render.h"

#include "core/base/encoding.h"

namespace waybill::sandbox::render {
namespace {

constexpr long kActionsApp = 15368;

Json account_or_null(const Forge& forge, const git::Signature& person, const std::string& base) {
  const auto known = forge.account_of_email(person.email);
  return known ? account(*known, base) : Json();
}

Json parents(const git::Commit& commit, const std::string& base, const std::string& repository, std::string_view kind) {
  Json listed = Json::array();
  for (const Oid& parent : commit.parents)
    listed.push_back({{"sha", parent.hex()},
                      {"url", repository_url(base, repository) + std::string(kind) + parent.hex()},
                      {"html_url", web_url(base, repository) + "/commit/" + parent.hex()}});
  return listed;
}

}  // namespace

std::string node_id(const std::string& kind, const std::string& id) {
  return kind + "_" + to_base64url(id);
}

std::string repository_url(const std::string& base, const std::string& full_name) {
  return base + "/api/v3/repos/" + full_name;
}

std::string web_url(const std::string& base, const std::string& full_name) {
  return base + "/" + full_name;
}

Json account(const Account& account, const std::string& base) {
  const std::string url = base + "/api/v3/users/" + percent_encode(account.login);
  return {{"login", account.login},
          {"id", account.id},
          {"node_id", node_id("U", std::to_string(account.id))},
          {"avatar_url", base + "/avatars/" + std::to_string(account.id)},
          {"gravatar_id", ""},
          {"url", url},
          {"html_url", base + "/" + percent_encode(account.login)},
          {"followers_url", url + "/followers"},
          {"following_url", url + "/following{/other_user}"},
          {"gists_url", url + "/gists{/gist_id}"},
          {"starred_url", url + "/starred{/owner}{/repo}"},
          {"subscriptions_url", url + "/subscriptions"},
          {"organizations_url", url + "/orgs"},
          {"repos_url", url + "/repos"},
          {"events_url", url + "/events{/privacy}"},
          {"received_events_url", url + "/received_events"},
          {"type", account.type},
          {"site_admin", false}};
}

Json signature(const git::Signature& person) {
  return {{"name", person.name}, {"email", person.email}, {"date", to_rfc3339(person.time)}};
}

Json verification(const Forge& forge, const Oid& commit) {
  const bool made_here = forge.is_signed(commit);
  return {{"verified", made_here},
          {"reason", made_here ? "valid" : "unsigned"},
          {"signature", made_here ? Json("signed by the sandbox") : Json()},
          {"payload", made_here ? Json("commit " + commit.hex()) : Json()},
          {"verified_at", Json()}};
}

Json commit(const Forge& forge, const std::string& repository, const git::Commit& commit, const std::string& base) {
  const std::string url = repository_url(base, repository);
  const std::string sha = commit.id.hex();
  return {{"sha", sha},
          {"node_id", node_id("C", sha)},
          {"url", url + "/commits/" + sha},
          {"html_url", web_url(base, repository) + "/commit/" + sha},
          {"comments_url", url + "/commits/" + sha + "/comments"},
          {"commit",
           {{"author", signature(commit.author)},
            {"committer", signature(commit.committer)},
            {"message", commit.message},
            {"tree", {{"sha", commit.tree.hex()}, {"url", url + "/git/trees/" + commit.tree.hex()}}},
            {"url", url + "/git/commits/" + sha},
            {"comment_count", 0},
            {"verification", verification(forge, commit.id)}}},
          {"author", account_or_null(forge, commit.author, base)},
          {"committer", account_or_null(forge, commit.committer, base)},
          {"parents", parents(commit, base, repository, "/commits/")}};
}

Json git_commit(const Forge& forge, const std::string& repository, const git::Commit& commit, const std::string& base) {
  const std::string url = repository_url(base, repository) + "/git";
  const std::string sha = commit.id.hex();
  return {{"sha", sha},
          {"node_id", node_id("C", sha)},
          {"url", url + "/commits/" + sha},
          {"html_url", web_url(base, repository) + "/commit/" + sha},
          {"author", signature(commit.author)},
          {"committer", signature(commit.committer)},
          {"tree", {{"sha", commit.tree.hex()}, {"url", url + "/trees/" + commit.tree.hex()}}},
          {"message", commit.message},
          {"parents", parents(commit, base, repository, "/git/commits/")},
          {"verification", verification(forge, commit.id)}};
}

Json app(Forge& forge, long app_id, const std::string& base) {
  const auto document = forge.state().find("apps/" + std::to_string(app_id));
  const bool actions = app_id == kActionsApp || !document;
  const std::string slug = actions ? "github-actions" : (*document)["slug"].get<std::string>();
  const std::string created = actions ? "2018-07-30T09:30:17Z" : (*document)["created_at"].get<std::string>();
  return {{"id", app_id},
          {"slug", slug},
          {"client_id", "Iv1." + std::to_string(app_id)},
          {"node_id", node_id("A", std::to_string(app_id))},
          {"owner", account(forge.account(actions ? "github" : "app-owner", "Organization"), base)},
          {"name", slug},
          {"description", Json()},
          {"external_url", base},
          {"html_url", base + "/apps/" + slug},
          {"created_at", created},
          {"updated_at", created},
          {"permissions", actions ? Json::object() : (*document)["permissions"]},
          {"events", Json::array()}};
}

}  // namespace waybill::sandbox::render
