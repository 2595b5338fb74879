#include "core/stages/bring_back.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/chart/release_edit.h"
#include "core/stages/journey.h"

namespace waybill::stages {
namespace {

constexpr std::size_t kFileBytes = 1024 * 1024;
constexpr std::string_view kChartFile = "Chart.yaml";

using Found = std::optional<git::Entry>;  // what a commit has at a path: mode and blob

Found entry_at(const git::Repository& git, const Oid& commit, std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const bool nested = slash != std::string_view::npos;
  const auto folder = git.subtree(commit, nested ? path.substr(0, slash) : "");
  if (!folder) return std::nullopt;
  const auto entries = git.children(*folder);
  const auto found = std::ranges::find(entries, nested ? path.substr(slash + 1) : path, &git::Entry::path);
  if (found == entries.end() || found->mode == git::Mode::kTree) return std::nullopt;
  return git::Entry{std::string(path), found->mode, found->id};
}

// The chart that a file belongs to, if it is the chart's own Chart.yaml.
std::optional<std::string> chart_of(std::string_view path) {
  if (!path.ends_with("/" + std::string(kChartFile))) return std::nullopt;
  return std::string(path.substr(0, path.size() - kChartFile.size() - 1));
}

// Integration's Chart.yaml with the released version; nothing when one of them has no such file.
std::optional<std::string> ongoing(const git::Repository& git, const Oid& integration, const Oid& main,
                                   const std::string& path) {
  const auto ours = git.file(integration, path, kFileBytes);
  const auto theirs = git.file(main, path, kFileBytes);
  if (!ours || !theirs) return std::nullopt;
  return chart::with_released_version(*ours, *theirs, path);
}

class Composition {
 public:
  Composition(const Job& job, const Oid& integration, const Sources& fresh)
      : job_(job), git_(job.ports.git()), integration_(integration), main_(job.facts.anchor), fresh_(fresh) {
    charts_ = chart::chart_paths(git_, main_, job.facts.policy.charts);
  }

  // False when people must decide.
  bool compose() {
    const auto base = git_.merge_base(integration_, main_);
    if (!base) return false;
    const Oid before = git_.commit(*base).tree;
    const auto ours = git_.changes(before, git_.commit(integration_).tree);
    for (const auto& [path, change] : git_.changes(before, git_.commit(main_).tree)) {
      const Found there = entry_at(git_, main_, path);
      if (!ours.contains(path))
        lay(path, there);
      else if (entry_at(git_, integration_, path) != there && !resolve(path, there))
        return false;
    }
    return contested_;
  }

  std::vector<EnsureMergeCommit::Entry> entries;

 private:
  void lay(const std::string& path, const Found& entry) { entries.push_back({path, entry, std::nullopt}); }

  bool resolve(const std::string& path, const Found& there) {
    contested_ = true;
    const auto shipped = source_of_chart(path);
    if (!shipped) return false;
    const Found then = entry_at(git_, *shipped, path);
    const Found here = entry_at(git_, integration_, path);
    if (here == then) {
      lay(path, there);
      return true;
    }
    if (there == then) return true;
    const auto chart = chart_of(path);
    const auto text = chart && then && released_only(*chart, path, *shipped) ? ongoing(git_, integration_, main_, path)
                                                                             : std::nullopt;
    if (text && here) entries.push_back({path, here, *text});
    return text.has_value();
  }

  // What the default branch changed in this Chart.yaml is a release and nothing else.
  bool released_only(const std::string& chart, const std::string& path, const Oid& shipped) const {
    const auto one = git_.file(main_, path, kFileBytes);
    const auto other = git_.file(shipped, path, kFileBytes);
    if (!one || !other) return false;
    return chart::same_but_release_owned({{std::string(kChartFile), {git::Mode::kFile, *one}}},
                                         {{std::string(kChartFile), {git::Mode::kFile, *other}}}, chart);
  }

  std::optional<Oid> source_of_chart(const std::string& path) {
    const auto chart = std::ranges::find_if(
        charts_, [&path](const std::string& one) { return one == "." || path.starts_with(one + "/"); });
    if (chart == charts_.end()) return std::nullopt;
    if (const auto found = fresh_.find(*chart); found != fresh_.end()) return found->second;
    const auto [known, missing] = known_.try_emplace(*chart);
    if (missing) known->second = last_shipped(job_, consign(job_, main_, *chart));
    return known->second && git_.find_commit(known->second->hex()) ? known->second : std::nullopt;
  }

  const Job& job_;
  const git::Repository& git_;
  Oid integration_;
  Oid main_;
  const Sources& fresh_;
  std::vector<std::string> charts_;
  std::map<std::string, std::optional<Oid>> known_;
  bool contested_ = false;
};

}  // namespace

std::optional<EnsureMergeCommit> composed_return(const Job& job, const Oid& integration, const Sources& fresh) {
  const auto& git = job.ports.git();
  Composition composition(job, integration, fresh);
  if (!composition.compose()) return std::nullopt;
  std::map<std::string, std::optional<git::Entry>> laid;
  for (const auto& [path, entry, content] : composition.entries) {
    auto& there = laid[path] = entry;
    if (content) there->id = git::blob_id(*content);
  }
  const Oid tree = git.commit(integration).tree;
  const auto& branches = job.facts.policy.branches;
  return EnsureMergeCommit{
      .branch = lineage::Branches::filled(branches.sync, "", job.facts.anchor.shortened()),
      .parent = integration,
      .merged = job.facts.anchor,
      .parent_tree = tree,
      .entries = std::move(composition.entries),
      .tree = git::overlaid_tree(git, tree, laid),
      .message = fmt::format("Bring {} back to {}\n", job.facts.policy.anchor.branch, branches.integration)};
}

bool only_brings_back(const Job& job, const Oid& head) {
  const auto& git = job.ports.git();
  if (git.is_ancestor(head, job.facts.anchor)) return true;
  const git::Commit commit = git.commit(head);
  if (commit.parents.size() != 2) return false;
  const Oid& integration = commit.parents.front();
  const Oid& main = commit.parents.back();
  const auto tip = find_branch_tip(job, job.facts.policy.branches.integration);
  if (!tip || !git.is_ancestor(integration, *tip) || !git.is_ancestor(main, job.facts.anchor)) return false;
  return std::ranges::all_of(git.changes(git.commit(integration).tree, commit.tree), [&](const auto& changed) {
    const std::string& path = changed.first;
    const Found now = entry_at(git, head, path);
    if (now == entry_at(git, main, path)) return true;
    const Found before = entry_at(git, integration, path);
    const auto text = chart_of(path) && before ? ongoing(git, integration, main, path) : std::nullopt;
    return text && now && now->mode == before->mode && now->id == git::blob_id(*text);
  });
}

}  // namespace waybill::stages
