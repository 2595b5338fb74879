#include "core/chart/detect.h"

#include <algorithm>
#include <numeric>

#include "core/base/error.h"
#include "core/chart/folders.h"
#include "core/chart/plan_version.h"
#include "core/chart/shipped_names.h"

namespace waybill::chart {
namespace {

constexpr std::size_t kFileLimit = 1024 * 1024;

bool ships_a_change(const git::Repository& repository, const Oid& from, const Oid& to, const ChangedChart& changed) {
  if (changed.kind != ChangeKind::kModified) return true;
  const ShippedNames before(repository, from, changed.path);
  const ShippedNames after(repository, to, changed.path);
  return std::ranges::any_of(changed.files,
                             [&](const std::string& file) { return before.has(file) || after.has(file); });
}

std::optional<ReleaseTag> last_release(const git::Repository& repository, const Oid& to, const std::string& path,
                                       const std::vector<git::Tag>& tags) {
  const std::string file = path_in(path, "Chart.yaml");
  const auto text = repository.file(to, file, kFileLimit);
  if (!text) throw Error(Fault::kInput, "{}: it is a link, not a file", file);
  const auto releases = release_tags(tags, read_metadata(*text, file).name);
  const auto found = std::ranges::find_if(
      releases, [&](const ReleaseTag& release) { return repository.is_ancestor(release.tag.target, to); });
  return found == releases.end() ? std::nullopt : std::optional(*found);
}

ChangedChart modified(const git::Repository& repository, const std::string& path, const Oid& from, const Oid& to) {
  ChangedChart changed{path, ChangeKind::kModified, {}};
  for (const auto& [file, change] : repository.changes(from, to)) changed.files.push_back(file);
  return changed;
}

ChangedChart added(const git::Repository& repository, const std::string& path, const Oid& tree) {
  ChangedChart changed{path, ChangeKind::kAdded, {}};
  for (const git::Entry& file : repository.files(tree)) changed.files.push_back(file.path);
  return changed;
}

// "" is the root for git, "." for patterns.
std::string folder_of(const std::string& path) {
  return path == "." ? "" : path;
}

}  // namespace

Detection detect_between(const git::Repository& repository, const Oid& from, const Oid& to,
                         const std::vector<std::string>& patterns) {
  Detection detection;
  for (ChangedChart& changed : changed_charts(repository, from, to, patterns).charts) {
    const bool is_new = changed.kind == ChangeKind::kAdded;
    if (ships_a_change(repository, from, to, changed))
      detection.charts.push_back({std::move(changed), is_new ? "" : from.hex()});
    else
      detection.ignored.push_back(std::move(changed.path));
  }
  return detection;
}

Detection detect_since_releases(const git::Repository& repository, const Oid& to,
                                const std::vector<std::string>& patterns) {
  const std::vector<git::Tag> tags = repository.tags();
  Detection detection;
  for (const std::string& path : chart_paths(repository, to, patterns)) {
    const Oid tree = *repository.subtree(to, folder_of(path));
    const auto release = last_release(repository, to, path, tags);
    const auto before = release ? repository.subtree(release->tag.target, folder_of(path)) : std::nullopt;
    if (!before) {
      detection.charts.push_back({added(repository, path, tree), ""});
    } else if (*before != tree) {
      ChangedChart changed = modified(repository, path, *before, tree);
      if (ships_a_change(repository, release->tag.target, to, changed))
        detection.charts.push_back({std::move(changed), release->tag.name});
      else
        detection.ignored.push_back(path);
    }
  }
  return detection;
}

std::vector<std::vector<std::string>> in_shards(const git::Repository& repository, const Oid& commit,
                                                const std::vector<std::string>& paths, std::size_t most) {
  struct Shard {
    std::size_t files = 0;
    std::vector<std::string> paths;
  };
  std::vector<std::pair<std::size_t, std::string>> largest_first;
  for (const std::string& path : paths)
    largest_first.emplace_back(repository.files(*repository.subtree(commit, folder_of(path))).size(), path);
  std::ranges::stable_sort(largest_first, std::greater(), &std::pair<std::size_t, std::string>::first);
  std::vector<Shard> shards(std::min(most, paths.size()));
  for (const auto& [files, path] : largest_first) {
    Shard& least = *std::ranges::min_element(shards, {}, &Shard::files);
    least.files += files;
    least.paths.push_back(path);
  }
  std::vector<std::vector<std::string>> groups;
  for (Shard& shard : shards) {
    std::ranges::sort(shard.paths);
    groups.push_back(std::move(shard.paths));
  }
  return groups;
}

}  // namespace waybill::chart
