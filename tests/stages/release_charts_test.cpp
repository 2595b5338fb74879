#include <boost/test/unit_test.hpp>

#include "core/lineage/keys.h"
#include "stages/voyage.h"

// A package is built of a tag whose whole lineage verifies, and of nothing else (trust.md T2, T5, T9, T11).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_release_charts)

using stages::Claim;
using stages::joined;
using stages::kReleaseCharts;
using stages::only;
using stages::Stop;
using stages::Voyage;
using stages::web_image;
using stages::World;
namespace keys = lineage::keys;

namespace {

struct Tagged : Voyage {
  Tagged() : Voyage(Stop::kTagged) {}

  stages::Plan plan() { return planned(kReleaseCharts); }

  // The tag anew at a commit, as it would stand there; the train carries that commit.
  void moves_to(const Oid& commit, const std::string& name = "web-v1.3.0") {
    const std::string message = world.fixture.git({"cat-file", "tag", "refs/tags/web-v1.3.0"});
    world.fixture.git({"tag", "--delete", "web-v1.3.0"});
    world.fixture.tag(name, commit, message.substr(message.find("\n\n") + 2) + "\n");
    world.branch("release-train/01234567", commit);
    world.pull("release-train/01234567", "release");
  }

  void refuses(Fault fault, const std::vector<std::string_view>& said) { world.refuses(kReleaseCharts, fault, said); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_package_of_the_tag_is_built_checked_and_attested_with_its_materials) {
  Tagged tagged;
  const auto plan = tagged.plan();
  stages::check_golden(plan, "release-charts");
  const chart::Package package = chart::package(tagged.world.web(tagged.world.main()).subtree, "charts/web");
  for (const Claim& claim : stages::steps<Claim>(plan)) {
    BOOST_REQUIRE(claim.subjects.size() == 1U);
    BOOST_TEST(claim.subjects.front().name == "web-1.3.0.tgz");
    BOOST_TEST(claim.subjects.front().digest.text() == package.digest.text());
    BOOST_TEST(claim.stamp.shipment.source->hex() == tagged.source.hex());
  }
  const Json materials = std::get<Claim::Described>(stages::steps<Claim>(plan).back().content).predicate;
  BOOST_TEST(materials.dump().find("registry.example/app") != std::string::npos, materials.dump());
}

BOOST_AUTO_TEST_CASE(its_materials_are_attested_in_every_format_of_the_policy) {
  using lineage::BillFormat;
  const std::map<std::string, std::vector<BillFormat>> cases{
      {"package sbom", {BillFormat::kCycloneDx}},
      {"package sbom-spdx", {BillFormat::kSpdx}},
      {"package sbom-spdx sbom", {BillFormat::kSpdx, BillFormat::kCycloneDx}}};
  for (const auto& [attested, formats] : cases) {
    Tagged tagged;
    tagged.world.facts.policy.bills = formats;
    const auto plan = tagged.plan();
    BOOST_TEST(fmt::format("{}", fmt::join(Tagged::attested(plan), " ")) == attested);
    const Claim spdx = stages::steps<Claim>(plan).at(1);
    if (spdx.key != keys::kBillOfMaterialsSpdx) continue;
    const auto& [type, document] = std::get<Claim::Described>(spdx.content);
    BOOST_TEST(type == "https://spdx.dev/Document/v2.3");
    BOOST_TEST(document.at("name") == "web-1.3.0.tgz");
    BOOST_TEST(document.at("creationInfo").at("created") ==
               to_rfc3339(tagged.world.job().ports.git().commit(tagged.world.main()).committer.time));
    BOOST_TEST(document.dump().find("/releases/tag/web-v1.3.0/spdx/") != std::string::npos);
    BOOST_TEST(document.dump().find("registry.example/app") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_lineage_that_is_not_whole_is_refused_whatever_is_missing) {
  Tagged tagged;
  for (const std::string& key : lineage::Journey::all_keys()) {
    const bool demanded = key == keys::kTag || key == keys::kOverall;
    BOOST_TEST_CONTEXT(key)
    tagged.world.journey.without(key, [&] {
      tagged.refuses(Fault::kUntrusted, {"`" + key + "`", demanded ? "no statement about" : "is nowhere to be found"});
    });
    if (key == keys::kTag) break;
  }
}

BOOST_AUTO_TEST_CASE(a_failed_result_behind_the_tag_is_refused) {
  Tagged tagged;
  tagged.world.journey.chart = "charts/web";
  lineage::Draft failed = tagged.world.journey.draft(keys::kOverall);
  failed.subjects = tagged.world.web(tagged.world.main()).subjects();
  failed.stamp.shipment.source = tagged.source;
  failed.passed = false;
  failed.resource = "https://forge.example/octo/charts/releases/tag/web-v1.3.0";
  tagged.world.journey.sign(failed);
  tagged.refuses(Fault::kUntrusted, {"`workflow-5-overall` of charts/web: its newest result is FAILED"});
}

BOOST_AUTO_TEST_CASE(a_tag_that_was_moved_to_other_content_is_refused) {
  Tagged other;
  other.moves_to(other.world.change("main", web_image("evil:2")));
  other.refuses(Fault::kUntrusted, {"`tag` of charts/web: no statement about"});

  Tagged elsewhere;  // and content that is not on main at all
  elsewhere.world.branch("elsewhere", elsewhere.world.main());
  elsewhere.moves_to(elsewhere.world.change("elsewhere", {{"README.md", "# other\n"}}));
  elsewhere.world.branch("release-train/01234567", elsewhere.world.tip("elsewhere"));
  elsewhere.refuses(Fault::kUntrusted, {"pull request #21: ", " is not on `main`"});
}

BOOST_AUTO_TEST_CASE(a_tag_that_was_moved_to_equal_content_is_refused) {
  Tagged tagged;
  const Oid later = tagged.world.change("main", {{"README.md", "# later\n"}});
  tagged.moves_to(later);
  tagged.refuses(Fault::kUntrusted, {"its `tag` statement is not about `web-v1.3.0` at " + later.hex()});
}

BOOST_AUTO_TEST_CASE(a_statement_about_a_longer_name_of_a_tag_is_not_about_this_one) {
  Tagged tagged;
  World& world = tagged.world;
  lineage::Draft draft = world.journey.draft(keys::kTag);
  draft.subjects = world.web(tagged.world.main()).subjects();
  draft.stamp.shipment.source = tagged.source;
  draft.results = {{"tag", "web-v1.3.0-rc.1"}, {"commit", tagged.world.main().hex()}};
  world.journey.sign(draft);
  tagged.refuses(Fault::kUntrusted, {"its `tag` statement is not about `web-v1.3.0`"});
}

BOOST_AUTO_TEST_CASE(a_tag_of_another_name_than_its_chart_is_refused) {
  Tagged tagged;
  tagged.moves_to(tagged.world.main(), "web-v1.3.1");
  tagged.refuses(Fault::kUntrusted, {"tag `web-v1.3.1` stands on web 1.3.0; `web-v1.3.0` is wanted"});
}

BOOST_AUTO_TEST_CASE(a_release_that_changed_something_else_as_well_is_refused) {
  World world;
  world.use_helm();
  const Oid source = world.change("integration", web_image("app:2"));
  const Oid released = world.change(
      "main",
      joined({web_image("app:2"), stages::release_files("web", "1.3.0"), {{"charts/api/values.yaml", "x: 1\n"}}}));
  world.release(released, source);
  world.branch("release-train/01234567", released);
  world.pull("release-train/01234567", "release");
  world.refuses(kReleaseCharts, Fault::kUntrusted, {"exactly one chart may change", "charts/api charts/web"});
}

BOOST_AUTO_TEST_CASE(two_versions_of_one_chart_do_not_share_a_train) {
  Tagged tagged;
  World& world = tagged.world;
  const Oid second = world.change("integration", web_image("app:3"));
  const Oid released = world.change("main", joined({web_image("app:3"), stages::release_files("web", "1.4.0")}));
  world.release(released, second);
  world.branch("release-train/01234567", released);
  world.pull("release-train/01234567", "release");
  tagged.refuses(Fault::kUntrusted, {"brings `web-v1.3.0` and `web-v1.4.0`", "one version of a chart is wanted"});
}

BOOST_AUTO_TEST_CASE(a_package_that_helm_refuses_is_not_attested) {
  World world;
  world.use_helm();
  const testing::Files broken{{"charts/web/templates/bad.yaml", "{{ fail \"no more\" }}\n"}};
  const Oid source = world.change("integration", broken);
  const Oid released = world.change("main", joined({broken, stages::release_files("web", "1.3.0")}));
  world.release(released, source);
  world.branch("release-train/01234567", released);
  world.pull("release-train/01234567", "release");
  world.refuses(kReleaseCharts, Fault::kInput, {"web-1.3.0.tgz did not pass its checks", "no more"});
}

BOOST_AUTO_TEST_CASE(only_waybill_s_train_into_release_counts) {
  Tagged tagged;
  auto& pull = *tagged.world.facts.pull;
  pull.author = "mallory";
  tagged.refuses(Fault::kUntrusted, {"pull request #33 is by `mallory`"});
  pull.author = "waybill[bot]";
  pull.head_ref = "main";
  tagged.refuses(Fault::kUntrusted, {"comes from branch `main`; `release-train/<sha8>` is wanted"});
  pull.base_ref = "main";
  tagged.refuses(Fault::kUntrusted, {"pull request #33 is into `main`, releases go into `release`"});
}

BOOST_AUTO_TEST_CASE(a_train_without_a_tag_is_refused) {
  Tagged tagged;
  tagged.world.branch("release", tagged.world.main());
  tagged.refuses(Fault::kInput, {"pull request #33 brings no tag that `release` lacks"});
}

BOOST_AUTO_TEST_CASE(waybill_merges_where_the_policy_says_so) {
  Tagged tagged;
  BOOST_TEST(stages::steps<stages::EnsureMerged>(tagged.plan()).empty());
  tagged.world.facts.policy.merging.release = true;
  const auto merge = only<stages::EnsureMerged>(tagged.plan());
  BOOST_TEST(merge.head.hex() == tagged.world.main().hex());
  BOOST_TEST(merge.method == "merge");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
