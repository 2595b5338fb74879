#include "core/stages/release_plan.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/chart/values_break.h"
#include "core/stages/contributions.h"
#include "core/stages/journey.h"
#include "core/stages/released.h"

namespace waybill::stages {
namespace {

// What the release-owned parts are put on: the chart at the base. In a direct pipeline people's contributions lie there
// already, so it is what was released last.
std::optional<chart::Subtree> released_before(const Job& job, const Consignment& consignment, const Oid& base) {
  if (job.facts.policy.is_direct()) return Released(job).last(consignment);
  const auto tree = job.ports.git().subtree(base, consignment.path);
  if (!tree) return std::nullopt;
  return chart::read_subtree(job.ports.git(), *tree, consignment.path);
}

// A scope stands in brackets.
bool may_name_charts(const chart::Reason& reason) {
  return (reason.subject + reason.body).find_first_of("([") != std::string::npos;
}

// The highest version that is released, or that the chart had before.
std::optional<chart::Version> last_version(const Job& job, const Consignment& consignment,
                                           const std::optional<chart::Subtree>& before) {
  std::optional<chart::Version> last;
  if (const auto release = newest_release(job, consignment.metadata.name, [](const auto&) { return true; }))
    last = release->version;
  if (!before) return last;
  const auto there = chart::Version::parse(chart::read_metadata(*before, consignment.path).version);
  return !last || *last < there ? there : last;
}

bool is_above(const std::string& version, const std::optional<chart::Version>& last) {
  return !last || *last < chart::Version::parse(version);
}

// The charts that scopes may name are those at `tip`.
chart::VersionRequest request_for(const Job& job, const Consignment& consignment,
                                  const std::optional<chart::Subtree>& before, std::vector<chart::Reason> reasons,
                                  const Oid& tip) {
  chart::VersionRequest request{
      .chart_name = consignment.metadata.name,
      .chart_path = consignment.path,
      .all_chart_names = {},
      .rules = job.facts.policy.versions,
      .last = last_version(job, consignment, before),
      .before = before ? chart::read_metadata(*before, consignment.path) : consignment.metadata,
      .after = consignment.metadata,
      .first = false,
      .reasons = std::move(reasons),
      .taken = {},
      .broken_values = {},
      .any_wish = job.facts.policy.any_wish};
  request.first = !request.last;
  if (std::ranges::any_of(request.reasons, may_name_charts)) request.all_chart_names = chart_names(job, tip);
  if (before && request.rules.values_break != lineage::ValuesBreak::kOff)
    request.broken_values = chart::broken_values(*before, consignment.subtree);
  return request;
}

}  // namespace

std::vector<std::string> chart_names(const Job& job, const Oid& commit) {
  std::vector<std::string> names;
  for (const std::string& path : chart::chart_paths(job.ports.git(), commit, job.facts.policy.charts))
    if (const auto metadata = readable_metadata(job, commit, path)) names.push_back(metadata->name);
  return names;
}

Release plan_release(const Job& job, const Consignment& consignment, const lineage::Shipment& shipment,
                     const Oid& base) {
  const auto found = released_before(job, consignment, base);
  chart::PlannedVersion planned = chart::plan_version(
      request_for(job, consignment, found, contributions(job, consignment, shipment), *shipment.source));
  const Time date = job.ports.git().commit(*shipment.source).committer.time;
  std::string section = chart::changelog_section(planned, date);
  chart::Subtree subtree =
      chart::release_edit(found.value_or(chart::Subtree{}), consignment.subtree, consignment.path, planned, date);
  return {std::move(planned), std::move(section), std::move(subtree)};
}

std::optional<chart::PlannedVersion> plan_contribution(const Job& job, const Consignment& consignment) {
  const auto& git = job.ports.git();
  const lineage::Policy& policy = job.facts.policy;
  const bool direct = policy.is_direct();
  const Oid target = direct ? job.facts.anchor : branch_tip(job, policy.branches.integration);
  const bool proposed = !git.is_ancestor(consignment.commit, target);
  const bool titled = proposed && job.facts.pull.has_value();
  const bool by_title = titled && policy.versions.commits == lineage::Commits::kFirstParent;

  auto before = released_before(job, consignment, job.facts.anchor);
  if (before && chart::same_but_release_owned(*before, consignment.subtree, consignment.path)) return std::nullopt;
  const lineage::Shipment shipment{
      consignment.path, by_title ? target : consignment.commit, last_shipped(job, consignment), {}};
  std::vector<chart::Reason> reasons = contributions(job, consignment, shipment);
  const auto waiting = proposed && !direct ? readable_chart(job, target, consignment.path) : std::nullopt;
  if (waiting && is_above(waiting->metadata.version, last_version(job, consignment, before))) {
    if (chart::same_but_release_owned(waiting->subtree, consignment.subtree, consignment.path)) return std::nullopt;
    before = waiting->subtree;
    std::erase_if(reasons, [&](const chart::Reason& reason) { return git.is_ancestor(Oid::parse(reason.id), target); });
  }
  if (titled) reasons.insert(reasons.begin(), {"", job.facts.pull->title, ""});
  return chart::plan_version(request_for(job, consignment, before, std::move(reasons), consignment.commit));
}

bool has_everything_of_main(const Job& job, const Consignment& consignment, const lineage::Shipment& shipment,
                            const Oid& main) {
  const auto& git = job.ports.git();
  if (!git.subtree(main, consignment.path)) return true;
  return git.is_ancestor(source_of(job, main, consignment.path), *shipment.source);
}

Oid main_before(const Job& job, const std::optional<forge::PullRequest>& pull) {
  if (!pull || !pull->merged || !pull->merge_commit) return job.facts.anchor;
  return job.ports.git().commit(*pull->merge_commit).parents.front();
}

}  // namespace waybill::stages
