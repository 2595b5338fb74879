#pragma once

#include "core/chart/plan_version.h"
#include "core/chart/release_edit.h"
#include "core/stages/job.h"

namespace waybill::stages {

// A chart's next release: a pure function of git, so that planning again gives the same bytes (trust.md T9, T12).
struct Release {
  chart::PlannedVersion planned;
  std::string section;     // of the changelog
  chart::Subtree subtree;  // the contribution with the release-owned edit
};

// `consignment` holds the contribution, `shipment` says where it comes from; the base is what `base` has of the chart,
// in a direct pipeline what was released of it last.
Release plan_release(const Job& job, const Consignment& consignment, const lineage::Shipment& shipment,
                     const Oid& base);

// The next version of a chart if what a contribution holds were released as it is: in the full pipeline after what
// waits on integration in a version of its own, so that nobody writes that one again. The title of the event's pull
// request counts too: it may become a commit's. Nothing when no more than release-owned parts differ.
std::optional<chart::PlannedVersion> plan_contribution(const Job& job, const Consignment& consignment);

// The names of the charts at a commit that can be read, in the order of their paths.
std::vector<std::string> chart_names(const Job& job, const Oid& commit);

// The newest commit up to `main` on the default branch that changed the chart is part of what integration had at the
// source commit: otherwise a hotfix would be lost, and the shipment waits for the sync.
bool has_everything_of_main(const Job& job, const Consignment& consignment, const lineage::Shipment& shipment,
                            const Oid& main);

// The default branch as a release pull request finds it: its tip, or what it was when the pull request was merged.
Oid main_before(const Job& job, const std::optional<forge::PullRequest>& pull);

}  // namespace waybill::stages
