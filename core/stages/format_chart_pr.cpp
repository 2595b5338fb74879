// format-chart-pr: a chart that stands alone on its branch is brought before main, with everything known about it.

#include <algorithm>

#include "core/base/error.h"
#include "core/chart/release_edit.h"
#include "core/lineage/keys.h"
#include "core/stages/evidence.h"
#include "core/stages/journey.h"
#include "core/stages/release_plan.h"
#include "core/stages/table.h"

namespace waybill::stages {
namespace {

namespace keys = lineage::keys;

constexpr std::string_view kName = "format-chart-pr";
constexpr Output kCharts{"charts", Type::kList, "Paths of the charts that a pull request was opened for"};

// The tip of a chart's branch, if what it holds is still to be released.
std::optional<Consignment> waiting(const Job& job, const std::string& path, const std::string& name) {
  const auto tip = find_branch_tip(job, lineage::Branches::filled(job.facts.policy.branches.chart, name, ""));
  if (!tip || !job.ports.git().subtree(*tip, path)) return std::nullopt;
  Consignment consignment = consign(job, *tip, path);
  for (const auto& release : chart::release_tags(job.ports.git().tags(), name)) {
    const auto released = job.ports.git().subtree(release.tag.target, path);
    if (!released) continue;
    if (chart::same_but_release_owned(chart::read_subtree(job.ports.git(), *released, path), consignment.subtree, path))
      return std::nullopt;
    break;
  }
  return consignment;
}

Survey survey(const Job& job) {
  const auto& git = job.ports.git();
  const auto& policy = job.facts.policy;
  std::vector<Consignment> consignments;
  if (job.facts.pull) {
    const forge::PullRequest& pull = *job.facts.pull;
    if (!pull.merged || !pull.merge_commit) throw Error(Fault::kInput, "pull request #{} is not merged", pull.number);
    const git::Commit merge = git.commit(*pull.merge_commit);
    const std::string path = only_changed_chart(job, merge.parents.front(), merge.id);
    const std::string name = consign(job, merge.id, path).metadata.name;
    const std::string target = lineage::Branches::filled(policy.branches.chart, name, "");
    if (pull.base_ref != target)
      throw Error(Fault::kUntrusted, "pull request #{} was merged into `{}`; `{}` belongs into `{}`", pull.number,
                  pull.base_ref, path, target);
    if (auto consignment = waiting(job, path, name)) {
      consignment->waybill = waybill_of(pull);
      consignments.push_back(std::move(*consignment));
    }
    return {std::move(consignments)};
  }
  const Oid tip = branch_tip(job, policy.branches.integration);
  for (const std::string& path : chart::chart_paths(git, tip, policy.charts))
    if (auto consignment = waiting(job, path, consign(job, tip, path).metadata.name))
      consignments.push_back(std::move(*consignment));
  return {std::move(consignments)};
}

// An in-repository dependency with content that main does not have yet goes first.
std::optional<std::string> awaited_dependency(const Job& job, const Consignment& consignment, const Oid& source) {
  for (const std::string& path : chart::chart_paths(job.ports.git(), source, job.facts.policy.charts)) {
    if (path == consignment.path ||
        job.ports.git().subtree(source, path) == job.ports.git().subtree(job.facts.anchor, path))
      continue;
    const Consignment other = consign(job, source, path);
    const bool needed =
        std::ranges::any_of(consignment.metadata.dependencies, [&other](const chart::Dependency& dependency) {
          return dependency.repository.starts_with("file://") && dependency.name == other.metadata.name;
        });
    if (!needed) continue;
    const auto main = on_main(job, path);
    if (!main || !chart::same_but_release_owned(main->subtree, other.subtree, path)) return path;
  }
  return std::nullopt;
}

// The open pull request of this chart, whatever branch it comes from.
std::optional<forge::PullRequest> open_pull(const Job& job, const std::string& name) {
  for (const auto& pull : job.ports.forge().pull_requests("", job.facts.policy.anchor.branch, "open"))
    if (is_own(job, pull) && lineage::Branches::matches(job.facts.policy.branches.bump, name, pull.head_ref))
      return pull;
  return std::nullopt;
}

std::string commit_message(const Release& release, const std::vector<chart::Reason>& reasons,
                           const Consignment& consignment, const lineage::Shipment& shipment) {
  std::string message = fmt::format("{}: {} contributions to release as {}\n\n", consignment.metadata.name,
                                    reasons.size(), release.planned.version.text());
  for (const auto& reason : reasons) message += "- " + chart::harmless(reason.subject) + "\n";
  return message + "\nWaybill-Source: " + shipment.source->hex() + "\n";
}

void format(Plan& plan, const Job& job, Consignment consignment) {
  const auto& git = job.ports.git();
  const auto& branches = job.facts.policy.branches;
  const std::string& name = consignment.metadata.name;
  consignment.shipment = job.upstream.at(keys::kAtomic, consignment.path).stamp.shipment;
  const lineage::Shipment& shipment = consignment.shipment;
  require_forward(job, consignment, shipment);
  if (!has_everything_of_main(job, consignment, shipment)) {
    plan.note(fmt::format("{} waits for `{}` to come back to `{}`", consignment.path, job.facts.policy.anchor.branch,
                          branches.integration));
    return;
  }
  if (const auto dependency = awaited_dependency(job, consignment, *shipment.source)) {
    plan.note(fmt::format("{} waits for {}, which it depends on", consignment.path, *dependency));
    return;
  }
  const std::string branch = lineage::Branches::filled(branches.bump, name, shipment.source->shortened());
  if (const auto open = open_pull(job, name); open && open->head_ref != branch) {
    plan.note(fmt::format("{} waits behind pull request #{}", consignment.path, open->number));
    return;
  }
  const auto known = job.ports.forge().pull_requests(branch, job.facts.policy.anchor.branch, "all");
  const bool composed = std::ranges::any_of(known, [&job](const auto& pull) { return is_own(job, pull); });

  const Release release = plan_release(job, consignment, shipment, job.facts.anchor);
  plan.add(produced(job, kName, keys::kFormat, consignment,
                    {{"branch", branch}, {"version", release.planned.version.text()}},
                    job.facts.policy.demanded_by(kName)));
  if (!composed)
    plan.add(EnsureCommit{branch,
                          job.facts.anchor,
                          git.commit(job.facts.anchor).tree,
                          consignment.path,
                          consignment.tree,
                          {},
                          replaced_tree(git, job.facts.anchor, consignment.path, consignment.tree),
                          commit_message(release, contributions(job, consignment, shipment), consignment, shipment)});
  plan.add(EnsurePullRequest{
      branch, job.facts.policy.anchor.branch, fmt::format("{}: release {}", name, release.planned.version.text()),
      fmt::format("{}\n\n### Verified on the way\n\n{}", release.section, provenance_table(job, consignment)),
      carried(job, consignment)});
}

Plan plan(const Job& job) {
  Plan plan;
  Json paths = Json::array();
  for (const Consignment& consignment : job.consignments) {
    format(plan, job, consignment);
    paths.push_back(consignment.path);
  }
  if (job.consignments.empty()) plan.note("nothing on a chart's branch waits for a release");
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
    .app_permissions = {{"contents", "write"}, {"pull_requests", "write"}},
    .events = {"pull_request_target", "workflow_dispatch"},
    .attests = true,
    .survey = survey,
    .plan = plan,
};

}  // namespace waybill::stages
