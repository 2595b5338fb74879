#include "core/stages/journey.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/chart/plan_version.h"
#include "core/lineage/keys.h"
#include "core/lineage/waybill.h"
#include "core/stages/adopted.h"

namespace waybill::stages {
namespace {

constexpr std::string_view kRemote = "refs/remotes/origin/";

bool is_beside(const chart::Dependency& dependency) {
  return dependency.repository.starts_with("file://");
}

}  // namespace

bool comes_after(const git::Repository& git, const Oid& older, const Oid& newer) {
  return git.find_commit(older.hex()) && git.find_commit(newer.hex()) && git.is_ancestor(older, newer);
}

std::optional<Oid> find_branch_tip(const Job& job, const std::string& branch) {
  return job.ports.git().find_commit(std::string(kRemote) + branch);
}

std::vector<std::string> branches_like(const Job& job, const std::string& pattern, std::string_view chart) {
  const std::string start = lineage::Branches::filled(pattern.substr(0, pattern.find("<sha8>")), chart, "");
  std::vector<std::string> found;
  for (const auto& [name, tip] : job.ports.git().branches(std::string(kRemote) + start))
    if (lineage::Branches::matches(pattern, chart, std::string_view(name).substr(kRemote.size())))
      found.push_back(name.substr(kRemote.size()));
  return found;
}

Oid branch_tip(const Job& job, const std::string& branch) {
  if (const auto tip = find_branch_tip(job, branch)) return *tip;
  throw Error(Fault::kInput, "the repository has no branch `{}`, which the policy names", branch)
      .hint("git push origin " + job.facts.policy.anchor.branch + ":" + branch);
}

Oid named_commit(const Job& job, std::string_view name) {
  if (const auto commit = job.ports.git().resolve(name)) return *commit;
  throw Error(Fault::kInput, "`{}` is no commit, branch or tag here", name)
      .hint("add `fetch-depth: 0` to actions/checkout");
}

Consignment consign(const Job& job, const Oid& commit, const std::string& path) {
  const auto tree = job.ports.git().subtree(commit, path);
  if (!tree) throw Error(Fault::kInput, "commit {} has no chart at `{}`", commit.shortened(), path);
  chart::Subtree subtree = chart::read_subtree(job.ports.git(), *tree, path);
  chart::Metadata metadata = chart::read_metadata(subtree, path);
  const Digest whole = chart::subtree_digest(subtree);
  const Digest shipped = chart::content_digest(subtree, path);
  Consignment consignment{path, std::move(metadata), std::move(subtree), *tree, whole, shipped, commit, {}, {}, {}, {}};
  consignment.shipment.chart = path;
  return consignment;
}

std::optional<chart::Metadata> metadata_at(const Job& job, const Oid& commit, const std::string& path) {
  const auto text = job.ports.git().file(commit, path + "/Chart.yaml", 1024 * 1024);
  if (!text) return std::nullopt;
  return chart::read_metadata(*text, path + "/Chart.yaml");
}

Oid source_of(const Job& job, const Oid& integration, const std::string& path) {
  const auto& git = job.ports.git();
  const auto wanted = git.subtree(integration, path);
  Oid source = integration;
  git.walk_first_parents(integration, [&](const git::Commit& commit) {
    const bool same = git.subtree(commit.id, path) == wanted;
    if (same) source = commit.id;
    return same;
  });
  return source;
}

std::optional<lineage::Upstream> tag_evidence(const Job& job, const chart::ReleaseTag& release,
                                              const std::string& path) {
  try {
    if (!lineage::read_tag_message(release.tag)) return std::nullopt;
    const Consignment shipped = consign(job, release.tag.target, path);
    const auto named = chart::release_tags({release.tag}, shipped.metadata.name);
    if (named.empty() || named.front().version.text() != shipped.metadata.version) return std::nullopt;
    const std::string key(lineage::keys::kTag);
    const bool lost = !job.ports.git().is_ancestor(release.tag.target, job.facts.anchor);
    const auto& verified = lost ? job.ports.verified_and_lost : job.ports.verified_ever;
    return verified({{key, path, shipped.subtree_digest, std::nullopt}});
  } catch (const Error& error) {
    if (error.fault() != Fault::kInput) throw;
    return std::nullopt;  // what it says of itself is not so
  }
}

std::optional<lineage::Stamp> tag_stamp(const Job& job, const chart::ReleaseTag& release, const std::string& path) {
  const auto evidence = tag_evidence(job, release, path);
  return evidence ? std::optional(evidence->at(lineage::keys::kTag, path).stamp) : std::nullopt;
}

std::string release_uri(const Job& job, const std::string& chart, const std::string& version) {
  const auto& anchor = job.facts.policy.anchor;
  return lineage::release_uri(anchor.server, anchor.repository, chart, version);
}

lineage::Requirement release_requirement(const Job& job, const std::string& path, const std::string& chart,
                                         const std::string& version, const Digest& package) {
  return {std::string(lineage::keys::kReleaseOverall), path, package, std::nullopt, release_uri(job, chart, version)};
}

std::optional<lineage::Upstream> package_evidence(const Job& job, const std::string& path, const std::string& chart,
                                                  const std::string& version, const Digest& package) {
  return job.ports.verified_ever({release_requirement(job, path, chart, version, package)});
}

namespace {

// The policy's adopted tags as if git had them there.
std::vector<git::Tag> adopted_tags(const Job& job) {
  std::vector<git::Tag> tags;
  for (const auto& [name, commit] : job.facts.policy.adopted) tags.push_back({name, commit, commit, std::nullopt});
  return tags;
}

bool is_verified(const Job& job, const chart::ReleaseTag& release, const std::string& chart) {
  const auto message = lineage::read_tag_message(release.tag);
  if (!message || release.tag.name != chart::release_tag_name(chart, release.version.text())) return false;
  if (!job.facts.policy.is_direct() && !job.ports.git().is_ancestor(release.tag.target, job.facts.anchor)) return false;
  return tag_stamp(job, release, message->path).has_value();
}

}  // namespace

std::optional<chart::ReleaseTag> newest_release(const Job& job, const std::string& chart,
                                                const std::function<bool(const chart::ReleaseTag&)>& wanted) {
  const auto& adopted = job.facts.policy.adopted;
  std::vector<git::Tag> tags = job.ports.git().tags();
  std::erase_if(tags, [&adopted](const git::Tag& tag) { return adopted.contains(tag.name); });
  std::ranges::move(adopted_tags(job), std::back_inserter(tags));
  for (const chart::ReleaseTag& release : chart::release_tags(tags, chart)) {
    const bool is_adopted = adopted.contains(release.tag.name);
    if (is_adopted) require_adopted_here(job.ports.git(), release.tag.name, release.tag.target);
    if (wanted(release) && (is_adopted || is_verified(job, release, chart))) return release;
  }
  return std::nullopt;
}

std::optional<Oid> last_shipped(const Job& job, const Consignment& consignment) {
  const bool direct = job.facts.policy.is_direct();
  std::optional<Oid> last;
  const auto advance = [&](const std::optional<Oid>& source) {
    if (source && (!last || comes_after(job.ports.git(), *last, *source))) last = source;
  };
  for (const auto& release : chart::release_tags(adopted_tags(job), consignment.metadata.name)) {
    require_adopted_here(job.ports.git(), release.tag.name, release.tag.target);
    if (!job.ports.git().is_ancestor(release.tag.target, job.facts.anchor)) continue;
    advance(release.tag.target);
    break;
  }
  for (const auto& release : chart::release_tags(job.ports.git().tags(), consignment.metadata.name)) {
    const auto message = lineage::read_tag_message(release.tag);
    if (!message || !job.ports.git().subtree(release.tag.target, consignment.path)) continue;
    const bool on_main = job.ports.git().is_ancestor(release.tag.target, job.facts.anchor);
    if (!on_main && !direct) continue;
    if (const auto stamp = tag_stamp(job, release, consignment.path)) {
      advance(direct ? release.tag.target : stamp->shipment.source);
      return last;
    }
    // Signers may have changed since. What such a tag says is looked past to the next verified one: it can only hold a
    // shipment back, never let one through.
    if (on_main) advance(direct ? release.tag.target : job.ports.git().find_commit(message->source));
  }
  return last;
}

void require_after_shipped(const Job& job, const Consignment& consignment, const lineage::Shipment& shipment) {
  const auto& git = job.ports.git();
  const std::string& path = consignment.path;
  if (!shipment.source) throw Error(Fault::kUntrusted, "{}: its evidence names no commit of integration", path);
  const Oid& source = *shipment.source;
  const std::string& integration = job.facts.policy.branches.integration;
  const auto last = last_shipped(job, consignment);
  const auto refuse_shipped = [&] {
    throw Error(Fault::kUntrusted, "{}: commit {} does not come after {}, which is shipped already", path, source.hex(),
                last->hex())
        .hint("an older state is shipped again by reverting on `" + integration + "`");
  };
  // What is older than the last shipment need not be looked at.
  bool found = false;
  bool spent = false;
  git.walk_first_parents(branch_tip(job, integration), [&](const git::Commit& commit) {
    found = commit.id == source;
    spent = commit.id == last;
    return !found && !spent;
  });
  if (spent && comes_after(git, source, *last)) refuse_shipped();
  if (!found)
    throw Error(Fault::kUntrusted, "{}: commit {} is not on the first-parent history of `{}`", path, source.hex(),
                integration);
  if (last && !comes_after(git, *last, source)) refuse_shipped();
}

void require_forward(const Job& job, const Consignment& consignment, const lineage::Shipment& shipment) {
  require_after_shipped(job, consignment, shipment);
  if (job.ports.git().subtree(*shipment.source, consignment.path) != consignment.tree)
    throw Error(Fault::kUntrusted, "{}: commit {} on `{}` holds other content than what is shipped", consignment.path,
                shipment.source->hex(), job.facts.policy.branches.integration);
}

bool is_own(const Job& job, const forge::PullRequest& pull) {
  return pull.author == job.facts.policy.app && pull.head_repository == job.facts.policy.anchor.repository;
}

void require_own(const Job& job, const forge::PullRequest& pull, const std::string& pattern, std::string_view chart) {
  if (!is_own(job, pull))
    throw Error(Fault::kUntrusted, "pull request #{} is by `{}` from `{}`; only `{}` may open it from `{}`",
                pull.number, pull.author, pull.head_repository, job.facts.policy.app,
                job.facts.policy.anchor.repository);
  if (!lineage::Branches::matches(pattern, chart, pull.head_ref))
    throw Error(Fault::kUntrusted, "pull request #{} comes from branch `{}`; `{}` is wanted", pull.number,
                pull.head_ref, lineage::Branches::filled(pattern, chart, "<sha8>"));
}

std::optional<forge::PullRequest> source_pull(const Job& job, const Oid& commit) {
  constexpr std::string_view kForge = "noreply@github.com";  // commits what is merged there
  const git::Signature committer = job.ports.git().commit(commit).committer;
  const bool just_merged = committer.email == kForge && job.facts.now - committer.time < std::chrono::minutes(2);
  for (const auto& pull : job.ports.forge().pull_requests_of(commit, just_merged))
    if (pull.merged && pull.base_ref == job.facts.policy.anchor.branch &&
        (!pull.merge_commit || *pull.merge_commit == commit))
      return pull;
  return std::nullopt;
}

std::vector<git::Commit> watched_commits(const Job& job) {
  const auto& git = job.ports.git();
  std::vector<git::Commit> commits;
  git.walk_first_parents(job.facts.anchor, [&](const git::Commit& commit) {
    const bool after = !commit.parents.empty() && git.file(commit.parents.front(), lineage::kPolicyFile, 1024 * 1024);
    if (after) commits.push_back(commit);
    return after;
  });
  std::ranges::reverse(commits);
  return commits;
}

Oid policy_start(const Job& job) {
  const auto commits = watched_commits(job);
  return commits.empty() ? job.facts.anchor : commits.front().parents.front();
}

std::string only_changed_chart(const Job& job, const Oid& base, const Oid& head) {
  const chart::Changes changes = chart::changed_charts(job.ports.git(), base, head, job.facts.policy.charts);
  if (changes.charts.size() == 1 && changes.others.empty()) return changes.charts.front().path;
  std::string found;
  for (const auto& changed : changes.charts) found += " " + changed.path;
  for (const auto& other : changes.others) found += " " + other;
  throw Error(Fault::kUntrusted, "from {} to {} exactly one chart may change, but these differ:{}", base.shortened(),
              head.shortened(), found.empty() ? " none" : found);
}

Oid replaced_tree(const git::Repository& git, const Oid& commit, const std::string& path, const Oid& subtree) {
  if (path == ".") return subtree;
  return git::overlaid_tree(git, git.commit(commit).tree, {{path, git::Entry{path, git::Mode::kTree, subtree}}});
}

bool holds_charts(const Consignment& chart) {
  return std::ranges::any_of(chart.metadata.dependencies, is_beside);
}

bool depends_on(const Consignment& chart, const Consignment& other) {
  return std::ranges::any_of(chart.metadata.dependencies, [&other](const chart::Dependency& dependency) {
    return is_beside(dependency) && dependency.name == other.metadata.name;
  });
}

bool has_statement(const Job& job, std::string_view key, const Consignment& consignment) {
  return job.ports.verified({{std::string(key), consignment.path, consignment.subject_of(key), std::nullopt}})
      .has_value();
}

bool had_statement(const Job& job, std::string_view key, const Consignment& consignment) {
  return job.ports.verified_ever({{std::string(key), consignment.path, consignment.subject_of(key), std::nullopt}})
      .has_value();
}

bool is_validated(const Job& job, const Consignment& consignment) {
  return has_statement(job, lineage::keys::kValidate, consignment);
}

bool is_released(const Job& job, const Consignment& consignment) {
  return had_statement(job, lineage::keys::kTag, consignment);
}

std::optional<Consignment> on_main(const Job& job, const std::string& path) {
  if (!job.ports.git().subtree(job.facts.anchor, path)) return std::nullopt;
  return consign(job, job.facts.anchor, path);
}

}  // namespace waybill::stages
