// attestation-map: the one writer that puts what a matrix attested on the waybill.

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/lineage/waybill.h"
#include "core/stages/journey.h"
#include "core/stages/table.h"
#include "core/stages/text_list.h"

namespace waybill::stages {
namespace {

constexpr std::string_view kName = "attestation-map";
constexpr Input kEntries{"entries", Type::kString, "JSON of entries by chart path and key, as `attest` outputs them",
                         "{}"};
constexpr Input kCharts{"charts", Type::kList, "Paths of charts whose statements are looked for by digest"};
constexpr Input kKeys{"keys", Type::kList, "The keys that each of `charts` must have been attested under"};
constexpr Input kCommit{"commit", Type::kString, "Commit that holds the charts as they were attested", "HEAD"};
constexpr Output kCount{"count", Type::kInteger, "Number of entries on the waybill"};

constexpr std::string_view kExample = R"(# .waybill.yml names who signs the key:
#   signers: {scan: {workflow: .github/workflows/scan.yml, events: [pull_request_target], keys: [scan]}}
name: scan
on:
  pull_request_target:
    branches: [integration]
permissions: {}
jobs:
  scan:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      id-token: write
      attestations: write
    outputs:
      entries: ${{ steps.attest.outputs.entries }}
    steps:
      - uses: <whole checkout>
      - run: git archive --output=web.tar.gz HEAD charts/web
      - id: attest
        uses: <action attest>
        with:
          key: scan
          chart: charts/web
          subject-path: web.tar.gz
          checks: scan
  map:
    needs: scan
    runs-on: ubuntu-latest
    environment: waybill-scan
    permissions:
      contents: read
      attestations: read
    steps:
      - uses: <whole checkout>
      - uses: <action attestation-map>
        with:
          entries: ${{ needs.scan.outputs.entries }}
          app-id: ${{ vars.WAYBILL_APP_ID }}
          app-private-key: ${{ secrets.WAYBILL_APP_PRIVATE_KEY }}
)";

lineage::Entry verified(const Job& job, const lineage::Requirement& wanted, std::string id) {
  const auto upstream = job.ports.verified({wanted});
  if (!upstream)
    throw Error(Fault::kUntrusted, "`{}` of {}: no statement about {} verifies{}", wanted.key, wanted.chart,
                wanted.subject.text(), wanted.hint ? " as " + wanted.hint->statement.text() : "");
  const lineage::Node& node = upstream->at(wanted.key, wanted.chart);
  return {std::move(id), node.verified.link(), wanted.subject, node.verified.statement().predicate_type};
}

// What jobs handed over: an index, verified like any other.
lineage::Waybill handed_over(const Job& job) {
  const Json json = parse_json(job.input(kEntries.name), "input `entries`", {.bytes = 128 * 1024, .depth = 8});
  lineage::Waybill waybill = lineage::waybill_from_json(json, "input `entries`");
  for (auto& [chart, keys] : waybill)
    for (auto& [key, entry] : keys) {
      if (!entry.statement || !entry.subject)
        throw Error(Fault::kUntrusted, "`{}` of {} has no digests and cannot be verified", key, chart);
      entry = verified(job, {key, chart, *entry.subject, lineage::Link{key, *entry.statement, *entry.subject}},
                       std::move(entry.id));
    }
  return waybill;
}

// What a matrix cannot hand over, as its jobs share their outputs' names: found under the chart's own digest.
lineage::Waybill looked_for(const Job& job) {
  lineage::Waybill waybill;
  const auto keys = text_list(job.input(kKeys.name));
  const auto charts = text_list(job.input(kCharts.name));
  if (keys.empty() != charts.empty())
    throw Error(Fault::kInput, "`{}` wants `charts` and `keys` together, one of them is empty", kName)
        .hint("with:\n  charts: charts/nginx\n  keys: chart-test");
  if (charts.empty()) return waybill;
  const Oid commit = named_commit(job, job.input(kCommit.name));
  for (const std::string& path : charts) {
    const Consignment chart = consign(job, commit, path);
    for (const std::string& key : keys)
      waybill[path][key] = verified(job, {key, path, chart.subtree_digest, std::nullopt}, "");
  }
  return waybill;
}

Plan plan(const Job& job) {
  if (!job.facts.pull)
    throw Error(Fault::kInput, "`{}` needs a pull request", kName)
        .hint("waybill attestation-map --pull-request NUMBER");
  lineage::Waybill waybill = looked_for(job);
  for (auto& [chart, keys] : handed_over(job))
    for (auto& [key, entry] : keys) waybill[chart].insert_or_assign(key, std::move(entry));
  std::size_t count = 0;
  for (const auto& [chart, keys] : waybill) count += keys.size();
  if (count == 0)
    throw Error(Fault::kInput, "`{}` is given nothing to write", kName)
        .hint("with:\n  entries: ${{ steps.attest.outputs.entries }}");
  Plan plan;
  plan.add(EnsureWaybill{job.facts.pull->number, std::move(waybill)});
  plan.output(kCount.name, count);
  return plan;
}

}  // namespace

constexpr Stage kAttestationMap{
    .name = kName,
    .title = "Write entries on the waybill",
    .description =
        "Collects what the jobs of a matrix attested, verifies each entry by digest, and writes them on the pull "
        "request once",
    .icon = "map",
    .colour = "gray-dark",
    .inputs = {kEntries, kCharts, kKeys, kCommit},
    .outputs = {kCount},
    .job_permissions = {{"contents", "read"}, {"attestations", "read"}},
    .app_permissions = {{"contents", "read"}, {"pull_requests", "write"}},
    .example = kExample,
    .plan = plan,
};

}  // namespace waybill::stages
