#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/stages/contributions.h"
#include "core/stages/journey.h"
#include "core/stages/release_plan.h"
#include "stages/files.h"
#include "stages/world.h"
#include "testing/refusal.h"

// A tag is a release with a verified `tag` statement, or when the policy adopted it, and never else (trust.md T17).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_adopted_tags)

using stages::Consignment;
using stages::rogue_message;
using stages::web_image;
using stages::World;

namespace {

std::string newest(World& world) {
  const auto release = stages::newest_release(world.job(), "web", [](const auto&) { return true; });
  return release ? release->tag.name : "none";
}

// The next version of charts/web as the tip of integration has it.
stages::Release planned(World& world) {
  const Oid tip = world.tip("integration");
  const Consignment consignment = world.web(tip);
  return stages::plan_release(world.job(), consignment, {"charts/web", tip, {}, {}}, world.main());
}

std::string next_version(World& world) {
  return planned(world).planned.version.text();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_rogue_tag_is_no_release_in_any_form) {
  World world;
  const Oid main = world.main();
  for (const char* name : {"web-9.9.9", "web/9.9.9", "web-v9.9.9"}) world.fixture.tag(name, main);
  world.fixture.tag("web-9.9.8", main, "a message of somebody's own");
  world.fixture.tag("web-v9.9.7", main, rogue_message("9.9.7", main));
  BOOST_TEST(newest(world) == "none");
  world.change("integration", web_image("app:2"), "fix: a fix");
  BOOST_TEST(next_version(world) == "1.2.4");
}

BOOST_AUTO_TEST_CASE(a_verified_release_is_one_and_a_tag_that_borrows_its_evidence_is_not) {
  World world;
  const Oid c1 = world.change("integration", web_image("app:2"), "feat: first");
  const Oid released =
      world.change("main", stages::joined({web_image("app:2"), stages::release_files("web", "1.3.0")}));
  world.release(released, c1);
  BOOST_TEST(newest(world) == "web-v1.3.0");
  // At the released commit, whose content has a `tag` statement, under another version or another form.
  world.fixture.tag("web-v9.9.9", released, rogue_message("9.9.9", released));
  world.fixture.tag("web-1.3.0", released, rogue_message("1.3.0", released));
  BOOST_TEST(newest(world) == "web-v1.3.0");
}

BOOST_AUTO_TEST_CASE(a_tag_that_lies_about_its_place_is_passed_over) {
  World world;
  const Oid main = world.main();
  world.branch("elsewhere", main);
  const Oid elsewhere = world.change("elsewhere", web_image("app:9"));
  world.fixture.tag("web-v9.9.9", elsewhere, rogue_message("9.9.9", elsewhere));
  std::string message = lineage::write_tag_message({.chart = "web",
                                                    .path = "README.md",
                                                    .version = "9.9.8",
                                                    .entries = {},
                                                    .changelog = "",
                                                    .source_pull_request = "none",
                                                    .commit = main.hex(),
                                                    .source = main.hex()});
  world.fixture.tag("web-v9.9.8", main, message);
  BOOST_TEST(newest(world) == "none");
}

BOOST_AUTO_TEST_CASE(the_next_version_is_above_every_adopted_one) {
  for (const char* name : {"web-4.1.0", "web/4.1.0", "web-v4.1.0"}) {
    World world;
    world.fixture.tag(name, world.main());
    world.facts.policy.adopted.emplace(name, world.main());
    BOOST_TEST(newest(world) == name);
    world.change("integration", web_image("app:2"), "fix: a fix");
    BOOST_TEST(next_version(world) == "4.1.1");
  }
}

BOOST_AUTO_TEST_CASE(an_adopted_tag_stands_where_the_policy_says_wherever_it_is_now) {
  World world;
  const Oid first = world.main();
  const Oid later = world.change("main", web_image("app:3"), "feat: later");
  world.facts.policy.adopted.emplace("web-4.1.0", first);
  BOOST_TEST(newest(world) == "web-4.1.0");  // deleted
  world.fixture.tag("web-4.1.0", later);     // moved
  const auto release = stages::newest_release(world.job(), "web", [](const auto&) { return true; });
  BOOST_TEST(release->tag.target.hex() == first.hex());
}

BOOST_AUTO_TEST_CASE(an_adopted_commit_that_is_not_there_is_said_so) {
  World world;
  world.facts.policy.adopted.emplace("web-4.1.0", Oid::parse(std::string(40, 'e')));
  testing::refuses(Fault::kInput, "`.waybill.yml` adopts the tag `web-4.1.0` at " + std::string(40, 'e'),
                   [&] { static_cast<void>(newest(world)); });
  testing::refuses(Fault::kInput, "git rev-parse 'web-4.1.0^{commit}'",
                   [&] { static_cast<void>(stages::last_shipped(world.job(), world.web(world.main()))); });
}

BOOST_AUTO_TEST_CASE(contributions_count_from_the_adopted_tag_on) {
  World world;
  world.change("integration", web_image("app:2"), "feat!: before the tag");
  const Oid tagged = world.tip("integration");
  const Oid fix = world.change("integration", web_image("app:3"), "fix: after the tag");
  const lineage::Shipment shipment{"charts/web", fix, {}, {}};
  BOOST_TEST(stages::contributions(world.job(), world.web(fix), shipment).size() == 3U);
  world.fixture.tag("web-4.1.0", tagged);
  BOOST_TEST(stages::contributions(world.job(), world.web(fix), shipment).size() == 3U);  // nobody's release
  world.facts.policy.adopted.emplace("web-4.1.0", tagged);
  const auto reasons = stages::contributions(world.job(), world.web(fix), shipment);
  BOOST_REQUIRE(reasons.size() == 1U);
  BOOST_TEST(reasons.front().subject == "fix: after the tag");
}

BOOST_AUTO_TEST_CASE(what_an_adopted_tag_on_main_holds_is_shipped_and_never_goes_back) {
  World world;
  const Oid before = world.change("integration", web_image("app:2"), "feat: before");
  const Oid tagged = world.change("integration", web_image("app:3"), "feat: released by other means");
  world.branch("main", tagged);
  const Oid after = world.change("integration", web_image("app:4"), "fix: after");
  world.facts.policy.adopted.emplace("web-4.1.0", tagged);
  const auto forward = [&](const Oid& source) {
    stages::require_forward(world.job(), world.web(source), {"charts/web", source, {}, {}});
  };
  const auto last = stages::last_shipped(world.job(), world.web(after));
  BOOST_REQUIRE(last.has_value());
  BOOST_TEST(last->hex() == tagged.hex());
  testing::refuses(Fault::kUntrusted, "which is shipped already", [&] { forward(before); });
  testing::refuses(Fault::kUntrusted, "which is shipped already", [&] { forward(tagged); });
  BOOST_CHECK_NO_THROW(forward(after));
}

BOOST_AUTO_TEST_CASE(an_adopted_tag_beside_main_takes_its_version_and_marks_nothing) {
  World world;
  world.branch("maintenance", world.main());
  const Oid beside = world.change("maintenance", web_image("app:8"), "fix: elsewhere");
  world.facts.policy.adopted.emplace("web-4.1.0", beside);
  const Oid source = world.change("integration", web_image("app:2"), "fix: a fix");
  BOOST_TEST(!stages::last_shipped(world.job(), world.web(source)).has_value());
  BOOST_TEST(next_version(world) == "4.1.1");
}

BOOST_AUTO_TEST_CASE(adoption_is_no_evidence) {
  World world;
  world.facts.policy.adopted.emplace("web-1.2.3", world.main());
  const auto job = world.job();
  const Consignment consignment = stages::consign(job, world.main(), "charts/web");
  BOOST_TEST(!stages::is_released(job, consignment));
  BOOST_TEST(!stages::is_validated(job, consignment));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
