// rulesets: the rules of branches and tags that the policy needs, made, compared and explained.

#include "core/stages/ruleset_audit.h"
#include "core/stages/table.h"

namespace waybill::stages {
namespace {

constexpr std::string_view kName = "rulesets";
constexpr Input kApp{"waybill-app-id", Type::kInteger,
                     "Number of the App that the policy names: who may bypass, and whose checks count", "", true};
constexpr Input kAudit{"audit", Type::kBoolean, "Change nothing, and fail where the repository's rules differ",
                       "false"};
constexpr Output kWanted{"rulesets", Type::kString, "The wanted rulesets as JSON, each to be imported or sent"};
constexpr std::string_view kExample = R"(name: rulesets
on:
  schedule:
    - cron: "43 5 * * 1"
  workflow_dispatch:
permissions: {}
jobs:
  audit:
    runs-on: ubuntu-latest
    environment: waybill-rulesets
    permissions:
      contents: read
    steps:
      - uses: <whole checkout>
      - uses: <action rulesets>
        with:
          waybill-app-id: ${{ vars.WAYBILL_APP_ID }}
          token: ${{ secrets.RULESETS_TOKEN }} # of somebody who administers the repository
          audit: true
)";

Plan plan(const Job& job) {
  Plan plan;
  const bool audit = job.input(kAudit.name) == "true";
  const std::int64_t app = app_number(job, kApp.name);
  Json all = Json::array();
  for (ComparedRuleset& ruleset : compared_rulesets(job, app)) {
    all.push_back(ruleset.wanted.ruleset);
    plan.note(ruleset.name() + ": " + ruleset.wanted.why);
    if (ruleset.drift.empty()) continue;
    if (audit)
      plan.alarm(drift_alarm(ruleset, app));
    else
      plan.add(EnsureRuleset{ruleset.name(), ruleset.wanted.ruleset, std::move(ruleset.drift)});
  }
  for (const std::string& line : beyond_rulesets(job.facts.policy)) plan.note("no ruleset can say " + line);
  plan.output(kWanted.name, all);
  return plan;
}

}  // namespace

constexpr Stage kRulesets{
    .name = kName,
    .title = "Protect waybill's branches and tags",
    .description = "Makes the rulesets that the policy needs, or compares them with the repository's and explains them",
    .icon = "lock",
    .colour = "purple",
    .inputs = {kApp, kAudit},
    .outputs = {kWanted},
    .job_permissions = {{"contents", "read"}},
    .app_permissions = {{"contents", "read"}, {"administration", "write"}},
    .example = kExample,
    .reads_pull = false,
    .plan = plan,
};

}  // namespace waybill::stages
