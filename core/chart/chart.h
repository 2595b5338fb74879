#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/digest.h"
#include "core/base/oid.h"
#include "core/git/repository.h"

namespace waybill::chart {

// One file of a chart's subtree: mode as git has it, the source bytes.
struct File {
  git::Mode mode = git::Mode::kFile;
  std::string content;
  auto operator<=>(const File&) const = default;
};

// Everything in a chart's directory, by path relative to it, ignored files included. A value: composing a release-owned
// edit makes another one. Sorted bytewise by path.
using Subtree = std::map<std::string, File>;

struct SubtreeLimits {
  std::size_t files = 10'000;
  std::size_t file_bytes = 5 * 1024 * 1024;
  std::size_t total_bytes = 128 * 1024 * 1024;
};

// Reads blobs, never a work tree (trust.md T10). `tree` is the chart's own tree, as Repository::subtree finds it;
// `path` is what errors call it. Fault::kInput with the path for links (all of them), submodules, limits, names that
// two file systems read differently (equal when case-folded, backslash, control characters, non-UTF-8) or that leave
// the folder.
Subtree read_subtree(const git::Repository& repository, const Oid& tree, std::string_view path,
                     const SubtreeLimits& limits = {});

// sha256 over the sorted entries "<mode octal> <path>\0<sha256 hex of the blob>\n" of every file (trust.md T10).
Digest subtree_digest(const Subtree& subtree);
// sha256 of the canonical tar: what ships (design.md, Charts).
Digest content_digest(const Subtree& subtree, std::string_view where);
// The id git gives the subtree as a tree object.
Oid tree_id(const Subtree& subtree);

struct Dependency {
  std::string name;
  std::string version;     // a range
  std::string repository;  // oci://, https://, file://, or empty
  std::string alias;
};

// A chart's Chart.yaml, read with limits and two-reader rules (trust.md T27): name and version are plain strings in
// YAML 1.1 and 1.2, duplicate keys, aliases and tags are refused; the version is SemVer 2.0.0.
struct Metadata {
  std::string api_version;
  std::string name;
  std::string version;
  std::string app_version;
  std::string description;
  std::string type;  // application or library
  std::string home;
  std::vector<std::string> sources;
  std::vector<std::pair<std::string, std::string>> maintainers;  // name, e-mail
  std::vector<Dependency> dependencies;
  std::map<std::string, std::string> annotations;
};
// `where` names the file in errors ("charts/nginx/Chart.yaml").
Metadata read_metadata(std::string_view chart_yaml, std::string_view where);
Metadata read_metadata(const Subtree& subtree, std::string_view chart_path);
// [a-z0-9]([-a-z0-9]*[a-z0-9])?, at most 63 characters; Fault::kInput otherwise.
void require_name(std::string_view name, std::string_view where);

// Where charts are: `charts/*` patterns of the policy (one `*` per segment, no `**`), `.` for a root chart. The chart
// directories of a commit: matching folders that hold a Chart.yaml; a chart below another's `charts/` belongs to it.
std::vector<std::string> chart_paths(const git::Repository& repository, const Oid& commit,
                                     const std::vector<std::string>& patterns);

// Whether a path is one that the patterns, written as those for charts are, name, or lies below one.
bool is_named(std::string_view path, const std::vector<std::string>& patterns);

enum class ChangeKind { kAdded, kModified, kDeleted };
struct ChangedChart {
  std::string path;
  ChangeKind kind = ChangeKind::kModified;
  std::vector<std::string> files;  // changed paths, relative to the chart
};
struct Changes {
  std::vector<ChangedChart> charts;  // sorted by path
  std::vector<std::string> others;   // changed files of no chart
};
// Compares the trees of two commits; the longest chart path wins; a move touches both charts.
Changes changed_charts(const git::Repository& repository, const std::optional<Oid>& from, const Oid& to,
                       const std::vector<std::string>& patterns);

}  // namespace waybill::chart
