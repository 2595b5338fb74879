#include "core/lineage/policy.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/lineage/keys.h"
#include "lineage/journey.h"
#include "testing/data.h"
#include "testing/refusal.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage_policy)

using lineage::Policy;
namespace keys = lineage::keys;

namespace {

std::string minimal(const std::string& more = "") {
  return R"(version: 1
anchor: {repository: octo/charts, repository-id: 2002, owner-id: 1001}
app: waybill[bot]
charts: ["charts/*"]
kubernetes: ["1.32.11", "1.33.7"]
)" + more;
}

void refuses(const std::string& text, std::string_view said) {
  BOOST_TEST_CONTEXT(text)
  testing::refuses(Fault::kInput, said, [&] { static_cast<void>(Policy::parse(text, ".waybill.yml")); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_example_that_users_copy_is_read) {
  const std::string text = read_file(testing::source_folder() / "examples/chart-pipeline/.waybill.yml", 100'000);
  const Policy policy = Policy::parse(text, ".waybill.yml");
  BOOST_TEST(policy.anchor.identity(".github/workflows/x.yml") ==
             "https://github.com/OWNER/NAME/.github/workflows/x.yml@refs/heads/main");
  BOOST_TEST(policy.digest.text() == crypto::sha256(text).text());
  BOOST_TEST(policy.signers.size() == 8U);
  for (const auto& signer : policy.signers) {
    BOOST_TEST(signer.workflow == ".github/workflows/" + signer.stage + ".yml");
    BOOST_TEST(signer.environment == "waybill-" + signer.stage);
    BOOST_TEST(std::filesystem::exists(testing::source_folder() / "examples/chart-pipeline" / signer.workflow),
               signer.workflow);
  }
  BOOST_TEST(policy.destinations.size() == 1U);
  BOOST_TEST(policy.merging.integrate);
  BOOST_TEST(!policy.merging.main);
  BOOST_TEST(!policy.trusted_root.has_value());
}

BOOST_AUTO_TEST_CASE(the_direct_example_is_read_too) {
  const std::filesystem::path folder = testing::source_folder() / "examples/direct";
  const Policy policy = Policy::parse(read_file(folder / ".waybill.yml", 100'000), ".waybill.yml");
  BOOST_TEST(policy.is_direct());
  for (const auto& signer : policy.signers) {
    BOOST_TEST(signer.environment == "waybill-" + signer.stage);
    BOOST_TEST(std::filesystem::exists(folder / signer.workflow), signer.workflow);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_written_has_the_planned_value) {
  const Policy policy = Policy::parse(minimal(), ".waybill.yml");
  BOOST_TEST(policy.anchor.server == "https://github.com");
  BOOST_TEST(policy.anchor.issuer == "https://token.actions.githubusercontent.com");
  BOOST_TEST(policy.anchor.ref() == "refs/heads/main");
  BOOST_TEST(policy.branches.integration == "integration");
  BOOST_TEST(lineage::Branches::filled(policy.branches.split, "web", "01234567") == "split/web/01234567");
  BOOST_TEST(policy.signer_of("lint-test-v1.33.7").stage == "validate-contribution");
  BOOST_TEST(policy.signer_of(keys::kTag).events.front() == "push");
  BOOST_TEST(!policy.trusted_root);
  BOOST_TEST(policy.demanded_by("filter-charts").size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_key_without_a_signer_is_named) {
  const Policy policy = Policy::parse(minimal(), ".waybill.yml");
  testing::refuses(Fault::kInput, "the policy names no signer of the key `lint-test-v1.34.0`",
                   [&] { static_cast<void>(policy.signer_of("lint-test-v1.34.0")); });
  testing::refuses(Fault::kInput, "`scan`", [&] { static_cast<void>(policy.signer_of("scan")); });
}

BOOST_AUTO_TEST_CASE(maintainers_name_signers_of_their_own_checks) {
  const Policy policy = Policy::parse(minimal(R"(signers:
  scan: {workflow: .github/workflows/scan.yml, events: [push], keys: ["scan-v<kubernetes>", audit]}
  filter-charts: {workflow: .github/workflows/split.yml}
demanded:
  filter-charts: [validate, audit, "lint-test-v<kubernetes>"]
)"),
                                      ".waybill.yml");
  BOOST_TEST(policy.signer_of("scan-v1.32.11").stage == "scan");
  BOOST_TEST(policy.signer_of("audit").workflow == ".github/workflows/scan.yml");
  BOOST_TEST(policy.signer_of("filter").workflow == ".github/workflows/split.yml");
  BOOST_TEST(policy.demanded_by("filter-charts") ==
                 (std::vector<std::string>{"validate", "audit", "lint-test-v1.32.11", "lint-test-v1.33.7"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bundles_are_kept_with_the_forge_unless_the_policy_says_otherwise) {
  using Places = std::vector<lineage::Keeping>;
  const auto keeping = [](const std::string& yaml) { return Policy::parse(minimal(yaml), ".waybill.yml").keeping; };
  BOOST_CHECK(keeping("") == Places{lineage::Keeping::kForge});
  BOOST_CHECK(keeping("sigstore: {attestation-store: git}\n") == Places{lineage::Keeping::kGit});
  BOOST_CHECK(keeping("sigstore: {attestation-store: [git, github]}\n") ==
              (Places{lineage::Keeping::kGit, lineage::Keeping::kForge}));
  refuses(minimal("sigstore: {attestation-store: gitlab}\n"), "`gitlab` is neither `github` nor `git`");
  refuses(minimal("sigstore: {attestation-store: []}\n"), "at least one place is wanted");
}

BOOST_AUTO_TEST_CASE(the_sigstore_is_an_instance_or_pinned_whole) {
  const auto policy = [](const std::string& yaml) { return Policy::parse(minimal(yaml), ".waybill.yml"); };
  BOOST_TEST(policy("").instance.empty());
  BOOST_TEST(policy("sigstore: {instance: github}\n").instance == "github");
  refuses(minimal("sigstore: {instance: private}\n"), "`private` is neither `public-good` nor `github`");
  const std::string file = "{file: x, sha256: " + std::string(64, 'a') + "}";
  refuses(minimal("sigstore: {trusted-root: " + file + "}\n"), "`trusted-root` and `signing-config` go together");
  refuses(minimal("sigstore: {instance: github, trusted-root: " + file + ", signing-config: " + file + "}\n"),
          "an instance, or files of another one; not both");
}

BOOST_AUTO_TEST_CASE(keys_that_nobody_knows_are_refused_at_every_level) {
  refuses(minimal("soft: true\n"), "soft");
  refuses(minimal("branches: {intergration: x}\n"), "intergration");
  refuses(minimal("signers: {tag-charts: {event: [push]}}\n"), "event");
  refuses(minimal("merge: {prod: auto}\n"), "prod");
  refuses(minimal("destinations: [{registry: r.example/charts, optional: true}]\n"), "optional");
  refuses(minimal("sigstore: {trusted-root: {file: x, digest: y}}\n"), "digest");
  refuses(
      "version: 1\nanchor: {repository: o/r, repository-id: 1, owner-id: 1, host: x}\napp: a\ncharts: []\nkubernetes: "
      "[]\n",
      "host");
}

BOOST_AUTO_TEST_CASE(another_version_of_the_format_is_refused) {
  refuses("version: 2" + minimal().substr(std::string("version: 1").size()), "version 2 is not known, 1 is wanted");
}

BOOST_AUTO_TEST_CASE(ids_are_mandatory_and_numbers) {
  refuses("version: 1\nanchor: {repository: o/r}\napp: a\ncharts: []\nkubernetes: []\n", "`repository-id` is missing");
  refuses(
      "version: 1\nanchor: {repository: o/r, repository-id: abc, owner-id: 1}\napp: a\ncharts: []\nkubernetes: []\n",
      "repository-id");
}

BOOST_AUTO_TEST_CASE(branches_that_git_cannot_hold_together_are_refused) {
  refuses(
      minimal("branches: {chart: integration/<chart>}\n"),
      "`integration` and `integration/<chart>` cannot exist together in git, both want `integration`; write `chart: "
      "integrate/<chart>`");
  refuses(minimal("branches: {split: integrate/<chart>/<sha8>}\n"),
          "`integrate/<chart>` and `integrate/<chart>/<sha8>` cannot exist together in git, both want `integrate/a`; "
          "write `split: split/<chart>/<sha8>`");
  refuses(minimal("branches: {release: main}\n"), "`main` and `main` cannot exist together in git");
  refuses(minimal("branches: {train: main/<sha8>}\n"), "cannot exist together in git");
  refuses(minimal("branches: {integration: integrate}\n"), "both want `integrate`; write `integration: integration`");
  refuses("anchor: {branch: 'a..b'}", "anchor.branch: `a..b` is no branch name");
  std::string elsewhere = minimal();
  elsewhere.replace(elsewhere.find("anchor: {"), 9, "anchor: {branch: integration, ");
  refuses(elsewhere, "both want `integration`; write another name after `integration:`");
  refuses(minimal("branches: {bump: 'bump/<chart>/<sha8>/..'}\n"), "`bump/chart/01234567/..` is no branch name");
}

BOOST_AUTO_TEST_CASE(branches_that_only_some_chart_brings_together_are_refused) {
  // A chart may be named `main`, `release` or like eight digits of a commit.
  refuses(minimal("branches: {chart: <chart>}\n"),
          "`main` and `<chart>` cannot exist together in git, both want `main`");
  refuses(minimal("branches: {chart: charts/<chart>, release: charts/release}\n"), "both want `charts/release`");
  refuses(minimal("branches: {chart: x/<chart>, split: x/<sha8>/<chart>}\n"), "both want `x/aaaaaaaa`");
  refuses(minimal("branches: {train: x/<sha8>, sync: x/<sha8>}\n"), "both want `x/00000000`");
  refuses(minimal("branches: {split: s/<chart>-<sha8>, bump: s/<chart>/<sha8>, chart: s/x-<chart>}\n"),
          "`s/x-<chart>` and `s/<chart>-<sha8>` cannot exist together");
  BOOST_CHECK_NO_THROW(Policy::parse(
      minimal("branches: {chart: c/<chart>, split: s/<sha8>/<chart>, bump: b/<chart>-<sha8>, sync: y<sha8>}\n"),
      ".waybill.yml"));
}

BOOST_AUTO_TEST_CASE(a_pattern_without_what_tells_its_names_apart_is_refused) {
  refuses(minimal("branches: {chart: integrate/all}\n"),
          "branches.chart: `integrate/all` is the same name for every chart, write `chart: integrate/<chart>`");
  refuses(minimal("branches: {split: split/<sha8>}\n"), "`split/<sha8>` is the same name for every chart");
  refuses(minimal("branches: {split: split/<chart>}\n"),
          "`split/<chart>` is the same name for every commit, write `split: split/<chart>/<sha8>`");
  refuses(minimal("branches: {bump: bump}\n"), "branches.bump: `bump` is the same name for every commit");
  refuses(minimal("branches: {train: train}\n"), "write `train: release-train/<sha8>`");
  refuses(minimal("branches: {sync: sync/main}\n"), "write `sync: sync/<sha8>`");
}

BOOST_AUTO_TEST_CASE(a_mark_where_it_means_nothing_is_refused) {
  refuses(minimal("branches: {release: release-<sha8>}\n"),
          "branches.release: `<sha8>` means nothing in `release-<sha8>`, write `release: release`");
  refuses(minimal("branches: {train: train/<chart>/<sha8>}\n"), "`<chart>` means nothing in `train/<chart>/<sha8>`");
  refuses(minimal("branches: {chart: integrate/<chart>/<sha8>}\n"), "`<sha8>` means nothing in");
  refuses(minimal("branches: {split: split/<chart>/<sha8>/<sha>}\n"),
          "`split/chart/01234567/<sha>` is no branch name, write `split: split/<chart>/<sha8>`");
}

BOOST_AUTO_TEST_CASE(a_branch_belongs_to_a_chart_by_its_whole_name) {
  using lineage::Branches;
  BOOST_TEST(Branches::matches("bump/<chart>-<sha8>", "web", "bump/web-01234567"));
  BOOST_TEST(!Branches::matches("bump/<chart>-<sha8>", "web", "bump/web-api-01234567"));
  BOOST_TEST(Branches::matches("s/<sha8>/<chart>", "web", "s/01234567/web"));
  BOOST_TEST(!Branches::matches("s/<sha8>/<chart>", "web", "s/0123456x/web"));
  BOOST_TEST(!Branches::matches("split/<chart>/<sha8>", "web", "split/web/0123456"));
  BOOST_TEST(!Branches::matches("split/<chart>/<sha8>", "web", "split/web/01234567/x"));
  BOOST_TEST(Branches::matches("integrate/<chart>", "web", "integrate/web"));
}

BOOST_AUTO_TEST_CASE(two_signers_share_neither_a_workflow_nor_a_key) {
  refuses(minimal("signers: {filter-charts: {workflow: .github/workflows/enforce-atomic.yml}}\n"),
          "two of them share `.github/workflows/enforce-atomic.yml`");
  refuses(minimal("signers: {scan: {workflow: .github/workflows/tag-charts.yml, events: [push], keys: [scan]}}\n"),
          "two of them share `.github/workflows/tag-charts.yml`");
  refuses(minimal(R"(signers:
  one: {workflow: a.yml, events: [push], keys: [scan]}
  two: {workflow: b.yml, events: [push], keys: [scan]}
)"),
          "two of them share the key `scan`");
  refuses(
      "version: 1\nanchor: {repository: o/r, repository-id: 1, owner-id: 1}\napp: a\ncharts: []\nkubernetes: "
      "[\"1.33.7\", \"1.33.7\"]\n",
      "two of them share the key `lint-test-v1.33.7`");
}

BOOST_AUTO_TEST_CASE(a_key_of_a_stage_belongs_to_that_stage) {
  for (const std::string& key : lineage::Journey::all_keys())
    refuses(minimal("signers: {scan: {workflow: a.yml, events: [push], keys: [\"" + key + "\"]}}\n"),
            "a key of a stage cannot have another signer");
  refuses(minimal("signers: {scan: {workflow: a.yml, events: [push], keys: [lint-test-vX]}}\n"),
          "a key of a stage cannot have another signer");
  refuses(minimal("signers: {tag-charts: {keys: [scan]}}\n"), "the keys of a stage are fixed");
}

BOOST_AUTO_TEST_CASE(events_whose_workflow_a_contributor_edits_are_refused) {
  for (const char* event :
       {"pull_request", "schedule", "workflow_run", "repository_dispatch", "merge_group", "issue_comment"})
    refuses(minimal(std::string("signers: {tag-charts: {events: [push, ") + event + "]}}\n"),
            std::string("event `") + event + "` takes its workflow from elsewhere than the default branch");
  refuses(minimal("signers: {tag-charts: {events: []}}\n"), "`workflow` and `events` are wanted");
}

BOOST_AUTO_TEST_CASE(demands_name_stages_and_keys_that_exist) {
  refuses(minimal("demanded: {filter: [validate]}\n"), "there is no stage `filter`");
  refuses(minimal("demanded: {filter-charts: [scan]}\n"), "the policy names no signer of the key `scan`");
}

BOOST_AUTO_TEST_CASE(everything_that_is_wrong_is_said_at_once) {
  const std::string text = R"(version: 3
anchor: {repository: octo/charts, owner-id: 1001}
charts: ["charts/*"]
kubernetes: ["1.33.7"]
branches: {chart: integration/<chart>}
signers:
  tag-charts: {events: [pull_request]}
  scan: {workflow: a.yml, events: [push], keys: [tag]}
demanded: {nothing: []}
sigstore: {trusted-root: {file: x, sha256: "00"}}
merge: {main: never}
version-wishes: some
)";
  for (const char* said :
       {"version 3 is not known", "`repository-id` is missing", "`app` is missing", "cannot exist together",
        "event `pull_request`", "a key of a stage cannot have another signer", "there is no stage `nothing`",
        "`never` is neither `auto` nor `people`", "`some` is neither `near` nor `any`"})
    refuses(text, said);
}

BOOST_AUTO_TEST_CASE(wishes_for_versions_are_near_unless_the_policy_lets_them_be_any) {
  BOOST_TEST(!Policy::parse(minimal(""), "p").any_wish);
  BOOST_TEST(!Policy::parse(minimal("version-wishes: near\n"), "p").any_wish);
  BOOST_TEST(Policy::parse(minimal("version-wishes: any\n"), "p").any_wish);
}

BOOST_AUTO_TEST_CASE(the_standard_policy_expects_the_standard_workflows) {
  const Policy policy = Policy::standard("https://github.com", "octo/charts", "main");
  BOOST_TEST(policy.signers.size() == 8U);
  BOOST_TEST(policy.signer_of("lint-test-v1.30.0").stage == "validate-contribution");
  BOOST_TEST(policy.signer_of(keys::kReleaseOverall).workflow == ".github/workflows/publish-charts.yml");
  testing::refuses(Fault::kInput, "`scan`", [&] { static_cast<void>(policy.signer_of("scan")); });
  // Nothing says which pipeline the repository has.
  BOOST_TEST(policy.signer_of(keys::kFormat).events ==
                 (std::vector<std::string>{"pull_request_target", "workflow_dispatch", "push"}),
             boost::test_tools::per_element());
  BOOST_TEST(policy.signer_of(keys::kAtomic).events.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_direct_pipeline_has_six_stages_and_no_branches_but_the_anchors_and_waybills_own) {
  const Policy policy = Policy::parse(minimal("pipeline: direct\nbranches: {integration: main}\n"), ".waybill.yml");
  BOOST_TEST(policy.is_direct());
  BOOST_TEST(policy.signers.size() == 6U);
  BOOST_TEST(policy.branches.integration == "main");
  BOOST_TEST((policy.branches.chart + policy.branches.split + policy.branches.sync).empty());
  BOOST_TEST(policy.branches.bump == "bump/<chart>/<sha8>");
  BOOST_TEST(policy.signer_of(keys::kFormat).events.front() == "push");
  BOOST_TEST(policy.demanded_by("format-chart-pr") ==
                 (std::vector<std::string>{"validate", "lint-test-v1.32.11", "lint-test-v1.33.7"}),
             boost::test_tools::per_element());
  BOOST_TEST(policy.demanded_by("validate-and-bump") ==
                 (std::vector<std::string>{"validate", "lint-test-v1.32.11", "lint-test-v1.33.7", "format"}),
             boost::test_tools::per_element());
  BOOST_TEST(!Policy::parse(minimal("pipeline: full\n"), ".waybill.yml").is_direct());
  BOOST_TEST(!Policy::parse(minimal(), ".waybill.yml").is_direct());

  refuses(minimal("pipeline: short\n"), "`short` is neither `full` nor `direct`");
  for (const char* branch : {"integration", "chart", "split", "sync"})
    refuses(minimal(fmt::format("pipeline: direct\nbranches: {{{}: x}}\n", branch)),
            "`pipeline: direct` has no such branch");
  refuses(minimal("pipeline: direct\nbranches: {chart: main}\n"), "`pipeline: direct` has no such branch");
  refuses(minimal("pipeline: direct\nbranches: {bump: main}\n"), "branches.bump: `main` is the same name");
  refuses(minimal("pipeline: direct\nsigners: {filter-charts: {environment: x}}\n"),
          "`pipeline: direct` has no stage `filter-charts`");
  refuses(minimal("pipeline: direct\ndemanded: {enforce-atomic: []}\n"),
          "`pipeline: direct` has no stage `enforce-atomic`");
  refuses(minimal("pipeline: direct\ndemanded: {validate-and-bump: [atomic]}\n"),
          "the policy names no signer of the key `atomic`");
}

BOOST_AUTO_TEST_CASE(adopted_tags_name_their_commits) {
  const std::string commit(40, 'a');
  const Policy policy =
      Policy::parse(minimal("adopted: {web-1.2.3: \"" + commit + "\", \"9web/2.0.0\": " + commit + "}\n"), "p");
  BOOST_TEST(policy.adopted.size() == 2U);
  BOOST_TEST(policy.adopted.at("9web/2.0.0").hex() == commit);
  BOOST_TEST(Policy::parse(minimal(), "p").adopted.empty());
  refuses(minimal("adopted: {web-1.2.3: main}\n"), "adopted[\"web-1.2.3\"]: `main` is not a git object id");
  refuses(minimal("adopted: {\"web..1\": " + commit + "}\n"), "`web..1` is no tag name");
  refuses(minimal("adopted: {web-1.2.3: " + commit + ", web-1.2.3: " + commit + "}\n"), "web-1.2.3");
  refuses(minimal("adopted: [web-1.2.3]\n"), "adopted");
}

BOOST_AUTO_TEST_CASE(what_was_left_to_fill_in_is_refused_with_the_line_that_belongs_there) {
  const std::string text = R"(version: 1
anchor: {repository: octo/charts, repository-id: REPOSITORY_ID, owner-id: OWNER_ID}
app: APP_LOGIN
charts: ["charts/*"]
kubernetes: ["1.33.7"]
sigstore:
  trusted-root: {file: .github/waybill/trusted-root.json, sha256: TRUSTED_ROOT_SHA256}
  signing-config: {file: .github/waybill/signing-config.json, sha256: "SIGNING_CONFIG_SHA256"}
)";
  for (const char* said :
       {".waybill.yml: anchor.repository-id, line 2: `REPOSITORY_ID` is to be filled in",
        "repository-id: $(gh api repos/octo/charts --jq .id)", "owner-id: $(gh api repos/octo/charts --jq .owner.id)",
        "app, line 3: `APP_LOGIN`", "[bot]", "sha256: $(sha256sum .github/waybill/trusted-root.json | cut -d' ' -f1)",
        "sigstore.signing-config.sha256, line 8"})
    refuses(text, said);
}

BOOST_AUTO_TEST_CASE(every_stage_demands_what_came_before_it) {
  const std::vector<std::string> versions{"1.33.7"};
  BOOST_TEST(keys::before_stage("validate-contribution", versions).empty());
  BOOST_TEST(keys::before_stage("nothing", versions).empty());
  const auto bump = keys::before_stage("validate-and-bump", versions);
  for (const char* key : {"validate", "lint-test-v1.33.7", "filter", "atomic", "format"})
    BOOST_TEST((std::ranges::find(bump, key) != bump.end()), key);
  BOOST_TEST(keys::before_stage("tag-charts", versions).front() == keys::kOverall);
  for (const auto& key : lineage::Journey::all_keys()) BOOST_TEST(keys::is_reserved(key), key);
  BOOST_TEST(keys::is_reserved("lint-test-v"));
  BOOST_TEST(!keys::is_reserved(""));
  BOOST_TEST(!keys::is_reserved("lint-test"));
  BOOST_TEST(!keys::is_reserved("Validate"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
