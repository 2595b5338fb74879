#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/lineage/keys.h"
#include "core/stages/released.h"
#include "stages/direct_world.h"
#include "testing/refusal.h"

// In a direct pipeline too a tag is a release with a verified `tag` statement, or when the policy adopted it, and never
// else (trust.md T17).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_direct_tags)

using stages::check_idle;
using stages::check_note;
using stages::DirectWorld;
using stages::EnsurePullRequest;
using stages::EnsureTag;
using stages::kFormatChartPr;
using stages::kTagCharts;
using stages::only;
using stages::rogue_message;
using stages::web_image;

namespace {

std::string proposed(DirectWorld& world) {
  return only<EnsurePullRequest>(world.planned(kFormatChartPr)).title;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_rogue_tag_is_no_release_in_any_form) {
  DirectWorld world;
  const Oid before = world.main();
  const Oid first = world.contribute(web_image("app:2"), "feat: first");
  for (const char* name : {"web-9.9.9", "web/9.9.9", "web-v9.9.9"}) world.fixture.tag(name, first);
  world.fixture.tag("web-9.9.8", first, "a message of somebody's own");
  world.fixture.tag("web-v9.9.7", before, rogue_message("9.9.7", before));
  BOOST_TEST(proposed(world) == "web: release 1.3.0");
  const Oid released = world.release("1.3.0", first);
  // At the released commit, whose content has a `tag` statement, under another version.
  world.fixture.tag("web-v9.9.6", released, rogue_message("9.9.6", released));
  check_idle(world.planned(kFormatChartPr), "nothing waits for a release");
  world.contribute(web_image("app:3"), "fix: second");
  BOOST_TEST(proposed(world) == "web: release 1.3.1");
}

BOOST_AUTO_TEST_CASE(what_an_adopted_tag_holds_is_released_and_what_came_since_is_not) {
  DirectWorld world;
  const Oid tagged = world.push(web_image("app:2"), "feat!: released by other means");
  world.facts.policy.adopted.emplace("web-4.1.0", tagged);
  world.fixture.tag("web-4.1.0", tagged);
  check_idle(world.planned(kFormatChartPr), "nothing waits for a release");
  const Oid fix = world.contribute(web_image("app:3"), "fix: since then");
  const auto plan = world.planned(kFormatChartPr);
  const auto pull = only<EnsurePullRequest>(plan);
  BOOST_TEST(pull.title == "web: release 4.1.1");
  BOOST_TEST(pull.prose.find("Since then") != std::string::npos);
  BOOST_TEST(pull.prose.find("other means") == std::string::npos);
  const auto shipment = only<stages::Claim>(plan).stamp.shipment;
  BOOST_TEST(shipment.last_shipped->hex() == tagged.hex());
  world.release("4.1.1", fix);
  check_idle(world.planned(kFormatChartPr), "nothing waits for a release");
}

BOOST_AUTO_TEST_CASE(what_lay_untagged_when_the_policy_came_is_released_after_the_adopted_tag) {
  DirectWorld world;
  const Oid policy = world.main();
  world.branch("main", world.fixture.commit("refs/heads/old",
                                            stages::joined({stages::chart_files("web", "4.1.0"), web_image("app:1")}),
                                            "web: 4.1.0 by other means", std::vector<Oid>{}));
  const Oid tagged = world.main();
  world.push(web_image("app:2"), "fix: never tagged");
  world.push({{".waybill.yml", lineage::kPolicyText}}, "ci: waybill");
  BOOST_TEST(policy.hex() != world.main().hex());
  world.fixture.tag("web-4.1.0", tagged);
  check_idle(world.planned(kFormatChartPr), "nothing waits for a release");  // nobody's release
  world.facts.policy.adopted.emplace("web-4.1.0", tagged);
  const auto plan = world.planned(kFormatChartPr);
  check_note(plan, "charts/web is not what was validated and is validated anew");
  BOOST_TEST(only<stages::EnsureDispatch>(plan).workflow == "validate-contribution");
}

BOOST_AUTO_TEST_CASE(nothing_goes_back_behind_an_adopted_tag) {
  DirectWorld world;
  const Oid before = world.contribute(web_image("app:2"), "feat: before");
  const Oid tagged = world.push(web_image("app:3"), "feat: released by other means");
  world.facts.policy.adopted.emplace("web-4.1.0", tagged);
  const lineage::Shipment old{"charts/web", before, {}, {}};
  testing::refuses(Fault::kUntrusted, "which is shipped already",
                   [&] { stages::require_forward(world.job(), world.web(before), old); });
}

BOOST_AUTO_TEST_CASE(an_adopted_tag_beside_main_takes_its_version_and_marks_nothing) {
  DirectWorld world;
  world.branch("maintenance", world.main());
  const Oid beside = world.change("maintenance", web_image("app:8"), "fix: elsewhere");
  world.facts.policy.adopted.emplace("web-4.1.0", beside);
  check_idle(world.planned(kFormatChartPr), "nothing waits for a release");
  world.contribute(web_image("app:2"), "fix: a fix");
  const auto plan = world.planned(kFormatChartPr);
  BOOST_TEST(only<EnsurePullRequest>(plan).title == "web: release 4.1.1");
  BOOST_TEST(!only<stages::Claim>(plan).stamp.shipment.last_shipped.has_value());
}

BOOST_AUTO_TEST_CASE(a_tag_that_does_not_count_takes_no_verified_version_away) {
  for (const char* name : {"web-v1.3.0", "web-1.3.0", "web/1.3.0"}) {
    for (const bool here : {true, false}) {
      BOOST_TEST_CONTEXT(name << (here ? " here" : " elsewhere")) {
        DirectWorld world;
        const Oid source = world.contribute(web_image("app:2"));
        const Oid merged = world.merge_release("1.3.0", source);
        const Oid squatted = here ? merged : source;
        world.fixture.tag(name, squatted, here ? "squat" : rogue_message("1.3.0", source));
        check_idle(world.planned(kFormatChartPr), "charts/web waits: web-v1.3.0, which is merged, has no tag yet");
        world.refuses(kTagCharts, Fault::kConflict,
                      {"tag `", name, "` is at " + squatted.hex(), merged.hex() + " is wanted",
                       "adopted:\n  " + std::string(name) + ": \"" + squatted.hex() + "\""});
        // The way out that it names: a new policy, under which nothing of this release counts.
        world.facts.policy.adopted.emplace(name, squatted);
        world.journey.policy.digest = Digest::sha256(std::string(64, '1'));
        BOOST_TEST(stages::steps<EnsureTag>(world.planned(kTagCharts)).empty());
        world.contribute(web_image("app:3"), "fix: once more");
        BOOST_TEST(proposed(world) == "web: release 1.3.1");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_contribution_that_holds_a_released_version_is_no_conflict) {
  DirectWorld world;
  world.release("1.3.0", world.contribute(web_image("app:2"), "feat: first"));
  world.contribute(web_image("app:3"), "fix: second");
  stages::check_steps(world.planned(kTagCharts),
                      {"branch release-train/", "pull request release-train/", "dispatch format-chart-pr"});
}

BOOST_AUTO_TEST_CASE(the_next_version_of_the_same_chart_is_tagged_by_the_next_run) {
  DirectWorld world;
  const Oid first = world.merge_release("1.3.0", world.contribute(web_image("app:2"), "feat: first"));
  world.merge_release("1.3.1", world.contribute(web_image("app:3"), "fix: second"));
  const auto plan = world.planned(kTagCharts);
  const auto tag = only<EnsureTag>(plan);
  BOOST_TEST(tag.name == "web-v1.3.0");
  BOOST_TEST(tag.commit.hex() == first.hex());
  check_note(plan, "charts/web 1.3.1 is tagged after the version before it");
  bool again = false;
  for (const auto& dispatch : stages::steps<stages::EnsureDispatch>(plan)) again |= dispatch.workflow == "tag-charts";
  BOOST_TEST(again);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
