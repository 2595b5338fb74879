// attest: record a maintainer's own check, or what was built, under a key of their own.

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/crypto/hash.h"
#include "core/lineage/keys.h"
#include "core/stages/journey.h"
#include "core/stages/table.h"
#include "core/stages/text_list.h"

namespace waybill::stages {
namespace {

constexpr std::string_view kName = "attest";
constexpr Input kKey{"key", Type::kString, "Name of the check in the policy; the pipeline's own keys are refused",
                     "build"};
constexpr Input kPath{"subject-path", Type::kList, "Files that the statement is about, one a line"};
constexpr Input kDigest{"subject-digest", Type::kString,
                        "`sha256:` digest that the statement is about, in place of files"};
constexpr Input kSubject{"subject-name", Type::kString, "Name of the subject that `subject-digest` belongs to"};
constexpr Input kChart{
    "chart", Type::kString,
    "Path of the chart, when the statement is about one; without files and digest, it is the subject"};
constexpr Input kCommit{"commit", Type::kString, "Commit in which the chart is the subject", "HEAD"};
constexpr Input kChecks{"checks", Type::kList,
                        "Names of checks that this job found to hold: a test result is attested"};
constexpr Input kPredicateType{"predicate-type", Type::kString, "Type of the predicate in `predicate-path`"};
constexpr Input kPredicatePath{"predicate-path", Type::kString,
                               "JSON file with a predicate; without checks and predicate, provenance is attested"};
constexpr Output kSubjects{"subjects", Type::kList, "Names and digests that were attested"};

std::vector<intoto::Subject> subjects(const Job& job) {
  std::vector<intoto::Subject> all;
  for (const std::string& path : text_list(job.input(kPath.name))) {
    const std::string name = path.substr(path.rfind('/') + 1);
    all.push_back({name, crypto::sha256(job.ports.file(path))});
  }
  if (!job.input(kDigest.name).empty())
    all.push_back({std::string(job.input(kSubject.name)), Digest::parse(job.input(kDigest.name))});
  if (all.empty() && !job.input(kChart.name).empty())
    return consign(job, named_commit(job, job.input(kCommit.name)), std::string(job.input(kChart.name))).subjects();
  if (all.empty())
    throw Error(Fault::kInput, "`{}` has nothing to be about", kName).hint("with:\n  subject-path: dist/tool.tar.gz");
  for (const auto& subject : all)
    if (subject.name.empty())
      throw Error(Fault::kInput, "the subject {} has no name", subject.digest.text())
          .hint("with:\n  subject-name: tool");
  return all;
}

constexpr std::string_view kExample = R"(# .waybill.yml names who signs the key:
#   signers: {build: {workflow: .github/workflows/build.yml, events: [push], keys: [build]}}
name: build
on:
  push:
    branches: [main]
permissions: {}
jobs:
  build:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      id-token: write
      attestations: write
    steps:
      - uses: <whole checkout>
      - run: git archive --output=source.tar.gz HEAD
      - uses: <action attest>
        with:
          key: build
          subject-path: source.tar.gz
)";

Plan plan(const Job& job) {
  const std::string key(job.input(kKey.name));
  if (lineage::keys::is_reserved(key))
    throw Error(Fault::kInput, "the key `{}` belongs to a stage of the pipeline", key)
        .hint("with:\n  key: install-test-v1.33.7");
  const runner::Occasion& occasion = job.facts.occasion;
  // Not within the braces below: when it throws there, g++ 12 destroys the stamp twice.
  std::vector<intoto::Subject> about = subjects(job);
  lineage::Stamp stamp{.key = key,
                       .stage = job.facts.policy.signer_of(key).stage,
                       .repository_id = job.facts.repository_id,
                       .pull_request = occasion.pull_request,
                       .base_ref = occasion.base_ref,
                       .base = occasion.base,
                       .head = occasion.head,
                       .policy_commit = job.facts.anchor.hex(),
                       .policy = job.facts.policy.digest,
                       .shipment = {std::string(job.input(kChart.name)), {}, {}, {}},
                       .tool = job.facts.tool};
  Claim claim{key, std::move(stamp), std::move(about), {}, {}};
  const auto checks = text_list(job.input(kChecks.name));
  const std::string path(job.input(kPredicatePath.name));
  if (!checks.empty()) {
    Claim::Tested tested;
    for (const std::string& check : checks) tested.checks.push_back({check, true, ""});
    claim.content = std::move(tested);
  } else if (!path.empty()) {
    claim.content =
        Claim::Described{std::string(job.input(kPredicateType.name)), parse_json(job.ports.file(path), path)};
  } else {
    claim.content = Claim::Produced{Json::object()};
  }
  Plan plan;
  Json names = Json::array();
  for (const auto& subject : claim.subjects)
    names.push_back({{"name", subject.name}, {"digest", subject.digest.text()}});
  plan.add(std::move(claim));
  plan.output(kSubjects.name, std::move(names));
  return plan;
}

}  // namespace

constexpr Stage kAttest{
    .name = kName,
    .title = "Attest a check or a build",
    .description = "Signs a test result, a predicate or a provenance about files or a digest, under a key of your own",
    .icon = "edit-3",
    .colour = "gray-dark",
    .inputs = {kKey, kPath, kDigest, kSubject, kChart, kCommit, kChecks, kPredicateType, kPredicatePath},
    .outputs = {kSubjects},
    .job_permissions = {{"contents", "read"}, {"id-token", "write"}, {"attestations", "write"}},
    .app_permissions = {},
    .example = kExample,
    .attests = true,
    .reads_pull = false,
    .plan = plan,
};

}  // namespace waybill::stages
