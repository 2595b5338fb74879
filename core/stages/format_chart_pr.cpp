// format-chart-pr: a chart that stands alone on its branch is brought before main, with everything known about it.

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/chart/release_edit.h"
#include "core/lineage/keys.h"
#include "core/stages/contributions.h"
#include "core/stages/evidence.h"
#include "core/stages/journey.h"
#include "core/stages/release_plan.h"
#include "core/stages/released.h"
#include "core/stages/table.h"
#include "core/stages/under_way.h"

namespace waybill::stages {
namespace {

namespace keys = lineage::keys;

constexpr std::string_view kName = "format-chart-pr";
constexpr Output kCharts{"charts", Type::kList, "Paths of the charts that a pull request was opened for"};

// The newest release of the chart is this content, but for its release-owned parts.
bool is_newest_release(const Job& job, const Consignment& consignment) {
  const auto& git = job.ports.git();
  const auto last = newest_release(job, consignment.metadata.name, [&](const chart::ReleaseTag& release) {
    return git.subtree(release.tag.target, consignment.path).has_value();
  });
  if (!last) return false;
  const Oid tree = *git.subtree(last->tag.target, consignment.path);
  return chart::same_but_release_owned(chart::read_subtree(git, tree, consignment.path), consignment.subtree,
                                       consignment.path);
}

// What a merged pull request brought onto the chart's branch, as it is there now; nothing when the branch is gone.
std::optional<Consignment> brought_by(const Job& job, const forge::PullRequest& pull) {
  if (!pull.merged || !pull.merge_commit) throw Error(Fault::kInput, "pull request #{} is not merged", pull.number);
  const git::Commit merge = job.ports.git().commit(*pull.merge_commit);
  const std::string path = only_changed_chart(job, merge.parents.front(), merge.id);
  const std::string name = consign(job, merge.id, path).metadata.name;
  const std::string target = lineage::Branches::filled(job.facts.policy.branches.chart, name, "");
  if (pull.base_ref != target)
    throw Error(Fault::kUntrusted, "pull request #{} was merged into `{}`; `{}` belongs into `{}`", pull.number,
                pull.base_ref, path, target);
  const auto tip = find_branch_tip(job, target);
  if (!tip || !job.ports.git().subtree(*tip, path)) return std::nullopt;
  Consignment consignment = consign(job, *tip, path);
  consignment.waybill = waybill_of(pull);
  return consignment;
}

// Its release pull request has not got what stage 5 says of it.
bool lacks_verdict(const Job& job, const Consignment& consignment, const forge::PullRequest& pull) {
  return job.ports.git().find_commit(pull.head.hex()) &&
         !has_statement(job, keys::kOverall, consign(job, pull.head, consignment.path));
}

// What this stage says of exactly this shipment is said.
bool is_formatted(const Job& job, const Consignment& consignment) {
  const std::string key(keys::kFormat);
  const auto evidence = job.ports.verified({{key, consignment.path, consignment.subtree_digest, std::nullopt}});
  return evidence && evidence->at(key, consignment.path).stamp.shipment == consignment.shipment;
}

void consider(const Job& job, Consignment consignment, Survey& survey) {
  const std::string_view key = job.facts.policy.is_direct() ? keys::kValidate : keys::kAtomic;
  if (auto old = outdated(job, kName, key, consignment))
    survey.set_aside.push_back(*std::move(old));
  else
    survey.due.push_back(std::move(consignment));
}

// The default branch still has what the pull request brought.
bool has_merge_of(const Job& job, const forge::PullRequest& pull) {
  return pull.merge_commit && comes_after(job.ports.git(), *pull.merge_commit, job.facts.anchor);
}

// Why there is nothing to do for a content of a direct pipeline's default branch.
std::optional<SetAside> settled(const Job& job, const Consignment& content) {
  if (!is_validated(job, content))
    return SetAside{content.path + " is not what was validated and is validated anew", "validate-contribution"};
  const auto pull = release_pull_request(job, content);
  if (!pull) return std::nullopt;
  if (pull->merged && has_merge_of(job, *pull))
    return SetAside{
        fmt::format("{} came to `{}` without a version by pull request #{}, it is released with the next contribution",
                    content.path, job.facts.policy.anchor.branch, pull->number),
        ""};
  if (pull->merged || !is_formatted(job, content)) return std::nullopt;
  const bool lost = job.facts.dispatched() && lacks_verdict(job, content, *pull);
  return SetAside{fmt::format("{} waits in pull request #{}", content.path, pull->number),
                  lost ? "validate-and-bump" : ""};
}

Survey survey_default_branch(const Job& job) {
  Survey unreleased = unreleased_charts(job);
  Survey survey{.due = {}, .set_aside = std::move(unreleased.set_aside)};
  for (Consignment& content : unreleased.due) {
    if (auto why = settled(job, content))
      survey.set_aside.push_back(*std::move(why));
    else
      consider(job, std::move(content), survey);
  }
  return survey;
}

Survey survey(const Job& job) {
  if (job.facts.policy.is_direct()) return survey_default_branch(job);
  Survey survey;
  if (job.facts.pull) {
    auto consignment = brought_by(job, *job.facts.pull);
    if (consignment && !is_newest_release(job, *consignment)) consider(job, *std::move(consignment), survey);
    return survey;
  }
  for (Consignment& content : under_way(job)) {
    if (is_newest_release(job, content)) continue;
    const auto pull = release_pull_request(job, content);
    if (pull && has_statement(job, keys::kFormat, content)) {
      if (lacks_verdict(job, content, *pull))
        survey.set_aside.push_back(
            {fmt::format("{} waits in pull request #{} for its verdict", content.path, pull->number),
             "validate-and-bump"});
      continue;
    }
    if (pull || is_on_chart_branch(job, content)) consider(job, std::move(content), survey);
  }
  take_turns(survey, kName);
  return survey;
}

// An in-repository dependency that lies on main and is not released goes first.
std::optional<std::string> unreleased_dependency(const Job& job, const Consignment& consignment) {
  const Released released(job);
  for (const std::string& path : chart::chart_paths(job.ports.git(), job.facts.anchor, job.facts.policy.charts)) {
    if (path == consignment.path) continue;
    const auto other = readable_chart(job, job.facts.anchor, path);
    if (other && depends_on(consignment, *other) && released.differs(*other)) return path;
  }
  return std::nullopt;
}

// An in-repository dependency with content that main does not have yet goes first.
std::optional<std::string> awaited_dependency(const Job& job, const Consignment& consignment, const Oid& source) {
  if (!holds_charts(consignment)) return std::nullopt;
  if (job.facts.policy.is_direct()) return unreleased_dependency(job, consignment);
  for (const std::string& path : chart::chart_paths(job.ports.git(), source, job.facts.policy.charts)) {
    if (path == consignment.path ||
        job.ports.git().subtree(source, path) == job.ports.git().subtree(job.facts.anchor, path))
      continue;
    const Consignment other = consign(job, source, path);
    if (!depends_on(consignment, other)) continue;
    const auto main = on_main(job, path);
    if (!main || !chart::same_but_release_owned(main->subtree, other.subtree, path)) return path;
  }
  return std::nullopt;
}

// An open pull request of this chart from another branch than `own`.
std::optional<forge::PullRequest> other_pull(const Job& job, const std::string& name, const std::string& own) {
  const lineage::Policy& policy = job.facts.policy;
  for (const std::string& branch : branches_like(job, policy.branches.bump, name)) {
    if (branch == own) continue;
    for (const auto& pull : job.ports.forge().pull_requests(branch, policy.anchor.branch, "open"))
      if (is_own(job, pull)) return pull;
  }
  return std::nullopt;
}

std::string commit_message(const Release& release, const std::vector<chart::Reason>& reasons,
                           const Consignment& consignment, const lineage::Shipment& shipment) {
  std::string message = fmt::format("{}: {} contributions to release as {}\n\n", consignment.metadata.name,
                                    reasons.size(), release.planned.version.text());
  for (const auto& reason : reasons) message += "- " + chart::harmless(reason.subject) + "\n";
  return message + "\nWaybill-Source: " + shipment.source->hex() + "\n";
}

// What people should look at before they merge.
std::string warned(const chart::PlannedVersion& planned) {
  std::string text;
  for (const std::string& warning : planned.warnings)
    text += fmt::format("\n> [!WARNING]\n> {}\n", chart::harmless(warning));
  return text;
}

// What keeps a content from coming before the default branch now.
std::optional<std::string> obstacle(const Job& job, const Consignment& consignment, const std::string& branch) {
  const auto& policy = job.facts.policy;
  if (!has_everything_of_main(job, consignment, consignment.shipment, job.facts.anchor))
    return fmt::format("waits for `{}` to come back to `{}`", policy.anchor.branch, policy.branches.integration);
  if (const auto dependency = awaited_dependency(job, consignment, *consignment.shipment.source))
    return fmt::format("waits for {}, which it depends on", *dependency);
  if (policy.is_direct()) return std::nullopt;
  if (const auto open = other_pull(job, consignment.metadata.name, branch))
    return fmt::format("waits behind pull request #{}", open->number);
  return std::nullopt;
}

std::string bump_branch(const Job& job, const Consignment& consignment) {
  return lineage::Branches::filled(job.facts.policy.branches.bump, consignment.metadata.name,
                                   consignment.shipment.source->shortened());
}

// What the branch is made on: where a run that was stopped made it, as long as main has the same of the chart still.
Oid base_of(const Job& job, const std::string& branch, const std::string& path) {
  const auto& git = job.ports.git();
  const auto tip = find_branch_tip(job, branch);
  if (!tip) return job.facts.anchor;
  const git::Commit made = git.commit(*tip);
  if (made.parents.size() != 1 || !git.is_ancestor(made.parents.front(), job.facts.anchor) ||
      git.subtree(made.parents.front(), path) != git.subtree(job.facts.anchor, path))
    return job.facts.anchor;
  return made.parents.front();
}

// Numbers of pull requests by the names of their charts.
using Replaced = std::map<std::string, std::int64_t>;

// In a direct pipeline no release waits in front of another one of its chart: what came later is in the same history. A
// pull request whose content the default branch has not got any more makes room.
Replaced close_outdated(Plan& plan, const Job& job) {
  Replaced replaced;
  std::vector<forge::PullRequest> open = job.ports.forge().pull_requests("", job.facts.policy.anchor.branch, "open");
  std::erase_if(open, [&job](const forge::PullRequest& pull) {
    return !is_own(job, pull) || !job.ports.git().find_commit(pull.head.hex());
  });
  const std::vector<Consignment> contents = open.empty() ? std::vector<Consignment>{} : under_way(job);
  for (const forge::PullRequest& pull : open) {
    if (std::ranges::any_of(contents, [&](const auto& one) { return bump_branch(job, one) == pull.head_ref; }))
      continue;
    for (const std::string& name : chart_names(job, pull.head)) {
      if (!lineage::Branches::matches(job.facts.policy.branches.bump, name, pull.head_ref)) continue;
      plan.add(EnsureClosed{pull.number,
                            fmt::format("`{}` has other content of {} now", job.facts.policy.anchor.branch, name)});
      replaced.emplace(name, pull.number);
    }
  }
  return replaced;
}

// What the contribution's pull request says of its evidence, for the forge's ids in it; nobody relies on it.
lineage::Waybill index_of(Plan& plan, const Job& job, const Oid& source) {
  const auto pull = source_pull(job, source);
  if (!pull) return {};
  try {
    return waybill_of(*pull);
  } catch (const Error& error) {
    if (error.fault() != Fault::kInput) throw;
    plan.note(error.what());
    return {};
  }
}

// Whether it has its pull request; otherwise the plan says what it waits for.
bool format(Plan& plan, const Job& job, Consignment consignment, const Replaced& replaced,
            std::set<std::string>& next) {
  const auto& git = job.ports.git();
  const bool direct = job.facts.policy.is_direct();
  const std::string& name = consignment.metadata.name;
  if (!direct) consignment.shipment = job.upstream.at(keys::kAtomic, consignment.path).stamp.shipment;
  const lineage::Shipment& shipment = consignment.shipment;
  require_forward(job, consignment, shipment);
  const std::string branch = bump_branch(job, consignment);
  const auto pull = release_pull_request(job, consignment);
  const bool merged = pull && pull->merged;
  if (const auto why = merged ? std::nullopt : obstacle(job, consignment, branch)) {
    plan.note(consignment.path + " " + *why);
    return false;
  }
  const auto known = job.ports.forge().pull_requests(branch, job.facts.policy.anchor.branch, "all");
  const bool composed = std::ranges::any_of(known, [&job](const auto& one) { return is_own(job, one); });

  if (direct) consignment.waybill = index_of(plan, job, *shipment.source);

  const Release release = plan_release(job, consignment, shipment, main_before(job, pull));
  for (const std::string& warning : release.planned.warnings) plan.note("warning: " + warning);
  plan.add(produced(job, kName, keys::kFormat, consignment,
                    {{"branch", branch}, {"version", release.planned.version.text()}},
                    job.facts.policy.demanded_by(kName)));
  if (pull && lacks_verdict(job, consignment, *pull)) next.insert("validate-and-bump");
  if (merged) {
    plan.add(EnsureWaybill{pull->number, carried(job, consignment)});
    return true;
  }
  const Oid base = base_of(job, branch, consignment.path);
  if (!composed)
    plan.add(EnsureCommit{branch,
                          base,
                          git.commit(base).tree,
                          consignment.path,
                          consignment.tree,
                          {},
                          replaced_tree(git, base, consignment.path, consignment.tree),
                          commit_message(release, contributions(job, consignment, shipment), consignment, shipment)});
  const auto before = replaced.find(name);
  const std::string place =
      before == replaced.end() ? "" : fmt::format("\nThis is in place of #{}: more came since.\n", before->second);
  plan.add(EnsurePullRequest{branch, job.facts.policy.anchor.branch,
                             fmt::format("{}: release {}", name, release.planned.version.text()),
                             fmt::format("{}{}\n\n### Verified on the way\n\n{}{}", release.section,
                                         warned(release.planned), provenance_table(job, consignment), place),
                             carried(job, consignment)});
  return true;
}

Plan plan(const Job& job) {
  Plan plan;
  Json paths = Json::array();
  std::set<std::string> next;
  const Replaced replaced = job.facts.policy.is_direct() ? close_outdated(plan, job) : Replaced{};
  for (const Consignment& consignment : job.consignments) {
    try {
      if (format(plan, job, consignment, replaced, next)) paths.push_back(consignment.path);
    } catch (const Error& error) {
      if (error.fault() != Fault::kInput || job.consignments.size() == 1) throw;
      plan.alarm(error);  // it does not hold up the others
    }
  }
  report_set_aside(plan, job, std::move(next));
  if (job.consignments.empty() && job.set_aside.empty()) plan.note("nothing waits for a release");
  plan.output(kCharts.name, paths);
  return plan;
}

}  // namespace

constexpr Stage kFormatChartPr{
    .name = kName,
    .title = "Open a chart's release pull request",
    .description =
        "Composes main with one chart's new content and opens the pull request with changelog and provenance",
    .icon = "git-pull-request",
    .colour = "blue",
    .inputs = {},
    .outputs = {kCharts},
    .job_permissions = {{"contents", "read"}, {"id-token", "write"}, {"attestations", "write"}},
    .app_permissions = {{"contents", "write"}, {"pull_requests", "write"}, {"actions", "write"}},
    .triggers = {.full = merged_into(PolicyBranch::kChart), .direct = pushed_to(PolicyBranch::kAnchor)},
    .attests = true,
    .survey = survey,
    .plan = plan,
};

}  // namespace waybill::stages
