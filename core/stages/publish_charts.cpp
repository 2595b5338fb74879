// publish-charts: bring the verified package to registry and release page; what becomes visible is complete.

#include <algorithm>
#include <map>

#include "core/base/error.h"
#include "core/chart/release_edit.h"
#include "core/crypto/hash.h"
#include "core/lineage/keys.h"
#include "core/stages/chart_image.h"
#include "core/stages/completion.h"
#include "core/stages/evidence.h"
#include "core/stages/journey.h"
#include "core/stages/registry_inputs.h"
#include "core/stages/release_journey.h"
#include "core/stages/table.h"
#include "core/stages/under_way.h"
#include "core/stages/watched_releases.h"
#include "core/stages/withdrawal.h"

namespace waybill::stages {
namespace {

namespace keys = lineage::keys;

constexpr std::string_view kName = "publish-charts";
constexpr Input kWithdraw{
    .name = "withdraw", .help = "Tag of a release to take back, in place of publishing what waits", .asked = true};
constexpr Input kReason{.name = "reason", .help = "Why the release is taken back, in one line", .asked = true};
constexpr Output kReleases{"releases", Type::kList, "Tags that are published"};
constexpr Output kWithdrawn{"withdrawn", Type::kString, "Tag of the release that was taken back"};

bool withdraws(const Job& job) {
  return !job.input(kWithdraw.name).empty();
}

Survey survey(const Job& job) {
  if (withdraws(job)) return {};
  const auto& branches = job.facts.policy.branches;
  if (job.facts.pull && (job.facts.pull->base_ref != branches.release || !job.facts.pull->merged))
    throw Error(Fault::kInput, "pull request #{} is not merged into `{}`", job.facts.pull->number, branches.release);
  const lineage::Waybill index = job.facts.pull ? waybill_of(*job.facts.pull) : lineage::Waybill();
  const std::map<std::string, forge::Release> published = visible_releases(job);
  Survey survey;
  for (const git::Tag& tag : released_tags(job, branch_tip(job, branches.release), std::nullopt)) {
    if (published.contains(tag.name)) continue;
    if (auto old = outdated_tag(job, tag)) {
      survey.set_aside.push_back(*std::move(old));
      continue;
    }
    Consignment consignment = tagged_chart(job, tag);
    if (const auto why = withdrawn(job, consignment)) {
      survey.set_aside.push_back({fmt::format("{} is not published: {}", tag.name, *why), ""});
      continue;
    }
    const auto chart = index.find(consignment.path);
    if (chart != index.end() && job.facts.pull->head == tag.target)  // the train of this very tag
      for (const auto& [key, entry] : chart->second) consignment.waybill[chart->first].insert_or_assign(key, entry);
    survey.due.push_back(std::move(consignment));
  }
  take_turns(survey, kName);
  return survey;
}

// A version that a registry already holds with other content is an error before anything is uploaded.
void require_free(const Job& job, const std::string& repository, const std::string& version, const Digest& digest) {
  const auto there = job.ports.registry(repository, oci::tag_of_version(version));
  if (const auto conflict = taken(repository, version, there, digest)) throw *conflict;
}

void publish(Plan& plan, const Job& job, Consignment consignment, Completion& completion) {
  const chart::Metadata& metadata = consignment.metadata;
  const chart::Package& package = *consignment.package;
  consignment.shipment = job.upstream.at(keys::kPackage, consignment.path).stamp.shipment;
  const ChartImage image = chart_image(job, consignment);
  const std::string version_tag = oci::tag_of_version(metadata.version);
  const std::vector<std::string> repositories = required_repositories(job, metadata.name);
  for (const std::string& repository : repositories)
    require_free(job, repository, metadata.version, image.manifest.digest);
  completion.add(consignment, image);

  const auto changelog = consignment.subtree.find("CHANGELOG.md");
  const std::string notes =
      changelog == consignment.subtree.end() ? "" : chart::section_of(changelog->second.content, metadata.version);
  plan.add(EnsureDraft{consignment.tag, metadata.name + " " + metadata.version, notes,
                       chart::Version::parse(metadata.version).is_prerelease()});
  plan.add(EnsureAsset{consignment.tag, package.file_name, "application/gzip", package.bytes});
  for (const std::string& repository : repositories)
    plan.add(EnsureManifest{repository, image.manifest, {image.config, package.bytes}});

  const std::vector<intoto::Subject> subjects{{package.file_name, package.digest}};
  Claim published = produced(job, kName, keys::kPublish, consignment,
                             {{"manifest", image.manifest.digest.text()}, {"repositories", repositories}},
                             job.facts.policy.demanded_by(kName));
  published.subjects = subjects;
  for (const std::string& repository : repositories) published.subjects.push_back({repository, image.manifest.digest});
  // Where nothing but optional registries have the image, they have these statements of it too.
  if (const auto optional = optional_repositories(job, metadata.name); repositories.empty() && !optional.empty())
    published.subjects.push_back({optional.front(), image.manifest.digest});
  Claim overall{std::string(keys::kReleaseOverall),
                stamp(job, kName, keys::kReleaseOverall, consignment),
                published.subjects,
                {},
                {}};
  overall.inputs = job.facts.policy.demanded_by(kName);
  overall.inputs.emplace_back(keys::kPublish);
  overall.content =
      Claim::Summarised{release_uri(job, metadata.name, metadata.version), {std::string(lineage::kVerifiedLevel)}};
  // Both get attached where nothing can be taken back: what a run before this one attached is not attached again.
  published.once = true;
  overall.once = true;
  plan.add(std::move(published));
  plan.add(std::move(overall));

  const std::string lineage_name = fmt::format("{}-{}.lineage.jsonl", metadata.name, metadata.version);
  plan.add(EnsureAsset{consignment.tag, lineage_name, "application/jsonl",
                       EnsureAsset::LineageOf{consignment.path, std::string(keys::kReleaseOverall)}});
  for (const std::string& repository : repositories)
    for (const auto key : {keys::kPublish, keys::kReleaseOverall})
      plan.add(referrer(job, consignment, repository, image, key));
  for (const std::string& repository : repositories)
    plan.add(EnsureRegistryTag{repository, version_tag, image.manifest});
  plan.add(EnsureDeployment{
      consignment.commit,
      "charts/" + metadata.name,
      {{"chart", metadata.name}, {"version", metadata.version}, {"digest", image.manifest.digest.text()}}});
  // Last: a run that finds the release visible has nothing left to do for it.
  plan.add(EnsurePublished{consignment.tag});
}

Plan plan(const Job& job) {
  if (withdraws(job)) {
    Plan plan = withdrawal(job, job.input(kWithdraw.name), job.input(kReason.name));
    plan.output(kWithdrawn.name, job.input(kWithdraw.name));
    return plan;
  }
  Plan plan;
  Completion completion(job);
  Json tags = Json::array();
  for (const Consignment& consignment : job.consignments) {
    publish(plan, job, consignment, completion);
    tags.push_back(consignment.tag);
  }
  if (!job.facts.pull) completion.add_earlier();
  if (job.consignments.empty() && job.set_aside.empty())
    plan.note("every tag on `" + job.facts.policy.branches.release + "` is published");
  report_set_aside(plan, job);
  const Oid release = branch_tip(job, job.facts.policy.branches.release);
  if (!released_tags(job, job.facts.anchor, release).empty())
    plan.add(EnsureDispatch{"tag-charts", job.facts.policy.anchor.branch, "the next release train may leave"});
  completion.put_into(plan);
  plan.output(kReleases.name, tags);
  return plan;
}

}  // namespace

constexpr Stage kPublishCharts{
    .name = kName,
    .title = "Publish the packages of a release",
    .description =
        "Rebuilds each package, compares it with what was attested, and publishes it to registry and release page in "
        "safe order",
    .icon = "upload-cloud",
    .colour = "blue",
    .inputs = {kWithdraw, kReason, kRegistryUser, kRegistryPassword},
    .outputs = {kReleases, kWithdrawn},
    .job_permissions = {{"contents", "read"}, {"id-token", "write"}, {"attestations", "write"}, {"packages", "write"}},
    .app_permissions = {{"contents", "write"},
                        {"pull_requests", "read"},
                        {"deployments", "write"},
                        {"actions", "write"}},
    .triggers = {.full = merged_into(PolicyBranch::kRelease), .direct = merged_into(PolicyBranch::kRelease)},
    .attests = true,
    .survey = survey,
    .plan = plan,
};

}  // namespace waybill::stages
