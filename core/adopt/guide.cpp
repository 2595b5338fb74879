#include "core/adopt/guide.h"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "core/adopt/policy_text.h"
#include "core/stages/table.h"

namespace waybill::adopt {
namespace {

// Everything that the stages of the pipeline ask of the App's token, each at its highest level.
std::map<std::string, std::string> app_permissions(const lineage::Policy& policy) {
  std::map<std::string, std::string> all;
  for (const std::string_view name : lineage::stages_of(policy.pipeline))
    for (const auto& permission : stages::stage_named(name).app_permissions) {
      std::string& level = all[std::string(permission.name)];
      if (level != "write") level = permission.level;
    }
  return all;
}

std::string app(const lineage::Policy& policy) {
  std::string text =
      "1. A GitHub App, installed on this repository alone, without a webhook, with these permissions:\n";
  for (const auto& [name, level] : app_permissions(policy)) text += fmt::format("     {}: {}\n", name, level);
  return text + fmt::format(
                    "   Its login, the slug and `[bot]`, is `app` in {}; its id is a variable:\n"
                    "     gh variable set WAYBILL_APP_ID --repo {} --body ID\n",
                    lineage::kPolicyFile, policy.anchor.repository);
}

std::string environments(const lineage::Policy& policy) {
  std::string names;
  for (const lineage::Signer& signer : policy.signers)
    if (!signer.environment.empty()) names += " " + signer.environment;
  return fmt::format(
      "2. An environment for each stage, for `{1}` alone, with the App's key. It is no secret of the repository:\n"
      "   every branch could read it.\n"
      "     for name in{2}; do\n"
      "       gh api -X PUT repos/{0}/environments/$name -F 'deployment_branch_policy[protected_branches]=false' \\\n"
      "         -F 'deployment_branch_policy[custom_branch_policies]=true'\n"
      "       gh api -X POST repos/{0}/environments/$name/deployment-branch-policies -f name={1}\n"
      "       gh secret set WAYBILL_APP_PRIVATE_KEY --repo {0} --env $name < app-private-key.pem\n"
      "     done\n",
      policy.anchor.repository, policy.anchor.branch, names);
}

std::string branches(const lineage::Policy& policy) {
  const auto& names = policy.branches;
  std::string pushed = fmt::format("{0}:{1}", policy.anchor.branch, names.release);
  if (policy.pipeline == lineage::Pipeline::kFull)
    pushed = fmt::format("{0}:{1} {2}", policy.anchor.branch, names.integration, pushed);
  return fmt::format(
      "3. Branches; waybill makes all others. After these files are on `{0}`:\n     git push origin {1}\n",
      policy.anchor.branch, pushed);
}

struct Rule {
  std::string where;
  std::string what;
};

std::vector<Rule> rules(const lineage::Policy& policy) {
  const auto& names = policy.branches;
  const bool full = policy.pipeline == lineage::Pipeline::kFull;
  const auto all_of = [](const std::string& pattern) { return pattern.substr(0, pattern.find('<')) + "**"; };
  std::string own = all_of(names.bump) + ", " + all_of(names.train);
  if (full) own = fmt::format("{}, {}, {}, {}", all_of(names.chart), all_of(names.split), all_of(names.sync), own);
  std::vector<Rule> rules{{own, "creation, update, deletion by the App alone"}};
  if (full) rules.push_back({names.integration, "pull requests only; check waybill/validate-contribution"});
  rules.push_back({policy.anchor.branch, full ? "pull requests only, squashed; check waybill/validate-and-bump"
                                              : "pull requests only, squashed; checks waybill/validate-contribution "
                                                "and waybill/validate-and-bump"});
  rules.push_back({names.release, "pull requests only, merge commits; check waybill/release-charts"});
  rules.push_back({"tags of charts", "creation by the App alone; no update, no deletion"});
  return rules;
}

std::string rulesets(const lineage::Policy& policy) {
  std::string text = "4. Rulesets, with the App as the source of the checks:\n";
  for (const Rule& rule : rules(policy)) text += fmt::format("     {}\n       {}\n", rule.where, rule.what);
  return text;
}

}  // namespace

std::string trust_notes() {
  return fmt::format(
      "# What waybill trusts here\n\n"
      "Nothing has to lie in this folder on github.com: a public repository signs with Sigstore's public instance, "
      "any\n"
      "other with GitHub's own, and both are known. For another instance, or to hold on to certain keys, put here:\n\n"
      "| file | says |\n|---|---|\n"
      "| `trusted-root.json` | which certificate authorities, logs and timestamp authorities count |\n"
      "| `signing-config.json` | where the stages get certificates, log entries and timestamps |\n\n"
      "They count only with the bytes whose sha256 `{0}` pins:\n\n"
      "```yaml\n"
      "sigstore:\n"
      "  trusted-root: {{file: {1}, sha256: \"…\"}}\n"
      "  signing-config: {{file: {2}, sha256: \"…\"}}\n"
      "```\n\n"
      "`sha256sum {1} {2}` says what belongs there. When the instance renews its keys, finish what is under way "
      "before\n"
      "you change the files: statements under the old policy stop counting.\n",
      lineage::kPolicyFile, kTrustedRootFile, kSigningConfigFile);
}

std::string setup_guide(const lineage::Policy& policy) {
  return fmt::format("Set up once, as an admin of {}\n{}{}{}{}", policy.anchor.repository, app(policy),
                     environments(policy), branches(policy), rulesets(policy));
}

}  // namespace waybill::adopt
