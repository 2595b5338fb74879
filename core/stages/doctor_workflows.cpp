#include <algorithm>

#include "core/base/error.h"
#include "core/stages/doctor.h"
#include "core/stages/policy_names.h"
#include "core/stages/table.h"
#include "core/stages/workflow_text.h"

namespace waybill::stages {
namespace {

constexpr std::size_t kFileBytes = 512UL * 1024;
constexpr const char* kKeySecret = "WAYBILL_APP_PRIVATE_KEY";
constexpr const char* kWrite = "waybill init --write";

class Workflows {
 public:
  Workflows(const Job& job, Findings& findings) : job_(job), findings_(findings) {
    registered_ = findings_.look("which workflows are on", [&] { there_ = job.ports.forge_settings().workflows(); });
  }

  std::vector<KeyPlace> places;

  void look(const Stage& stage) {
    path_ = job_.facts.policy.workflow_of(stage.name);
    sound_ = true;
    const std::string environment = environment_of(stage);
    const auto text = job_.ports.git().file(job_.facts.anchor, path_, kFileBytes);
    if (!text)
      wrong(fmt::format("is not on `{}`: nothing runs `{}`", job_.facts.policy.anchor.branch, stage.name), kWrite);
    else
      read(stage, *text, environment);
    if (text && registered_) look_at_state(stage);
    if (sound_) findings_.right(path_ + ": there, on, its actions pinned by commit");
    if (takes_key(stage) && (places.empty() || places.back().stage != stage.name) && !environment.empty())
      places.push_back({std::string(stage.name), environment, kKeySecret});
  }

 private:
  static bool takes_key(const Stage& stage) { return stage.app_permissions.begin() != stage.app_permissions.end(); }

  // That the stage's certificates have to name; empty = any.
  std::string environment_of(const Stage& stage) const {
    const auto& signers = job_.facts.policy.signers;
    const auto signer = std::ranges::find(signers, stage.name, &lineage::Signer::stage);
    return signer == signers.end() ? std::string() : signer->environment;
  }

  void read(const Stage& stage, const std::string& text, const std::string& environment) {
    std::vector<UsedAction> actions;
    try {
      actions = used_actions(text, path_);
    } catch (const Error& error) {
      if (error.fault() != Fault::kInput) throw;
      wrong(std::string("cannot be read: ") + error.what(), kWrite);
      return;
    }
    for (const UsedAction& action : actions)
      if (!action.is_pinned())
        wrong(fmt::format("uses `{}`, which others can move; a commit's 40 digits are wanted", action.uses),
              fmt::format("uses: {}@0123456789abcdef0123456789abcdef01234567 # its release's commit",
                          action.uses.substr(0, action.uses.find('@'))));
    const auto own = std::ranges::find_if(actions, [&](const UsedAction& one) { return one.runs(stage.name); });
    if (own == actions.end()) {
      wrong(fmt::format("does not use waybill's action `{}`", stage.name), kWrite);
      return;
    }
    look_at_environment(stage, *own, environment);
  }

  void look_at_environment(const Stage& stage, const UsedAction& own, const std::string& environment) {
    if (!environment.empty() && own.environment != environment)
      wrong(fmt::format("runs in the environment `{}`, the policy wants `{}`", own.environment, environment),
            "environment: " + environment);
    if (!takes_key(stage)) return;
    if (own.environment.empty() && environment.empty())
      wrong("names no environment: the App's key would have to lie where every branch can read it",
            fmt::format("environment: waybill-{}", stage.name));
    else
      places.push_back({std::string(stage.name), environment.empty() ? own.environment : environment,
                        own.key_secret.empty() ? kKeySecret : own.key_secret});
  }

  void look_at_state(const Stage& stage) {
    const auto known = std::ranges::find(there_, path_, &forge::Workflow::path);
    if (known == there_.end())
      wrong("is not known to the forge as a workflow", "push a commit to `" + job_.facts.policy.anchor.branch + "`");
    else if (known->state != "active")
      wrong(fmt::format("is off: the forge says `{}`", known->state),
            fmt::format("gh workflow enable {} --repo {}", workflow_file(stage.name, job_.facts.policy),
                        job_.facts.policy.anchor.repository));
  }

  void wrong(const std::string& text, std::string cure) {
    sound_ = false;
    findings_.wrong(fmt::format("`{}` {}", path_, text), std::move(cure));
  }

  const Job& job_;
  Findings& findings_;
  std::vector<forge::Workflow> there_;
  bool registered_ = false;
  std::string path_;
  bool sound_ = true;
};

}  // namespace

std::vector<KeyPlace> examine_workflows(const Job& job, Findings& findings) {
  Workflows workflows(job, findings);
  for (const Stage* stage : workflow_stages(job.facts.policy.pipeline)) workflows.look(*stage);
  return std::move(workflows.places);
}

}  // namespace waybill::stages
