#include "core/stages/other_files.h"

#include <algorithm>
#include <map>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/chart/release_edit.h"
#include "core/stages/journey.h"
#include "core/stages/protected_paths.h"

namespace waybill::stages {
namespace {

constexpr std::size_t kListed = 50;

using Entries = std::map<std::string, std::optional<git::Entry>>;

std::optional<git::Entry> entry_of(const std::map<std::string, git::Entry>& files, const std::string& path) {
  const auto found = files.find(path);
  return found == files.end() ? std::nullopt : std::optional(found->second);
}

std::map<std::string, git::Entry> files_of(const Job& job, const Oid& commit) {
  std::map<std::string, git::Entry> files;
  for (git::Entry& file : job.ports.git().files(job.ports.git().commit(commit).tree))
    files.emplace(file.path, std::move(file));
  return files;
}

bool is_plain(const std::optional<git::Entry>& entry) {
  return !entry || entry->mode == git::Mode::kFile || entry->mode == git::Mode::kExecutable;
}

struct Waiting {
  Entries entries;                     // as integration has them
  std::vector<std::string> contested;  // changed on the default branch too
};

Waiting waiting(const Job& job, const Oid& integration) {
  const auto& git = job.ports.git();
  const auto base = git.merge_base(integration, job.facts.anchor);
  if (!base) return {};
  auto others = chart::changed_charts(git, *base, integration, job.facts.policy.charts).others;
  const auto never = never_carried(job, integration, others);
  std::erase_if(others, [&never](const std::string& path) { return std::ranges::find(never, path) != never.end(); });
  if (others.empty()) return {};
  const auto theirs = git.changes(git.commit(*base).tree, git.commit(job.facts.anchor).tree);
  const auto here = files_of(job, integration);
  const auto there = files_of(job, job.facts.anchor);
  Waiting waiting;
  for (const std::string& path : others) {
    if (entry_of(here, path) == entry_of(there, path)) continue;
    if (theirs.contains(path))
      waiting.contested.push_back(path);
    else
      waiting.entries.emplace(path, entry_of(here, path));
  }
  return waiting;
}

// The last commit of integration that changed one of these.
Oid source_of(const Job& job, const Oid& integration, const Entries& entries) {
  const auto& git = job.ports.git();
  Oid source = integration;
  git.walk_first_parents(integration, [&](const git::Commit& commit) {
    if (commit.parents.empty()) return false;
    source = commit.id;
    const auto changes = git.changes(git.commit(commit.parents.front()).tree, commit.tree);
    return std::ranges::none_of(entries, [&](const auto& entry) { return changes.contains(entry.first); });
  });
  return source;
}

std::string listed(const Entries& entries) {
  std::string list;
  std::size_t count = 0;
  for (const auto& [path, entry] : entries)
    if (++count <= kListed)
      list += fmt::format("- `{}`{}\n", chart::harmless(printable_line(path)), entry ? "" : " (deleted)");
  if (count > kListed) list += fmt::format("- and {} more\n", count - kListed);
  return list;
}

void close_others(Plan& plan, const Job& job, const std::string& branch) {
  for (const std::string& other : branches_like(job, job.facts.policy.branches.carry, "")) {
    if (other == branch) continue;
    for (const auto& pull : job.ports.forge().pull_requests(other, job.facts.policy.anchor.branch, "open"))
      if (is_own(job, pull))
        plan.add(EnsureClosed{pull.number,
                              fmt::format("`{}` has other content now", job.facts.policy.branches.integration)});
  }
}

}  // namespace

std::vector<std::string> never_carried(const Job& job, const Oid& head, const std::vector<std::string>& others) {
  if (!job.facts.policy.carries_other_files || others.empty()) return others;
  const auto files = files_of(job, head);
  std::vector<std::string> never;
  for (const std::string& path : others)
    if (is_protected(job.facts.policy, path) || !is_plain(entry_of(files, path))) never.push_back(path);
  return never;
}

void carry_other_files(Plan& plan, const Job& job) {
  const auto& policy = job.facts.policy;
  if (!policy.carries_other_files || policy.is_direct()) return;
  const auto& git = job.ports.git();
  const Oid integration = branch_tip(job, policy.branches.integration);
  const Waiting waiting = stages::waiting(job, integration);
  for (const std::string& path : waiting.contested)
    plan.note(fmt::format("{} waits for `{}` to come back to `{}`", printable_line(path), policy.anchor.branch,
                          policy.branches.integration));
  if (waiting.entries.empty()) return;
  const Oid source = source_of(job, integration, waiting.entries);
  const std::string branch = lineage::Branches::filled(policy.branches.carry, "", source.shortened());
  close_others(plan, job, branch);
  for (const auto& pull : job.ports.forge().pull_requests(branch, policy.anchor.branch, "all"))
    if (is_own(job, pull)) {
      plan.note(fmt::format("{} files of no chart wait in pull request #{}", waiting.entries.size(), pull.number));
      return;
    }
  const Oid tree = git.commit(job.facts.anchor).tree;
  EnsureMergeCommit commit{.branch = branch,
                           .parent = job.facts.anchor,
                           .merged = std::nullopt,
                           .parent_tree = tree,
                           .entries = {},
                           .tree = git::overlaid_tree(git, tree, waiting.entries),
                           .message = fmt::format("Carry {} files of no chart to {}\n\nWaybill-Source: {}\n",
                                                  waiting.entries.size(), policy.anchor.branch, source.hex())};
  for (const auto& [path, entry] : waiting.entries) commit.entries.push_back({path, entry, std::nullopt});
  plan.add(std::move(commit));
  plan.add(EnsurePullRequest{
      branch,
      policy.anchor.branch,
      fmt::format("{} files of no chart", waiting.entries.size()),
      fmt::format("As commit {} of `{}` has them. Nothing is released by this; people merge it.\n\n{}", source.hex(),
                  policy.branches.integration, listed(waiting.entries)),
      {}});
}

}  // namespace waybill::stages
