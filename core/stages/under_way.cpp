#include "core/stages/under_way.h"

#include <algorithm>
#include <set>

#include "core/chart/plan_version.h"
#include "core/lineage/keys.h"
#include "core/stages/evidence.h"
#include "core/stages/journey.h"
#include "core/stages/released.h"

namespace waybill::stages {
namespace {

using Patterns = lineage::Branches;

constexpr std::string_view kMark = "<sha8>";

std::string split_branch(const Job& job, const std::string& name, const Oid& source) {
  return Patterns::filled(job.facts.policy.branches.split, name, source.shortened());
}

std::string release_branch(const Job& job, const std::string& name, const Oid& source) {
  return Patterns::filled(job.facts.policy.branches.bump, name, source.shortened());
}

std::string chart_branch(const Job& job, const std::string& name) {
  return Patterns::filled(job.facts.policy.branches.chart, name, "");
}

bool stands(const Job& job, const std::string& path, const std::string& name, const Oid& source) {
  const auto& git = job.ports.git();
  const auto tip = find_branch_tip(job, chart_branch(job, name));
  return (tip && git.subtree(*tip, path) == git.subtree(source, path)) ||
         find_branch_tip(job, split_branch(job, name, source)) ||
         find_branch_tip(job, release_branch(job, name, source));
}

// What integration had of a chart after a commit, newest first, each content at the commit that brought it.
std::vector<Oid> sources_since(const Job& job, const Oid& tip, const std::string& path,
                               const std::optional<Oid>& last) {
  const auto& git = job.ports.git();
  std::vector<Oid> sources;
  std::set<std::optional<Oid>> seen;
  std::optional<Oid> tree;
  bool counts = false;  // the content that the walk is in, as it was not met before
  git.walk_first_parents(tip, [&](const git::Commit& commit) {
    if (commit.id == last) return false;
    const auto now = git.subtree(commit.id, path);
    if (now == tree && counts) sources.back() = commit.id;
    if (now != tree) {
      counts = now && seen.insert(now).second;
      if (counts) sources.push_back(commit.id);
    }
    tree = now;
    return true;
  });
  return sources;
}

// What the newest tag of waybill's says was shipped last: enough to see that nothing stands, not enough to ship
// anything.
std::optional<Oid> said_to_be_shipped(const Job& job, const std::vector<git::Tag>& tags, const std::string& name) {
  for (const auto& release : chart::release_tags(tags, name))
    if (const auto message = lineage::read_tag_message(release.tag))
      return job.ports.git().find_commit(message->source);
  return std::nullopt;
}

std::optional<forge::PullRequest> own_pull_request(const Job& job, const std::string& head, const std::string& base) {
  std::optional<forge::PullRequest> newest;
  for (forge::PullRequest& pull : job.ports.forge().pull_requests(head, base, "all")) {
    if (!is_own(job, pull) || (pull.state != "open" && !pull.merged)) continue;
    if (!newest || newest->number < pull.number) newest = std::move(pull);
  }
  if (newest && newest->state == "open")
    if (const auto tip = find_branch_tip(job, base)) newest->base = *tip;
  return newest;
}

}  // namespace

std::vector<Consignment> under_way(const Job& job) {
  if (job.facts.policy.is_direct()) return unreleased_charts(job).due;
  const auto& git = job.ports.git();
  const Oid tip = branch_tip(job, job.facts.policy.branches.integration);
  const std::vector<git::Tag> tags = git.tags();
  std::vector<Consignment> all;
  for (const std::string& path : chart::chart_paths(git, tip, job.facts.policy.charts)) {
    const std::string name = name_of(job, tip, path);
    const auto newest = git.subtree(tip, path);
    const bool changed = newest != git.subtree(job.facts.anchor, path);
    const auto is_here = [&](const Oid& source) {
      return (changed && git.subtree(source, path) == newest) || stands(job, path, name, source);
    };
    if (std::ranges::none_of(sources_since(job, tip, path, said_to_be_shipped(job, tags, name)), is_here)) continue;
    const auto last = last_shipped(job, consign(job, tip, path));
    std::vector<Oid> sources = sources_since(job, tip, path, last);
    std::ranges::reverse(sources);
    for (const Oid& source : sources) {
      if (!is_here(source)) continue;
      Consignment content = consign(job, source, path);
      // A branch that was cut from main holds what nobody has contributed.
      const bool came = (changed && content.tree == newest) || is_validated(job, content) ||
                        had_statement(job, lineage::keys::kValidate, content);
      if (!came) continue;
      content.shipment.source = source;
      content.shipment.last_shipped = last;
      all.push_back(std::move(content));
    }
  }
  return all;
}

bool is_newest(const Job& job, const Consignment& consignment) {
  const Oid tip = branch_tip(job, job.facts.policy.branches.integration);
  return job.ports.git().subtree(tip, consignment.path) == consignment.tree;
}

bool is_on_chart_branch(const Job& job, const Consignment& consignment) {
  const auto tip = find_branch_tip(job, chart_branch(job, consignment.metadata.name));
  return tip && job.ports.git().subtree(*tip, consignment.path) == consignment.tree;
}

std::string name_of(const Job& job, const Oid& commit, const std::string& path) {
  const auto metadata = metadata_at(job, commit, path);
  return metadata ? metadata->name : consign(job, commit, path).metadata.name;
}

ReleaseBranches::ReleaseBranches(const Job& job, const Oid& integration) : job_(job), tags_(job.ports.git().tags()) {
  constexpr std::string_view kFetched = "refs/remotes/origin/";
  const std::string& pattern = job.facts.policy.branches.bump;
  for (const auto& [name, tip] : job.ports.git().branches(std::string(kFetched) + pattern.substr(0, pattern.find('<'))))
    names_.insert(name.substr(kFetched.size()));
  job.ports.git().walk_first_parents(integration, [this](const git::Commit& commit) {
    commits_.try_emplace(commit.id.shortened(), commit.id, commits_.size());
    return true;
  });
}

bool ReleaseBranches::are_settled(const std::string& path, const std::string& name, const Oid& content) const {
  const auto& git = job_.ports.git();
  const auto shipped = said_to_be_shipped(job_, tags_, name);
  if (shipped && git.subtree(*shipped, path) == content) return true;
  const auto last = shipped ? commits_.find(shipped->shortened()) : commits_.end();
  const std::string& pattern = job_.facts.policy.branches.bump;
  const std::string named = Patterns::filled(pattern, name, kMark);
  const std::size_t mark = named.find(kMark);
  const std::string start = named.substr(0, mark);
  for (auto branch = names_.lower_bound(start); branch != names_.end() && branch->starts_with(start); ++branch) {
    if (!Patterns::matches(pattern, name, *branch)) continue;
    const auto source = commits_.find(branch->substr(mark, 8));
    if (source == commits_.end() || git.subtree(source->second.first, path) != content) continue;
    if (last == commits_.end() || source->second.second < last->second.second) return true;
  }
  return false;
}

std::optional<forge::PullRequest> split_pull_request(const Job& job, const Consignment& consignment) {
  const std::string& name = consignment.metadata.name;
  return own_pull_request(job, split_branch(job, name, *consignment.shipment.source), chart_branch(job, name));
}

std::optional<forge::PullRequest> release_pull_request(const Job& job, const Consignment& consignment) {
  return own_pull_request(job, release_branch(job, consignment.metadata.name, *consignment.shipment.source),
                          job.facts.policy.anchor.branch);
}

bool is_due(const Job& job, std::string_view stage, const Consignment& consignment) {
  return job.ports.verified(requirements(job, stage, consignment)).has_value();
}

std::optional<SetAside> outdated(const Job& job, std::string_view stage, std::string_view key,
                                 const Consignment& consignment) {
  if (is_due(job, stage, consignment) || !had_statement(job, key, consignment)) return std::nullopt;
  return SetAside{consignment.path + " was attested under an earlier policy, its statements are made anew",
                  "validate-contribution"};
}

void take_turns(Survey& survey, std::string_view stage) {
  std::set<std::string> taken;
  std::erase_if(survey.due, [&](const Consignment& consignment) {
    if (taken.insert(consignment.path).second) return false;
    survey.set_aside.push_back(
        {consignment.path + " has a newer content, which takes its turn after this one", std::string(stage)});
    return true;
  });
}

}  // namespace waybill::stages
