// attestation-map: the one writer that puts the entries of a matrix on the waybill.

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/lineage/waybill.h"
#include "core/stages/table.h"

namespace waybill::stages {
namespace {

constexpr std::string_view kName = "attestation-map";
constexpr Input kEntries{"entries", Type::kString, "JSON of entries by chart path and key, as `attest` outputs them",
                         "{}", true};
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
      - uses: <checkout>
        with:
          fetch-depth: 0
          persist-credentials: false
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
      - uses: <checkout>
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: <action attestation-map>
        with:
          entries: ${{ needs.scan.outputs.entries }}
          app-id: ${{ vars.WAYBILL_APP_ID }}
          app-private-key: ${{ secrets.WAYBILL_APP_PRIVATE_KEY }}
)";

Plan plan(const Job& job) {
  if (!job.facts.pull)
    throw Error(Fault::kInput, "`{}` needs a pull request", kName)
        .hint("waybill attestation-map --pull-request NUMBER");
  const Json json = parse_json(job.input(kEntries.name), "input `entries`", {.bytes = 128 * 1024, .depth = 8});
  const lineage::Waybill entries = lineage::waybill_from_json(json, "input `entries`");
  std::size_t count = 0;
  for (const auto& [chart, keys] : entries)
    for (const auto& [key, entry] : keys) {
      if (!entry.statement || !entry.subject)
        throw Error(Fault::kUntrusted, "`{}` of {} has no digests and cannot be verified", key, chart);
      const lineage::Link hint{key, *entry.statement, *entry.subject};
      if (!job.ports.verified({{key, chart, *entry.subject, hint}}))
        throw Error(Fault::kUntrusted, "`{}` of {} does not verify: {} under {}", key, chart, entry.statement->text(),
                    entry.subject->text());
      ++count;
    }
  Plan plan;
  plan.add(EnsureWaybill{job.facts.pull->number, entries});
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
    .inputs = {kEntries},
    .outputs = {kCount},
    .job_permissions = {{"contents", "read"}, {"attestations", "read"}},
    .app_permissions = {{"contents", "read"}, {"pull_requests", "write"}},
    .example = kExample,
    .plan = plan,
};

}  // namespace waybill::stages
