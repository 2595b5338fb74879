// validate-and-bump: a release pull request gets its version and changelog, and the verdict over everything before it.

#include <set>

#include "core/base/error.h"
#include "core/lineage/keys.h"
#include "core/stages/evidence.h"
#include "core/stages/journey.h"
#include "core/stages/merge_group.h"
#include "core/stages/release_plan.h"
#include "core/stages/released.h"
#include "core/stages/table.h"
#include "core/stages/under_way.h"

namespace waybill::stages {
namespace {

namespace keys = lineage::keys;

constexpr std::string_view kName = "validate-and-bump";
constexpr Output kChart{"chart", Type::kString, "Path of the chart"};
constexpr Output kVersion{"version", Type::kString, "The version it is released as"};

// A release branch is one commit with the contribution, or that and the bump: nothing else may stand on it.
struct Branch {
  Oid contribution;
  std::optional<Oid> bump;
};

Branch read_branch(const Job& job, const forge::PullRequest& pull) {
  const auto commits = job.ports.git().history(pull.head, {main_before(job, pull)}, 1000);
  if (commits.empty() || commits.size() > 2)
    throw Error(Fault::kUntrusted, "pull request #{} brings {} commits; one contribution and one bump are wanted",
                pull.number, commits.size());
  for (const auto& commit : commits)
    if (commit.parents.size() != 1)
      throw Error(Fault::kUntrusted, "pull request #{}: commit {} is a merge", pull.number, commit.id.hex());
  if (commits.size() == 1) return {commits.front().id, std::nullopt};
  return {commits.back().id, commits.front().id};
}

// The chart that the pull request is about. An empty contribution (a hotfix that lies on main already) names it by its
// branch.
std::string chart_of(const Job& job, const forge::PullRequest& pull, const Branch& branch) {
  const auto& git = job.ports.git();
  const Oid base = git.commit(branch.contribution).parents.front();
  if (git.commit(base).tree != git.commit(pull.head).tree) return only_changed_chart(job, base, pull.head);
  for (const std::string& path : chart::chart_paths(git, pull.head, job.facts.policy.charts))
    if (const auto metadata = readable_metadata(job, pull.head, path);
        metadata && lineage::Branches::matches(job.facts.policy.branches.bump, metadata->name, pull.head_ref))
      return path;
  throw Error(Fault::kUntrusted, "pull request #{} changes no chart", pull.number);
}

// People's pull requests release nothing in a direct pipeline: they are contributions.
bool is_contribution(const Job& job, const forge::PullRequest& pull) {
  return job.facts.policy.is_direct() && !is_own(job, pull);
}

// Composed to release something, not to carry files of no chart.
bool is_release(const Job& job, const forge::PullRequest& pull) {
  return is_own(job, pull) && !lineage::Branches::matches(job.facts.policy.branches.carry, "", pull.head_ref);
}

// Workflows, policy, documents: people's pull requests that release nothing in any.
bool touches_no_chart(const Job& job, const forge::PullRequest& pull) {
  const Oid base = job.ports.git().merge_base(pull.base, pull.head).value_or(pull.base);
  return chart::changed_charts(job.ports.git(), base, pull.head, job.facts.policy.charts).charts.empty();
}

// What a pull request of waybill's own brings, as it was contributed.
Consignment brought_by(const Job& job, const forge::PullRequest& pull) {
  if (!is_own(job, pull))
    throw Error(Fault::kUntrusted, "pull request #{} is by `{}` from `{}`; a release is composed by `{}` alone",
                pull.number, pull.author, pull.head_repository, job.facts.policy.app)
        .hint("send the change to `" + job.facts.policy.branches.integration +
              "`; a hotfix is merged by an admin and released after the sync");
  const Branch branch = read_branch(job, pull);
  Consignment consignment = consign(job, branch.contribution, chart_of(job, pull, branch));
  require_own(job, pull, job.facts.policy.branches.bump, consignment.metadata.name);
  consignment.waybill = waybill_of(pull);
  consignment.pull = pull;
  return consignment;
}

void consider(const Job& job, Consignment consignment, Survey& survey) {
  if (auto old = outdated(job, kName, keys::kFormat, consignment))
    survey.set_aside.push_back(*std::move(old));
  else
    survey.due.push_back(std::move(consignment));
}

// Without a pull request: every release that waits before the default branch, or came onto it, without a verdict that
// counts.
void survey_under_way(const Job& job, Survey& survey) {
  for (const Consignment& content : under_way(job)) {
    const auto pull = release_pull_request(job, content);
    if (!pull || (pull->merged && !pull->merge_commit) || !job.ports.git().find_commit(pull->head.hex())) continue;
    const bool verified = has_statement(job, keys::kOverall, consign(job, pull->head, content.path));
    if (verified && pull->merged)
      survey.set_aside.push_back({content.path + " is verified and merged", "tag-charts"});
    else if (pull->merged && !read_branch(job, *pull).bump)
      survey.set_aside.push_back(
          {fmt::format(
               "{} came to `{}` without a version by pull request #{}, it is released with the next contribution",
               content.path, job.facts.policy.anchor.branch, pull->number),
           ""});
    else if (!verified)
      consider(job, brought_by(job, *pull), survey);
  }
  take_turns(survey, kName);
}

Survey survey(const Job& job) {
  Survey survey;
  if (job.facts.group) return survey;
  if (!job.facts.pull) {
    survey_under_way(job, survey);
    return survey;
  }
  const forge::PullRequest& pull = *job.facts.pull;
  if (pull.base_ref != job.facts.policy.anchor.branch)
    throw Error(Fault::kUntrusted, "pull request #{} is into `{}`; releases go into `{}`", pull.number, pull.base_ref,
                job.facts.policy.anchor.branch);
  if (is_contribution(job, pull)) return survey;
  if (is_release(job, pull) || !touches_no_chart(job, pull)) consider(job, brought_by(job, pull), survey);
  return survey;
}

std::vector<EnsureCommit::File> edited_files(const std::string& path, const chart::Subtree& before,
                                             const chart::Subtree& after) {
  std::vector<EnsureCommit::File> files;
  for (const auto& [name, file] : after) {
    const auto found = before.find(name);
    if (found == before.end() || found->second != file) files.push_back({path + "/" + name, file.mode, file.content});
  }
  return files;
}

// The base of this chart must still be what the contribution was composed on, and integration must have had all of it.
void require_fresh(const Job& job, const Consignment& consignment, const Oid& base) {
  const auto& git = job.ports.git();
  const Oid main = main_before(job, consignment.pull);
  const bool direct = job.facts.policy.is_direct();
  if (git.subtree(base, consignment.path) != git.subtree(main, consignment.path))
    throw Error(Fault::kStale, "{} changed on `{}` since this pull request was composed on {}", consignment.path,
                job.facts.policy.anchor.branch, base.shortened())
        .hint(direct ? "format-chart-pr closes it and composes the chart anew: gh workflow run format-chart-pr.yml"
                     : "close the pull request; the chart is composed anew after the sync");
  if (!has_everything_of_main(job, consignment, consignment.shipment, main))
    throw Error(Fault::kUntrusted, "{}: commit {} on `{}` is not part of what was validated", consignment.path,
                source_of(job, main, consignment.path).hex(), job.facts.policy.anchor.branch)
        .hint(direct ? "gh workflow run format-chart-pr.yml" : "merge the sync pull request first");
}

void verify_and_bump(Plan& plan, const Job& job, Consignment consignment, ChartNames& names,
                     std::set<std::string>& next) {
  const auto& git = job.ports.git();
  const forge::PullRequest& pull = *consignment.pull;
  consignment.shipment = job.upstream.at(keys::kFormat, consignment.path).stamp.shipment;
  require_forward(job, consignment, consignment.shipment);
  const Branch branch = read_branch(job, pull);
  const Oid base = git.commit(branch.contribution).parents.front();
  require_fresh(job, consignment, base);

  Release release = plan_release(job, consignment, consignment.shipment, base);
  Consignment final = consignment;
  final.metadata = chart::read_metadata(release.subtree, consignment.path);
  final.tree = chart::tree_id(release.subtree);
  final.subtree_digest = chart::subtree_digest(release.subtree);
  final.content_digest = chart::content_digest(release.subtree, consignment.path);
  final.subtree = std::move(release.subtree);

  const bool bumped = branch.bump && git.subtree(*branch.bump, final.path) == final.tree;
  if (branch.bump && !bumped)
    throw Error(Fault::kUntrusted, "pull request #{}: commit {} is not the release edit of {} that planning gives",
                pull.number, branch.bump->hex(), final.path)
        .hint("remove the commit from the branch; waybill makes it again");
  if (pull.merged && !bumped)
    throw Error(Fault::kUntrusted, "pull request #{} was merged before {} had its version", pull.number, final.path)
        .hint("contribute the chart again; it is released with its next version");

  std::vector<lineage::Check> checks = structure_checks(job, final, names);
  for (const KubernetesCheck& check : run_checks(job, final))
    for (const lineage::Check& one : check.checks)
      checks.push_back({keys::lint_test(check.kubernetes) + "/" + one.name, one.passed, one.command});
  const auto demanded = job.facts.policy.demanded_by(kName);
  auto everything = demanded;
  everything.insert(everything.end(), {std::string(keys::kVerify), std::string(keys::kSemver)});

  Json reasons = Json::array();
  for (const auto& reason : release.planned.reasons)
    reasons.push_back({{"subject", reason.subject}, {"level", chart::level_name(reason.level)}, {"why", reason.why}});
  plan.add(tested(job, kName, keys::kVerify, final, std::move(checks), demanded));
  plan.add(produced(job, kName, keys::kSemver, final,
                    {{"version", release.planned.version.text()},
                     {"previous", release.planned.previous ? release.planned.previous->text() : ""},
                     {"level", chart::level_name(release.planned.level)},
                     {"reasons", reasons}},
                    demanded));
  plan.add(Claim{std::string(keys::kOverall), stamp(job, kName, keys::kOverall, final), final.subjects(), everything,
                 Claim::Summarised{release_uri(job, final.metadata.name, final.metadata.version),
                                   {std::string(lineage::kVerifiedLevel)}}});
  plan.output(kChart.name, final.path);
  plan.output(kVersion.name, final.metadata.version);
  if (!bumped)
    plan.add(EnsureCommit{pull.head_ref, branch.contribution, git.commit(branch.contribution).tree, final.path,
                          std::nullopt, edited_files(final.path, consignment.subtree, final.subtree),
                          replaced_tree(git, branch.contribution, final.path, final.tree),
                          fmt::format("{}: version {}\n", final.metadata.name, final.metadata.version)});
  plan.add(EnsureWaybill{pull.number, carried(job, consignment)});
  if (pull.merged) {
    next.insert("tag-charts");
    return;
  }
  std::vector<std::string_view> answered{kName};
  // The branch demands it of contributions, and so of this pull request too.
  if (job.facts.policy.is_direct()) answered.push_back(kValidateContribution.name);
  for (const std::string_view stage : answered) {
    EnsureCheck check = own_check(pull, stage, "release " + final.metadata.version, release.section);
    check.head = pull.head_ref;
    plan.add(check);
  }
  if (job.facts.policy.merging.main && bumped)
    plan.add(EnsureMerged{pull.number, pull.head, pull.base_ref, "squash",
                          fmt::format("{} (#{})", pull.title, pull.number), ""});
}

Plan plan(const Job& job) {
  Plan plan;
  if (job.facts.group) {
    require_releases(job, *job.facts.group);
    plan.add(own_check(*job.facts.group, kName, "verified", "Every chart that changes is as it was verified."));
    return plan;
  }
  std::set<std::string> next;
  ChartNames names(job);
  for (const Consignment& consignment : job.consignments) verify_and_bump(plan, job, consignment, names, next);
  report_set_aside(plan, job, std::move(next));
  if (!job.consignments.empty() || !job.set_aside.empty()) return plan;
  const bool contribution = job.facts.pull && is_contribution(job, *job.facts.pull);
  plan.note(contribution ? "a contribution: it is released by a pull request of waybill's own once it is merged"
                         : "no chart changes: nothing to release");
  if (job.facts.pull)
    plan.add(own_check(*job.facts.pull, kName, contribution ? "a contribution" : "no chart changes", ""));
  return plan;
}

}  // namespace

constexpr Stage kValidateAndBump{
    .name = kName,
    .title = "Verify everything and set the version",
    .description =
        "Verifies all stages before, plans the next version from the commits, runs the checks on the final chart and "
        "sums up",
    .icon = "trending-up",
    .colour = "blue",
    .inputs = {},
    .outputs = {kChart, kVersion},
    .job_permissions = {{"contents", "read"}, {"id-token", "write"}, {"attestations", "write"}},
    .app_permissions = {{"contents", "write"}, {"pull_requests", "write"}, {"checks", "write"}, {"actions", "write"}},
    .triggers = {.full = proposed_to(PolicyBranch::kAnchor), .direct = proposed_to(PolicyBranch::kAnchor)},
    .attests = true,
    .answers_groups = true,
    .survey = survey,
    .plan = plan,
};

}  // namespace waybill::stages
