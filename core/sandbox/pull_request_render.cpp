#include <fmt/format.h>

#include "core/sandbox/identity.h"
#include "core/sandbox/lag.h"
#include "core/sandbox/pull_request.h"
#include "core/sandbox/render.h"

namespace waybill::sandbox {
namespace {

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json side(Forge& forge, const std::string& repository, const std::string& ref, const std::string& sha,
          const std::string& base_url) {
  const HostedRepository hosted = *forge.repository(repository);
  return {{"label", hosted.owner.login + ":" + ref},
          {"ref", ref},
          {"sha", sha},
          {"user", render::account(hosted.owner, base_url)},
          {"repo", render::repository(hosted, base_url, forge)}};
}

Json links(const PullRequest& it, const std::string& url, const std::string& issue, const std::string& web,
           const std::string& repository) {
  const auto link = [](const std::string& href) { return Json{{"href", href}}; };
  return {{"self", link(url)},
          {"html", link(web)},
          {"issue", link(issue)},
          {"comments", link(issue + "/comments")},
          {"review_comments", link(url + "/comments")},
          {"review_comment", link(repository + "/pulls/comments{/number}")},
          {"commits", link(url + "/commits")},
          {"statuses", link(repository + "/statuses/" + it.head_sha)}};
}

std::string association(const Forge& forge, const PullRequest& it) {
  if (it.author == forge.repository(it.repository)->owner.login) return "OWNER";
  if (it.author.ends_with("[bot]")) return "CONTRIBUTOR";
  return it.head_repository == it.repository ? "COLLABORATOR" : "NONE";
}

}  // namespace

Json render_simple(Forge& forge, const PullRequest& it, const std::string& base_url) {
  const std::string repository = render::repository_url(base_url, it.repository);
  const std::string number = std::to_string(it.number);
  const std::string url = repository + "/pulls/" + number;
  const std::string issue = repository + "/issues/" + number;
  const std::string web = render::web_url(base_url, it.repository) + "/pull/" + number;
  return {{"id", it.id},
          {"node_id", render::node_id("PR", std::to_string(it.id))},
          {"number", it.number},
          {"url", url},
          {"html_url", web},
          {"diff_url", web + ".diff"},
          {"patch_url", web + ".patch"},
          {"issue_url", issue},
          {"commits_url", url + "/commits"},
          {"comments_url", issue + "/comments"},
          {"review_comments_url", url + "/comments"},
          {"review_comment_url", repository + "/pulls/comments{/number}"},
          {"statuses_url", repository + "/statuses/" + it.head_sha},
          {"_links", links(it, url, issue, web, repository)},
          {"state", it.open ? "open" : "closed"},
          {"locked", false},
          {"draft", it.draft},
          {"title", it.title},
          {"body", it.body ? Json(*it.body) : Json()},
          {"user", render::account(forge.account(it.author), base_url)},
          {"labels", Json::array()},
          {"assignee", Json()},
          {"assignees", Json::array()},
          {"requested_reviewers", Json::array()},
          {"requested_teams", Json::array()},
          {"milestone", Json()},
          {"author_association", association(forge, it)},
          {"auto_merge", Json()},
          {"created_at", it.created_at},
          {"updated_at", it.updated_at},
          {"closed_at", text_or_null(it.closed_at)},
          {"merged_at", text_or_null(it.merged_at)},
          {"merge_commit_sha", text_or_null(it.merged_at.empty() ? it.test_merge : it.merge_commit)},
          {"head", side(forge, it.head_repository, it.head_ref, it.head_sha, base_url)},
          {"base", side(forge, it.repository, it.base_ref, it.base_sha, base_url)}};
}

Json render_full(Forge& forge, PullRequest& it, const std::string& base_url) {
  try_merge(forge, it);
  Json body = render_simple(forge, it, base_url);
  const bool clean = !it.test_merge.empty();
  const bool known = it.open && !is_late(forge, "mergeable", it.head_sha + it.tested_base);
  body.update({{"merged", !it.merged_at.empty()},
               {"merged_by", it.merged_by.empty() ? Json() : render::account(forge.account(it.merged_by), base_url)},
               {"mergeable", known ? Json(clean) : Json()},
               {"mergeable_state", !known  ? "unknown"
                                   : clean ? "clean"
                                           : "dirty"},
               {"rebaseable", false},
               {"maintainer_can_modify", it.maintainer_can_modify},
               {"comments", 0},
               {"review_comments", 0},
               {"commits", it.commits},
               {"additions", it.additions},
               {"deletions", it.deletions},
               {"changed_files", it.changed_files}});
  return body;
}

void emit_pull_request(Forge& forge, PullRequest& it, const std::string& action, const Token& by,
                       const std::string& base_url, const Json& extra) {
  const HostedRepository repository = *forge.repository(it.repository);
  Json payload = {{"action", action},
                  {"number", it.number},
                  {"pull_request", render_full(forge, it, base_url)},
                  {"repository", render::repository(repository, base_url, forge)},
                  {"sender", render::account(holder(forge, by), base_url)}};
  payload.update(extra);
  Event event;
  event.action = action;
  event.repository = it.repository;
  event.branch = it.base_ref;
  event.actor = by.login;
  event.by_job_token = by.kind == TokenKind::kJob;
  event.payload = std::move(payload);

  const std::string merge = it.merged_at.empty() ? it.test_merge : it.merge_commit;
  if (!merge.empty()) {
    event.name = "pull_request";
    event.ref = fmt::format("refs/pull/{}/merge", it.number);
    event.sha = merge;
    forge.emit(event);
  }
  event.name = "pull_request_target";
  event.ref = "refs/heads/" + repository.default_branch;
  const auto tip = forge.git(it.repository).reference(event.ref);
  event.sha = tip ? tip->hex() : "";
  forge.emit(std::move(event));
}

}  // namespace waybill::sandbox
