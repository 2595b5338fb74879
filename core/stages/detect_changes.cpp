// detect-changes: which charts differ between two commits or since their releases, as a list and as a matrix.

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/chart/detect.h"
#include "core/stages/journey.h"
#include "core/stages/number_input.h"
#include "core/stages/table.h"
#include "core/stages/text_list.h"

namespace waybill::stages {
namespace {

constexpr Input kBase{"base", Type::kString, "Commit, branch or tag to compare with (a branch as origin/NAME)",
                      "origin/main"};
constexpr Input kHead{"head", Type::kString, "Commit, branch or tag to look at", "HEAD"};
constexpr std::string_view kMergeBase = "merge-base";
constexpr std::string_view kRelease = "release";
constexpr std::size_t kMostJobs = 256;  // of one matrix (facts: actions.md)

constexpr Input kSince{.name = "since",
                       .type = Type::kEnum,
                       .help =
                           "`merge-base`: what `head` changed since it left `base`. `base`: what differs between the "
                           "two. `release`: what differs in each chart since the highest of its release tags that "
                           "`head` has; `base` does not matter then, and deleted charts are not found",
                       .initial = kMergeBase,
                       .allowed = {kMergeBase, "base", kRelease}};
constexpr Input kPatterns{"charts", Type::kList, "Where charts are, one `*` for each folder level", "charts/*"};
constexpr Input kShards{
    "shards", Type::kInteger,
    "At most so many jobs in the matrix, each with several charts, of about as many files. 0: a job "
    "for each chart",
    "0"};
constexpr Output kCharts{"charts", Type::kList,
                         "Paths of the charts that were added or modified, in more than what `.helmignore` leaves out"};
constexpr Output kDeleted{"deleted", Type::kList, "Paths of the charts that were deleted"};
constexpr Output kMatrix{"matrix", Type::kString,
                         "JSON for strategy.matrix: `chart` of each job; with `shards` the list `charts`, and `shard`, "
                         "which is its number"};
constexpr Output kReasons{"reasons", Type::kString,
                          "JSON: for each chart its `change`, what it was compared with, how many files differ and the "
                          "first of them"};

constexpr std::string_view kExample = R"(name: test
on:
  pull_request:
permissions: {}
jobs:
  changes:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    outputs:
      charts: ${{ steps.changes.outputs.charts }}
      matrix: ${{ steps.changes.outputs.matrix }}
    steps:
      - uses: <whole checkout>
      - id: changes
        uses: <action detect-changes>
        with:
          base: origin/${{ github.base_ref }}
  lint:
    needs: changes
    if: needs.changes.outputs.charts != '[]'
    runs-on: ubuntu-latest
    permissions:
      contents: read
    strategy:
      matrix: ${{ fromJSON(needs.changes.outputs.matrix) }}
    steps:
      - uses: <checkout>
        with:
          persist-credentials: false
      - run: helm lint --strict "$CHART"
        env:
          CHART: ${{ matrix.chart }}
)";

chart::Detection detect(const Job& job, const Oid& head) {
  const git::Repository& git = job.ports.git();
  const auto patterns = text_list(job.input(kPatterns.name));
  if (job.input(kSince.name) == kRelease) return chart::detect_since_releases(git, head, patterns);
  const Oid base = named_commit(job, job.input(kBase.name));
  const bool left = job.input(kSince.name) == kMergeBase;
  return chart::detect_between(git, left ? git.merge_base(base, head).value_or(base) : base, head, patterns);
}

std::string_view name_of(chart::ChangeKind kind) {
  switch (kind) {
    case chart::ChangeKind::kAdded:
      return "added";
    case chart::ChangeKind::kModified:
      return "modified";
    case chart::ChangeKind::kDeleted:
      return "deleted";
  }
  return "";
}

// It becomes an output and a job's name.
void require_plain(const std::string& path) {
  if (printable_line(path) != path)
    throw Error(Fault::kInput, "`{}` holds what nobody can see, or is no UTF-8", printable_line(path));
}

Json matrix(const Job& job, const Oid& head, const std::vector<std::string>& charts) {
  const auto shards = static_cast<std::size_t>(number_input(job, kShards.name, 0, "a number of jobs"));
  if (shards > kMostJobs || (shards == 0 && charts.size() > kMostJobs))
    throw Error(Fault::kInput, "a matrix has at most {} jobs, here there are {}", kMostJobs,
                shards == 0 ? charts.size() : shards)
        .hint(fmt::format("with:\n  shards: {}", kMostJobs));
  if (shards == 0) return {{"chart", charts}};
  Json jobs = Json::array();
  for (const auto& group : chart::in_shards(job.ports.git(), head, charts, shards))
    jobs.push_back({{"shard", jobs.size() + 1}, {"charts", group}});
  return {{"include", std::move(jobs)}};
}

Plan plan(const Job& job) {
  Plan plan;
  const Oid head = named_commit(job, job.input(kHead.name));
  const chart::Detection detection = detect(job, head);
  std::vector<std::string> changed;
  Json deleted = Json::array();
  Json reasons = Json::object();
  for (const auto& [chart, since] : detection.charts) {
    require_plain(chart.path);
    const std::string first = printable_line(chart.files.front());
    if (chart.kind == chart::ChangeKind::kDeleted)
      deleted.push_back(chart.path);
    else
      changed.push_back(chart.path);
    reasons[chart.path] = {
        {"change", name_of(chart.kind)}, {"since", since}, {"files", chart.files.size()}, {"first", first}};
    plan.note(fmt::format(
        "{}: {}{}, {}, first {}", chart.path, name_of(chart.kind), since.empty() ? "" : " since " + since,
        chart.files.size() == 1 ? "1 file differs" : fmt::format("{} files differ", chart.files.size()), first));
  }
  for (const std::string& path : detection.ignored)
    plan.note(fmt::format("{}: nothing differs but what .helmignore leaves out", path));
  plan.output(kMatrix.name, canonical(matrix(job, head, changed)));
  plan.output(kCharts.name, changed);
  plan.output(kDeleted.name, std::move(deleted));
  plan.output(kReasons.name, canonical(reasons));
  return plan;
}

}  // namespace

constexpr Stage kDetectChanges{
    .name = "detect-changes",
    .title = "Find the charts that changed",
    .description = "Compares git trees and lists the charts that were added, modified or deleted",
    .icon = "search",
    .colour = "gray-dark",
    .inputs = {kBase, kHead, kSince, kPatterns, kShards},
    .outputs = {kCharts, kDeleted, kMatrix, kReasons},
    .job_permissions = {{"contents", "read"}},
    .app_permissions = {},
    .example = kExample,
    .needs = Needs::kGit,
    .plan = plan,
};

}  // namespace waybill::stages
