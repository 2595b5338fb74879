#include "core/stages/release_plan.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/chart/values_break.h"
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

}  // namespace

std::vector<std::string> chart_names(const Job& job, const Oid& commit) {
  std::vector<std::string> names;
  for (const std::string& path : chart::chart_paths(job.ports.git(), commit, job.facts.policy.charts))
    if (const auto metadata = readable_metadata(job, commit, path)) names.push_back(metadata->name);
  return names;
}

Release plan_release(const Job& job, const Consignment& consignment, const lineage::Shipment& shipment,
                     const Oid& base) {
  const auto& git = job.ports.git();
  const auto found = released_before(job, consignment, base);
  const chart::Subtree before = found.value_or(chart::Subtree{});

  chart::VersionRequest request{.chart_name = consignment.metadata.name,
                                .chart_path = consignment.path,
                                .all_chart_names = {},
                                .rules = job.facts.policy.versions,
                                .last = std::nullopt,
                                .before = found ? chart::read_metadata(before, consignment.path) : consignment.metadata,
                                .after = consignment.metadata,
                                .first = false,
                                .reasons = contributions(job, consignment, shipment),
                                .taken = {},
                                .broken_values = {},
                                .any_wish = job.facts.policy.any_wish};
  if (const auto last = newest_release(job, consignment.metadata.name, [](const auto&) { return true; }))
    request.last = last->version;
  if (found) {
    const auto on_base = chart::Version::parse(request.before.version);
    if (!request.last || *request.last < on_base) request.last = on_base;
  }
  request.first = !request.last;
  if (std::ranges::any_of(request.reasons, may_name_charts))
    request.all_chart_names = chart_names(job, *shipment.source);
  if (found && request.rules.values_break != lineage::ValuesBreak::kOff)
    request.broken_values = chart::broken_values(before, consignment.subtree);

  chart::PlannedVersion planned = chart::plan_version(request);
  const Time date = git.commit(*shipment.source).committer.time;
  std::string section = chart::changelog_section(planned, date);
  chart::Subtree subtree = chart::release_edit(before, consignment.subtree, consignment.path, planned, date);
  return {std::move(planned), std::move(section), std::move(subtree)};
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
