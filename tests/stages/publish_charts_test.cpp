#include <boost/test/unit_test.hpp>

#include "core/crypto/hash.h"
#include "core/lineage/keys.h"
#include "stages/voyage.h"

// What becomes visible is what stage 7 built, complete, in safe order (trust.md T5, T11, T24).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_publish_charts)

using stages::check_idle;
using stages::check_steps;
using stages::joined;
using stages::kPublishCharts;
using stages::only;
using stages::Stop;
using stages::Voyage;
using stages::web_image;
using stages::World;
namespace keys = lineage::keys;

namespace {

struct OnRelease : Voyage {
  OnRelease() : Voyage(Stop::kOnRelease) {
    world.facts.policy.destinations = {{"registry.example/octo/charts"}, {"mirror.example/charts"}};
    world.ports.registry = [this](const std::string& repository, const std::string& tag) {
      const auto found = registry.find(repository + ":" + tag);
      return found == registry.end() ? std::nullopt : std::optional(found->second);
    };
  }

  std::map<std::string, oci::Manifest> registry;

  stages::Plan plan() { return planned(kPublishCharts); }
  void refuses(Fault fault, const std::vector<std::string_view>& said) { world.refuses(kPublishCharts, fault, said); }

  // Asked for by a person.
  void withdraws(const std::string& tag, const std::string& reason) {
    world.facts.event = "workflow_dispatch";
    world.facts.pull.reset();
    world.inputs = {{"withdraw", tag}, {"reason", reason}};
  }

  void has_release(const std::string& tag, bool draft) {
    forge::Release& known = world.forge.release_pages[tag];
    known.tag = tag;
    known.draft = draft;
  }

  // Another version of web, up to its place on release.
  void next_version() {
    const Oid second = world.change("integration", web_image("app:3"));
    const Oid merged = world.change("main", joined({web_image("app:3"), stages::release_files("web", "1.4.0")}));
    world.release(merged, second);
    world.attest_stage("release-charts", merged, second);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(draft_then_bytes_then_evidence_then_names_and_visible_last) {
  OnRelease shipped;
  const auto plan = shipped.plan();
  stages::check_golden(plan, "publish-charts");
  check_steps(plan, {"draft release web-v1.3.0", "asset web-1.3.0.tgz of release web-v1.3.0",
                     "push registry.example/octo/charts/web@sha256:", "push mirror.example/charts/web@sha256:",
                     "attest publish of charts/web", "attest release-overall of charts/web",
                     "asset web-1.3.0.lineage.jsonl of release web-v1.3.0",
                     "attach publish to registry.example/octo/charts/web@sha256:",
                     "attach release-overall to registry.example/octo/charts/web@sha256:",
                     "attach publish to mirror.example/charts/web@sha256:",
                     "attach release-overall to mirror.example/charts/web@sha256:",
                     "registry tag registry.example/octo/charts/web:1.3.0",
                     "registry tag mirror.example/charts/web:1.3.0", "deployment of ", "publish release web-v1.3.0"});
}

BOOST_AUTO_TEST_CASE(everything_is_about_the_package_that_was_attested_and_its_manifest) {
  OnRelease shipped;
  const auto plan = shipped.plan();
  const Digest package = shipped.world.journey.link(keys::kPackage).subject;
  const Digest manifest = stages::steps<stages::EnsureManifest>(plan).front().manifest.digest;
  for (const auto& claim : stages::steps<stages::Claim>(plan)) {
    BOOST_REQUIRE(claim.subjects.size() == 3U);
    BOOST_TEST(claim.subjects[0].digest.text() == package.text());
    BOOST_TEST(claim.subjects[1].digest.text() == manifest.text());
    BOOST_TEST(claim.subjects[2].name == "mirror.example/charts/web");
  }
  for (const auto& step : stages::steps<stages::EnsureManifest>(plan))
    BOOST_TEST(crypto::sha256(step.blobs.back()).text() == package.text());
  for (const auto& step : stages::steps<stages::EnsureRegistryTag>(plan))
    BOOST_TEST(step.manifest.digest.text() == manifest.text());
  const auto overall = stages::steps<stages::Claim>(plan).back();
  const std::vector<std::string> inputs{"package", "sbom", "tag", "publish"};
  BOOST_TEST(overall.inputs == inputs, boost::test_tools::per_element());
  BOOST_TEST(std::get<stages::Claim::Summarised>(overall.content).resource_uri ==
             "https://forge.example/octo/charts/releases/tag/web-v1.3.0");
}

BOOST_AUTO_TEST_CASE(a_package_of_another_digest_than_stage_seven_s_is_refused) {
  OnRelease shipped;
  World& world = shipped.world;
  // Stage 7 built something else of that tag.
  for (const std::string_view key : {keys::kPackage, keys::kBillOfMaterials}) {
    lineage::Draft other = world.journey.draft(key);
    other.subjects = {{"web-1.3.0.tgz", crypto::sha256("other bytes")}};
    other.stamp.shipment.source = shipped.source;
    world.journey.store.lose(world.journey.link(key).statement);
    world.journey.sign(other);
  }
  const std::string digest = chart::package(world.web(shipped.world.main()).subtree, "charts/web").digest.text();
  shipped.refuses(Fault::kUntrusted, {"`package` of charts/web: no statement about " + digest, "`sbom` of charts/web"});
}

BOOST_AUTO_TEST_CASE(a_key_that_is_missing_is_refused_and_named) {
  OnRelease shipped;
  for (const std::string_view key : {keys::kPackage, keys::kBillOfMaterials, keys::kTag, keys::kOverall, keys::kAtomic})
    shipped.world.journey.without(key, [&] { shipped.refuses(Fault::kUntrusted, {"`", key, "`"}); });
}

BOOST_AUTO_TEST_CASE(every_bill_of_materials_of_the_policy_is_demanded_and_summed_up) {
  OnRelease shipped;
  World& world = shipped.world;
  world.facts.policy.bills = world.journey.policy.bills = {lineage::BillFormat::kCycloneDx, lineage::BillFormat::kSpdx};
  shipped.refuses(Fault::kUntrusted, {"`sbom-spdx` of charts/web: no statement about"});
  world.attest(keys::kBillOfMaterialsSpdx, world.main(), shipped.source);
  const std::vector<std::string> inputs{"package", "sbom", "sbom-spdx", "tag", "publish"};
  BOOST_TEST(stages::steps<stages::Claim>(shipped.plan()).back().inputs == inputs, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_version_that_any_registry_holds_with_another_digest_is_a_conflict_before_anything) {
  for (const char* repository : {"registry.example/octo/charts/web", "mirror.example/charts/web"}) {
    OnRelease shipped;
    const Digest other = crypto::sha256("other");
    shipped.registry.insert({std::string(repository) + ":1.3.0", {"", "", other}});
    shipped.refuses(Fault::kConflict, {repository, ":1.3.0` holds " + other.text() + ", this release is sha256:",
                                       "a published version never changes"});
  }
}

BOOST_AUTO_TEST_CASE(a_run_that_was_killed_goes_on_with_the_same_plan) {
  OnRelease shipped;
  const auto first = shipped.plan();
  shipped.has_release("web-v1.3.0", true);
  const oci::Manifest manifest = stages::steps<stages::EnsureManifest>(first).front().manifest;
  shipped.registry.insert({"registry.example/octo/charts/web:1.3.0", manifest});
  BOOST_TEST(stages::to_json(shipped.plan()).dump() == stages::to_json(first).dump());
  shipped.has_release("web-v1.3.0", false);
  check_idle(shipped.plan(), "every tag on `release` is published");
}

BOOST_AUTO_TEST_CASE(a_tag_that_release_does_not_have_is_not_published_but_sent_for) {
  OnRelease shipped;
  shipped.next_version();
  const auto plan = shipped.plan();
  BOOST_TEST(only<stages::EnsurePublished>(plan).tag == "web-v1.3.0");
  BOOST_TEST(only<stages::EnsureDispatch>(plan).workflow == "tag-charts");
}

BOOST_AUTO_TEST_CASE(two_versions_of_one_chart_are_published_one_after_the_other) {
  OnRelease shipped;
  shipped.next_version();
  World& world = shipped.world;
  world.branch("release", world.main());
  const auto first = shipped.plan();
  BOOST_TEST(only<stages::EnsurePublished>(first).tag == "web-v1.3.0");
  BOOST_TEST(only<stages::EnsureDispatch>(first).workflow == "publish-charts");
  shipped.has_release("web-v1.3.0", false);
  const auto second = shipped.plan();
  BOOST_TEST(only<stages::EnsurePublished>(second).tag == "web-v1.4.0");
  BOOST_TEST(stages::steps<stages::EnsureDispatch>(second).empty());
}

BOOST_AUTO_TEST_CASE(a_tag_that_was_moved_is_not_published) {
  OnRelease shipped;
  World& world = shipped.world;
  const Oid other = world.change("main", web_image("evil:2"));
  world.tag(other, shipped.source);
  world.branch("release", other);
  shipped.refuses(Fault::kUntrusted, {"`package` of charts/web: no statement about"});
}

BOOST_AUTO_TEST_CASE(the_waybill_of_a_train_is_about_its_own_tag) {
  OnRelease shipped;
  const lineage::Link package = shipped.world.journey.link(keys::kPackage);
  auto& pull = *shipped.world.facts.pull;
  pull.body =
      lineage::write_waybill("", {{"charts/web", {{"package", {"77", package.statement, package.subject, ""}}}}});
  const auto index = [&shipped] { return shipped.world.surveyed(kPublishCharts).consignments.front().waybill; };
  BOOST_TEST(index().at("charts/web").at("package").id == "77");
  pull.head = shipped.world.before(pull.head);
  BOOST_TEST(!index()["charts/web"].contains("package"));
}

BOOST_AUTO_TEST_CASE(a_pull_request_that_is_not_merged_into_release_is_refused) {
  OnRelease shipped;
  shipped.world.facts.pull->base_ref = "main";
  shipped.refuses(Fault::kInput, {"pull request #33 is not merged into `release`"});
  shipped.world.pull(shipped.train(), "release");
  shipped.refuses(Fault::kInput, {"pull request #21 is not merged into `release`"});
}

BOOST_AUTO_TEST_CASE(a_release_is_taken_back_by_its_own_signer_wherever_it_was_said_to_hold) {
  OnRelease shipped;
  shipped.has_release("web-v1.3.0", false);
  shipped.withdraws("web-v1.3.0", "renders a password");
  const auto plan = shipped.plan();
  stages::check_golden(plan, "publish-charts-withdraw");
  check_steps(plan, {"attest release-overall of charts/web", "mark release web-v1.3.0 as withdrawn",
                     "attach release-overall to registry.example/octo/charts/web@sha256:",
                     "attach release-overall to mirror.example/charts/web@sha256:"});
  const auto& claim = only<stages::Claim>(plan);
  const auto& said = std::get<stages::Claim::Summarised>(claim.content);
  BOOST_TEST(said.withdrawn == "renders a password");
  BOOST_TEST(said.levels == std::vector<std::string>{"FAILED"}, boost::test_tools::per_element());
  BOOST_TEST(claim.subjects.size() == 3U);
  BOOST_TEST(claim.once);
}

BOOST_AUTO_TEST_CASE(a_release_that_nobody_sees_yet_is_taken_back_too) {
  OnRelease shipped;
  shipped.withdraws("web-v1.3.0", "renders a password");
  check_steps(shipped.plan(), {"attest release-overall of charts/web", "mark release web-v1.3.0 as withdrawn"});
}

BOOST_AUTO_TEST_CASE(a_package_that_the_page_has_in_other_bytes_is_taken_back_with_it) {
  OnRelease shipped;
  shipped.has_release("web-v1.3.0", false);
  const Digest other = crypto::sha256("other bytes");
  shipped.world.forge.release_pages["web-v1.3.0"].assets = {{.name = "web-1.3.0.tgz", .digest = other.text()}};
  shipped.withdraws("web-v1.3.0", "renders a password");
  const auto plan = shipped.plan();
  const auto& subjects = only<stages::Claim>(plan).subjects;
  BOOST_TEST(std::ranges::count(subjects, other, &intoto::Subject::digest) == 1);
}

BOOST_AUTO_TEST_CASE(what_is_no_release_or_has_no_reason_is_not_taken_back) {
  OnRelease shipped;
  shipped.withdraws("web-v9.9.9", "a mistake");
  shipped.refuses(Fault::kInput, {"there is no release `web-v9.9.9` of waybill's"});
  for (const auto& [reason, said] : std::map<std::string, std::string_view>{
           {"", "is missing"}, {"two\nlines", "is not one line"}, {std::string(501, 'x'), "is 501 characters long"}}) {
    shipped.withdraws("web-v1.3.0", reason);
    shipped.refuses(Fault::kInput, {said});
  }
  shipped.withdraws("web-v1.3.0", "a mistake");
  shipped.world.facts.event = "pull_request_target";
  shipped.refuses(Fault::kInput, {"`withdraw` is set on `pull_request_target`; a dispatch is wanted"});
}

BOOST_AUTO_TEST_CASE(what_was_taken_back_is_not_published) {
  OnRelease shipped;
  shipped.world.ports.withdrawn = [](const lineage::Requirement& release) -> std::optional<std::string> {
    BOOST_TEST(release.key == keys::kReleaseOverall);
    BOOST_TEST(release.resource.ends_with("/releases/tag/web-v1.3.0"));
    return "withdrawn on 2026-11-21T12:15:00Z: a mistake";
  };
  check_idle(shipped.plan(), "web-v1.3.0 is not published: withdrawn on 2026-11-21T12:15:00Z: a mistake");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
