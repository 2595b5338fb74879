#include "core/lineage/policy.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/lineage/keys.h"
#include "lineage/journey.h"
#include "lineage/policy_texts.h"
#include "testing/data.h"
#include "testing/refusal.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage_policy)

using lineage::minimal_policy;
using lineage::Policy;
using lineage::refuses_policy;
namespace keys = lineage::keys;

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
  const Policy policy = Policy::parse(minimal_policy(), ".waybill.yml");
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
  const Policy policy = Policy::parse(minimal_policy(), ".waybill.yml");
  testing::refuses(Fault::kInput, "the policy names no signer of the key `lint-test-v1.34.0`",
                   [&] { static_cast<void>(policy.signer_of("lint-test-v1.34.0")); });
  testing::refuses(Fault::kInput, "`scan`", [&] { static_cast<void>(policy.signer_of("scan")); });
}

BOOST_AUTO_TEST_CASE(maintainers_name_signers_of_their_own_checks) {
  const Policy policy = Policy::parse(minimal_policy(R"(signers:
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
  const auto keeping = [](const std::string& yaml) {
    return Policy::parse(minimal_policy(yaml), ".waybill.yml").keeping;
  };
  BOOST_CHECK(keeping("") == Places{lineage::Keeping::kForge});
  BOOST_CHECK(keeping("sigstore: {attestation-store: git}\n") == Places{lineage::Keeping::kGit});
  BOOST_CHECK(keeping("sigstore: {attestation-store: [git, github]}\n") ==
              (Places{lineage::Keeping::kGit, lineage::Keeping::kForge}));
  refuses_policy(minimal_policy("sigstore: {attestation-store: gitlab}\n"), "`gitlab` is neither `github` nor `git`");
  refuses_policy(minimal_policy("sigstore: {attestation-store: []}\n"), "at least one place is wanted");
}

BOOST_AUTO_TEST_CASE(bills_of_materials_are_in_the_formats_of_the_policy_and_all_of_those_are_demanded) {
  using Keys = std::vector<std::string>;
  using lineage::BillFormat;
  const auto demands = [](const std::string& yaml) {
    return Policy::parse(minimal_policy(yaml), ".waybill.yml").demanded_by("publish-charts");
  };
  BOOST_CHECK(demands("") == (Keys{"package", "sbom", "tag"}));
  BOOST_CHECK(demands("bill-of-materials: cyclonedx\n") == demands(""));
  BOOST_CHECK(demands("bill-of-materials: spdx\n") == (Keys{"package", "sbom-spdx", "tag"}));
  BOOST_CHECK(demands("bill-of-materials: [spdx, cyclonedx]\n") == (Keys{"package", "sbom-spdx", "sbom", "tag"}));
  BOOST_CHECK(demands("bill-of-materials: spdx\ndemanded: {publish-charts: [package]}\n") == Keys{"package"});

  // Releases made under a policy of before keep their signer.
  const Policy one = Policy::parse(minimal_policy("bill-of-materials: spdx\n"), ".waybill.yml");
  for (const Policy& policy : {one, one.across_pipelines(), Policy::standard("https://github.com", "o/r", "main")})
    for (const std::string_view key : {keys::kBillOfMaterials, keys::kBillOfMaterialsSpdx})
      BOOST_TEST(policy.signer_of(key).stage == "release-charts");
  BOOST_TEST(one.makes(keys::kBillOfMaterialsSpdx));
  BOOST_TEST(one.makes(keys::kPackage));
  BOOST_TEST(!one.makes(keys::kBillOfMaterials));
  BOOST_TEST(keys::is_reserved(keys::kBillOfMaterialsSpdx));
}

BOOST_AUTO_TEST_CASE(the_sigstore_is_an_instance_or_pinned_whole) {
  const auto policy = [](const std::string& yaml) { return Policy::parse(minimal_policy(yaml), ".waybill.yml"); };
  BOOST_TEST(policy("").instance.empty());
  BOOST_TEST(policy("sigstore: {instance: github}\n").instance == "github");
  refuses_policy(minimal_policy("sigstore: {instance: private}\n"), "`private` is neither `public-good` nor `github`");
  const std::string file = "{file: x, sha256: " + std::string(64, 'a') + "}";
  refuses_policy(minimal_policy("sigstore: {trusted-root: " + file + "}\n"),
                 "`trusted-root` and `signing-config` go together");
  refuses_policy(
      minimal_policy("sigstore: {instance: github, trusted-root: " + file + ", signing-config: " + file + "}\n"),
      "an instance, or files of another one; not both");
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

BOOST_AUTO_TEST_CASE(wishes_for_versions_are_near_unless_the_policy_lets_them_be_any) {
  BOOST_TEST(!Policy::parse(minimal_policy(""), "p").any_wish);
  BOOST_TEST(!Policy::parse(minimal_policy("version-wishes: near\n"), "p").any_wish);
  BOOST_TEST(Policy::parse(minimal_policy("version-wishes: any\n"), "p").any_wish);
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
  const Policy policy =
      Policy::parse(minimal_policy("pipeline: direct\nbranches: {integration: main}\n"), ".waybill.yml");
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
  BOOST_TEST(!Policy::parse(minimal_policy("pipeline: full\n"), ".waybill.yml").is_direct());
  BOOST_TEST(!Policy::parse(minimal_policy(), ".waybill.yml").is_direct());

  refuses_policy(minimal_policy("pipeline: short\n"), "`short` is neither `full` nor `direct`");
  for (const char* branch : {"integration", "chart", "split", "sync"})
    refuses_policy(minimal_policy(fmt::format("pipeline: direct\nbranches: {{{}: x}}\n", branch)),
                   "`pipeline: direct` has no such branch");
  refuses_policy(minimal_policy("pipeline: direct\nbranches: {chart: main}\n"),
                 "`pipeline: direct` has no such branch");
  refuses_policy(minimal_policy("pipeline: direct\nbranches: {bump: main}\n"),
                 "branches.bump: `main` is the same name");
  refuses_policy(minimal_policy("pipeline: direct\nsigners: {filter-charts: {environment: x}}\n"),
                 "`pipeline: direct` has no stage `filter-charts`");
  refuses_policy(minimal_policy("pipeline: direct\ndemanded: {enforce-atomic: []}\n"),
                 "`pipeline: direct` has no stage `enforce-atomic`");
  refuses_policy(minimal_policy("pipeline: direct\ndemanded: {validate-and-bump: [atomic]}\n"),
                 "the policy names no signer of the key `atomic`");
}

BOOST_AUTO_TEST_CASE(adopted_tags_name_their_commits) {
  const std::string commit(40, 'a');
  const Policy policy =
      Policy::parse(minimal_policy("adopted: {web-1.2.3: \"" + commit + "\", \"9web/2.0.0\": " + commit + "}\n"), "p");
  BOOST_TEST(policy.adopted.size() == 2U);
  BOOST_TEST(policy.adopted.at("9web/2.0.0").hex() == commit);
  BOOST_TEST(Policy::parse(minimal_policy(), "p").adopted.empty());
  refuses_policy(minimal_policy("adopted: {web-1.2.3: main}\n"),
                 "adopted[\"web-1.2.3\"]: `main` is not a git object id");
  refuses_policy(minimal_policy("adopted: {\"web..1\": " + commit + "}\n"), "`web..1` is no tag name");
  refuses_policy(minimal_policy("adopted: {web-1.2.3: " + commit + ", web-1.2.3: " + commit + "}\n"), "web-1.2.3");
  refuses_policy(minimal_policy("adopted: [web-1.2.3]\n"), "adopted");
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
