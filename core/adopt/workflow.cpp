#include "core/adopt/workflow.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/oid.h"
#include "core/chart/version.h"
#include "core/stages/merge_group.h"
#include "core/stages/policy_names.h"
#include "core/yaml/quote.h"

namespace waybill::adopt {
namespace {

constexpr std::string_view kActions = "waybill/waybill/actions/";
constexpr std::string_view kFiles = "https://raw.githubusercontent.com/waybill/waybill";

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

std::string events(const stages::Trigger& trigger, const lineage::Policy& policy) {
  std::string yaml = fmt::format("on:\n  {}:\n", trigger.event);
  if (trigger.types.begin() != trigger.types.end())
    yaml += fmt::format("    types: [{}]\n", fmt::join(trigger.types, ", "));
  return yaml + fmt::format("    branches: [{}]\n  workflow_dispatch:\n",
                            yaml::scalar(filter(stages::pattern_of(trigger.branch, policy))));
}

// What whoever dispatches the workflow is asked for.
std::string asked(const stages::Stage& stage, const stages::Trigger& trigger) {
  std::string yaml;
  const auto ask = [&yaml](std::string_view name, std::string_view help) {
    if (yaml.empty()) yaml = "    inputs:\n";
    yaml += fmt::format("      {}:\n        description: {}\n        type: string\n", name, help);
  };
  if (stages::is_proposal(trigger))
    ask(stages::kPullRequestInput, "Number of the pull request to look at; without it, whatever waits");
  if (stage.answers_groups)
    ask(stages::kMergeGroupInput, "Branch of a merge queue to look at, in the place of a pull request");
  for (const stages::Input& input : stage.inputs)
    if (input.asked) ask(input.name, input.help);
  return yaml;
}

// One run at a time for each pull request. A push has none: its stage looks at everything that waits, so the newest
// run does for those it took the place of.
std::string concurrency(const stages::Stage& stage, const stages::Trigger& trigger) {
  std::string number = trigger.event == "push" ? "" : "-${{ github.event.pull_request.number }}";
  if (stages::is_proposal(trigger))
    number =
        fmt::format("-${{{{ github.event.pull_request.number || inputs.{}{}{} }}}}", stages::kPullRequestInput,
                    stage.answers_groups ? " || inputs." : "", stage.answers_groups ? stages::kMergeGroupInput : "");
  return fmt::format("concurrency:\n  group: {}{}\n  cancel-in-progress: false\n", stage.name, number);
}

std::string environment_of(const stages::Stage& stage, const lineage::Policy& policy) {
  const auto signer = std::ranges::find(policy.signers, stage.name, &lineage::Signer::stage);
  if (signer != policy.signers.end() && !signer->environment.empty()) return signer->environment;
  return "waybill-" + std::string(stage.name);
}

bool has_foreign_registry(const stages::Stage& stage, const lineage::Policy& policy) {
  return std::ranges::find(stage.inputs, "registry-password", &stages::Input::name) != stage.inputs.end() &&
         std::ranges::any_of(policy.destinations, [&policy](const lineage::Destination& destination) {
           const std::string& repository = destination.repository;
           return !lineage::is_own_registry(repository.substr(0, repository.find('/')), policy.anchor.server);
         });
}

std::string inputs(const stages::Stage& stage, const lineage::Policy& policy, const WorkflowStyle& style) {
  std::string yaml;
  if (style.only_plans) yaml += "          mode: plan\n";
  for (const stages::Input& input : stage.inputs)
    if (input.asked) yaml += fmt::format("          {0}: ${{{{ inputs.{0} }}}}\n", input.name);
  if (has_foreign_registry(stage, policy))
    yaml +=
        "          registry-user: ${{ vars.WAYBILL_REGISTRY_USER }}\n"
        "          registry-password: ${{ secrets.WAYBILL_REGISTRY_PASSWORD }}\n";
  if (policy.has_own_app())
    yaml +=
        "          app-id: ${{ vars.WAYBILL_APP_ID }}\n"
        "          app-private-key: ${{ secrets.WAYBILL_APP_PRIVATE_KEY }}\n";
  return yaml.empty() ? yaml : "        with:\n" + yaml;
}

// Without an App the job's own token does all of it, and starts `reconcile`, which sends on.
std::string permissions(const stages::Stage& stage, const lineage::Policy& policy) {
  std::vector<std::pair<std::string, std::string>> all;
  const auto grant = [&all](std::string name, std::string_view level) {
    std::ranges::replace(name, '_', '-');
    const auto known = std::ranges::find(all, name, &std::pair<std::string, std::string>::first);
    if (known == all.end())
      all.emplace_back(std::move(name), level);
    else if (level == "write")
      known->second = level;
  };
  for (const auto& permission : stage.job_permissions) grant(std::string(permission.name), permission.level);
  if (!policy.has_own_app()) {
    for (const auto& permission : stage.app_permissions) grant(std::string(permission.name), permission.level);
    grant("actions", "write");
  }
  std::string yaml;
  for (const auto& [name, level] : all) yaml += fmt::format("      {}: {}\n", name, level);
  return yaml;
}

// What the step that checks out says after `uses:`; with all history, and without the token left behind.
std::string uses_checkout() {
  return "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0";
}

std::string uses_whole_checkout() {
  return uses_checkout() + "\n        with:\n          fetch-depth: 0\n          persist-credentials: false";
}

std::string filled(std::string_view mark, const ActionsRelease& release) {
  constexpr std::string_view kAction = "action ";
  if (mark == "checkout") return uses_checkout();
  if (mark == "whole checkout") return uses_whole_checkout();
  return uses(stages::stage_named(mark.substr(kAction.size())), release);
}

// The row's own workflow with its marks filled in.
std::string example(const stages::Stage& stage, const WorkflowStyle& style) {
  std::string text;
  std::string_view rest = stage.example;
  for (std::size_t open = rest.find('<'); open != std::string_view::npos; open = rest.find('<')) {
    const std::string_view mark = rest.substr(open + 1, rest.find('>', open) - open - 1);
    text.append(rest.substr(0, open)).append(filled(mark, style.release));
    rest.remove_prefix(open + mark.size() + 2);
  }
  text.append(rest);
  if (style.only_plans) text += "        with:\n          mode: plan\n";
  return text;
}

}  // namespace

ActionsRelease ActionsRelease::parse(std::string_view text) {
  const std::size_t at = text.find('@');
  if (!text.starts_with('v') || at == std::string_view::npos)
    throw Error(Fault::kInput, "`{}` names no release: a version and its commit are wanted", text)
        .hint("--release v1.2.3@0123456789abcdef0123456789abcdef01234567");
  return {"v" + chart::Version::parse(text.substr(1, at - 1)).text(), Oid::parse(text.substr(at + 1)).hex()};
}

std::string ActionsRelease::policy_schema() const {
  return version.empty() ? "" : fmt::format("{}/{}/policy.schema.json", kFiles, commit);
}

std::string uses(const stages::Stage& stage, const ActionsRelease& release) {
  const std::string name = std::string(kActions) + std::string(stage.name);
  if (release.version.empty()) return name + "@main # not released yet; pin a release by its commit";
  return fmt::format("{}@{} # {}", name, release.commit, release.version);
}

std::string workflow(const stages::Stage& stage, const lineage::Policy& policy, const WorkflowStyle& style) {
  const auto& trigger = stage.triggers.of(policy.pipeline);
  if (!trigger && stage.example.empty())
    throw Error(Fault::kInternal, "`{}` is no stage of `pipeline: {}`", stage.name, lineage::name_of(policy.pipeline));
  if (!trigger) return example(stage, style);
  std::string yaml = fmt::format("name: {}\n{}{}permissions: {{}}\n{}", stage.name, events(*trigger, policy),
                                 asked(stage, *trigger), concurrency(stage, *trigger));
  yaml += fmt::format("jobs:\n  stage:\n    runs-on: ubuntu-latest\n    environment: {}\n    permissions:\n",
                      yaml::scalar(environment_of(stage, policy)));
  return yaml + fmt::format("{}    steps:\n      - uses: {}\n      - uses: {}\n{}", permissions(stage, policy),
                            uses_whole_checkout(), uses(stage, style.release), inputs(stage, policy, style));
}

}  // namespace waybill::adopt
