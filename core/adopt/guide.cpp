#include "core/adopt/guide.h"

#include <fmt/format.h>

#include "core/adopt/policy_text.h"
#include "core/stages/protection.h"
#include "core/stages/table.h"

namespace waybill::adopt {
namespace {

std::string app(const lineage::Policy& policy) {
  if (!policy.has_own_app())
    return fmt::format(
        "1. No App: the jobs' own tokens open the pull requests, and whatever they do is sent on by `reconcile`.\n"
        "     gh api -X PUT repos/{}/actions/permissions/workflow -F can_approve_pull_request_reviews=true\n"
        "   Checks of your own with `on: pull_request` wait, on those pull requests, for somebody's \"Approve and "
        "run\".\n",
        policy.anchor.repository);
  std::string text =
      "1. A GitHub App, installed on this repository alone, without a webhook, with these permissions:\n";
  for (const auto& [name, level] : stages::app_permissions(policy.pipeline))
    text += fmt::format("     {}: {}\n", name, level);
  return text + fmt::format(
                    "   Its login, the slug and `[bot]`, is `app` in {}; its id is a variable:\n"
                    "     gh variable set WAYBILL_APP_ID --repo {} --body ID\n",
                    lineage::kPolicyFile, policy.anchor.repository);
}

std::string environments(const lineage::Policy& policy) {
  std::string names;
  for (const lineage::Signer& signer : policy.signers)
    if (!signer.environment.empty()) names += " " + signer.environment;
  const bool own_app = policy.has_own_app();
  return fmt::format(
      "2. An environment for each stage, for `{1}` alone{3}\n"
      "     for name in{2}; do\n"
      "       gh api -X PUT repos/{0}/environments/$name -F 'deployment_branch_policy[protected_branches]=false' \\\n"
      "         -F 'deployment_branch_policy[custom_branch_policies]=true'\n"
      "       gh api -X POST repos/{0}/environments/$name/deployment-branch-policies -f name={1}\n"
      "{4}"
      "     done\n",
      policy.anchor.repository, policy.anchor.branch, names,
      own_app ? ", with the App's key. It is no secret of the repository:\n   every branch could read it." : ".",
      own_app
          ? fmt::format("       gh secret set WAYBILL_APP_PRIVATE_KEY --repo {} --env $name < app-private-key.pem\n",
                        policy.anchor.repository)
          : "");
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

std::string rulesets(const lineage::Policy& policy) {
  if (!policy.has_own_app())
    return "4. No rulesets of waybill's: no rule tells its jobs from any other job of the repository.\n";
  std::string text =
      "4. Rulesets, as somebody who administers the repository. Without `--mode apply` they are printed, to be "
      "imported:\n"
      "     waybill rulesets --waybill-app-id ID --token \"$(gh auth token)\" --mode apply\n";
  for (const auto& [ruleset, why] : stages::protections(policy, 1)) text += fmt::format("       {}\n", why);
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
  return fmt::format(
      "Set up once, as an admin of {}\n{}{}{}{}5. Then look whether all of it is so:\n     waybill doctor --token "
      "\"$(gh "
      "auth token)\"\n",
      policy.anchor.repository, app(policy), environments(policy), branches(policy), rulesets(policy));
}

}  // namespace waybill::adopt
