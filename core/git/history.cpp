#include "core/base/error.h"
#include "core/git/native.h"

namespace waybill::git {
namespace {

using RawCommit = Handle<git_commit, git_commit_free>;

Signature signature(const git_signature& raw) {
  return {raw.name, raw.email, Time(std::chrono::seconds(raw.when.time))};
}

[[noreturn]] void too_long(std::size_t limit, const Oid& tip) {
  throw Error(Fault::kInput, "more than {} commits lead to `{}`", limit, tip.hex());
}

}  // namespace

Commit Repository::commit(const Oid& id) const {
  read_object(impl_->objects.get(), id, GIT_OBJECT_COMMIT, kCommitLimit, impl_->path);
  const git_oid raw_id = native(id);
  RawCommit raw;
  check(::git_commit_lookup(out(raw), impl_->repository.get(), &raw_id), "the commit `" + id.hex() + "` is damaged");
  Commit commit{id,
                value(*::git_commit_tree_id(raw.get())),
                {},
                ::git_commit_message(raw.get()),
                signature(*::git_commit_author(raw.get())),
                signature(*::git_commit_committer(raw.get()))};
  for (unsigned i = 0; i < ::git_commit_parentcount(raw.get()); ++i)
    commit.parents.push_back(value(*::git_commit_parent_id(raw.get(), i)));
  return commit;
}

bool Repository::is_ancestor(const Oid& ancestor, const Oid& descendant) const {
  read_object(impl_->objects.get(), ancestor, GIT_OBJECT_COMMIT, kCommitLimit, impl_->path);
  read_object(impl_->objects.get(), descendant, GIT_OBJECT_COMMIT, kCommitLimit, impl_->path);
  if (ancestor == descendant) return true;
  const git_oid older = native(ancestor);
  const git_oid newer = native(descendant);
  const int code = ::git_graph_descendant_of(impl_->repository.get(), &newer, &older);
  check(code, "the history of `" + descendant.hex() + "` cannot be read");
  return code == 1;
}

std::optional<Oid> Repository::merge_base(const Oid& one, const Oid& other) const {
  read_object(impl_->objects.get(), one, GIT_OBJECT_COMMIT, kCommitLimit, impl_->path);
  read_object(impl_->objects.get(), other, GIT_OBJECT_COMMIT, kCommitLimit, impl_->path);
  const git_oid first = native(one);
  const git_oid second = native(other);
  git_oid base;
  const int code = ::git_merge_base(&base, impl_->repository.get(), &first, &second);
  if (code == GIT_ENOTFOUND) {
    // Also what a missing ancestor looks like: reading the histories tells the two apart.
    ::git_error_clear();
    history(one, {});
    history(other, {});
    return std::nullopt;
  }
  check(code, "the histories of `" + one.hex() + "` and `" + other.hex() + "` cannot be read");
  return value(base);
}

std::vector<Commit> Repository::history(const Oid& tip, const std::vector<Oid>& hidden, std::size_t limit) const {
  read_object(impl_->objects.get(), tip, GIT_OBJECT_COMMIT, kCommitLimit, impl_->path);
  Handle<git_revwalk, git_revwalk_free> walk;
  check(::git_revwalk_new(out(walk), impl_->repository.get()), "walking the history");
  check(::git_revwalk_sorting(walk.get(), GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME), "walking the history");
  const git_oid start = native(tip);
  check(::git_revwalk_push(walk.get(), &start), "walking the history");
  for (const Oid& id : hidden) {
    read_object(impl_->objects.get(), id, GIT_OBJECT_COMMIT, kCommitLimit, impl_->path);
    const git_oid raw = native(id);
    check(::git_revwalk_hide(walk.get(), &raw), "walking the history");
  }
  std::vector<Commit> commits;
  git_oid next;
  int code = 0;
  while ((code = ::git_revwalk_next(&next, walk.get())) == 0) {
    if (commits.size() >= limit) too_long(limit, tip);
    commits.push_back(commit(value(next)));
  }
  if (code != GIT_ITEROVER) check(code, "the history of `" + tip.hex() + "` cannot be read");
  return commits;
}

void Repository::walk_first_parents(const Oid& tip, const std::function<bool(const Commit&)>& visit,
                                    std::size_t limit) const {
  std::deque<Commit>& line = impl_->lines[tip];
  for (std::size_t at = 0;; ++at) {
    if (at >= limit) too_long(limit, tip);
    if (at == line.size()) line.push_back(commit(at == 0 ? tip : line.back().parents.front()));
    if (!visit(line[at]) || line[at].parents.empty()) return;
  }
}

}  // namespace waybill::git
