#include "core/app/applier.h"
#include "core/app/own_check.h"
#include "core/base/error.h"

namespace waybill::app {
namespace {

std::string octal(git::Mode mode) {
  return fmt::format("{:06o}", static_cast<unsigned>(mode));
}

}  // namespace

bool Applier::ensure(const stages::EnsureBranch& step) {
  const std::string reference = "refs/heads/" + step.name;
  const auto there = app_.reference(reference);
  if (there == step.commit) return true;
  if (there)
    throw Error(Fault::kConflict, "branch `{}` is at {}, {} is wanted", step.name, there->hex(), step.commit.hex())
        .hint("git push origin --delete " + step.name);
  app_.create_reference(reference, step.commit);
  return false;
}

bool Applier::is_made(const std::string& branch, const Oid& tip, const Oid& tree,
                      const std::vector<Oid>& parents) const {
  const auto there = app_.commit(tip);
  const bool same = there && there->tree == tree && there->parents == parents;
  if (same && there->author == job_.facts.policy.app) return true;
  std::string wanted;
  for (const Oid& parent : parents) wanted += (wanted.empty() ? "" : " and ") + parent.hex();
  throw Error(Fault::kConflict, "branch `{}` is at {} by `{}`; a commit by `{}` with parent {} and tree {} is wanted",
              branch, tip.hex(), there ? there->author : "", job_.facts.policy.app, wanted, tree.hex())
      .hint("git push origin --delete " + branch);
}

void Applier::make_commit(const std::string& branch, const std::optional<Oid>& tip, const Oid& planned, const Oid& tree,
                          const std::string& message, const std::vector<Oid>& parents) {
  if (tree != planned)
    throw Error(Fault::kInternal, "the forge composed tree {}, {} was planned", tree.hex(), planned.hex());
  const Oid commit = app_.create_commit(message, tree, parents);
  if (tip)
    app_.update_reference("refs/heads/" + branch, commit);
  else
    app_.create_reference("refs/heads/" + branch, commit);
}

bool Applier::ensure(const stages::EnsureCommit& step) {
  const auto tip = app_.reference("refs/heads/" + step.branch);
  if (tip && *tip != step.parent) return is_made(step.branch, *tip, step.tree, {step.parent});
  Oid tree = step.parent_tree;
  if (step.subtree) tree = app_.create_tree(tree, {{step.path, "040000", "tree", step.subtree, std::nullopt}});
  if (!step.files.empty()) {
    std::vector<forge::TreeEntry> entries;
    for (const auto& file : step.files)
      entries.push_back({file.path, octal(file.mode), "blob", std::nullopt, file.content});
    tree = app_.create_tree(tree, entries);
  }
  make_commit(step.branch, tip, step.tree, tree, step.message, {step.parent});
  return false;
}

bool Applier::ensure(const stages::EnsureMergeCommit& step) {
  std::vector<Oid> parents{step.parent};
  if (step.merged) parents.push_back(*step.merged);
  if (const auto tip = app_.reference("refs/heads/" + step.branch))
    return is_made(step.branch, *tip, step.tree, parents);
  std::vector<forge::TreeEntry> entries;
  for (const auto& [path, object, content] : step.entries)
    entries.push_back({path, octal(object ? object->mode : git::Mode::kFile), "blob",
                       object && !content ? std::optional(object->id) : std::nullopt, content});
  const Oid tree = entries.empty() ? step.parent_tree : app_.create_tree(step.parent_tree, entries);
  make_commit(step.branch, std::nullopt, step.tree, tree, step.message, parents);
  return false;
}

bool Applier::ensure(const stages::EnsureTag& step) {
  if (const auto there = app_.tag(step.name)) {
    const auto message = lineage::read_tag_message(there->message);
    const bool same = there->target == step.commit && message && message->chart == step.message.chart &&
                      message->version == step.message.version && message->commit == step.message.commit;
    if (same) return true;
    throw Error(Fault::kConflict, "tag `{}` is at {}, {} is wanted", step.name, there->target.hex(), step.commit.hex())
        .hint("a tag never moves: release the chart under a new version");
  }
  lineage::TagMessage message = step.message;
  for (const Ledger::Receipt& receipt : ledger_.receipts())
    if (receipt.chart == message.path) message.entries.insert_or_assign(receipt.key, receipt.entry);
  const Oid object = app_.create_tag(step.name, lineage::write_tag_message(message), step.commit);
  app_.create_reference("refs/tags/" + step.name, object);
  return false;
}

bool Applier::ensure(const stages::EnsureCheck& step) {
  const auto* commit = std::get_if<Oid>(&step.head);
  const auto head =
      commit != nullptr ? std::optional(*commit) : app_.reference("refs/heads/" + std::get<std::string>(step.head));
  if (!head) throw Error(Fault::kConflict, "branch `{}` is gone", std::get<std::string>(step.head));
  const std::string id = own_check_id(step.pull_request, step.base_ref, step.base, *head);
  for (const auto& check : app_.check_runs(*head))
    if (check.name == step.name && check.external_id == id && check.conclusion == "success") return true;
  app_.create_check(step.name, *head, "success", step.title, step.summary.empty() ? step.title : step.summary, id);
  return false;
}

bool Applier::ensure(const stages::EnsureRuleset& step) {
  app_.keep_ruleset(step.name, step.body);
  return false;
}

}  // namespace waybill::app
