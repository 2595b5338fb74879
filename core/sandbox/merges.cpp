#include "core/sandbox/merges.h"

#include "core/sandbox/api.h"
#include "core/sandbox/identity.h"
#include "core/sandbox/pull_request.h"
#include "core/sandbox/rulesets.h"
#include "core/sandbox/settings.h"

// Merging pull requests over REST.
namespace waybill::sandbox {
namespace {

constexpr std::string_view kNotMergeable = "Pull Request is not mergeable";

std::string subject_of(const std::string& message) {
  return message.substr(0, message.find('\n'));
}

std::string body_of(const std::string& message) {
  const std::size_t end = message.find("\n\n");
  return end == std::string::npos ? std::string() : message.substr(end + 2);
}

struct Message {
  std::string title;
  std::string text;
  std::string whole() const { return text.empty() ? title : title + "\n\n" + text; }
};

// What GitHub writes when the caller gives no title or message.
Message usual(const git::Repository& objects, const PullRequest& it, const std::string& method, const Oid& base) {
  if (method == "merge")
    return {fmt::format("Merge pull request #{} from {}/{}", it.number,
                        it.head_repository.substr(0, it.head_repository.find('/')), it.head_ref),
            it.title};
  const auto commits = objects.history(Oid::parse(it.head_sha), {base});
  if (commits.size() == 1)
    return {fmt::format("{} (#{})", subject_of(commits.front().message), it.number), body_of(commits.front().message)};
  Message message{fmt::format("{} (#{})", it.title, it.number), {}};
  for (auto at = commits.rbegin(); at != commits.rend(); ++at)
    message.text += (message.text.empty() ? "* " : "\n\n* ") + at->message;
  return message;
}

// What the repository's settings say against a way to merge.
std::optional<std::string> switched_off(const Forge& forge, const std::string& repository, const std::string& method) {
  const Json settings = settings_of(forge, repository);
  if (method == "rebase") return "Rebase merges are not allowed on this repository.";
  if (method == "squash" && settings["allow_squash_merge"] != true)
    return "Squash merges are not allowed on this repository.";
  if (method == "merge" && settings["allow_merge_commit"] != true)
    return "Merge commits are not allowed on this repository.";
  return std::nullopt;
}

void check(const Forge& forge, const Call& call, const PullRequest& it, const std::string& method) {
  if (method != "merge" && method != "squash" && method != "rebase")
    throw Refusal(422, "Invalid request.\n\nFor 'properties/merge_method', " + method + " is not allowed.");
  if (!it.open) throw Refusal(405, std::string(kNotMergeable));
  if (it.draft) throw Refusal(405, "Pull Request is still a draft");
  if (const auto sha = call.optional_text("sha"); sha && *sha != it.head_sha)
    throw Refusal(409, "Head branch was modified. Review and try the merge again.");
  if (const auto why = switched_off(forge, call.repository, method)) throw Refusal(405, *why);
  if (it.test_merge.empty()) throw Refusal(405, std::string(kNotMergeable));
}

HttpResponse merge(Forge& forge, const Call& call) {
  auto found = find_pull_request(forge, call.repository, call.number("number"));
  if (!found) throw not_found();
  PullRequest it = *found;
  try_merge(forge, it);
  const std::string method = call.optional_text("merge_method").value_or("merge");
  check(forge, call, it, method);
  if (const auto violation = against_merge(forge, it, method, *call.token)) throw Refusal(405, *violation);

  const BareRepository repository = forge.git(call.repository);
  const Oid base = Oid::parse(it.tested_base);
  const Oid made = write_merge(forge, it, base, repository.read().commit(Oid::parse(it.test_merge)).tree, method,
                               {call.optional_text("commit_title"), call.optional_text("commit_message")},
                               own_signature(forge, *call.token));
  const RefChange moved{"refs/heads/" + it.base_ref, base, made};
  if (repository.update({moved})) throw Refusal(405, "Base branch was modified. Review and try the merge again.");
  finish_merge(forge, it, moved, *call.token, call.base);
  return json_response(200, {{"sha", made.hex()}, {"merged", true}, {"message", "Pull Request successfully merged"}});
}

HttpResponse is_merged(Forge& forge, const Call& call) {
  const auto it = find_pull_request(forge, call.repository, call.number("number"));
  if (!it || it->merged_at.empty()) throw not_found();
  return {204, {}, {}};
}

}  // namespace

Oid write_merge(Forge& forge, const PullRequest& it, const Oid& base, const Oid& tree, const std::string& method,
                const MergeMessage& given, const git::Signature& author) {
  const BareRepository repository = forge.git(it.repository);
  Message message = usual(repository.read(), it, method, base);
  message.title = given.title.value_or(message.title);
  message.text = given.text.value_or(message.text);
  const Oid head = Oid::parse(it.head_sha);
  const std::vector<Oid> parents = method == "merge" ? std::vector<Oid>{base, head} : std::vector<Oid>{base};
  const Oid made = repository.write_commit({head, tree, parents, message.whole(), author, forge_signature(forge)});
  forge.mark_signed(made);
  return made;
}

void finish_merge(Forge& forge, PullRequest it, const RefChange& moved, const Token& by, const std::string& base_url) {
  it.open = false;
  it.merged_at = it.closed_at = it.updated_at = forge.now();
  it.merged_by = by.login;
  it.merge_commit = moved.after->hex();
  it.base_sha = moved.before->hex();
  save(forge, it);
  forge.references_moved(it.repository, {moved}, by, base_url);
  emit_pull_request(forge, it, "closed", by, base_url);
}

std::vector<Route> merge_routes() {
  const std::string merge_path = "/repos/{owner}/{repo}/pulls/{number}/merge";
  return {
      {"GET", merge_path, {"pull_requests:read"}, {}, is_merged},
      {"PUT", merge_path, {"contents:write"}, {"commit_title", "commit_message", "sha", "merge_method"}, merge},
  };
}

}  // namespace waybill::sandbox
