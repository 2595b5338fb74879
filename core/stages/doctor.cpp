// doctor: everything around a repository's pipeline that has to be so, looked at and changed in nothing.

#include "core/stages/doctor.h"

#include "core/stages/number_input.h"
#include "core/stages/registry_inputs.h"
#include "core/stages/ruleset_audit.h"
#include "core/stages/table.h"

namespace waybill::stages {
namespace {

constexpr std::string_view kName = "doctor";
constexpr Input kApp{"waybill-app-id", Type::kInteger,
                     "Number of the App that the policy names, for its rulesets; by default what the App's page says"};
constexpr Input kAudit{"audit", Type::kBoolean, "Look for the run behind every statement of the newest releases too",
                       "false"};
constexpr Input kVersions{"versions", Type::kInteger, "Of each chart so many of the highest versions are audited", "3"};
constexpr Output kFindings{"findings", Type::kList, "What is wrong, one line each"};
constexpr std::string_view kExample = R"(name: doctor
on:
  schedule:
    - cron: "29 5 * * 1"
  workflow_dispatch:
permissions: {}
jobs:
  doctor:
    runs-on: ubuntu-latest
    environment: waybill-doctor
    permissions:
      contents: read
      packages: read
    steps:
      - uses: <whole checkout>
      - uses: <action doctor>
        with:
          waybill-app-id: ${{ vars.WAYBILL_APP_ID }}
          token: ${{ secrets.DOCTOR_TOKEN }} # of somebody who administers the repository
          audit: true
)";

std::optional<std::int64_t> app_of(const Job& job, Findings& findings) {
  const auto shown = examine_app(job, findings);
  if (job.input(kApp.name).empty()) return shown;
  const std::int64_t given = app_number(job, kApp.name);
  if (shown && *shown != given)
    findings.wrong(
        fmt::format("the App `{}` has the number {}, `{}` is {}", app_slug(job.facts.policy), *shown, kApp.name, given),
        fmt::format("gh variable set WAYBILL_APP_ID --repo {} --body {}", job.facts.policy.anchor.repository, *shown));
  return given;
}

void examine_rulesets(const Job& job, const std::optional<std::int64_t>& app, Plan& plan) {
  if (!app) {
    plan.alarm(Error(Fault::kPermission, "the rulesets could not be compared: the App's number is not known")
                   .hint("with:\n  waybill-app-id: ${{ vars.WAYBILL_APP_ID }}"));
    return;
  }
  Findings findings(plan);
  findings.look("which rulesets there are", [&] {
    for (const ComparedRuleset& ruleset : compared_rulesets(job, *app))
      if (ruleset.drift.empty())
        findings.right(fmt::format("ruleset `{}`: {}", ruleset.name(), ruleset.wanted.why));
      else
        plan.alarm(drift_alarm(ruleset, *app));
  });
}

Plan plan(const Job& job) {
  const auto versions = static_cast<std::size_t>(number_input(job, kVersions.name, 0, "a whole number"));
  Plan plan;
  Findings findings(plan);
  const auto& policy = job.facts.policy;
  findings.right(fmt::format("{} is of this repository, and what it pins is there; `{}` is the default branch",
                             lineage::kPolicyFile, policy.anchor.branch));
  examine_repository(job, findings);
  const auto places = examine_workflows(job, findings);
  if (policy.has_own_app()) {
    examine_key(job, places, findings);
    examine_rulesets(job, app_of(job, findings), plan);
  } else {
    findings.right(
        fmt::format("`app` is `{}`: whatever any job of the repository can do, waybill's can; assurance is "
                    "reduced",
                    policy.app));
  }
  examine_destinations(job, findings);
  if (job.input(kAudit.name) == "true") audit_releases(job, versions, findings);
  std::vector<std::string> texts;
  for (const Error& alarm : plan.alarms()) texts.emplace_back(alarm.what());
  plan.output(kFindings.name, texts);
  return plan;
}

}  // namespace

constexpr Stage kDoctor{
    .name = kName,
    .title = "Look after the pipeline's surroundings",
    .description =
        "Looks whether settings, workflows, App, secrets and rulesets are as the pipeline needs them, and audits runs",
    .icon = "heart",
    .colour = "purple",
    .inputs = {kApp, kAudit, kVersions, kRegistryUser, kRegistryPassword},
    .outputs = {kFindings},
    .job_permissions = {{"contents", "read"}, {"packages", "read"}},
    .app_permissions = {},
    .example = kExample,
    .reads_pull = false,
    .plan = plan,
};

}  // namespace waybill::stages
