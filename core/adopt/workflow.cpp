#include "core/adopt/workflow.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/oid.h"
#include "core/chart/version.h"
#include "core/yaml/quote.h"

namespace waybill::adopt {
namespace {

constexpr std::string_view kActions = "waybill/waybill/actions/";

// A filter of GitHub's that matches every branch of the pattern and no other name: `*`, `?`, `+`, `[`, `]` and a
// leading
// `!` mean something there.
std::string filter(const std::string& pattern) {
  std::string escaped;
  for (const char c : lineage::Branches::filled(pattern, "\n", "")) {
    if (c == '\n')
      escaped += "**";
    else if (c == '+' || c == ']' || (c == '!' && escaped.empty()))
      escaped += std::string{'\\', c};
    else
      escaped += c;
  }
  return escaped;
}

const std::string& pattern_of(stages::PolicyBranch branch, const lineage::Policy& policy) {
  switch (branch) {
    case stages::PolicyBranch::kIntegration:
      return policy.branches.integration;
    case stages::PolicyBranch::kChart:
      return policy.branches.chart;
    case stages::PolicyBranch::kAnchor:
      return policy.anchor.branch;
    case stages::PolicyBranch::kRelease:
      return policy.branches.release;
  }
  throw Error(Fault::kInternal, "a trigger without a branch");
}

const stages::Trigger& trigger_of(const stages::Stage& stage, const lineage::Policy& policy) {
  if (const auto& trigger = stage.triggers.of(policy.pipeline)) return *trigger;
  throw Error(Fault::kInternal, "`{}` is no stage of `pipeline: {}`", stage.name, lineage::name_of(policy.pipeline));
}

std::string events(const stages::Trigger& trigger, const lineage::Policy& policy) {
  std::string yaml = fmt::format("on:\n  {}:\n", trigger.event);
  if (trigger.types.begin() != trigger.types.end())
    yaml += fmt::format("    types: [{}]\n", fmt::join(trigger.types, ", "));
  return yaml + fmt::format("    branches: [{}]\n  workflow_dispatch:\n",
                            yaml::scalar(filter(pattern_of(trigger.branch, policy))));
}

// One run at a time for each pull request. A push has none: its stage looks at everything that waits, so the newest
// run does for those it took the place of.
std::string concurrency(const stages::Stage& stage, const stages::Trigger& trigger) {
  const std::string_view number = trigger.event == "push" ? "" : "-${{ github.event.pull_request.number }}";
  return fmt::format("concurrency:\n  group: {}{}\n  cancel-in-progress: false\n", stage.name, number);
}

std::string environment_of(const stages::Stage& stage, const lineage::Policy& policy) {
  const auto signer = std::ranges::find(policy.signers, stage.name, &lineage::Signer::stage);
  if (signer != policy.signers.end() && !signer->environment.empty()) return signer->environment;
  return "waybill-" + std::string(stage.name);
}

// The forge's own registry takes the job's token; no other is shown it (trust.md T18).
bool is_own_registry(const lineage::Destination& destination, const std::string& server) {
  const std::string registry = destination.repository.substr(0, destination.repository.find('/'));
  if (server == lineage::Anchor{}.server) return registry == "ghcr.io";
  const std::string host = server.substr(server.rfind('/') + 1);
  return registry == host || registry == "containers." + host;
}

bool has_foreign_registry(const stages::Stage& stage, const lineage::Policy& policy) {
  return std::ranges::find(stage.inputs, "registry-password", &stages::Input::name) != stage.inputs.end() &&
         std::ranges::any_of(policy.destinations, [&policy](const lineage::Destination& destination) {
           return !is_own_registry(destination, policy.anchor.server);
         });
}

std::string inputs(const stages::Stage& stage, const lineage::Policy& policy, const WorkflowStyle& style) {
  std::string yaml;
  if (style.only_plans) yaml += "          mode: plan\n";
  if (has_foreign_registry(stage, policy))
    yaml +=
        "          registry-user: ${{ vars.WAYBILL_REGISTRY_USER }}\n"
        "          registry-password: ${{ secrets.WAYBILL_REGISTRY_PASSWORD }}\n";
  return yaml +
         "          app-id: ${{ vars.WAYBILL_APP_ID }}\n"
         "          app-private-key: ${{ secrets.WAYBILL_APP_PRIVATE_KEY }}\n";
}

}  // namespace

ActionsRelease ActionsRelease::parse(std::string_view text) {
  const std::size_t at = text.find('@');
  if (!text.starts_with('v') || at == std::string_view::npos)
    throw Error(Fault::kInput, "`{}` names no release: a version and its commit are wanted", text)
        .hint("--release v1.2.3@0123456789abcdef0123456789abcdef01234567");
  return {"v" + chart::Version::parse(text.substr(1, at - 1)).text(), Oid::parse(text.substr(at + 1)).hex()};
}

std::string uses_checkout() {
  return "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0";
}

std::string uses(const stages::Stage& stage, const ActionsRelease& release) {
  const std::string name = std::string(kActions) + std::string(stage.name);
  if (release.version.empty()) return name + "@main # not released yet; pin a release by its commit";
  return fmt::format("{}@{} # {}", name, release.commit, release.version);
}

std::string workflow(const stages::Stage& stage, const lineage::Policy& policy, const WorkflowStyle& style) {
  const stages::Trigger& trigger = trigger_of(stage, policy);
  std::string yaml = fmt::format("name: {}\n{}permissions: {{}}\n{}", stage.name, events(trigger, policy),
                                 concurrency(stage, trigger));
  yaml += fmt::format("jobs:\n  stage:\n    runs-on: ubuntu-latest\n    environment: {}\n    permissions:\n",
                      yaml::scalar(environment_of(stage, policy)));
  for (const auto& permission : stage.job_permissions)
    yaml += fmt::format("      {}: {}\n", permission.name, permission.level);
  return yaml + fmt::format(
                    "    steps:\n      - uses: {}\n        with:\n          fetch-depth: 0\n"
                    "          persist-credentials: false\n      - uses: {}\n        with:\n{}",
                    uses_checkout(), uses(stage, style.release), inputs(stage, policy, style));
}

}  // namespace waybill::adopt
