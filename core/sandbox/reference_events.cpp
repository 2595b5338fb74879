#include <algorithm>

#include "core/sandbox/identity.h"
#include "core/sandbox/pull_request.h"
#include "core/sandbox/render.h"

// What follows when references move.
namespace waybill::sandbox {
namespace {

constexpr std::string_view kHeads = "refs/heads/";
constexpr std::string_view kTags = "refs/tags/";
constexpr std::ptrdiff_t kTagsThatFire = 3;  // more tags at once and GitHub is silent about them
constexpr std::size_t kCommitsInPayload = 2048;

Json payload_commit(const Forge& forge, const std::string& repository, const git::Commit& commit,
                    const std::string& base_url) {
  const auto person = [&](const git::Signature& by) {
    Json body = {{"name", by.name}, {"email", by.email}, {"date", to_rfc3339(by.time)}};
    if (const auto known = forge.account_of_email(by.email)) body["username"] = known->login;
    return body;
  };
  return {{"id", commit.id.hex()},
          {"tree_id", commit.tree.hex()},
          {"distinct", true},
          {"message", commit.message},
          {"timestamp", to_rfc3339(commit.committer.time)},
          {"url", render::web_url(base_url, repository) + "/commit/" + commit.id.hex()},
          {"author", person(commit.author)},
          {"committer", person(commit.committer)}};
}

void emit_push(Forge& forge, const HostedRepository& repository, const RefChange& change, const Token& by,
               const std::string& base_url) {
  const BareRepository bare = forge.git(repository.full_name);
  const git::Repository& objects = bare.read();
  const std::string none(40, '0');
  const auto before = change.before ? bare.commit(change.before->hex()) : std::nullopt;
  const auto after = change.after ? bare.commit(change.after->hex()) : std::nullopt;
  Json commits = Json::array();
  if (after && before && change.name.starts_with(kHeads)) {
    auto found = objects.history(*after, {*before}, kCommitsInPayload);
    std::ranges::reverse(found);
    for (const git::Commit& commit : found)
      commits.push_back(payload_commit(forge, repository.full_name, commit, base_url));
  }
  const Account sender = holder(forge, by);
  Event event;
  event.name = "push";
  event.repository = repository.full_name;
  event.ref = change.name;
  if (change.name.starts_with(kHeads)) event.branch = change.name.substr(kHeads.size());
  event.sha = after ? after->hex() : none;
  event.actor = by.login;
  event.by_job_token = by.kind == TokenKind::kJob;
  event.payload = {
      {"ref", change.name},
      {"before", change.before ? change.before->hex() : none},
      {"after", change.after ? change.after->hex() : none},
      {"created", !change.before},
      {"deleted", !change.after},
      {"forced", before && after && !objects.is_ancestor(*before, *after)},
      {"base_ref", Json()},
      {"compare", render::web_url(base_url, repository.full_name) + "/compare"},
      {"commits", commits},
      {"head_commit", after ? payload_commit(forge, repository.full_name, objects.commit(*after), base_url) : Json()},
      {"repository", render::repository(repository, base_url, forge)},
      {"pusher", {{"name", sender.login}, {"email", forge.email(sender)}}},
      {"sender", render::account(sender, base_url)}};
  forge.emit(std::move(event));
}

void close(Forge& forge, PullRequest& it, const Token& by, const std::string& base_url) {
  it.open = false;
  it.closed_at = it.updated_at = forge.now();
  save(forge, it);
  emit_pull_request(forge, it, "closed", by, base_url);
}

void head_moved(Forge& forge, PullRequest& it, const RefChange& change, const Token& by, const std::string& base_url) {
  if (!change.after) {
    close(forge, it, by, base_url);
    return;
  }
  const std::string before = it.head_sha;
  it.head_sha = change.after->hex();
  if (const auto base = forge.git(it.repository).reference(std::string(kHeads) + it.base_ref))
    it.base_sha = base->hex();
  it.updated_at = forge.now();
  follow_head(forge, it);
  save(forge, it);
  emit_pull_request(forge, it, "synchronize", by, base_url, {{"before", before}, {"after", it.head_sha}});
}

// Commits pushed to the base make a pull request merged when they contain its head.
void base_moved(Forge& forge, PullRequest& it, const RefChange& change, const Token& by, const std::string& base_url) {
  if (!change.after) {
    close(forge, it, by, base_url);
    return;
  }
  if (!forge.git(it.repository).read().is_ancestor(Oid::parse(it.head_sha), *change.after)) return;
  it.merged_at = forge.now();
  it.merged_by = by.login;
  it.merge_commit = change.after->hex();
  if (change.before) it.base_sha = change.before->hex();
  close(forge, it, by, base_url);
}

}  // namespace

void Forge::references_moved(const std::string& repository, const std::vector<RefChange>& changes, const Token& by,
                             const std::string& base_url) {
  const HostedRepository hosted = *this->repository(repository);
  const auto tags =
      std::ranges::count_if(changes, [](const RefChange& change) { return change.name.starts_with(kTags); });
  for (const RefChange& change : changes) {
    const bool is_tag = change.name.starts_with(kTags);
    const bool fires = change.after && (!is_tag || tags <= kTagsThatFire);
    if (fires) emit_push(*this, hosted, change, by, base_url);
    if (!change.name.starts_with(kHeads)) continue;
    const std::string branch = change.name.substr(kHeads.size());
    for (const std::string& where : {repository, hosted.parent}) {
      if (where.empty()) continue;
      for (PullRequest& it : pull_requests_of(*this, where)) {
        if (!it.open) continue;
        if (it.head_repository == repository && it.head_ref == branch &&
            (!change.after || change.after->hex() != it.head_sha))
          head_moved(*this, it, change, by, base_url);
        else if (it.repository == repository && it.base_ref == branch)
          base_moved(*this, it, change, by, base_url);
      }
    }
  }
}

}  // namespace waybill::sandbox
