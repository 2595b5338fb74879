// detect-changes: which charts differ between two commits, as a list and as a matrix.

#include "core/base/error.h"
#include "core/stages/journey.h"
#include "core/stages/table.h"
#include "core/stages/text_list.h"

namespace waybill::stages {
namespace {

constexpr Input kBase{"base", Type::kString, "Commit, branch or tag to compare with (a branch as origin/NAME)",
                      "origin/main"};
constexpr Input kHead{"head", Type::kString, "Commit, branch or tag to look at", "HEAD"};
constexpr Input kPatterns{"charts", Type::kList, "Where charts are, one `*` for each folder level", "charts/*"};
constexpr Output kCharts{"charts", Type::kList, "Paths of the charts that were added or modified"};
constexpr Output kDeleted{"deleted", Type::kList, "Paths of the charts that were deleted"};
constexpr Output kMatrix{"matrix", Type::kString, "The same as JSON for strategy.matrix"};

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

Plan plan(const Job& job) {
  Plan plan;
  const Oid head = named_commit(job, job.input(kHead.name));
  const Oid other = named_commit(job, job.input(kBase.name));
  const Oid base = job.ports.git().merge_base(other, head).value_or(other);
  const chart::Changes changes =
      chart::changed_charts(job.ports.git(), base, head, text_list(job.input(kPatterns.name)));
  Json changed = Json::array();
  Json deleted = Json::array();
  for (const auto& chart : changes.charts) {
    (chart.kind == chart::ChangeKind::kDeleted ? deleted : changed).push_back(chart.path);
    plan.note(fmt::format("{}: {} files differ, first {}", chart.path, chart.files.size(), chart.files.front()));
  }
  plan.output(kMatrix.name, canonical({{"chart", changed}}));
  plan.output(kCharts.name, std::move(changed));
  plan.output(kDeleted.name, std::move(deleted));
  return plan;
}

}  // namespace

constexpr Stage kDetectChanges{
    .name = "detect-changes",
    .title = "Find the charts that changed",
    .description = "Compares git trees and lists the charts that were added, modified or deleted",
    .icon = "search",
    .colour = "gray-dark",
    .inputs = {kBase, kHead, kPatterns},
    .outputs = {kCharts, kDeleted, kMatrix},
    .job_permissions = {{"contents", "read"}},
    .app_permissions = {},
    .example = kExample,
    .needs = Needs::kGit,
    .plan = plan,
};

}  // namespace waybill::stages
