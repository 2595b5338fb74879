#include <array>
#include <utility>

#include "core/sandbox/render.h"
#include "core/sandbox/settings.h"

namespace waybill::sandbox::render {
namespace {

// Addresses under the repository's own, as templates where GitHub has templates.
constexpr std::array<std::pair<const char*, const char*>, 38> kAddresses{{
    {"archive_url", "/{archive_format}{/ref}"},
    {"assignees_url", "/assignees{/user}"},
    {"blobs_url", "/git/blobs{/sha}"},
    {"branches_url", "/branches{/branch}"},
    {"collaborators_url", "/collaborators{/collaborator}"},
    {"comments_url", "/comments{/number}"},
    {"commits_url", "/commits{/sha}"},
    {"compare_url", "/compare/{base}...{head}"},
    {"contents_url", "/contents/{+path}"},
    {"contributors_url", "/contributors"},
    {"deployments_url", "/deployments"},
    {"downloads_url", "/downloads"},
    {"events_url", "/events"},
    {"forks_url", "/forks"},
    {"git_commits_url", "/git/commits{/sha}"},
    {"git_refs_url", "/git/refs{/sha}"},
    {"git_tags_url", "/git/tags{/sha}"},
    {"hooks_url", "/hooks"},
    {"issue_comment_url", "/issues/comments{/number}"},
    {"issue_events_url", "/issues/events{/number}"},
    {"issues_url", "/issues{/number}"},
    {"keys_url", "/keys{/key_id}"},
    {"labels_url", "/labels{/name}"},
    {"languages_url", "/languages"},
    {"merges_url", "/merges"},
    {"milestones_url", "/milestones{/number}"},
    {"notifications_url", "/notifications{?since,all,participating}"},
    {"pulls_url", "/pulls{/number}"},
    {"releases_url", "/releases{/id}"},
    {"stargazers_url", "/stargazers"},
    {"statuses_url", "/statuses/{sha}"},
    {"subscribers_url", "/subscribers"},
    {"subscription_url", "/subscription"},
    {"tags_url", "/tags"},
    {"teams_url", "/teams"},
    {"trees_url", "/git/trees{/sha}"},
    {"url", ""},
    {"issue_url", "/issues{/number}"},
}};

}  // namespace

Json minimal_repository(const HostedRepository& repository, const std::string& base) {
  const std::string api = repository_url(base, repository.full_name);
  const std::string web = web_url(base, repository.full_name);
  const std::string name = repository.full_name.substr(repository.full_name.find('/') + 1);
  Json body = {{"id", repository.id},
               {"node_id", node_id("R", std::to_string(repository.id))},
               {"name", name},
               {"full_name", repository.full_name},
               {"owner", account(repository.owner, base)},
               {"private", repository.visibility != "public"},
               {"visibility", repository.visibility},
               {"html_url", web},
               {"description", Json()},
               {"fork", !repository.parent.empty()},
               {"default_branch", repository.default_branch}};
  for (const auto& [member, rest] : kAddresses) body[member] = api + rest;
  body.erase("issue_url");
  return body;
}

Json repository(const HostedRepository& repository, const std::string& base, Forge& forge) {
  const std::string web = web_url(base, repository.full_name);
  Json body = minimal_repository(repository, base);
  body.update({{"clone_url", web + ".git"},
               {"git_url", "git" + base.substr(base.find(':')) + "/" + repository.full_name + ".git"},
               {"ssh_url", "git@127.0.0.1:" + repository.full_name + ".git"},
               {"svn_url", web},
               {"mirror_url", Json()},
               {"homepage", Json()},
               {"language", Json()},
               {"license", Json()},
               {"topics", Json::array()},
               {"has_issues", true},
               {"has_projects", false},
               {"has_wiki", false},
               {"has_pages", false},
               {"has_downloads", true},
               {"has_discussions", false},
               {"archived", false},
               {"disabled", false},
               {"is_template", false},
               {"allow_forking", true},
               {"web_commit_signoff_required", false},
               {"forks", 0},
               {"forks_count", 0},
               {"open_issues", 0},
               {"open_issues_count", 0},
               {"stargazers_count", 0},
               {"watchers", 0},
               {"watchers_count", 0},
               {"network_count", 0},
               {"subscribers_count", 0},
               {"size", 0},
               {"delete_branch_on_merge", false},
               {"created_at", repository.created_at},
               {"updated_at", repository.created_at},
               {"pushed_at", repository.created_at}});
  const Json settings = settings_of(forge, repository.full_name);
  for (const char* name : {"allow_squash_merge", "allow_merge_commit", "allow_rebase_merge"})
    body[name] = settings[name];
  if (!repository.parent.empty())
    if (const auto parent = forge.repository(repository.parent)) {
      body["parent"] = render::repository(*parent, base, forge);
      body["source"] = body["parent"];
    }
  return body;
}

}  // namespace waybill::sandbox::render
