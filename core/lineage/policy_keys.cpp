#include "core/lineage/policy_keys.h"

#include <array>

namespace waybill::lineage {
namespace {

constexpr std::string_view kDigestForm = "^[0-9a-f]{64}$";
constexpr std::string_view kCommitForm = "^[0-9a-f]{40}$";
constexpr std::string_view kChartMark = "<chart>";
constexpr std::string_view kCommitMark = "<sha8>";
constexpr std::string_view kBothMarks = "<chart>.*<sha8>|<sha8>.*<chart>";
constexpr std::string_view kNoMarks = "^[^<>]*$";
constexpr std::string_view kRepositoryForm = "^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$";
constexpr std::string_view kKubernetesForm = "^[0-9]+[.][0-9]+([.][0-9]+)?$";

constexpr std::array kKeys{
    PolicyKey{.path = "version",
              .form = KeyForm::kInteger,
              .meaning = "`1`: the format of this file",
              .required = true,
              .allowed = {"1"}},
    PolicyKey{.path = "pipeline",
              .meaning = "`full`: the eight stages. `direct`: without stages 2 and 3, contributions go to the default "
                         "branch itself; there is no `branches.integration`, `.chart`, `.split`, `.sync` then",
              .initial = "full",
              .allowed = {"full", "direct"}},

    PolicyKey{.path = "anchor",
              .form = KeyForm::kMapping,
              .meaning = "the one place that policy, workflow definitions and signers come from",
              .required = true},
    PolicyKey{.path = "anchor.repository", .meaning = "`OWNER/NAME`", .required = true, .pattern = kRepositoryForm},
    PolicyKey{.path = "anchor.repository-id",
              .form = KeyForm::kInteger,
              .meaning = "the number of `gh api repos/OWNER/NAME --jq .id`; name and ids must agree",
              .required = true},
    PolicyKey{.path = "anchor.owner-id",
              .form = KeyForm::kInteger,
              .meaning = "the number of `gh api repos/OWNER/NAME --jq .owner.id`",
              .required = true},
    PolicyKey{.path = "anchor.server", .meaning = "the forge", .initial = "https://github.com"},
    PolicyKey{.path = "anchor.issuer",
              .meaning = "who issues the identity tokens of its runs",
              .initial = "https://token.actions.githubusercontent.com"},
    PolicyKey{.path = "anchor.branch", .meaning = "the default branch", .initial = "main"},

    PolicyKey{.path = "app",
              .meaning = "login of the App that owns waybill's branches, as `waybill-release[bot]`. Without one, "
                         "`github-actions[bot]`: then any job of the repository can do what waybill's do, verdicts say "
                         "\"reduced\", and nothing is merged but by people",
              .required = true},
    PolicyKey{.path = "charts",
              .form = KeyForm::kTexts,
              .meaning = "folders that hold charts, at most one `*` at each level: `[\"charts/*\"]`; not the root",
              .required = true},
    PolicyKey{.path = "other-files",
              .meaning =
                  "files of no chart in a contribution to `branches.integration`. `refuse`: they come by pull "
                  "requests to the default branch. `carry`: waybill brings them before it in one pull request of "
                  "their own, which people merge",
              .initial = "refuse",
              .allowed = {"refuse", "carry"}},
    PolicyKey{.path = "protected-paths",
              .form = KeyForm::kTexts,
              .meaning = "files and folders inside of charts, written as `charts` is, that no contribution to "
                         "`branches.integration` changes: `[\"charts/*/SECURITY.md\"]`. They come by pull requests to "
                         "the default branch, as what says who releases always does: `.github`, `.waybill.yml`, "
                         "CODEOWNERS, and `.gitattributes` and `.gitmodules` at the root",
              .otherwise = "those alone"},
    PolicyKey{.path = "kubernetes",
              .form = KeyForm::kSomeTexts,
              .meaning = "versions that every chart is rendered for: `[\"1.32.11\", \"1.33.7\"]`",
              .required = true,
              .pattern = kKubernetesForm},

    PolicyKey{
        .path = "branches",
        .form = KeyForm::kMapping,
        .meaning = "names of branches; `<chart>` and `<sha8>` stand for a chart's name and the start of a commit"},
    PolicyKey{.path = "branches.integration",
              .meaning = "where contributions go",
              .initial = "integration",
              .pattern = kNoMarks},
    PolicyKey{.path = "branches.chart",
              .meaning = "one branch for each chart",
              .initial = "integrate/<chart>",
              .pattern = kChartMark},
    PolicyKey{.path = "branches.split",
              .meaning = "one chart's part of a contribution, on its way to `branches.chart`",
              .initial = "split/<chart>/<sha8>",
              .pattern = kBothMarks},
    PolicyKey{.path = "branches.bump",
              .meaning = "a release on its way to the default branch",
              .initial = "bump/<chart>/<sha8>",
              .pattern = kBothMarks},
    PolicyKey{.path = "branches.train",
              .meaning = "a tag on its way to `branches.release`",
              .initial = "release-train/<sha8>",
              .pattern = kCommitMark},
    PolicyKey{.path = "branches.sync",
              .meaning = "the default branch on its way back to `branches.integration`",
              .initial = "sync/<sha8>",
              .pattern = kCommitMark},
    PolicyKey{.path = "branches.carry",
              .meaning = "files of no chart on their way to the default branch, with `other-files: carry`",
              .initial = "carry/<sha8>",
              .pattern = kCommitMark},
    PolicyKey{.path = "branches.release",
              .meaning = "what is merged here is published",
              .initial = "release",
              .pattern = kNoMarks},
    PolicyKey{.path = "branches.index",
              .meaning = "a classic chart repository, for `helm repo add`: `index.yaml` on this branch lists what is "
                         "published, with the package of the release page. It is made where it is not there; GitHub "
                         "Pages serves it. As in `gh-pages`",
              .otherwise = "none",
              .pattern = kNoMarks},

    PolicyKey{.path = "signers",
              .form = KeyForm::kNamed,
              .meaning = "who may sign: the stages of the pipeline, and signers of your own"},
    PolicyKey{.path = "signers.<stage>",
              .form = KeyForm::kMapping,
              .meaning = "the run that may sign what this stage attests"},
    PolicyKey{.path = "signers.<stage>.workflow",
              .meaning = "the one file that may sign the stage's keys; no two stages share one",
              .otherwise = "`.github/workflows/<stage>.yml`"},
    PolicyKey{.path = "signers.<stage>.events",
              .form = KeyForm::kSomeTexts,
              .meaning = "events that may sign; only these three exist here",
              .otherwise = "`tag-charts`, and with `pipeline: direct` `format-chart-pr`: `push`, `workflow_dispatch`; "
                           "others: `pull_request_target`, `workflow_dispatch`",
              .allowed = {"pull_request_target", "push", "workflow_dispatch"}},
    PolicyKey{.path = "signers.<stage>.environment",
              .meaning = "the environment that the signing job must have run in",
              .otherwise = "none demanded"},
    PolicyKey{.path = "signers.<name>",
              .form = KeyForm::kMapping,
              .meaning = "a signer of your own, which signs with the action `attest`"},
    PolicyKey{.path = "signers.<name>.workflow",
              .meaning = "of a signer of your own: the one file that may sign its keys",
              .required = true},
    PolicyKey{.path = "signers.<name>.events",
              .form = KeyForm::kSomeTexts,
              .meaning = "events that may sign",
              .required = true,
              .allowed = {"pull_request_target", "push", "workflow_dispatch"}},
    PolicyKey{.path = "signers.<name>.environment",
              .meaning = "the environment that the signing job must have run in",
              .otherwise = "none demanded"},
    PolicyKey{.path = "signers.<name>.keys",
              .form = KeyForm::kTexts,
              .meaning = "the keys that it signs; `<kubernetes>` stands for each version of `kubernetes`",
              .required = true},

    PolicyKey{.path = "demanded",
              .form = KeyForm::kNamed,
              .meaning = "which keys a stage demands, in place of the default list"},
    PolicyKey{.path = "demanded.<stage>",
              .form = KeyForm::kTexts,
              .meaning = "keys that must verify before the stage does anything, in place of the default list; "
                         "`<kubernetes>` stands for each version of `kubernetes`",
              .otherwise = "the default list"},

    PolicyKey{.path = "sigstore",
              .form = KeyForm::kMapping,
              .meaning = "who issues and logs signatures, and where they are kept"},
    PolicyKey{.path = "sigstore.instance",
              .meaning = "`public-good` (Sigstore's public instance) or `github` (GitHub's own). Without it: the first "
                         "for public repositories, the second for all others. Roots come by TUF, or from the copy in "
                         "waybill where that does not answer",
              .otherwise = "by visibility",
              .allowed = {"public-good", "github"}},
    PolicyKey{.path = "sigstore.trusted-root",
              .form = KeyForm::kMapping,
              .meaning = "another instance's trusted root; `signing-config` is wanted too, `instance` is not"},
    PolicyKey{.path = "sigstore.trusted-root.file",
              .meaning = "another instance's trusted root, a file at the default branch; goes together with "
                         "`sigstore.signing-config`, and takes the place of `sigstore.instance`",
              .required = true,
              .otherwise = "that of the instance"},
    PolicyKey{.path = "sigstore.trusted-root.sha256",
              .meaning = "64 digits of `sha256sum`: no other bytes count",
              .required = true,
              .otherwise = "required with `file`",
              .pattern = kDigestForm},
    PolicyKey{.path = "sigstore.signing-config",
              .form = KeyForm::kMapping,
              .meaning = "another instance's addresses; `trusted-root` is wanted too, `instance` is not"},
    PolicyKey{.path = "sigstore.signing-config.file",
              .meaning = "another instance's addresses, a file at the default branch",
              .required = true,
              .otherwise = "that of the instance"},
    PolicyKey{.path = "sigstore.signing-config.sha256",
              .meaning = "64 digits of `sha256sum`: no other bytes count",
              .required = true,
              .otherwise = "required with `file`",
              .pattern = kDigestForm},
    PolicyKey{.path = "sigstore.attestation-store",
              .form = KeyForm::kTextOrTexts,
              .meaning = "`github`: the forge's attestations. `git`: the repository itself, a line of commits at "
                         "`refs/attestations/<algorithm>/<digest>` for each subject, for private repositories on plans "
                         "without attestations. A list is read from all, and written to the first",
              .initial = "github",
              .allowed = {"github", "git"}},

    PolicyKey{.path = "bill-of-materials",
              .form = KeyForm::kTextOrTexts,
              .meaning = "what a package's bill of materials is written in: `cyclonedx` (1.5, attested as `sbom`), "
                         "`spdx` (2.3, attested as `sbom-spdx`), or a list of both. `publish-charts` demands what "
                         "stands here",
              .initial = "cyclonedx",
              .allowed = {"cyclonedx", "spdx"}},
    PolicyKey{.path = "destinations",
              .form = KeyForm::kItems,
              .meaning = "where packages are published besides the release page"},
    PolicyKey{.path = "destinations[].registry",
              .meaning = "registry and path; the chart's name is added: `ghcr.io/OWNER/charts`",
              .required = true,
              .otherwise = "none"},
    PolicyKey{.path = "destinations[].need",
              .meaning = "`required`: a release becomes visible when this registry has it. `optional`: it does not "
                         "wait; what could not be pushed is pushed by the next dispatch of `publish-charts`, which "
                         "`reconcile` starts, for the three highest versions of each chart",
              .initial = "required",
              .allowed = {"required", "optional"}},
    PolicyKey{.path = "adopted", .form = KeyForm::kNamed, .meaning = "tags from before waybill"},
    PolicyKey{.path = "adopted.<tag>",
              .meaning = "a tag from before waybill and its commit. Its version is taken and what it tagged counts as "
                         "shipped; it is no evidence. Any other tag that waybill did not sign for is no release, "
                         "whatever its name",
              .pattern = kCommitForm},

    PolicyKey{.path = "merge",
              .form = KeyForm::kMapping,
              .meaning = "who merges: `auto` is waybill as soon as everything holds, `people` is people"},
    PolicyKey{.path = "merge.integrate",
              .meaning =
                  "who merges into `integrate/<chart>`: `auto` is waybill, `people` is people. Without an App of "
                  "your own it is always people, here and below",
              .initial = "auto",
              .allowed = {"auto", "people"}},
    PolicyKey{.path = "merge.sync",
              .meaning = "who merges `sync/…` into `integration`",
              .initial = "auto",
              .allowed = {"auto", "people"}},
    PolicyKey{.path = "merge.main",
              .meaning = "who merges a release into the default branch",
              .initial = "people",
              .allowed = {"auto", "people"}},
    PolicyKey{.path = "merge.release",
              .meaning = "who merges a release train into `release`",
              .initial = "people",
              .allowed = {"auto", "people"}},
    PolicyKey{.path = "reviews",
              .form = KeyForm::kInteger,
              .meaning = "how many people must have approved a release's pull request as it was merged: people who may "
                         "write, and wrote nothing of it. `tag-charts` signs who did as `reviewed`. With 0, verdicts "
                         "say \"unreviewed\"",
              .initial = "0",
              .allowed = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}},
    PolicyKey{.path = "versions",
              .form = KeyForm::kMapping,
              .meaning = "how a chart's next version follows from what changed"},
    PolicyKey{.path = "versions.types",
              .form = KeyForm::kNamed,
              .meaning = "what commits count as, by the type that their subject starts with"},
    PolicyKey{.path = "versions.types.<type>",
              .meaning = "what a commit `<type>: …` counts as, in lower case. `none`: it is no reason and in no "
                         "changelog; where it changed what ships there is a release all the same. A breaking change "
                         "is always `major`",
              .otherwise = "`feat`, `feature`: `minor`; all others: `patch`",
              .allowed = {"none", "patch", "minor", "major"}},
    PolicyKey{.path = "versions.scopes",
              .meaning = "`narrow`: a commit whose scope names charts of the repository counts in full for those, and "
                         "as a patch for others that it touches. `ignore`: in full for all that it touches",
              .initial = "narrow",
              .allowed = {"narrow", "ignore"}},
    PolicyKey{.path = "versions.initial",
              .meaning = "what would be minor is this in 0.x, where a breaking change is always minor. Only "
                         "`Release-As` leads to 1.0.0",
              .initial = "minor",
              .allowed = {"minor", "patch"}},
    PolicyKey{.path = "versions.app-version",
              .meaning = "what a new `appVersion` counts as: `mirror` is the number that changed in it, minor where it "
                         "is no version",
              .initial = "mirror",
              .allowed = {"mirror", "minor", "patch", "none"}},
    PolicyKey{.path = "versions.dependencies",
              .meaning = "what a dependency's new version counts as: `mirror` is the number that changed in it, minor "
                         "at most; added and removed ones are minor then",
              .initial = "mirror",
              .allowed = {"mirror", "minor", "patch", "none"}},
    PolicyKey{.path = "versions.dependents",
              .meaning = "whether `plan-versions` releases a chart because one that it holds by `file://` is released",
              .initial = "patch",
              .allowed = {"patch", "none"}},
    PolicyKey{.path = "versions.values-break",
              .meaning = "values that were taken away or are of another kind, or a tighter `values.schema.json`, when "
                         "no commit calls it breaking: `bump` makes the release major",
              .initial = "warn",
              .allowed = {"ignore", "warn", "error", "bump"}},
    PolicyKey{.path = "versions.reverts",
              .meaning = "`cancel`: a commit and its revert are both left out. `keep`: both count",
              .initial = "cancel",
              .allowed = {"cancel", "keep"}},
    PolicyKey{.path = "versions.bump",
              .meaning = "who writes `version` in `Chart.yaml`: `plan` is waybill, where nobody wrote a higher one. "
                         "`written` is whoever contributes: it must be at least what the plan gives, above every "
                         "version that is released or on its way, and is never changed",
              .initial = "plan",
              .allowed = {"plan", "written"}},
    PolicyKey{.path = "versions.pre-release",
              .meaning = "releases are pre-releases of this name, `rc` gives `1.3.0-rc.1`; without it the next one is "
                         "the release. Where a chart has the annotation `artifacthub.io/prerelease`, a release sets it "
                         "to `true` or `false`; nothing adds it",
              .otherwise = "none",
              .pattern = "^[0-9A-Za-z-]*[A-Za-z-][0-9A-Za-z-]*$"},
    PolicyKey{.path = "versions.commits",
              .meaning = "which commits count: `all` but merges. `first-parent`: those of the branch itself, a merged "
                         "pull request by its title and not by the commits that it brought",
              .initial = "all",
              .allowed = {"all", "first-parent"}},
    PolicyKey{.path = "versions.squashed",
              .meaning = "`raise`: subjects in the body of a squash raise the version too. `ignore`: they do not",
              .initial = "raise",
              .allowed = {"raise", "ignore"}},
    PolicyKey{.path = "version-wishes",
              .meaning = "how far above the plan a `Release-As` or a version written in `Chart.yaml` may be: `near` is "
                         "one step, `any` is any",
              .initial = "near",
              .allowed = {"near", "any"}},
};

}  // namespace

std::span<const PolicyKey> policy_keys() {
  return kKeys;
}

std::vector<PolicyKey> keys_below(std::string_view path) {
  std::vector<PolicyKey> below;
  for (const PolicyKey& key : kKeys)
    if (key.parent() == path) below.push_back(key);
  return below;
}

std::vector<std::string_view> names_below(std::string_view path) {
  std::vector<std::string_view> names;
  for (const PolicyKey& key : keys_below(path)) names.push_back(key.name());
  return names;
}

}  // namespace waybill::lineage
