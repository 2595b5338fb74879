#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/chart/plan_version.h"
#include "core/git/repository.h"

namespace waybill::adopt {

// A chart of the default branch, with the tags that read as its releases and that waybill did not make.
struct FoundChart {
  std::string path;
  std::string name;  // empty when its Chart.yaml cannot be used, as `problem` says
  std::string version;
  std::string problem;
  std::vector<chart::ReleaseTag> tags;  // highest version first
};

// What a repository holds, read from git objects alone.
struct Survey {
  std::string branch;      // the default one
  std::optional<Oid> tip;  // of that branch here; nothing before its first commit
  std::vector<FoundChart> charts;
  std::vector<std::string> patterns;  // that find exactly these charts
  std::vector<std::string> inside;    // charts inside of others and not below their charts/: never released
  std::vector<std::string> excluded;  // charts that chart-testing's configuration leaves out, which `charts` has not
  std::string excluded_by;            // that file
  std::size_t tags = 0;
  std::size_t own_tags = 0;  // those that waybill made

  // Releases by other means, and none by waybill: its first steps are only plans.
  bool is_newcomer() const;
};

// `branch` is the default branch as far as somebody knows it; empty = what origin/HEAD or HEAD names.
Survey survey(const git::Repository& repository, const std::string& branch = {});

// Patterns that name every chart of a commit, wherever it lies, but those that chart-testing leaves out.
std::vector<std::string> chart_patterns(const git::Repository& repository, const Oid& commit);

// The tags for the policy's `adopted` table. Of more than `most` the newest of each chart, and the newest that the
// default branch holds: everything older is below them and never planned again.
std::map<std::string, Oid> adoptable(const git::Repository& repository, const Survey& survey, std::size_t most = 1000);

}  // namespace waybill::adopt
