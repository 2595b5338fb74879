// release-charts: build the package of every tag on the train, twice, and check what was built.

#include <algorithm>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/chart/bill_of_materials.h"
#include "core/lineage/keys.h"
#include "core/stages/evidence.h"
#include "core/stages/journey.h"
#include "core/stages/release_journey.h"
#include "core/stages/table.h"

namespace waybill::stages {
namespace {

namespace keys = lineage::keys;

constexpr std::string_view kName = "release-charts";
constexpr Output kPackages{"packages", Type::kList, "File names of the packages with their digests"};

// The release train: the event's pull request, else the one of waybill's own that is open.
std::optional<forge::PullRequest> train(const Job& job) {
  if (job.facts.pull) return job.facts.pull;
  for (const auto& pull : job.ports.forge().pull_requests("", job.facts.policy.branches.release, "open"))
    if (is_own(job, pull)) return pull;
  return std::nullopt;
}

// Everything that this stage does for a train is done.
bool is_for_people(const Job& job, const forge::PullRequest& train, const std::vector<Consignment>& charts) {
  const auto& policy = job.facts.policy;
  return !policy.merging.release && std::ranges::all_of(charts, [&](const Consignment& chart) {
    return has_statement(job, keys::kPackage, chart) &&
           std::ranges::all_of(policy.bills, [&](lineage::BillFormat format) {
             return has_statement(job, keys::bill_of_materials(format), chart);
           });
  }) && has_passed(job, kName, train);
}

Survey survey(const Job& job) {
  const auto pull = train(job);
  if (!pull) return {};
  const auto& branches = job.facts.policy.branches;
  if (pull->base_ref != branches.release)
    throw Error(Fault::kUntrusted, "pull request #{} is into `{}`, releases go into `{}`", pull->number, pull->base_ref,
                branches.release);
  require_own(job, *pull, branches.train, "");
  if (!job.ports.git().is_ancestor(pull->head, job.facts.anchor))
    throw Error(Fault::kUntrusted, "pull request #{}: {} is not on `{}`", pull->number, pull->head.hex(),
                job.facts.policy.anchor.branch);
  Survey survey;
  for (const git::Tag& tag : released_tags(job, pull->head, branch_tip(job, branches.release))) {
    if (auto old = outdated_tag(job, tag)) {
      survey.set_aside.push_back(*std::move(old));
      continue;
    }
    Consignment consignment = tagged_chart(job, tag);
    const auto other = std::ranges::find(survey.due, consignment.path, &Consignment::path);
    if (other != survey.due.end())
      throw Error(Fault::kUntrusted, "pull request #{} brings `{}` and `{}`; one version of a chart is wanted",
                  pull->number, other->tag, consignment.tag);
    consignment.pull = pull;
    survey.due.push_back(std::move(consignment));
  }
  if (survey.due.empty() && survey.set_aside.empty())
    throw Error(Fault::kInput, "pull request #{} brings no tag that `{}` lacks", pull->number, branches.release);
  if (survey.due.empty())
    survey.set_aside.push_back(
        {fmt::format("pull request #{} brings nothing that can be published: close it", pull->number), ""});
  else if (!job.facts.pull && is_for_people(job, *pull, survey.due))
    return {.due = {}, .set_aside = {{fmt::format("pull request #{} waits for people to merge it", pull->number), ""}}};
  return survey;
}

// The tag's evidence must be about this very tag, and what it tags must have changed this chart alone (trust.md T2).
void require_tag(const Job& job, const Consignment& consignment, const lineage::Node& node) {
  const intoto::Statement& statement = node.verified.statement();
  if (lineage::result_of(statement, "tag") != consignment.tag ||
      lineage::result_of(statement, "commit") != consignment.commit.hex())
    throw Error(Fault::kUntrusted, "{}: its `tag` statement is not about `{}` at {}", consignment.path, consignment.tag,
                consignment.commit.hex());
  const auto parents = job.ports.git().commit(consignment.commit).parents;
  if (!parents.empty()) only_changed_chart(job, parents.front(), consignment.commit);
}

std::vector<chart::Rendered> check_package(const Job& job, const chart::Package& package) {
  std::vector<chart::Rendered> rendered;
  std::string failed;
  const chart::CheckResult lint = job.ports.helm().lint(package);
  if (!lint.passed) failed += fmt::format("\n`{}` failed:\n{}", lint.command, lint.output);
  for (const std::string& kubernetes : job.facts.policy.kubernetes) {
    const chart::CheckResult result = job.ports.helm().render(package, kubernetes);
    if (!result.passed) failed += fmt::format("\n`{}` failed:\n{}", result.command, result.output);
    if (result.passed) rendered.push_back({kubernetes, job.ports.helm().manifests(package, kubernetes)});
  }
  if (!failed.empty()) throw Error(Fault::kInput, "{} did not pass its checks:{}", package.file_name, failed);
  return rendered;
}

Claim::Described written(const Job& job, const Consignment& consignment, const chart::BillOfMaterials& bill,
                         lineage::BillFormat format) {
  if (format == lineage::BillFormat::kCycloneDx) return {std::string(intoto::kCycloneDx), chart::cyclonedx(bill)};
  const Time created = job.ports.git().commit(consignment.commit).committer.time;
  return {std::string(intoto::kSpdx),
          chart::spdx(bill, {release_uri(job, bill.name, bill.version), created, job.facts.tool})};
}

Claim materials(const Job& job, const Consignment& consignment, const chart::BillOfMaterials& bill,
                lineage::BillFormat format) {
  const std::string_view key = keys::bill_of_materials(format);
  return {std::string(key),
          stamp(job, kName, key, consignment),
          {{bill.file_name, bill.digest}},
          {std::string(keys::kPackage)},
          written(job, consignment, bill, format)};
}

Plan plan(const Job& job) {
  Plan plan;
  report_set_aside(plan, job);
  if (job.consignments.empty()) {
    if (job.set_aside.empty()) plan.note("no release train waits");
    return plan;
  }
  const forge::PullRequest pull = *job.consignments.front().pull;
  Json files = Json::array();
  std::string summary;
  for (Consignment consignment : job.consignments) {
    const lineage::Node& tag = job.upstream.at(keys::kTag, consignment.path);
    require_tag(job, consignment, tag);
    consignment.shipment = tag.stamp.shipment;
    const chart::Package& package = *consignment.package;
    const auto bill = chart::bill_of_materials(package, consignment.subtree, check_package(job, package));

    Claim built = produced(job, kName, keys::kPackage, consignment,
                           {{"content", consignment.content_digest.text()},
                            {"subtree", consignment.subtree_digest.text()},
                            {"tag", consignment.tag},
                            {"builds", 2}},
                           job.facts.policy.demanded_by(kName));
    built.subjects = {{package.file_name, package.digest}};
    plan.add(std::move(built));
    for (const lineage::BillFormat format : job.facts.policy.bills) plan.add(materials(job, consignment, bill, format));
    files.push_back({{"file", package.file_name}, {"digest", package.digest.text()}});
    summary += fmt::format("- `{}` {}\n", package.file_name, package.digest.text());
  }
  plan.add(EnsureWaybill{pull.number, carried(job)});
  plan.add(own_check(pull, kName, "packages built", summary));
  if (job.facts.policy.merging.release)
    plan.add(EnsureMerged{pull.number, pull.head, pull.base_ref, "merge",
                          fmt::format("{} (#{})", pull.title, pull.number), ""});
  plan.output(kPackages.name, files);
  return plan;
}

}  // namespace

constexpr Stage kReleaseCharts{
    .name = kName,
    .title = "Build the packages of a release",
    .description =
        "Verifies each tag's lineage from zero, builds its package reproducibly twice, checks the package and lists "
        "its materials",
    .icon = "package",
    .colour = "blue",
    .inputs = {},
    .outputs = {kPackages},
    .job_permissions = {{"contents", "read"}, {"id-token", "write"}, {"attestations", "write"}},
    .app_permissions = {{"contents", "write"}, {"pull_requests", "write"}, {"checks", "write"}},
    .triggers = {.full = proposed_to(PolicyBranch::kRelease), .direct = proposed_to(PolicyBranch::kRelease)},
    .attests = true,
    .survey = survey,
    .plan = plan,
};

}  // namespace waybill::stages
