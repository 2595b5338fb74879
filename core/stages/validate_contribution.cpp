// validate-contribution: every chart that a contribution changes is sound on every Kubernetes version of the policy.

#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/lineage/keys.h"
#include "core/stages/bring_back.h"
#include "core/stages/evidence.h"
#include "core/stages/journey.h"
#include "core/stages/merge_group.h"
#include "core/stages/other_files.h"
#include "core/stages/release_plan.h"
#include "core/stages/released.h"
#include "core/stages/table.h"
#include "core/stages/under_way.h"

namespace waybill::stages {
namespace {

namespace keys = lineage::keys;

constexpr std::string_view kName = "validate-contribution";
constexpr Output kCharts{"charts", Type::kList, "Paths of the charts that were validated"};
constexpr std::string_view kCorrect = "correct it and push to the same pull request";

// Everything that is wrong with a contribution, said at once.
class Findings {
 public:
  template <class Look>
  void attempt(Look look) {
    try {
      look();
    } catch (const Error& error) {
      if (error.fault() != Fault::kInput) throw;
      texts_.push_back(fmt::format("{}\n  try: {}", error.what(), error.hint().empty() ? kCorrect : error.hint()));
    }
  }

  void report() const {
    if (!texts_.empty()) throw Error(Fault::kInput, "{}", fmt::join(texts_, "\n\n"));
  }

 private:
  std::vector<std::string> texts_;
};

// What integration lacks of main: a pull request that waybill opened itself.
bool is_sync(const Job& job, const forge::PullRequest& pull) {
  return is_own(job, pull) && only_brings_back(job, pull.head);
}

// In a direct pipeline releases come by the branch that contributions come to; stage 5 judges what waybill composed.
bool is_release(const Job& job, const forge::PullRequest& pull) {
  return job.facts.policy.is_direct() && is_own(job, pull);
}

void refuse_other_files(const Job& job, const std::vector<std::string>& paths) {
  if (paths.empty()) return;
  std::string list;
  for (const std::string& path : paths) list += "\n  " + printable_line(path);
  const bool carried = job.facts.policy.carries_other_files;
  throw Error(Fault::kInput, "the contribution changes {} files that {}:{}", paths.size(),
              carried ? "no contribution brings" : "belong to no chart", list)
      .hint(fmt::format("send these in a pull request to the default branch{}",
                        carried ? "" : "; or let waybill carry such files, in the policy:\nother-files: carry"));
}

void refuse_deleted(const std::vector<chart::ChangedChart>& charts) {
  for (const auto& changed : charts)
    if (changed.kind == chart::ChangeKind::kDeleted)
      throw Error(Fault::kInput, "the contribution deletes the chart `{}`", changed.path)
          .hint("retire a chart in a pull request to the default branch");
}

Survey survey_pull_request(const Job& job, const forge::PullRequest& pull) {
  const auto& git = job.ports.git();
  const auto& policy = job.facts.policy;
  if (pull.base_ref != policy.branches.integration)
    throw Error(Fault::kInput, "pull request #{} is into `{}`, contributions go into `{}`", pull.number, pull.base_ref,
                policy.branches.integration);
  if (is_release(job, pull))
    return {.due = {},
            .set_aside = {{fmt::format("pull request #{} is a release by `{}`: validate-and-bump sees to it",
                                       pull.number, policy.app),
                           ""}}};
  const Oid base = git.merge_base(pull.base, pull.head).value_or(pull.base);
  const chart::Changes changes = chart::changed_charts(git, base, pull.head, policy.charts);
  Findings findings;
  if (!policy.is_direct() && !is_sync(job, pull)) {
    findings.attempt([&] { refuse_other_files(job, never_carried(job, pull.head, changes.others)); });
    findings.attempt([&] { refuse_deleted(changes.charts); });
  }
  const lineage::Waybill index = waybill_of(pull);
  Survey survey;
  for (const auto& changed : changes.charts) {
    if (changed.kind == chart::ChangeKind::kDeleted) continue;
    findings.attempt([&] {
      Consignment consignment = consign(job, pull.head, changed.path);
      consignment.waybill = index;
      if (!policy.is_direct() && is_released(job, consignment))
        survey.set_aside.push_back(
            {consignment.path + " is exactly what was released as " + consignment.metadata.version, ""});
      else
        survey.due.push_back(std::move(consignment));
    });
  }
  findings.report();
  return survey;
}

// Content that nobody has attested as it is now: integration made it out of two contributions, or it was attested under
// an earlier policy. What is validated goes on where the next stage has not seen it.
Survey survey_integration(const Job& job) {
  Survey survey;
  for (Consignment& consignment : under_way(job)) {
    if (is_released(job, consignment)) continue;
    if (is_validated(job, consignment)) {
      if (!has_statement(job, keys::kFilter, consignment) || !has_statement(job, keys::kAtomic, consignment))
        survey.set_aside.push_back({consignment.path + " is validated", "filter-charts"});
      continue;
    }
    consignment.shipment = {consignment.path, {}, {}, {}};  // which shipment it belongs to is for the next stage to say
    survey.due.push_back(std::move(consignment));
  }
  take_turns(survey, kName);
  return survey;
}

// The same of a direct pipeline's default branch, where everything must be such that it can be read.
Survey survey_default_branch(const Job& job) {
  Findings findings;
  for (const std::string& path : chart::chart_paths(job.ports.git(), job.facts.anchor, job.facts.policy.charts))
    findings.attempt([&] { static_cast<void>(consign(job, job.facts.anchor, path)); });
  findings.report();
  Survey survey;
  for (Consignment& consignment : unreleased_charts(job).due) {
    if (is_validated(job, consignment)) {
      if (!has_statement(job, keys::kFormat, consignment))
        survey.set_aside.push_back({consignment.path + " is validated", "format-chart-pr"});
      continue;
    }
    consignment.shipment = {consignment.path, {}, {}, {}};
    survey.due.push_back(std::move(consignment));
  }
  return survey;
}

// Whoever contributes writes the version, where the policy says so; what waybill brings back has the one it had.
void require_versions(const Job& job, Findings& findings) {
  if (!job.facts.policy.versions.written || (job.facts.pull && is_sync(job, *job.facts.pull))) return;
  for (const Consignment& consignment : job.consignments)
    findings.attempt([&] { static_cast<void>(plan_contribution(job, consignment)); });
}

Survey survey(const Job& job) {
  if (job.facts.pull) return survey_pull_request(job, *job.facts.pull);
  if (job.facts.group) return contributions_of(job, *job.facts.group);
  return job.facts.policy.is_direct() ? survey_default_branch(job) : survey_integration(job);
}

Plan plan(const Job& job) {
  Plan plan;
  Json paths = Json::array();
  std::string summary;
  Findings findings;
  ChartNames names(job);
  std::vector<const Consignment*> sound;
  std::vector<std::vector<lineage::Check>> structure;
  for (const Consignment& consignment : job.consignments) {
    paths.push_back(consignment.path);
    findings.attempt([&] {
      structure.push_back(structure_checks(job, consignment, names));
      sound.push_back(&consignment);
    });
  }
  require_versions(job, findings);
  std::vector<Checked> checked = run_checks(job, sound);
  for (std::size_t chart = 0; chart < sound.size(); ++chart) {
    findings.attempt([&] {
      if (checked[chart].fault) throw *checked[chart].fault;
      for (KubernetesCheck& check : checked[chart].checks)
        plan.add(tested(job, kName, keys::lint_test(check.kubernetes), *sound[chart], std::move(check.checks), {}));
      plan.add(tested(job, kName, keys::kValidate, *sound[chart], std::move(structure[chart]), {}));
      summary += fmt::format("- `{}` {}\n", sound[chart]->path, sound[chart]->metadata.version);
    });
  }
  findings.report();
  plan.output(kCharts.name, paths);

  if (job.facts.group) {
    report_set_aside(plan, job);
    plan.add(own_check(*job.facts.group, kName, "validated",
                       summary.empty() ? "Every chart was validated before." : summary));
    return plan;
  }
  if (!job.facts.pull) {
    const std::string next = job.facts.policy.is_direct() ? "format-chart-pr" : "filter-charts";
    report_set_aside(plan, job, paths.empty() ? std::set<std::string>{} : std::set<std::string>{next});
    return plan;
  }
  report_set_aside(plan, job);
  const forge::PullRequest& pull = *job.facts.pull;
  if (!paths.empty()) plan.add(EnsureWaybill{pull.number, {}});
  if (is_release(job, pull)) return plan;
  plan.add(own_check(pull, kName, "validated",
                     summary.empty() ? "Nothing of a chart changed that is not released already." : summary));
  if (is_sync(job, pull) && job.facts.policy.merging.sync)
    plan.add(EnsureMerged{pull.number, pull.head, pull.base_ref, "merge",
                          fmt::format("Bring {} back (#{})", job.facts.policy.anchor.branch, pull.number), ""});
  return plan;
}

}  // namespace

constexpr Stage kValidateContribution{
    .name = kName,
    .title = "Validate the charts of a contribution",
    .description =
        "Lints and renders every changed chart for every Kubernetes version of the policy and attests what held",
    .icon = "check-circle",
    .colour = "blue",
    .inputs = {},
    .outputs = {kCharts},
    .job_permissions = {{"contents", "read"}, {"id-token", "write"}, {"attestations", "write"}},
    .app_permissions = {{"contents", "write"}, {"pull_requests", "write"}, {"checks", "write"}, {"actions", "write"}},
    .triggers = {.full = proposed_to(PolicyBranch::kIntegration), .direct = proposed_to(PolicyBranch::kIntegration)},
    .attests = true,
    .answers_groups = true,
    .survey = survey,
    .plan = plan,
};

}  // namespace waybill::stages
