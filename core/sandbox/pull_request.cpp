#include "core/sandbox/pull_request.h"

#include "core/base/error.h"
#include "core/sandbox/identity.h"

namespace waybill::sandbox {
namespace {

std::string document(const std::string& repository, long number) {
  return Forge::document(repository, "pulls/" + numbered(number));
}

Json stored(const PullRequest& it) {
  return {{"number", it.number},
          {"id", it.id},
          {"title", it.title},
          {"body", it.body ? Json(*it.body) : Json()},
          {"open", it.open},
          {"draft", it.draft},
          {"maintainer_can_modify", it.maintainer_can_modify},
          {"author", it.author},
          {"head_repository", it.head_repository},
          {"head_ref", it.head_ref},
          {"head_sha", it.head_sha},
          {"base_ref", it.base_ref},
          {"base_sha", it.base_sha},
          {"created_at", it.created_at},
          {"updated_at", it.updated_at},
          {"closed_at", it.closed_at},
          {"merged_at", it.merged_at},
          {"merged_by", it.merged_by},
          {"merge_commit", it.merge_commit},
          {"tested_base", it.tested_base},
          {"tested_head", it.tested_head},
          {"test_merge", it.test_merge},
          {"commits", it.commits},
          {"additions", it.additions},
          {"deletions", it.deletions},
          {"changed_files", it.changed_files}};
}

PullRequest restored(const std::string& repository, const Json& from) {
  PullRequest it;
  it.repository = repository;
  it.number = from["number"];
  it.id = from["id"];
  it.title = from["title"];
  if (from["body"].is_string()) it.body = from["body"].get<std::string>();
  it.open = from["open"];
  it.draft = from["draft"];
  it.maintainer_can_modify = from["maintainer_can_modify"];
  it.author = from["author"];
  it.head_repository = from["head_repository"];
  it.head_ref = from["head_ref"];
  it.head_sha = from["head_sha"];
  it.base_ref = from["base_ref"];
  it.base_sha = from["base_sha"];
  it.created_at = from["created_at"];
  it.updated_at = from["updated_at"];
  it.closed_at = from["closed_at"];
  it.merged_at = from["merged_at"];
  it.merged_by = from["merged_by"];
  it.merge_commit = from["merge_commit"];
  it.tested_base = from["tested_base"];
  it.tested_head = from["tested_head"];
  it.test_merge = from["test_merge"];
  it.commits = from["commits"];
  it.additions = from["additions"];
  it.deletions = from["deletions"];
  it.changed_files = from["changed_files"];
  return it;
}

// Merging needs no three-way work where the head already contains the base.
std::optional<Oid> merged_tree(const BareRepository& repository, const git::Repository& objects, const Oid& base,
                               const Oid& head) {
  if (objects.is_ancestor(base, head)) return objects.commit(head).tree;
  return repository.merged_tree(base, head);
}

void measure(const BareRepository& repository, const git::Repository& objects, const Oid& base, const Oid& head,
             PullRequest& it) {
  const auto common = objects.merge_base(base, head);
  it.commits = static_cast<long>(objects.history(head, {base}).size());
  it.additions = it.deletions = it.changed_files = 0;
  if (!common) return;
  for (const FileChange& change : repository.changes(objects.commit(*common).tree, objects.commit(head).tree)) {
    it.additions += change.additions;
    it.deletions += change.deletions;
    ++it.changed_files;
  }
}

}  // namespace

std::string PullRequest::head_label() const {
  return head_repository.substr(0, head_repository.find('/')) + ":" + head_ref;
}

std::optional<PullRequest> find_pull_request(const Forge& forge, const std::string& repository, long number) {
  const auto found = forge.state().find(document(repository, number));
  return found ? std::optional(restored(repository, *found)) : std::nullopt;
}

std::vector<PullRequest> pull_requests_of(const Forge& forge, const std::string& repository) {
  std::vector<PullRequest> found;
  for (const auto& [name, stored] : forge.state().below(Forge::document(repository, "pulls/")))
    found.push_back(restored(repository, stored));
  return found;
}

void save(Forge& forge, const PullRequest& it) {
  forge.state().put(document(it.repository, it.number), stored(it));
}

void follow_head(Forge& forge, const PullRequest& it) {
  const BareRepository repository = forge.git(it.repository);
  const std::string name = fmt::format("refs/pull/{}/head", it.number);
  const Oid head = Oid::parse(it.head_sha);
  if (it.head_repository != it.repository) {
    repository.bring(forge.git(it.head_repository), head, name);
    return;
  }
  const auto before = repository.reference(name);
  if (before == head) return;
  if (const auto complaint = repository.update({{name, before, head}}))
    throw Error(Fault::kInternal, "{} of {} cannot be moved: {}", name, it.repository, *complaint);
}

void try_merge(Forge& forge, PullRequest& it) {
  const BareRepository repository = forge.git(it.repository);
  const auto base = repository.reference("refs/heads/" + it.base_ref);
  if (!it.open || !base || (it.tested_base == base->hex() && it.tested_head == it.head_sha)) return;
  const Oid head = Oid::parse(it.head_sha);
  const git::Repository& objects = repository.read();
  const auto tree = merged_tree(repository, objects, *base, head);
  const std::string name = fmt::format("refs/pull/{}/merge", it.number);
  it.tested_base = base->hex();
  it.tested_head = it.head_sha;
  it.test_merge.clear();
  if (tree) {
    const git::Signature by = forge_signature(forge);
    const Oid made = repository.write_commit(
        {head, *tree, {*base, head}, fmt::format("Merge {} into {}", it.head_sha, it.tested_base), by, by});
    it.test_merge = made.hex();
    if (const auto before = repository.reference(name); before != made) repository.update({{name, before, made}});
  }
  measure(repository, objects, *base, head, it);
  save(forge, it);
}

std::optional<Oid> common_ancestor(const Forge& forge, const PullRequest& it) {
  const BareRepository repository = forge.git(it.repository);
  const auto tip = it.merged_at.empty() ? repository.reference("refs/heads/" + it.base_ref) : std::nullopt;
  return repository.read().merge_base(tip ? *tip : Oid::parse(it.base_sha), Oid::parse(it.head_sha));
}

}  // namespace waybill::sandbox
