#include <algorithm>

#include "core/sandbox/api.h"
#include "core/sandbox/lag.h"
#include "core/sandbox/pull_request.h"
#include "core/sandbox/render.h"

// Pull requests over REST: list, open, read, edit, their files and commits.
namespace waybill::sandbox {
namespace {

constexpr std::size_t kBodyCodePoints = 65'536;  // when opening
constexpr std::size_t kBodyBytes = 262'144;      // when editing; what is longer is dropped without a word
constexpr std::size_t kTitleCodePoints = 256;
constexpr std::size_t kFilesLimit = 3'000;

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

PullRequest existing(const Forge& forge, const Call& call) {
  auto found = find_pull_request(forge, call.repository, call.number("number"));
  if (!found) throw not_found();
  return *found;
}

void check_title(const std::string& title) {
  if (title.empty()) throw invalid("PullRequest", "title", "missing_field");
  if (code_points(title) > kTitleCodePoints)
    throw invalid("Issue", "title", "custom",
                  fmt::format("title is too long (maximum is {} characters)", kTitleCodePoints));
}

struct Head {
  std::string repository;
  std::string branch;
};

// "branch", "OWNER:branch" of this repository, or of a fork of it.
Head head_of(const Forge& forge, const std::string& repository, const std::string& name) {
  const std::size_t colon = name.find(':');
  const std::string owner = repository.substr(0, repository.find('/'));
  if (colon == std::string::npos || name.substr(0, colon) == owner) return {repository, name.substr(colon + 1)};
  for (const HostedRepository& other : forge.repositories())
    if (other.parent == repository && other.owner.login == name.substr(0, colon))
      return {other.full_name, name.substr(colon + 1)};
  throw invalid("PullRequest", "head", "invalid");
}

HttpResponse list(Forge& forge, const Call& call) {
  const std::string state = call.request.parameter("state");
  const std::string head = call.request.parameter("head");
  const std::string base = call.request.parameter("base");
  std::vector<PullRequest> found = pull_requests_of(forge, call.repository);
  std::erase_if(found, [&](const PullRequest& it) {
    const bool wanted = state == "all" || it.open == (state != "closed");
    // A head without its owner is ignored, as GitHub does.
    const bool heads = head.find(':') == std::string::npos || it.head_label() == head;
    return !wanted || !heads || (!base.empty() && it.base_ref != base);
  });
  if (call.request.parameter("sort") == "updated")
    std::ranges::stable_sort(found, {}, [](const PullRequest& it) { return it.updated_at; });
  if (call.request.parameter("direction") != "asc") std::ranges::reverse(found);
  return paged(call, found.size(), [&](std::size_t at) { return render_simple(forge, found[at], call.base); });
}

HttpResponse create(Forge& forge, const Call& call) {
  PullRequest it;
  it.repository = call.repository;
  it.title = call.text("title");
  it.body = call.optional_text("body");
  check_title(it.title);
  if (it.body && code_points(*it.body) > kBodyCodePoints)
    throw invalid("Issue", "body", "custom",
                  fmt::format("body is too long (maximum is {} characters)", kBodyCodePoints));
  const Head head = head_of(forge, call.repository, call.text("head"));
  const auto tip = forge.git(head.repository).reference("refs/heads/" + head.branch);
  if (!tip) throw invalid("PullRequest", "head", "invalid");
  const BareRepository repository = forge.git(call.repository);
  it.base_ref = call.text("base");
  const auto base = repository.reference("refs/heads/" + it.base_ref);
  if (!base) throw invalid("PullRequest", "base", "invalid");
  it.head_repository = head.repository;
  it.head_ref = head.branch;
  it.head_sha = tip->hex();
  it.base_sha = base->hex();
  for (const PullRequest& other : pull_requests_of(forge, call.repository))
    if (other.open && other.head_label() == it.head_label() && other.base_ref == it.base_ref)
      throw invalid("PullRequest", "base", "custom",
                    fmt::format("A pull request already exists for {}.", it.head_label()));
  it.number = forge.state().next("issues/" + call.repository);
  it.id = 1'000'000 + forge.state().next("pulls");
  follow_head(forge, it);
  if (repository.read().is_ancestor(*tip, *base))
    throw invalid("PullRequest", "head", "custom",
                  fmt::format("No commits between {} and {}", it.base_ref, it.head_ref));
  it.draft = call.flag("draft", false);
  it.maintainer_can_modify = call.flag("maintainer_can_modify", head.repository != call.repository);
  it.author = call.login();
  it.created_at = it.updated_at = forge.now();
  save(forge, it);
  const Json rendered = render_full(forge, it, call.base);
  emit_pull_request(forge, it, "opened", *call.token, call.base);
  return json_response(201, rendered);
}

HttpResponse get(Forge& forge, const Call& call) {
  PullRequest it = existing(forge, call);
  return json_response(200, render_full(forge, it, call.base));
}

void reopen(Forge& forge, PullRequest& it) {
  const auto head = forge.git(it.head_repository).reference("refs/heads/" + it.head_ref);
  const auto base = forge.git(it.repository).reference("refs/heads/" + it.base_ref);
  if (!it.merged_at.empty() || !head || !base)
    throw invalid("PullRequest", "state", "invalid", "state cannot be changed");
  it.open = true;
  it.closed_at.clear();
  it.head_sha = head->hex();
  it.base_sha = base->hex();
  follow_head(forge, it);
}

HttpResponse update(Forge& forge, const Call& call) {
  PullRequest it = existing(forge, call);
  Json changes = Json::object();
  if (const auto title = call.optional_text("title"); title && *title != it.title) {
    check_title(*title);
    changes["title"]["from"] = it.title;
    it.title = *title;
  }
  if (const auto body = call.optional_text("body"); body && body->size() <= kBodyBytes && body != it.body) {
    changes["body"]["from"] = it.body.value_or("");
    it.body = body;
  }
  if (const auto base = call.optional_text("base"); base && *base != it.base_ref) {
    const auto tip = forge.git(call.repository).reference("refs/heads/" + *base);
    if (!tip || !it.open) throw invalid("PullRequest", "base", "invalid");
    changes["base"] = {{"ref", {{"from", it.base_ref}}}, {"sha", {{"from", it.base_sha}}}};
    it.base_ref = *base;
    it.base_sha = tip->hex();
  }
  it.maintainer_can_modify = call.flag("maintainer_can_modify", it.maintainer_can_modify);
  const std::string state = call.optional_text("state").value_or(it.open ? "open" : "closed");
  if (state != "open" && state != "closed") throw invalid("PullRequest", "state", "invalid");
  const bool moved = (state == "open") != it.open;
  if (moved && state == "open") reopen(forge, it);
  if (moved && state == "closed") {
    it.open = false;
    it.closed_at = forge.now();
  }
  it.updated_at = forge.now();
  save(forge, it);
  const Json rendered = render_full(forge, it, call.base);
  if (!changes.empty()) emit_pull_request(forge, it, "edited", *call.token, call.base, {{"changes", changes}});
  if (moved) emit_pull_request(forge, it, it.open ? "reopened" : "closed", *call.token, call.base);
  return json_response(200, rendered);
}

HttpResponse files(Forge& forge, const Call& call) {
  const PullRequest it = existing(forge, call);
  const BareRepository repository = forge.git(call.repository);
  const git::Repository& objects = repository.read();
  const auto common = common_ancestor(forge, it);
  if (!common) return json_response(200, Json::array());
  const std::string web = render::web_url(call.base, call.repository);
  std::vector<Json> rendered;
  for (const FileChange& change :
       repository.changes(objects.commit(*common).tree, objects.commit(Oid::parse(it.head_sha)).tree)) {
    if (rendered.size() == kFilesLimit) break;
    Json entry = {
        {"sha", change.id.hex()},
        {"filename", change.path},
        {"status", change.status},
        {"additions", change.additions},
        {"deletions", change.deletions},
        {"changes", change.additions + change.deletions},
        {"blob_url", fmt::format("{}/blob/{}/{}", web, it.head_sha, change.path)},
        {"raw_url", fmt::format("{}/raw/{}/{}", web, it.head_sha, change.path)},
        {"contents_url", fmt::format("{}/contents/{}?ref={}", render::repository_url(call.base, call.repository),
                                     change.path, it.head_sha)}};
    if (!change.previous.empty()) entry["previous_filename"] = change.previous;
    rendered.push_back(std::move(entry));
  }
  return paged(call, rendered);
}

HttpResponse commits(Forge& forge, const Call& call) {
  const PullRequest it = existing(forge, call);
  const auto common = common_ancestor(forge, it);
  std::vector<git::Commit> found =
      forge.git(call.repository)
          .read()
          .history(Oid::parse(it.head_sha), common ? std::vector<Oid>{*common} : std::vector<Oid>{});
  std::ranges::reverse(found);
  std::vector<Json> rendered;
  for (const git::Commit& commit : found) rendered.push_back(render::commit(forge, call.repository, commit, call.base));
  if (rendered.size() > 250) rendered.resize(250);
  return paged(call, rendered);
}

// On the default branch the pull request that brought the commit there; elsewhere open ones too.
HttpResponse of_commit(Forge& forge, const Call& call) {
  const BareRepository repository = forge.git(call.repository);
  const auto id = repository.commit(call.path.at("commit"));
  if (!id) throw Refusal(422, fmt::format("No commit found for SHA: {}", call.path.at("commit")));
  const std::string default_branch = forge.repository(call.repository)->default_branch;
  const auto main = repository.reference("refs/heads/" + default_branch);
  const bool on_main = main && repository.read().is_ancestor(*id, *main);
  std::vector<Json> rendered;
  for (const PullRequest& it : pull_requests_of(forge, call.repository)) {
    if (on_main && it.merged_at.empty()) continue;
    if (it.merge_commit == id->hex() && is_late(forge, "commit-pulls", id->hex())) continue;
    // What is not on the default branch is not on what that was before either.
    const bool open = it.merged_at.empty() && it.base_ref != default_branch;
    const auto tip = open ? repository.reference("refs/heads/" + it.base_ref) : std::nullopt;
    const bool brought = repository.ahead(Oid::parse(it.head_sha), tip ? *tip : Oid::parse(it.base_sha)).contains(*id);
    if (brought || it.merge_commit == id->hex()) rendered.push_back(render_simple(forge, it, call.base));
  }
  return paged(call, rendered);
}

}  // namespace

std::vector<Route> pull_request_routes() {
  const std::string pulls = "/repos/{owner}/{repo}/pulls";
  return {
      {"GET", pulls, {"pull_requests:read"}, {}, list},
      {"POST",
       pulls,
       {"pull_requests:write"},
       {"title", "head", "head_repo", "base", "body", "maintainer_can_modify", "draft"},
       create,
       Access::kPeople},
      {"GET", pulls + "/{number}", {"pull_requests:read"}, {}, get},
      {"PATCH",
       pulls + "/{number}",
       {"pull_requests:write"},
       {"title", "body", "state", "base", "maintainer_can_modify"},
       update},
      {"GET", pulls + "/{number}/files", {"pull_requests:read"}, {}, files},
      {"GET", pulls + "/{number}/commits", {"pull_requests:read"}, {}, commits},
      {"GET", "/repos/{owner}/{repo}/commits/{commit}/pulls", {"pull_requests:read"}, {}, of_commit},
  };
}

}  // namespace waybill::sandbox
