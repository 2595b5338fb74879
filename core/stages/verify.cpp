// verify: whether a package is what this repository's pipeline released, from its lineage alone, offline.

#include "core/lineage/verify.h"

#include "core/base/error.h"
#include "core/chart/package.h"
#include "core/crypto/hash.h"
#include "core/lineage/keys.h"
#include "core/lineage/store.h"
#include "core/stages/text_list.h"
#include "core/stages/trust.h"
#include "core/stages/verify_attestations.h"

namespace waybill::stages {
namespace {

namespace keys = lineage::keys;

constexpr std::string_view kName = "verify";
constexpr Input kPath{"subject-path", Type::kString,
                      "The package to verify; with `bundle`, any file, or its `sha256:` digest", "", true};
constexpr Input kLineage{"lineage", Type::kString, "Its `.lineage.jsonl`; by default the one beside the package"};
constexpr Input kRepo{"repo", Type::kString, "OWNER/NAME that must have released it, by the standard workflows"};
constexpr Input kPolicy{"policy", Type::kString, "The repository's policy file, in place of `repo`"};
constexpr Input kRepositoryId{"repository-id", Type::kString,
                              "The id that `repo` must have: a name can be taken again, an id cannot"};
constexpr Input kServer{"server", Type::kString, "The forge that `repo` is on", "https://github.com"};
constexpr Input kIssuer{"issuer", Type::kString, "Who issued the identities of that forge's runs",
                        "https://token.actions.githubusercontent.com"};
constexpr Input kBranch{"branch", Type::kString, "The default branch of `repo`", "main"};
constexpr Input kRoot{"trusted-root", Type::kString,
                      "Trusted root of the Sigstore instance (JSON); by default the one that is known of the public "
                      "instance or GitHub's. Never taken from the lineage"};
constexpr Input kWithdrawals{"withdrawals-from", Type::kList,
                             "Where to ask whether the release was withdrawn: `github`, `git` or `oci://HOST/NAME`"};
constexpr Input kOffline{"offline", Type::kBoolean, "Ask nobody for a newer trusted root than the one that is at hand",
                         "false"};
constexpr Output kVerdict{"verdict", Type::kString, "`verified`; anything else ends with an error"};
constexpr Output kVersion{"version", Type::kString, "Version of the chart that was verified"};

std::string lineage_path(std::string_view package, std::string_view given) {
  if (!given.empty()) return std::string(given);
  constexpr std::string_view kSuffix = ".tgz";
  if (package.ends_with(kSuffix)) package.remove_suffix(kSuffix.size());
  return std::string(package) + ".lineage.jsonl";
}

lineage::Policy policy(const Job& job) {
  const std::string path(job.input(kPolicy.name));
  if (!path.empty()) return lineage::Policy::parse(job.ports.file(path), path);
  auto standard = lineage::Policy::standard(std::string(job.input(kServer.name)), std::string(job.input(kRepo.name)),
                                            std::string(job.input(kBranch.name)));
  standard.anchor.repository_id = job.input(kRepositoryId.name);
  standard.anchor.issuer = job.input(kIssuer.name);
  return standard;
}

// Who approved what the package was made of, by its lineage.
std::string described_review(const lineage::Upstream& upstream) {
  for (const lineage::Node* node : upstream.lineage(""))
    if (node->stamp.key == keys::kReviewed) {
      const auto said = [node](std::string_view name) { return lineage::result_of(node->verified.statement(), name); };
      return fmt::format("reviewed: pull request {} at {}, approved by {}, merged by {}", said("pull-request"),
                         said("head"), said("approved-by"), said("merged-by"));
    }
  return "unreviewed: nobody had to approve it";
}

// What the policy at hand says of who could have done the same as waybill (trust.md T15).
std::string described_assurance(const lineage::Policy& policy) {
  return policy.has_own_app()
             ? ""
             : "\n  assurance reduced: without an App of its own, any job of the repository can do what waybill's do";
}

// Without an expectation nothing can be verified (trust.md T8): say who signed, and that it means nothing yet.
[[noreturn]] void unbound(const lineage::LineageFile& file, const sigstore::Verifier& verifier,
                          const chart::Package& package) {
  std::string signers;
  for (const auto& bundle : file.find(package.digest)) {
    const auto verdict = verifier.verify(bundle);
    if (verdict.statement && verdict.statement->statement().is_about(package.digest))
      signers += "\n  " + verdict.statement->identity().subject;
  }
  throw Error(Fault::kUnbound, "{} is signed, but nothing says who should have signed it; signed by:{}",
              package.file_name, signers.empty() ? " nobody" : signers)
      .hint("waybill verify " + package.file_name + " --repo OWNER/NAME");
}

constexpr std::string_view kExample = R"(name: verify
on:
  workflow_dispatch:
    inputs:
      version:
        description: Version of the chart web
        required: true
permissions: {}
jobs:
  verify:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: <checkout>
        with:
          persist-credentials: false
      - run: gh release download "web-v$VERSION" --pattern "web-$VERSION.*"
        env:
          GH_TOKEN: ${{ github.token }}
          VERSION: ${{ inputs.version }}
      - uses: <action verify>
        with:
          subject-path: web-${{ inputs.version }}.tgz
          repo: ${{ github.repository }}
          trusted-root: .github/waybill/trusted-root.json
)";

Plan plan(const Job& job) {
  if (goes_by_bundles(job)) return verify_attestations(job);
  const std::string path(job.input(kPath.name));
  const std::string file_name = path.substr(path.rfind('/') + 1);
  const chart::Package package = chart::read_package(job.ports.file(path));
  if (file_name != package.file_name)
    throw Error(Fault::kUntrusted, "`{}` holds {} {}: `{}` is wanted", file_name, package.name, package.version,
                package.file_name);
  const std::string beside = lineage_path(path, job.input(kLineage.name));
  auto file = lineage::LineageFile::parse(job.ports.file(beside), beside);
  const lineage::Policy expected = policy(job);
  const TrustChoice trust = chosen_trust(job, file.find(package.digest), expected.instance);
  const sigstore::Verifier verifier(trust.root);
  if (job.input(kRepo.name).empty() && job.input(kPolicy.name).empty()) unbound(file, verifier, package);

  if (expected.trusted_root && expected.trusted_root->digest != verifier.root().digest)
    throw Error(Fault::kUntrusted, "the trusted root is {}, the policy pins {}", verifier.root().digest.text(),
                expected.trusted_root->digest.text());
  const std::string key(keys::kReleaseOverall);
  const std::string release =
      lineage::release_uri(expected.anchor.server, expected.anchor.repository, package.name, package.version);
  const std::vector<lineage::Requirement> required{{key, "", package.digest, std::nullopt, release}};
  const lineage::Examiner examiner({expected, verifier, file, nullptr, !job.input(kPolicy.name).empty()});
  const auto upstream = examiner.verify(required);
  const lineage::Node& released = upstream.at(key, "");
  const auto asked = text_list(job.input(kWithdrawals.name));
  for (const std::string& place : asked)
    for (const intoto::Subject& subject : released.verified.statement().subjects)
      file.add(job.ports.bundles(place, subject.digest));
  if (!asked.empty()) static_cast<void>(examiner.verify(required));

  Plan plan;
  plan.note(upstream.tree(key, ""));
  plan.note(fmt::format("{} {} is verified: {}\n  released by {} (repository id {}), trusted root {}\n  {}{}\n  {}",
                        package.name, package.version, package.digest.text(),
                        released.verified.identity().repository_uri, released.verified.identity().repository_id,
                        trust.described, described_review(upstream), described_assurance(expected),
                        asked.empty() ? "whether it was withdrawn was not asked: --withdrawals-from github"
                                      : fmt::format("not withdrawn, by what {} has", fmt::join(asked, ", "))));
  plan.output(kVerdict.name, "verified");
  plan.output(kVersion.name, package.version);
  return plan;
}

}  // namespace

constexpr Stage kVerify{
    .name = kName,
    .title = "Verify a released package",
    .description =
        "Verifies a package with its whole journey, or any file by Sigstore bundles, against the repository that made "
        "it",
    .icon = "check-square",
    .colour = "green",
    .inputs = {kPath,   kLineage,  kRepo,           kRepositoryId, kPolicy,       kServer,      kIssuer,
               kBranch, kRoot,     kOffline,        kWithdrawals,  kBundles,      kBundlesFrom, kReadToken,
               kOwner,  kIdentity, kSignerWorkflow, kSignerRef,    kSignerDigest, kSourceRef,   kSourceDigest,
               kEvent,  kRunner,   kPredicateType,  kMinimum,      kFormat},
    .outputs = {kVerdict, kVersion},
    .job_permissions = {},
    .app_permissions = {},
    .example = kExample,
    .needs = Needs::kNothing,
    .plan = plan,
};

}  // namespace waybill::stages
