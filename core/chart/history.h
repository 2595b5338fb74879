#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/chart/plan_version.h"
#include "core/git/repository.h"

namespace waybill::chart {

// The commits that came with one release of a chart, or wait for the next one.
struct Chapter {
  std::optional<ReleaseTag> release;  // nothing: not released yet
  Time date;                          // of the commit that was released, or of the tip
  std::vector<Reason> commits;        // newest first
};

struct ChartHistory {
  std::string path;
  std::string name;
  // What waits first, then the releases by version, highest first.
  std::vector<Chapter> chapters;
};

// The folders of other charts below a chart's own, relative to it: what is in them is not part of it.
std::vector<std::string> inner_charts(const ChartHistory& chart, const std::vector<ChartHistory>& all);

// What a commit says. The merge of a pull request, as GitHub writes it, says by itself where it came from; where
// commits of the first-parent line count it says the pull request's title, with the number behind it as a squash has
// it.
Reason reason_of(const git::Commit& commit, lineage::Commits counted);

enum class Extent { kSinceLastRelease, kWhole };

// The histories of charts at a commit, in one walk over what leads to it (facts: release.md §7, rules 0 and 13). A
// commit belongs to a chart when it changes, beside its only parent, a file that the chart at `tip` ships; the longest
// path wins. With kFirstParent those are the first parents from `tip` on, merges beside their first parent. It came
// with the lowest release that has it. Releases are those of `tags` with that name that `tip` has; kSinceLastRelease
// knows the highest alone and gives its chapter no commits. `path` and `name` are given.
void read_histories(const git::Repository& repository, const Oid& tip, const std::vector<git::Tag>& tags, Extent extent,
                    std::vector<ChartHistory>& charts, lineage::Commits counted = lineage::Commits::kAll);

}  // namespace waybill::chart
