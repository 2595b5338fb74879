#include "core/forge/read.h"

#include <map>

#include "core/base/error.h"

namespace waybill::forge {
namespace {

bool flag(const Json& json, std::string_view key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_boolean() && found->get<bool>();
}

bool present(const Json& json, std::string_view key) {
  const auto found = json.find(key);
  return found != json.end() && !found->is_null();
}

// A text of a member object that may be null, as `user` is after its account was deleted.
std::string inner_text(const Json& json, std::string_view key, std::string_view inner) {
  const auto found = json.find(key);
  return found != json.end() && found->is_object() ? text_or_empty(*found, inner) : std::string();
}

}  // namespace

std::string text_or_empty(const Json& json, std::string_view key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t read_number(const Json& json, std::string_view key, std::string_view what) {
  const Json& value = member(json, key, what);
  if (!value.is_number_integer()) throw Error(Fault::kInput, "{}: `{}` is not a whole number", what, key);
  return value.get<std::int64_t>();
}

Oid read_oid(const Json& json, std::string_view key, std::string_view what) {
  return Oid::parse(string_member(json, key, what));
}

RepositoryInfo read_repository(const Json& json) {
  const std::string_view what = "repository";
  return {.id = read_number(json, "id", what),
          .full_name = string_member(json, "full_name", what),
          .owner_id = read_number(member(json, "owner", what), "id", "owner of the repository"),
          .owner_type = text_or_empty(json["owner"], "type"),
          .default_branch = string_member(json, "default_branch", what),
          .visibility = !text_or_empty(json, "visibility").empty() ? text_or_empty(json, "visibility")
                        : flag(json, "private")                    ? "private"
                                                                   : "public"};
}

PullRequest read_pull_request(const Json& json) {
  const std::string_view what = "pull request";
  const Json& head = member(json, "head", what);
  const Json& base = member(json, "base", what);
  const bool merged = flag(json, "merged") || present(json, "merged_at");
  // Version 2026-03-10 of the API no longer has it; before a merge it is that of a trial.
  const std::string merge_commit = merged ? text_or_empty(json, "merge_commit_sha") : std::string();
  return {.number = read_number(json, "number", what),
          .title = text_or_empty(json, "title"),
          .body = text_or_empty(json, "body"),
          .state = string_member(json, "state", what),
          .merged = merged,
          .merge_commit = merge_commit.empty() ? std::nullopt : std::optional(Oid::parse(merge_commit)),
          .head_ref = string_member(head, "ref", what),
          .head_repository = inner_text(head, "repo", "full_name"),
          .head = read_oid(head, "sha", what),
          .base_ref = string_member(base, "ref", what),
          .base = read_oid(base, "sha", what),
          .author = inner_text(json, "user", "login"),
          .merged_by = inner_text(json, "merged_by", "login"),
          .url = text_or_empty(json, "html_url")};
}

Review read_review(const Json& json) {
  const std::string_view what = "review";
  const std::string commit = text_or_empty(json, "commit_id");
  return {.author = inner_text(json, "user", "login"),
          .by_person = inner_text(json, "user", "type") == "User",
          .state = string_member(json, "state", what),
          .commit = commit.empty() ? std::nullopt : std::optional(Oid::parse(commit))};
}

CheckRun read_check_run(const Json& json) {
  const std::string_view what = "check run";
  return {.id = read_number(json, "id", what),
          .name = string_member(json, "name", what),
          .head_sha = string_member(json, "head_sha", what),
          .conclusion = text_or_empty(json, "conclusion"),
          .external_id = text_or_empty(json, "external_id"),
          .app = inner_text(json, "app", "slug")};
}

Asset read_asset(const Json& json) {
  const std::string_view what = "release asset";
  return {.id = read_number(json, "id", what),
          .name = string_member(json, "name", what),
          .state = text_or_empty(json, "state"),
          .size = read_number(json, "size", what),
          .digest = text_or_empty(json, "digest"),
          .url = text_or_empty(json, "url")};
}

Release read_release(const Json& json) {
  const std::string_view what = "release";
  Release release{.id = read_number(json, "id", what),
                  .tag = string_member(json, "tag_name", what),
                  .name = text_or_empty(json, "name"),
                  .body = text_or_empty(json, "body"),
                  .draft = flag(json, "draft"),
                  .prerelease = flag(json, "prerelease"),
                  .upload_url = text_or_empty(json, "upload_url"),
                  .url = text_or_empty(json, "html_url"),
                  .assets = {}};
  if (const auto assets = json.find("assets"); assets != json.end() && assets->is_array())
    for (const Json& asset : *assets) release.assets.push_back(read_asset(asset));
  return release;
}

Deployment read_deployment(const Json& json) {
  const std::string_view what = "deployment";
  return {.id = read_number(json, "id", what),
          .sha = read_oid(json, "sha", what),
          .environment = string_member(json, "environment", what),
          .payload = present(json, "payload") ? json.at("payload") : Json()};
}

WorkflowRun read_workflow_run(const Json& json) {
  const std::string_view what = "workflow run";
  return {.id = read_number(json, "id", what),
          .status = string_member(json, "status", what),
          .url = text_or_empty(json, "html_url")};
}

Client::CommitInfo read_commit(const Json& json) {
  const std::string_view what = "commit";
  const Json& commit = member(json, "commit", what);
  Client::CommitInfo info{.id = read_oid(json, "sha", what),
                          .tree = read_oid(member(commit, "tree", what), "sha", what),
                          .parents = {},
                          .author = inner_text(json, "author", "login"),
                          .message = string_member(commit, "message", what)};
  for (const Json& parent : member(json, "parents", what)) info.parents.push_back(read_oid(parent, "sha", what));
  return info;
}

}  // namespace waybill::forge
