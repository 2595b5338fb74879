#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/chart/chart.h"

namespace waybill::chart {

// A chart that differs in more than files that its `.helmignore` leaves out, and what it was compared with.
struct Detected {
  ChangedChart chart;
  std::string since;  // a commit, the name of a release tag, or empty for a chart that is new
};

struct Detection {
  std::vector<Detected> charts;      // sorted by path
  std::vector<std::string> ignored;  // charts in which nothing differs but what is left out
};

// What differs from one commit to another.
Detection detect_between(const git::Repository& repository, const Oid& from, const Oid& to,
                         const std::vector<std::string>& patterns);

// What differs in each chart of a commit since its own last release: the highest of its release tags that the commit
// has in its history. A chart without one is new, and one that the tag has not at this path. Deleted charts are not
// found.
Detection detect_since_releases(const git::Repository& repository, const Oid& to,
                                const std::vector<std::string>& patterns);

// The charts in at most `most` groups for as many jobs, no group empty, each by about the same number of files; within
// a group sorted by path.
std::vector<std::vector<std::string>> in_shards(const git::Repository& repository, const Oid& commit,
                                                const std::vector<std::string>& paths, std::size_t most);

}  // namespace waybill::chart
