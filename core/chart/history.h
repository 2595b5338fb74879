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

enum class Extent { kSinceLastRelease, kWhole };

// The histories of charts at a commit, in one walk over what leads to it (facts: release.md §7, rules 0 and 13). A
// commit belongs to a chart when it changes, beside its only parent, a file that the chart at `tip` ships; the longest
// path wins. It came with the lowest release that has it. Releases are those of `tags` with that name that `tip` has;
// kSinceLastRelease knows the highest alone and gives its chapter no commits. `path` and `name` are given.
void read_histories(const git::Repository& repository, const Oid& tip, const std::vector<git::Tag>& tags, Extent extent,
                    std::vector<ChartHistory>& charts);

}  // namespace waybill::chart
