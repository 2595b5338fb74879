#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/lineage/keys.h"
#include "stages/files.h"
#include "stages/plans.h"
#include "stages/world.h"
#include "testing/virtual_run.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_validate_contribution)

using stages::kValidateContribution;
using stages::World;
namespace keys = lineage::keys;

namespace {

// A contribution from a fork into integration.
struct Contribution {
  World world;

  explicit Contribution(const testing::Files& files, const std::vector<std::string>& removed = {}) {
    world.branch("feature", world.main());
    world.change("feature", files, "feat: a contribution", removed);
    auto& pull = world.pull("feature", "integration");
    pull.author = "ada";
    pull.head_repository = "ada/charts";
    world.use_helm();
  }

  void refuses(const std::vector<std::string_view>& said) { world.refuses(kValidateContribution, Fault::kInput, said); }
};

const testing::Files kGood = stages::web_image("app:2");

}  // namespace

BOOST_AUTO_TEST_CASE(every_check_that_holds_is_attested_for_the_bytes_of_the_head) {
  Contribution contribution(kGood);
  World& world = contribution.world;
  const auto plan = world.planned(kValidateContribution);
  const auto claims = stages::steps<stages::Claim>(plan);
  BOOST_REQUIRE(claims.size() == 3U);
  BOOST_TEST(claims[0].key == "lint-test-v1.32.11");
  BOOST_TEST(claims[1].key == "lint-test-v1.33.7");
  BOOST_TEST(claims[2].key == keys::kValidate);
  const auto consignment = world.web(world.tip("feature"));
  for (const auto& claim : claims) {
    BOOST_TEST((claim.subjects == consignment.subjects()));
    BOOST_TEST(claim.stamp.stage == "validate-contribution");
    BOOST_TEST(claim.stamp.head == world.tip("feature").hex());
    BOOST_TEST(claim.stamp.base_ref == "integration");
    BOOST_TEST((claim.stamp.policy == world.facts.policy.digest));
    BOOST_TEST(!claim.stamp.executed);
    BOOST_TEST(claim.inputs.empty());
  }
  BOOST_TEST(plan.outputs().at("charts") == Json::array({"charts/web"}));
  const auto checks = stages::steps<stages::EnsureCheck>(plan);
  BOOST_REQUIRE(checks.size() == 1U);
  BOOST_TEST(checks.front().summary.find("`charts/web` 1.2.3") != std::string::npos);
  BOOST_TEST(stages::steps<stages::EnsureMerged>(plan).empty());  // people merge contributions
}

BOOST_AUTO_TEST_CASE(files_of_no_chart_are_refused_and_all_named) {
  testing::Files files = kGood;
  files.insert({{"README.md", "# other\n"},
                {".github/workflows/tag-charts.yml", "on: push\n"},
                {".waybill.yml", "version: 1\n"}});
  Contribution contribution(files);
  contribution.refuses(
      {"changes 3 files that belong to no chart:\n  .github/workflows/tag-charts.yml\n  .waybill.yml\n  README.md",
       "send these in a pull request to the default branch"});
}

BOOST_AUTO_TEST_CASE(a_file_cannot_hide_in_the_list_of_those_that_belong_to_no_chart) {
  testing::Files files = kGood;
  files.insert({"notes\n::error::x", "x"});
  Contribution contribution(files);
  contribution.refuses({"changes 1 files that belong to no chart:\n  notes\\u{a}::error::x"});
}

BOOST_AUTO_TEST_CASE(a_chart_with_the_name_of_another_is_refused) {
  testing::Files files = kGood;
  for (const auto& [path, file] : stages::chart_files("api")) files.insert({"charts/twin" + path.substr(10), file});
  Contribution contribution(files);
  contribution.refuses(
      {"charts/twin and charts/api are both named `api`", "try: name: twin   # in charts/twin/Chart.yaml"});
}

BOOST_AUTO_TEST_CASE(a_chart_that_is_deleted_is_refused) {
  std::vector<std::string> gone;
  for (const auto& [path, file] : stages::chart_files("api")) gone.push_back(path);
  Contribution contribution(kGood, gone);
  contribution.refuses({"the contribution deletes the chart `charts/api`"});
}

BOOST_AUTO_TEST_CASE(links_and_submodules_are_refused_by_path) {
  Contribution link({{"charts/web/templates/passwd.yaml", testing::link_to("/etc/passwd")}});
  link.refuses({"templates/passwd.yaml"});
  Contribution module({{"charts/web/charts/other", testing::submodule(Oid::parse(std::string(40, 'a')))}});
  module.refuses({"charts/other"});
}

BOOST_AUTO_TEST_CASE(a_chart_yaml_that_cannot_be_meant_is_refused_by_name) {
  for (const char* text :
       {"apiVersion: v2\nname: web\n", "apiVersion: v2\nname: web\nversion: 1.2.3\nversion: 1.2.4\n",
        "apiVersion: v2\nname: web\nversion: latest\n", "<<<<<<< HEAD\nname: web\n=======\n>>>>>>> x\n",
        "apiVersion: v2\nname: &a web\nversion: 1.2.3\ndescription: *a\n",
        "apiVersion: v2\nname: ../web\nversion: 1.2.3\n"}) {
    Contribution contribution(testing::Files{{"charts/web/Chart.yaml", text}});
    BOOST_TEST_CONTEXT(text) contribution.refuses({"charts/web/Chart.yaml"});
  }
}

BOOST_AUTO_TEST_CASE(everything_that_is_wrong_is_said_at_once) {
  Contribution contribution({{"README.md", "# other\n"},
                             {"charts/web/Chart.yaml", "apiVersion: v2\nname: web\n"},
                             {"charts/api/templates/link.yaml", testing::link_to("../../web")}});
  contribution.refuses({"README.md", "charts/web/Chart.yaml", "link.yaml", "send these in a pull request"});
}

BOOST_AUTO_TEST_CASE(what_helm_refuses_is_refused_with_its_text_and_the_command_for_every_chart) {
  Contribution contribution(testing::Files{{"charts/web/templates/bad.yaml", "{{ .Values.missing.member }}\n"},
                                           {"charts/api/templates/bad.yaml", "{{ fail \"no more\" }}\n"}});
  contribution.refuses({"charts/web did not pass its checks", "charts/api did not pass its checks", "no more",
                        "helm lint --strict charts/web", "charts/web --kube-version 1.32.11",
                        "charts/web --kube-version 1.33.7"});
}

BOOST_AUTO_TEST_CASE(a_dependency_that_is_not_vendored_is_refused_with_the_command_to_type) {
  Contribution contribution(testing::Files{
      {"charts/web/Chart.yaml",
       stages::chart_files("web").at("charts/web/Chart.yaml").content +
           "dependencies:\n  - name: redis\n    version: 1.x\n    repository: oci://r.example/charts\n"}});
  contribution.refuses({"redis", "helm dependency update charts/web"});
}

BOOST_AUTO_TEST_CASE(a_contribution_elsewhere_is_refused) {
  Contribution contribution(kGood);
  contribution.world.facts.pull->base_ref = "main";
  contribution.refuses({"pull request #21 is into `main`, contributions go into `integration`"});
}

BOOST_AUTO_TEST_CASE(a_hostile_description_is_refused) {
  Contribution contribution(kGood);
  const std::string block = lineage::write_waybill("", {{"charts/web", {{"validate", {"1", {}, {}, ""}}}}});
  contribution.world.facts.pull->body = block + block;
  contribution.refuses({"pull request #21: the description holds two waybills"});
}

BOOST_AUTO_TEST_CASE(what_others_say_was_validated_is_not_believed) {
  Contribution contribution(kGood);
  World& world = contribution.world;
  // A run of a contributor's own workflow signs the keys before the stage looks.
  lineage::Draft forged = world.journey.draft(keys::kValidate);
  forged.identity = testing::virtual_run(".github/workflows/validate-contribution.yml", "pull_request");
  forged.subjects = world.web(world.tip("feature")).subjects();
  world.journey.sign(forged);
  BOOST_TEST(!world.ports.verified(
      {{std::string(keys::kValidate), "charts/web", forged.subjects.front().digest, std::nullopt}}));
  BOOST_TEST(stages::steps<stages::Claim>(world.planned(kValidateContribution)).size() == 3U);
}

BOOST_AUTO_TEST_CASE(released_content_that_comes_back_is_not_validated_again) {
  World world;
  const Oid source = world.change("integration", kGood);
  const Oid released = world.change("main", stages::joined({kGood, stages::release_files("web", "1.3.0")}));
  world.release(released, source);
  world.branch("sync/01234567", released);
  world.pull("sync/01234567", "integration");
  const auto plan = world.planned(kValidateContribution);
  BOOST_TEST(stages::steps<stages::Claim>(plan).empty());
  BOOST_TEST(plan.notes().front() == "charts/web is exactly what was released as 1.3.0");
  BOOST_REQUIRE(stages::steps<stages::EnsureMerged>(plan).size() == 1U);
  BOOST_TEST(stages::steps<stages::EnsureMerged>(plan).front().head.hex() == released.hex());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
