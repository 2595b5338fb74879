#include <boost/test/unit_test.hpp>

#include "core/lineage/keys.h"
#include "stages/voyage.h"

// Tags are made once, in order, of what was shipped and verified (trust.md T5, T11, T12).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_tag_charts)

using stages::check_note;
using stages::check_steps;
using stages::EnsurePullRequest;
using stages::EnsureTag;
using stages::joined;
using stages::kTagCharts;
using stages::only;
using stages::Stop;
using stages::Voyage;
using stages::web_image;
using stages::World;
namespace keys = lineage::keys;

namespace {

struct OnMain : Voyage {
  OnMain() : Voyage(Stop::kOnMain) {}

  stages::Plan plan() { return planned(kTagCharts); }

  // Another contribution comes to main before the first one has its tag; everything about it is signed.
  Oid ship(const std::string& name, const std::string& version, const testing::Files& files) {
    const std::string path = "charts/" + name;
    const Oid from = world.change("integration", files, "feat: second");
    const Oid merged = world.change("main", joined({files, stages::release_files(name, version)}), name + ": release");
    for (const char* stage : {"validate-contribution", "filter-charts", "enforce-atomic", "format-chart-pr"})
      world.attest_stage(stage, from, from, path);
    world.attest_stage("validate-and-bump", merged, from, path);
    return merged;
  }

  void refuses(Fault fault, const std::vector<std::string_view>& said) { world.refuses(kTagCharts, fault, said); }
};

const std::vector<std::string> kAll{"attest tag of charts/web",    "tag web-v1.3.0 at ", "branch release-train/",
                                    "pull request release-train/", "branch sync/",       "pull request sync/"};

}  // namespace

BOOST_AUTO_TEST_CASE(a_verified_version_gets_its_tag_its_train_and_goes_back_to_integration) {
  OnMain shipped;
  const auto plan = shipped.plan();
  stages::check_golden(plan, "tag-charts");
  const auto tag = only<EnsureTag>(plan);
  BOOST_TEST(tag.message.source_pull_request == "#32");
  BOOST_TEST(tag.message.source == shipped.source.hex());
  BOOST_TEST(tag.message.entries.at("workflow-5-overall").statement->text() ==
             shipped.world.journey.link(keys::kOverall).statement.text());
}

BOOST_AUTO_TEST_CASE(a_second_run_finds_nothing_to_tag) {
  Voyage tagged(Stop::kTagged);
  tagged.world.facts.pull.reset();
  tagged.world.branch("integration", tagged.world.main());
  const auto plan = tagged.world.planned(kTagCharts);
  check_steps(plan, {});
  check_note(plan, "every version on `main` has its tag");
  check_note(plan, "1 tags wait behind release pull request #33");
}

BOOST_AUTO_TEST_CASE(the_oldest_goes_first_and_one_train_leaves_at_a_time) {
  OnMain shipped;
  const Oid second = shipped.ship("api", "1.2.4", {{"charts/api/values.yaml", "image: registry.example/api:2\n"}});
  const auto plan = shipped.plan();
  const auto tags = stages::steps<EnsureTag>(plan);
  BOOST_REQUIRE(tags.size() == 2U);
  BOOST_TEST(tags[0].name == "web-v1.3.0");
  BOOST_TEST(tags[1].name == "api-v1.2.4");
  BOOST_TEST(tags[1].commit.hex() == second.hex());
  const auto trains = stages::steps<EnsurePullRequest>(plan);
  BOOST_TEST(trains.front().title == "release: web-v1.3.0");
  BOOST_TEST(trains.size() == 2U);  // and the sync
}

BOOST_AUTO_TEST_CASE(the_next_version_of_the_same_chart_is_tagged_by_the_next_run) {
  OnMain shipped;
  const Oid first = shipped.world.main();
  shipped.ship("web", "1.4.0", web_image("app:3"));
  const auto plan = shipped.plan();
  const auto tag = only<EnsureTag>(plan);
  BOOST_TEST(tag.name == "web-v1.3.0");
  BOOST_TEST(tag.commit.hex() == first.hex());
  const std::vector<std::string> next{"tag-charts"};  // and nothing waits for it: what comes next has its branch
  BOOST_TEST(Voyage::dispatched(plan) == next, boost::test_tools::per_element());
  // main comes back to integration with the last tag: a version without one would look like a contribution there.
  for (const auto& pull : stages::steps<EnsurePullRequest>(plan)) BOOST_TEST(pull.base != "integration");
}

BOOST_AUTO_TEST_CASE(a_tag_of_that_version_on_other_content_is_a_conflict) {
  for (const char* name : {"web-v1.3.0", "web-1.3.0", "web/1.3.0"}) {
    OnMain shipped;
    const Oid elsewhere = shipped.world.before(shipped.world.main());
    shipped.world.fixture.tag(name, elsewhere, "squat");
    shipped.refuses(Fault::kConflict, {"tag `", name, "` is at ", elsewhere.hex(), shipped.world.main().hex(),
                                       "a tag never moves: release the chart under a new version"});
  }
}

BOOST_AUTO_TEST_CASE(a_tag_that_is_not_waybill_s_takes_no_verified_version_away) {
  for (const char* name : {"web-v1.3.0", "web-1.3.0"}) {
    OnMain shipped;
    shipped.world.fixture.tag(name, shipped.world.main(), "Release: web v1.3.0");
    shipped.refuses(Fault::kConflict, {"tag `", name, "` is at " + shipped.world.main().hex() + " and not waybill's"});
  }
}

BOOST_AUTO_TEST_CASE(a_tag_elsewhere_is_left_behind_by_the_next_version) {
  OnMain shipped;
  shipped.world.fixture.tag("web-v1.3.0", shipped.world.before(shipped.world.main()), "squat");
  shipped.ship("web", "1.4.0", web_image("app:3"));
  BOOST_TEST(only<EnsureTag>(shipped.plan()).name == "web-v1.4.0");
}

BOOST_AUTO_TEST_CASE(versions_that_people_make_and_tag_themselves_are_theirs) {
  World world;
  world.fixture.tag("web-1.3.0", world.change("main", stages::release_files("web", "1.3.0"), "web: by hand"));
  world.branch("integration", world.main());
  world.forge.knows_pulls = true;
  stages::check_idle(world.planned(kTagCharts), "every version on `main` has its tag");
}

BOOST_AUTO_TEST_CASE(content_on_main_that_is_not_what_the_pull_request_brought_is_refused) {
  OnMain shipped;
  World& world = shipped.world;
  world.change(shipped.release, {{"charts/web/values.yaml", "image: registry.example/other:2\n"}});
  shipped.pull(32).head = world.tip(shipped.release);
  shipped.refuses(Fault::kUntrusted,
                  {"commit " + shipped.world.main().hex() + " on `main` is not what pull request #32 brought"});
}

BOOST_AUTO_TEST_CASE(without_its_pull_request_a_verified_version_is_tagged_all_the_same) {
  OnMain shipped;
  shipped.world.forge.pulls_of.clear();
  BOOST_TEST(only<EnsureTag>(shipped.plan()).message.source_pull_request == "none");
}

BOOST_AUTO_TEST_CASE(a_version_that_nobody_verified_is_refused) {
  OnMain lost;
  lost.world.journey.without(keys::kOverall, [&] {
    lost.refuses(Fault::kUntrusted, {"`workflow-5-overall` of charts/web: no statement about"});
  });
  World by_hand;
  by_hand.change("main", stages::release_files("web", "1.3.0"), "web: by hand");
  by_hand.forge.knows_pulls = true;
  by_hand.refuses(kTagCharts, Fault::kUntrusted, {"`workflow-5-overall` of charts/web: no statement about"});
}

BOOST_AUTO_TEST_CASE(an_older_contribution_that_came_to_main_late_is_refused) {
  OnMain older;
  World& world = older.world;
  // It was verified, but stayed open while a newer one was released.
  world.branch("main", world.before(older.world.main()));
  const Oid newer = world.change("integration", web_image("app:3"), "feat!: second");
  const Oid released = world.change("main", joined({web_image("app:3"), stages::release_files("web", "2.0.0")}));
  world.release(released, newer);
  world.change("main", stages::files_of(world.web(older.final_commit).subtree, "charts/web"), "web: late");
  older.refuses(Fault::kUntrusted, {"commit " + older.source.hex() + " does not come after " + newer.hex()});
}

BOOST_AUTO_TEST_CASE(a_train_that_stands_open_is_waited_for_if_it_is_waybill_s) {
  OnMain shipped;
  World& world = shipped.world;
  world.branch("release-train/01234567", world.main());
  world.forge.pulls.push_back(world.pull("release-train/01234567", "release"));
  world.forge.pulls.back().number = 40;
  world.facts.pull.reset();
  check_note(shipped.plan(), "1 tags wait behind release pull request #40");
  world.forge.pulls.back().author = "mallory";
  check_steps(shipped.plan(), kAll);
}

BOOST_AUTO_TEST_CASE(a_tag_that_is_not_on_main_gets_no_train) {
  OnMain shipped;
  World& world = shipped.world;
  world.branch("elsewhere", world.tip("integration"));
  const Oid rogue = world.change("elsewhere", stages::release_files("web", "0.0.1"));
  world.tag(rogue, shipped.source);
  const auto plan = shipped.plan();
  check_steps(plan, kAll);
  BOOST_TEST(stages::steps<EnsurePullRequest>(plan).front().title == "release: web-v1.3.0");
}

BOOST_AUTO_TEST_CASE(what_waited_behind_the_shipment_is_sent_on) {
  OnMain shipped;
  shipped.world.change("integration", web_image("app:3"));
  shipped.world.change("integrate/web", web_image("app:3"));
  const auto dispatch = only<stages::EnsureDispatch>(shipped.plan());
  BOOST_TEST(dispatch.workflow == "format-chart-pr");
  BOOST_TEST(dispatch.ref == "main");
}

BOOST_AUTO_TEST_CASE(what_was_on_main_before_the_policy_needs_no_tag) {
  World world;
  const Oid before =
      world.fixture.commit("refs/remotes/origin/main", stages::chart_files("web", "3.0.0"), "old", std::vector<Oid>{});
  const Oid policy = world.change("main", {{".waybill.yml", lineage::kPolicyText}}, "ci: waybill");
  BOOST_TEST(before.hex() != policy.hex());
  world.branch("integration", policy);
  world.branch("release", policy);
  world.forge.knows_pulls = true;
  stages::check_idle(world.planned(kTagCharts), "every version on `main` has its tag");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
