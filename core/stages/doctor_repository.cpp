#include <algorithm>

#include "core/chart/chart.h"
#include "core/stages/doctor.h"
#include "core/stages/released.h"

namespace waybill::stages {
namespace {

std::string setting(const Job& job, std::string_view rest) {
  return fmt::format("gh api -X {}", fmt::format(fmt::runtime(rest), "repos/" + job.facts.policy.anchor.repository));
}

class Examination {
 public:
  Examination(const Job& job, Findings& findings)
      : job_(job), settings_(job.ports.forge_settings()), findings_(findings) {}

  void merging() {
    forge::MergeSettings there;
    if (!findings_.look("how pull requests are merged", [&] { there = settings_.merging(); })) return;
    if (there.archived)
      findings_.wrong("the repository is archived: nothing can be written to it",
                      setting(job_, "PATCH {} -F archived=false"));
    const auto& policy = job_.facts.policy;
    method(there.squash, "squash merges", "allow_squash_merge", policy.anchor.branch);
    method(there.merge_commit, "merge commits", "allow_merge_commit",
           policy.is_direct() ? policy.branches.release
                              : policy.branches.integration + "` and `" + policy.branches.release);
  }

  void actions() {
    forge::ActionsSettings there;
    if (!findings_.look("whether Actions are on", [&] { there = settings_.actions(); })) return;
    if (!there.enabled)
      findings_.wrong("Actions are off: no stage starts",
                      setting(job_, "PUT {}/actions/permissions -F enabled=true -f allowed_actions=all"));
    else if (there.allowed == "local_only")
      findings_.wrong("only actions of this repository's owner may run: waybill's are not among them",
                      setting(job_, "PUT {}/actions/permissions -F enabled=true -f allowed_actions=all"));
    else
      findings_.right(there.allowed == "selected"
                          ? "Actions are on; that waybill's are among the selected ones is for their first run to show"
                          : "Actions are on");
  }

  void job_permissions() {
    std::string level;
    if (!findings_.look("what jobs may do that do not say it", [&] { level = settings_.usual_job_permissions(); }))
      return;
    if (level == "read")
      findings_.right("a workflow that does not say what its jobs may do gets to read alone");
    else
      findings_.wrong(fmt::format("a workflow that does not say what its jobs may do gets to `{}`", level),
                      setting(job_, "PUT {}/actions/permissions/workflow -f default_workflow_permissions=read"));
  }

  void releases() {
    bool immutable = false;
    if (!findings_.look("whether releases are immutable", [&] { immutable = settings_.has_immutable_releases(); }))
      return;
    if (immutable)
      findings_.right("releases are immutable");
    else
      findings_.wrong("releases are not immutable: who can write may change what was published",
                      setting(job_, "PUT {}/immutable-releases"));
  }

 private:
  void method(const std::optional<bool>& allowed, std::string_view what, std::string_view name,
              const std::string& branches) {
    if (!allowed)
      findings_.look(fmt::format("whether {} are allowed", what), [] {
        throw Error(Fault::kPermission, "the repository shows it to a token with `contents: write` alone");
      });
    else if (*allowed)
      findings_.right(fmt::format("{} are allowed, into `{}`", what, branches));
    else
      findings_.wrong(fmt::format("{} are not allowed; into `{}` they are needed", what, branches),
                      setting(job_, fmt::format("PATCH {{}} -F {}=true", name)));
  }

  const Job& job_;
  const forge::SettingsReader& settings_;
  Findings& findings_;
};

}  // namespace

void examine_repository(const Job& job, Findings& findings) {
  Examination examination(job, findings);
  examination.merging();
  examination.actions();
  examination.job_permissions();
  examination.releases();
}

void examine_destinations(const Job& job, Findings& findings) {
  const auto& policy = job.facts.policy;
  for (const std::string& path : chart::chart_paths(job.ports.git(), job.facts.anchor, policy.charts)) {
    const auto metadata = readable_metadata(job, job.facts.anchor, path);
    if (!metadata) continue;  // for stage 1 to say why
    for (const auto& destination : policy.destinations) {
      const std::string repository = destination.repository + "/" + metadata->name;
      std::size_t tags = 0;
      if (auto alarm = not_seen("`" + repository + "`", [&] { tags = job.ports.registry_tags(repository).size(); }))
        findings.wrong(alarm->what(), alarm->hint(), alarm->fault());
      else
        findings.right(fmt::format("`{}` answers: {} tags", repository, tags));
    }
  }
}

}  // namespace waybill::stages
