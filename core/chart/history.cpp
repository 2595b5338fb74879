#include "core/chart/history.h"

#include <algorithm>
#include <map>

#include "core/base/error.h"
#include "core/chart/folders.h"
#include "core/chart/message.h"
#include "core/chart/shipped_names.h"

namespace waybill::chart {
namespace {

constexpr std::size_t kCommitLimit = 250'000;

// Which of a chart's chapters a commit belongs to; the first, what waits, is 0.
using Places = std::vector<std::size_t>;

// "Merge pull request #12 from octo/branch" and, below it, the title.
Reason with_merged_title(Reason merge) {
  constexpr std::string_view kMerge = "Merge pull request #";
  const auto paragraphs = paragraphs_of(merge.body);
  const std::size_t digits =
      std::min(merge.subject.find_first_not_of("0123456789", kMerge.size()), merge.subject.size());
  if (!merge.subject.starts_with(kMerge) || digits == kMerge.size() || paragraphs.empty()) return merge;
  const std::string number = " (#" + merge.subject.substr(kMerge.size(), digits - kMerge.size()) + ")";
  std::string title = fmt::format("{}", fmt::join(paragraphs.front(), " "));
  if (!title.ends_with(number)) title += number;
  const std::string_view last = paragraphs.front().back();
  const auto told = static_cast<std::size_t>(last.data() - merge.body.data()) + last.size();
  return {std::move(merge.id), std::move(title), merge.body.substr(told)};
}

using Folder = std::pair<std::string, Oid>;

// The folders directly below trees, by name. A commit's are asked for twice, as its child's parent's too.
class Folders {
 public:
  explicit Folders(const git::Repository& repository) : repository_(repository) {}

  const std::vector<Folder>& below(const std::optional<Oid>& tree) {
    static const std::vector<Folder> kNone;
    if (!tree) return kNone;
    if (const auto known = known_.find(*tree); known != known_.end()) return known->second;
    std::vector<Folder> folders;
    for (git::Entry& entry : repository_.children(*tree))
      if (entry.mode == git::Mode::kTree) folders.emplace_back(std::move(entry.path), entry.id);
    std::ranges::sort(folders, {}, &Folder::first);
    return known_.emplace(*tree, std::move(folders)).first->second;
  }

  // Nothing that was given is good any longer.
  void forget_some() {
    if (known_.size() > kKept) known_.clear();
  }

 private:
  static constexpr std::size_t kKept = 256;

  const git::Repository& repository_;
  std::map<Oid, std::vector<Folder>> known_;
};

// Where charts are, by the names on the way there.
struct Place {
  std::optional<std::size_t> chart;
  std::map<std::string, Place, std::less<>> below;

  void add(std::string_view path, std::size_t number) {
    if (path.empty() || path == ".") {
      chart = number;
      return;
    }
    const std::size_t end = std::min(path.find('/'), path.size());
    below[std::string(path.substr(0, end))].add(path.substr(std::min(end + 1, path.size())), number);
  }
};

class Walk {
 public:
  Walk(const git::Repository& repository, const Oid& tip, lineage::Commits counted, std::vector<ChartHistory>& charts)
      : charts_(charts), counted_(counted), folders_(repository), commits_(repository.history(tip, {}, kCommitLimit)) {
    for (std::size_t at = 0; at < commits_.size(); ++at) place_.emplace(commits_[at].id, at);
    for (std::size_t chart = 0; chart < charts.size(); ++chart) root_.add(charts[chart].path, chart);
    for (const ChartHistory& chart : charts)
      shipping_.emplace_back(repository, tip, chart.path, inner_charts(chart, charts));
  }

  void find_releases(const std::vector<git::Tag>& tags, Extent extent) {
    released_.resize(commits_.size());
    for (std::size_t chart = 0; chart < charts_.size(); ++chart) {
      std::vector<Chapter>& chapters = charts_[chart].chapters;
      chapters = {{std::nullopt, commits_.front().committer.time, {}}};
      for (ReleaseTag& release : release_tags(tags, charts_[chart].name)) {
        const auto commit = place_.find(release.tag.target);
        if (commit == place_.end()) continue;
        released_[commit->second].emplace_back(chart, chapters.size());
        chapters.push_back({std::move(release), commits_[commit->second].committer.time, {}});
        if (extent == Extent::kSinceLastRelease) break;
      }
    }
  }

  // Children come before their parents, so that all is known of a commit when its turn comes.
  void sort_commits(Extent extent) {
    std::vector<Places> places(commits_.size());
    const std::vector<bool> counts = which_count();
    for (std::size_t at = 0; at < commits_.size(); ++at) {
      const git::Commit& commit = commits_[at];
      Places own = std::move(places[at]);
      own.resize(charts_.size());
      for (const auto& [chart, chapter] : released_[at]) own[chart] = std::max(own[chart], chapter);
      const bool is_told = extent == Extent::kWhole || std::ranges::find(own, 0U) != own.end();
      if (is_told && counts[at]) sort_in(commit, own, extent);
      for (std::size_t parent = 0; parent < commit.parents.size(); ++parent) {
        Places& known = places[place_.at(commit.parents[parent])];
        if (known.empty())
          known = own;
        else
          std::ranges::transform(known, own, known.begin(),
                                 [](std::size_t a, std::size_t b) { return std::max(a, b); });
      }
    }
  }

 private:
  // By commit.
  std::vector<bool> which_count() const {
    std::vector<bool> counts(commits_.size());
    if (counted_ == lineage::Commits::kAll) {
      for (std::size_t at = 0; at < commits_.size(); ++at) counts[at] = commits_[at].parents.size() < 2;
      return counts;
    }
    std::optional<std::size_t> at = 0;
    while (at) {
      const std::vector<Oid>& parents = commits_[*at].parents;
      counts[*at] = true;
      at = parents.empty() ? std::nullopt : std::optional(place_.at(parents.front()));
    }
    return counts;
  }

  void sort_in(const git::Commit& commit, const Places& places, Extent extent) {
    std::optional<Oid> before;
    if (!commit.parents.empty()) before = commits_[place_.at(commit.parents.front())].tree;
    compare(root_, before, commit.tree, [&](std::size_t chart, const std::optional<Oid>& old, const Oid& now) {
      if (extent == Extent::kSinceLastRelease && places[chart] != 0) return;
      if (shipping_[chart].differ(old, now))
        charts_[chart].chapters[places[chart]].commits.push_back(reason_of(commit, counted_));
    });
    folders_.forget_some();
  }

  // Calls `differs` for each chart at or below a place whose tree is another one, and is still there.
  template <class Differs>
  void compare(const Place& place, const std::optional<Oid>& before, const Oid& after, const Differs& differs) {
    if (before == after) return;
    if (place.chart) differs(*place.chart, before, after);
    if (place.below.empty()) return;
    const std::vector<Folder>& old = folders_.below(before);
    auto same = old.begin();
    for (const auto& [name, tree] : folders_.below(after)) {
      while (same != old.end() && same->first < name) ++same;
      const bool was_there = same != old.end() && same->first == name;
      if (was_there && same->second == tree) continue;
      if (const auto below = place.below.find(name); below != place.below.end())
        compare(below->second, was_there ? std::optional(same->second) : std::nullopt, tree, differs);
    }
  }

  std::vector<ChartHistory>& charts_;
  lineage::Commits counted_;
  Place root_;
  Folders folders_;
  std::vector<git::Commit> commits_;
  std::map<Oid, std::size_t> place_;
  std::vector<ShippedNames> shipping_;                                      // by chart
  std::vector<std::vector<std::pair<std::size_t, std::size_t>>> released_;  // by commit: chart and chapter
};

}  // namespace

std::vector<std::string> inner_charts(const ChartHistory& chart, const std::vector<ChartHistory>& all) {
  std::vector<std::string> inner;
  for (const ChartHistory& other : all)
    if (is_below(other.path, chart.path)) inner.push_back(below(other.path, chart.path));
  return inner;
}

Reason reason_of(const git::Commit& commit, lineage::Commits counted) {
  const std::size_t end = std::min(commit.message.find('\n'), commit.message.size());
  const std::size_t body = commit.message.find_first_not_of("\r\n", end);
  Reason reason{commit.id.hex(), commit.message.substr(0, end),
                body == std::string::npos ? std::string() : commit.message.substr(body)};
  if (counted == lineage::Commits::kAll || commit.parents.size() < 2) return reason;
  return with_merged_title(std::move(reason));
}

void read_histories(const git::Repository& repository, const Oid& tip, const std::vector<git::Tag>& tags, Extent extent,
                    std::vector<ChartHistory>& charts, lineage::Commits counted) {
  Walk walk(repository, tip, counted, charts);
  walk.find_releases(tags, extent);
  walk.sort_commits(extent);
}

}  // namespace waybill::chart
