#include "core/sandbox/merge_queue.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/sandbox/api.h"
#include "core/sandbox/identity.h"
#include "core/sandbox/merges.h"
#include "core/sandbox/rulesets.h"

namespace waybill::sandbox {
namespace {

const std::string kFolder = "merge-queue/";
constexpr std::string_view kHeads = "refs/heads/";

struct Group {
  std::string document;
  long number = 0;
  std::string base_ref;
  std::string branch;
  Oid base;
  Oid head;
  std::string login;

  std::string reference() const { return std::string(kHeads) + branch; }
};

// In the order of the queues.
std::vector<Group> groups_of(const Forge& forge, const std::string& repository) {
  std::vector<Group> groups;
  for (const auto& [name, stored] : forge.state().below(Forge::document(repository, kFolder)))
    groups.push_back({name, stored["number"], stored["base_ref"], stored["branch"],
                      Oid::parse(stored["base"].get<std::string>()), Oid::parse(stored["head"].get<std::string>()),
                      stored["login"]});
  return groups;
}

// Whose doing the queue's own are; they start workflows as people's do.
Token queue_token() {
  return {TokenKind::kUser, "github-merge-queue[bot]", {}, {}};
}

void emit_merge_group(Forge& forge, const std::string& repository, const Group& group) {
  const auto commit = forge.git(repository).read().commit(group.head);
  Event event;
  event.name = "merge_group";
  event.action = "checks_requested";
  event.repository = repository;
  event.branch = group.base_ref;
  event.ref = group.reference();
  event.sha = group.head.hex();
  event.actor = group.login;
  event.payload = {{"action", event.action},
                   {"merge_group",
                    {{"head_sha", group.head.hex()},
                     {"head_ref", group.reference()},
                     {"base_sha", group.base.hex()},
                     {"base_ref", std::string(kHeads) + group.base_ref},
                     {"head_commit",
                      {{"id", group.head.hex()},
                       {"tree_id", commit.tree.hex()},
                       {"message", commit.message},
                       {"timestamp", to_rfc3339(commit.committer.time)},
                       {"author", {{"name", commit.author.name}, {"email", commit.author.email}}},
                       {"committer", {{"name", commit.committer.name}, {"email", commit.committer.email}}}}}}}};
  forge.emit(std::move(event));
}

void remove(Forge& forge, const std::string& repository, const Group& group) {
  forge.state().remove(group.document);
  static_cast<void>(forge.git(repository).update({{group.reference(), group.head, std::nullopt}}));
}

// What a pull request of this base is tried on: the last group before it, or the base.
Oid end_of_queue(const Forge& forge, const PullRequest& it) {
  std::optional<Oid> end = forge.git(it.repository).reference(std::string(kHeads) + it.base_ref);
  for (const Group& group : groups_of(forge, it.repository))
    if (group.base_ref == it.base_ref) end = group.head;
  return end.value();
}

bool is_next(const Forge& forge, const std::string& repository, const Group& group) {
  const auto groups = groups_of(forge, repository);
  return std::ranges::find(groups, group.base_ref, &Group::base_ref)->document == group.document;
}

void merge(Forge& forge, const std::string& repository, const Group& group, const std::string& base_url) {
  const RefChange moved{std::string(kHeads) + group.base_ref, group.base, group.head};
  remove(forge, repository, group);
  if (forge.git(repository).update({moved})) return;  // the base moved by another way
  finish_merge(forge, *find_pull_request(forge, repository, group.number), moved, queue_token(), base_url);
}

}  // namespace

Json enqueue(Forge& forge, const std::string& repository, long number, const std::string& login) {
  const auto it = find_pull_request(forge, repository, number);
  if (!it || !it->open) throw Error(Fault::kConflict, "there is no open pull request #{}", number);
  const auto method = queue_method(forge, repository, it->base_ref);
  if (!method) throw Error(Fault::kConflict, "`{}` has no merge queue", it->base_ref);
  if (required_checks(forge, repository, it->base_ref, it->head_sha) != true)
    throw Error(Fault::kConflict, "pull request #{} waits for required checks", number);
  const BareRepository bare = forge.git(repository);
  const Oid base = end_of_queue(forge, *it);
  const auto tree = bare.merged_tree(base, Oid::parse(it->head_sha));
  if (!tree) throw Error(Fault::kConflict, "pull request #{} conflicts with what is ahead of it", number);
  Group group{Forge::document(repository, kFolder + numbered(forge.state().next("merge-queue"))),
              number,
              it->base_ref,
              fmt::format("gh-readonly-queue/{}/pr-{}-{}", it->base_ref, number, base.hex()),
              base,
              write_merge(forge, *it, base, *tree, *method, {}, own_signature(forge, queue_token())),
              login};
  if (const auto complaint = bare.update({{group.reference(), std::nullopt, group.head}}))
    throw Error(Fault::kConflict, "{}", *complaint);
  forge.state().put(group.document, {{"number", number},
                                     {"base_ref", group.base_ref},
                                     {"branch", group.branch},
                                     {"base", base.hex()},
                                     {"head", group.head.hex()},
                                     {"login", login}});
  emit_merge_group(forge, repository, group);
  return {{"branch", group.branch}, {"head_sha", group.head.hex()}};
}

void settle_queue(Forge& forge, const std::string& repository, const std::string& base_url) {
  for (const Group& group : groups_of(forge, repository)) {
    const auto passed = required_checks(forge, repository, group.base_ref, group.head.hex());
    if (!passed || (*passed && !is_next(forge, repository, group))) continue;
    if (*passed) {
      merge(forge, repository, group, base_url);
      continue;
    }
    std::vector<Group> behind;
    for (const Group& other : groups_of(forge, repository))
      if (other.base_ref == group.base_ref && other.document > group.document) behind.push_back(other);
    remove(forge, repository, group);
    for (const Group& other : behind) remove(forge, repository, other);
    for (const Group& other : behind) enqueue(forge, repository, other.number, other.login);
    return;
  }
}

}  // namespace waybill::sandbox
