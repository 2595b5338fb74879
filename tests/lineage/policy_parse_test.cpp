#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "lineage/journey.h"
#include "lineage/policy_texts.h"

// What cannot be meant, and what is said of it.
namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage_policy_parse)

using lineage::minimal_policy;
using lineage::Policy;
using lineage::refuses_policy;

BOOST_AUTO_TEST_CASE(keys_that_nobody_knows_are_refused_at_every_level) {
  refuses_policy(minimal_policy("soft: true\n"), "soft");
  refuses_policy(minimal_policy("branches: {intergration: x}\n"), "intergration");
  refuses_policy(minimal_policy("signers: {tag-charts: {event: [push]}}\n"), "event");
  refuses_policy(minimal_policy("merge: {prod: auto}\n"), "prod");
  refuses_policy(minimal_policy("destinations: [{registry: r.example/charts, optional: true}]\n"), "optional");
  refuses_policy(minimal_policy("sigstore: {trusted-root: {file: x, digest: y}}\n"), "digest");
  refuses_policy(
      "version: 1\nanchor: {repository: o/r, repository-id: 1, owner-id: 1, host: x}\napp: a\ncharts: []\nkubernetes: "
      "[]\n",
      "host");
}

BOOST_AUTO_TEST_CASE(another_version_of_the_format_is_refused) {
  refuses_policy("version: 2" + minimal_policy().substr(std::string("version: 1").size()),
                 "version 2 is not known, 1 is wanted");
}

BOOST_AUTO_TEST_CASE(repository_charts_and_versions_have_their_forms) {
  const auto with = [](const std::string& wanted, const std::string& instead) {
    std::string text = minimal_policy();
    return text.replace(text.find(wanted), wanted.size(), instead);
  };
  for (const std::string name : {"charts", "octo/", "octo/charts/more", "octo/..", "octo/a b"})
    refuses_policy(with("octo/charts", "\"" + name + "\""), "`" + name + "` is no repository, OWNER/NAME is wanted");
  for (const std::string version : {"", "1", "1.33.7.1", "1..7", ".1.33", "1.33.", "v1.33", "latest"})
    refuses_policy(with("1.33.7", version), "`" + version + "` is no version of Kubernetes");
  refuses_policy(with(R"(["1.32.11", "1.33.7"])", "[]"), "without a version no chart is rendered");
  refuses_policy(with("charts/*", "."), "a chart at the root is all of the repository");
}

BOOST_AUTO_TEST_CASE(ids_are_mandatory_and_numbers) {
  refuses_policy("version: 1\nanchor: {repository: o/r}\napp: a\ncharts: []\nkubernetes: [1.33.7]\n",
                 "`repository-id` is missing");
  refuses_policy(
      "version: 1\nanchor: {repository: o/r, repository-id: abc, owner-id: 1}\napp: a\ncharts: []\nkubernetes: "
      "[1.33.7]\n",
      "repository-id");
}

BOOST_AUTO_TEST_CASE(branches_that_git_cannot_hold_together_are_refused) {
  refuses_policy(
      minimal_policy("branches: {chart: integration/<chart>}\n"),
      "`integration` and `integration/<chart>` cannot exist together in git, both want `integration`; write `chart: "
      "integrate/<chart>`");
  refuses_policy(
      minimal_policy("branches: {split: integrate/<chart>/<sha8>}\n"),
      "`integrate/<chart>` and `integrate/<chart>/<sha8>` cannot exist together in git, both want `integrate/a`; "
      "write `split: split/<chart>/<sha8>`");
  refuses_policy(minimal_policy("branches: {release: main}\n"), "`main` and `main` cannot exist together in git");
  refuses_policy(minimal_policy("branches: {train: main/<sha8>}\n"), "cannot exist together in git");
  refuses_policy(minimal_policy("branches: {integration: integrate}\n"),
                 "both want `integrate`; write `integration: integration`");
  refuses_policy("anchor: {branch: 'a..b'}", "anchor.branch: `a..b` is no branch name");
  std::string elsewhere = minimal_policy();
  elsewhere.replace(elsewhere.find("anchor: {"), 9, "anchor: {branch: integration, ");
  refuses_policy(elsewhere, "both want `integration`; write another name after `integration:`");
  refuses_policy(minimal_policy("branches: {bump: 'bump/<chart>/<sha8>/..'}\n"),
                 "`bump/chart/01234567/..` is no branch name");
}

BOOST_AUTO_TEST_CASE(branches_that_only_some_chart_brings_together_are_refused) {
  // A chart may be named `main`, `release` or like eight digits of a commit.
  refuses_policy(minimal_policy("branches: {chart: <chart>}\n"),
                 "`main` and `<chart>` cannot exist together in git, both want `main`");
  refuses_policy(minimal_policy("branches: {chart: charts/<chart>, release: charts/release}\n"),
                 "both want `charts/release`");
  refuses_policy(minimal_policy("branches: {chart: x/<chart>, split: x/<sha8>/<chart>}\n"), "both want `x/aaaaaaaa`");
  refuses_policy(minimal_policy("branches: {train: x/<sha8>, sync: x/<sha8>}\n"), "both want `x/00000000`");
  refuses_policy(minimal_policy("branches: {split: s/<chart>-<sha8>, bump: s/<chart>/<sha8>, chart: s/x-<chart>}\n"),
                 "`s/x-<chart>` and `s/<chart>-<sha8>` cannot exist together");
  BOOST_CHECK_NO_THROW(Policy::parse(
      minimal_policy("branches: {chart: c/<chart>, split: s/<sha8>/<chart>, bump: b/<chart>-<sha8>, sync: y<sha8>}\n"),
      ".waybill.yml"));
}

BOOST_AUTO_TEST_CASE(a_pattern_without_what_tells_its_names_apart_is_refused) {
  refuses_policy(minimal_policy("branches: {chart: integrate/all}\n"),
                 "branches.chart: `integrate/all` is the same name for every chart, write `chart: integrate/<chart>`");
  refuses_policy(minimal_policy("branches: {split: split/<sha8>}\n"),
                 "`split/<sha8>` is the same name for every chart");
  refuses_policy(minimal_policy("branches: {split: split/<chart>}\n"),
                 "`split/<chart>` is the same name for every commit, write `split: split/<chart>/<sha8>`");
  refuses_policy(minimal_policy("branches: {bump: bump}\n"), "branches.bump: `bump` is the same name for every commit");
  refuses_policy(minimal_policy("branches: {train: train}\n"), "write `train: release-train/<sha8>`");
  refuses_policy(minimal_policy("branches: {sync: sync/main}\n"), "write `sync: sync/<sha8>`");
}

BOOST_AUTO_TEST_CASE(a_mark_where_it_means_nothing_is_refused) {
  refuses_policy(minimal_policy("branches: {release: release-<sha8>}\n"),
                 "branches.release: `<sha8>` means nothing in `release-<sha8>`, write `release: release`");
  refuses_policy(minimal_policy("branches: {train: train/<chart>/<sha8>}\n"),
                 "`<chart>` means nothing in `train/<chart>/<sha8>`");
  refuses_policy(minimal_policy("branches: {chart: integrate/<chart>/<sha8>}\n"), "`<sha8>` means nothing in");
  refuses_policy(minimal_policy("branches: {split: split/<chart>/<sha8>/<sha>}\n"),
                 "`split/chart/01234567/<sha>` is no branch name, write `split: split/<chart>/<sha8>`");
}

BOOST_AUTO_TEST_CASE(two_signers_share_neither_a_workflow_nor_a_key) {
  refuses_policy(minimal_policy("signers: {filter-charts: {workflow: .github/workflows/enforce-atomic.yml}}\n"),
                 "two of them share `.github/workflows/enforce-atomic.yml`");
  refuses_policy(
      minimal_policy("signers: {scan: {workflow: .github/workflows/tag-charts.yml, events: [push], keys: [scan]}}\n"),
      "two of them share `.github/workflows/tag-charts.yml`");
  refuses_policy(minimal_policy(R"(signers:
  one: {workflow: a.yml, events: [push], keys: [scan]}
  two: {workflow: b.yml, events: [push], keys: [scan]}
)"),
                 "two of them share the key `scan`");
  refuses_policy(
      "version: 1\nanchor: {repository: o/r, repository-id: 1, owner-id: 1}\napp: a\ncharts: []\nkubernetes: "
      "[\"1.33.7\", \"1.33.7\"]\n",
      "two of them share the key `lint-test-v1.33.7`");
}

BOOST_AUTO_TEST_CASE(a_key_of_a_stage_belongs_to_that_stage) {
  for (const std::string& key : lineage::Journey::all_keys())
    refuses_policy(minimal_policy("signers: {scan: {workflow: a.yml, events: [push], keys: [\"" + key + "\"]}}\n"),
                   "a key of a stage cannot have another signer");
  refuses_policy(minimal_policy("signers: {scan: {workflow: a.yml, events: [push], keys: [lint-test-vX]}}\n"),
                 "a key of a stage cannot have another signer");
  refuses_policy(minimal_policy("signers: {tag-charts: {keys: [scan]}}\n"), "the keys of a stage are fixed");
}

BOOST_AUTO_TEST_CASE(bills_of_materials_are_in_formats_that_somebody_reads_and_demanded_only_where_they_are_made) {
  refuses_policy(minimal_policy("bill-of-materials: swid\n"), "`swid` is neither `cyclonedx` nor `spdx`");
  refuses_policy(minimal_policy("bill-of-materials: []\n"), "at least one format is wanted");
  refuses_policy(minimal_policy("bill-of-materials: [spdx, cyclonedx, spdx]\n"), "`spdx` stands there twice");
  refuses_policy(minimal_policy("bill-of-materials: {spdx: true}\n"), "bill-of-materials");
  refuses_policy(minimal_policy("demanded: {publish-charts: [package, sbom-spdx]}\n"),
                 "`sbom-spdx` is demanded, and `bill-of-materials` leaves it out");
  refuses_policy(minimal_policy("bill-of-materials: spdx\ndemanded: {publish-charts: [package, sbom]}\n"),
                 "`sbom` is demanded, and `bill-of-materials` leaves it out");
  BOOST_CHECK_NO_THROW(Policy::parse(
      minimal_policy("bill-of-materials: [spdx, cyclonedx]\ndemanded: {publish-charts: [sbom, sbom-spdx]}\n"), "p"));
}

BOOST_AUTO_TEST_CASE(events_whose_workflow_a_contributor_edits_are_refused) {
  for (const char* event :
       {"pull_request", "schedule", "workflow_run", "repository_dispatch", "merge_group", "issue_comment"})
    refuses_policy(minimal_policy(std::string("signers: {tag-charts: {events: [push, ") + event + "]}}\n"),
                   std::string("event `") + event + "` takes its workflow from elsewhere than the default branch");
  refuses_policy(minimal_policy("signers: {tag-charts: {events: []}}\n"), "`workflow` and `events` are wanted");
}

BOOST_AUTO_TEST_CASE(demands_name_stages_and_keys_that_exist) {
  refuses_policy(minimal_policy("demanded: {filter: [validate]}\n"), "there is no stage `filter`");
  refuses_policy(minimal_policy("demanded: {filter-charts: [scan]}\n"), "the policy names no signer of the key `scan`");
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
        "`never` is neither `auto` nor `people`", "`some` is neither `any` nor `near`"})
    refuses_policy(text, said);
}

BOOST_AUTO_TEST_CASE(without_an_app_of_its_own_people_merge) {
  const auto without = [](const std::string& more) {
    std::string text = minimal_policy(more);
    return text.replace(text.find("waybill[bot]"), std::string("waybill[bot]").size(), "github-actions[bot]");
  };
  const auto merging = Policy::parse(without(""), "p").merging;
  BOOST_TEST((!merging.integrate && !merging.sync && !merging.main && !merging.release));
  BOOST_TEST(!Policy::parse(without("merge: {sync: people}\n"), "p").has_own_app());
  for (const char* branch : {"integrate", "sync", "main", "release"})
    refuses_policy(without(fmt::format("merge: {{{}: auto}}\n", branch)), "`auto` wants an App of your own");
}

BOOST_AUTO_TEST_CASE(reviews_are_a_number_and_are_waited_for) {
  BOOST_TEST(Policy::parse(minimal_policy(""), "p").reviews == 0);
  BOOST_TEST(Policy::parse(minimal_policy("reviews: 2\n"), "p").reviews == 2);
  refuses_policy(minimal_policy("reviews: -1\n"), "reviews: -1 is not a number from 0 to 10");
  refuses_policy(minimal_policy("reviews: 11\n"), "11 is not a number from 0 to 10");
  refuses_policy(minimal_policy("reviews: some\n"), "reviews");
  refuses_policy(minimal_policy("reviews: 1\nmerge: {main: auto}\n"), "does not wait for people to review");
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
    refuses_policy(text, said);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
