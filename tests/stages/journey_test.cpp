#include "core/stages/journey.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/stages/contributions.h"
#include "stages/files.h"
#include "stages/world.h"
#include "testing/refusal.h"

// Where a chart is on its way: derived from git alone, and only ever forward (trust.md T5, T10).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_journey)

using stages::Consignment;
using stages::web_image;
using stages::World;

namespace {

lineage::Shipment from(const Oid& source) {
  return {"charts/web", source, {}, {}};
}

void refuses(World& world, const Oid& content, const Oid& source, std::string_view said) {
  const Consignment consignment = world.web(content);
  const auto job = world.job();
  testing::refuses(Fault::kUntrusted, said, [&] { stages::require_forward(job, consignment, from(source)); });
}

void passes(World& world, const Oid& content, const Oid& source) {
  const Consignment consignment = world.web(content);
  BOOST_CHECK_NO_THROW(stages::require_forward(world.job(), consignment, from(source)));
}

// C1 is released as 1.3.0; the fix C2 comes after it.
struct Shipped {
  World world;
  Oid oldest = world.change("integration", web_image("old:0"), "fix: long before");
  Oid before = world.change("integration", web_image("old:1"), "fix: before");
  Oid c1 = world.change("integration", web_image("app:2"), "feat: first");
  Oid released = world.change("main", stages::joined({web_image("app:2"), stages::release_files("web", "1.3.0")}));

  Shipped() { world.release(released, c1); }

  Oid fix() { return world.change("integration", web_image("app:3"), "fix: second"); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(before_the_first_release_what_is_on_integration_passes) {
  World world;
  const Oid c1 = world.change("integration", web_image("app:2"));
  BOOST_TEST(!stages::last_shipped(world.job(), world.web(c1)));
  passes(world, c1, c1);
}

BOOST_AUTO_TEST_CASE(a_release_is_found_by_its_verified_tag) {
  Shipped shipped;
  const Consignment consignment = shipped.world.web(shipped.c1);
  const auto last = stages::last_shipped(shipped.world.job(), consignment);
  BOOST_REQUIRE(last.has_value());
  BOOST_TEST(last->hex() == shipped.c1.hex());
}

BOOST_AUTO_TEST_CASE(a_rogue_tag_opens_no_way_back) {
  Shipped on_integration;
  on_integration.world.fixture.tag("web-v9.9.9", on_integration.fix(),
                                   stages::rogue_message("9.9.9", on_integration.before));
  refuses(on_integration.world, on_integration.c1, on_integration.c1, "which is shipped already");

  // At a commit of main, of a version above every real one, saying that only something older was shipped.
  Shipped on_main;
  const Oid elsewhere =
      on_main.world.change("main", {{"charts/web/values.yaml", "image: registry.example/app:2-hotfix\n"}}, "fix: x");
  on_main.world.fixture.tag("web-v9.9.9", elsewhere, stages::rogue_message("9.9.9", on_main.before));
  refuses(on_main.world, on_main.c1, on_main.c1,
          "commit " + on_main.c1.hex() + " does not come after " + on_main.c1.hex());
  const Oid c2 = on_main.fix();
  passes(on_main.world, c2, c2);
}

BOOST_AUTO_TEST_CASE(what_was_shipped_stays_shipped_when_the_policy_changes) {
  Shipped shipped;
  shipped.world.journey.policy.digest = crypto::sha256("the next policy");
  refuses(shipped.world, shipped.c1, shipped.c1, "which is shipped already");
  // Even when the workflows that signed it are gone: then by what the tag says.
  for (auto& signer : shipped.world.journey.policy.signers)
    signer.workflow = ".github/workflows/new-" + signer.stage + ".yml";
  refuses(shipped.world, shipped.c1, shipped.c1, "which is shipped already");
  const Oid c2 = shipped.fix();
  passes(shipped.world, c2, c2);
}

BOOST_AUTO_TEST_CASE(a_fix_after_the_release_goes_forward) {
  Shipped shipped;
  const Oid c2 = shipped.fix();
  passes(shipped.world, c2, c2);
}

BOOST_AUTO_TEST_CASE(what_was_shipped_is_not_shipped_again) {
  Shipped shipped;
  shipped.fix();
  refuses(shipped.world, shipped.c1, shipped.c1,
          "commit " + shipped.c1.hex() + " does not come after " + shipped.c1.hex() + ", which is shipped already");
  refuses(shipped.world, shipped.before, shipped.before,
          "commit " + shipped.before.hex() + " does not come after " + shipped.c1.hex());
  refuses(shipped.world, shipped.before, shipped.before,
          "an older state is shipped again by reverting on `integration`");
}

BOOST_AUTO_TEST_CASE(what_integration_was_set_back_to_is_refused_though_the_shipped_commit_is_gone) {
  Shipped shipped;
  shipped.world.branch("integration", shipped.before);
  shipped.world.lose(shipped.c1);
  refuses(shipped.world, shipped.before, shipped.before,
          "commit " + shipped.before.hex() + " does not come after " + shipped.c1.hex() + ", which is shipped already");
}

BOOST_AUTO_TEST_CASE(old_content_under_a_newer_commit_is_refused) {
  Shipped shipped;
  const Oid c2 = shipped.fix();
  refuses(shipped.world, shipped.c1, c2,
          "commit " + c2.hex() + " on `integration` holds other content than what is shipped");
}

BOOST_AUTO_TEST_CASE(a_revert_through_integration_passes) {
  Shipped shipped;
  shipped.fix();
  const Oid reverted = shipped.world.change("integration", web_image("app:2"), "revert: second");
  passes(shipped.world, reverted, reverted);
  passes(shipped.world, shipped.c1, reverted);  // the same bytes, by the newer commit
}

BOOST_AUTO_TEST_CASE(a_commit_beside_integrations_first_parents_is_refused) {
  World world;
  const Oid start = world.tip("integration");
  world.branch("feature", start);
  const Oid side = world.change("feature", web_image("side:1"));
  refuses(world, side, side, "commit " + side.hex() + " is not on the first-parent history of `integration`");
  // Merged, its commit still is no state that integration was in.
  world.fixture.merge("refs/remotes/origin/integration", side, stages::chart_files("web"), "merge");
  refuses(world, side, side, "is not on the first-parent history of `integration`");
}

BOOST_AUTO_TEST_CASE(a_long_history_is_read_only_as_far_as_the_rule_asks) {
  Shipped shipped;
  World& world = shipped.world;
  const Oid c2 = shipped.fix();
  const Consignment consignment = world.web(c2);
  const auto job = world.job();
  world.lose(shipped.oldest);
  BOOST_TEST(stages::source_of(job, c2, "charts/web").hex() == c2.hex());
  BOOST_CHECK_NO_THROW(stages::require_forward(job, consignment, from(c2)));
}

BOOST_AUTO_TEST_CASE(evidence_without_a_source_is_refused) {
  World world;
  const Consignment consignment = world.web(world.main());
  const auto job = world.job();
  testing::refuses(Fault::kUntrusted, "charts/web: its evidence names no commit of integration", [&] {
    stages::require_forward(job, consignment, {"charts/web", {}, {}, {}});
  });
}

BOOST_AUTO_TEST_CASE(the_source_is_the_last_commit_that_changed_the_chart) {
  World world;
  const Oid changed = world.change("integration", web_image("app:2"));
  const Oid later = world.change("integration", {{"charts/api/values.yaml", "image: registry.example/api:2\n"}});
  BOOST_TEST(stages::source_of(world.job(), later, "charts/web").hex() == changed.hex());
  BOOST_TEST(stages::source_of(world.job(), later, "charts/api").hex() == later.hex());
}

BOOST_AUTO_TEST_CASE(everything_in_the_folder_is_in_the_subtree_digest) {
  World world;
  const Oid start =
      world.change("integration", {{"charts/web/.helmignore", "notes/\n"}, {"charts/web/notes/a.txt", "one\n"}});
  const Consignment before = world.web(start);
  const auto changes_subtree_only = [&](const testing::Files& files, const std::string& what) {
    world.branch("t", start);
    const Consignment after = world.web(world.change("t", files));
    BOOST_TEST(after.subtree_digest.text() != before.subtree_digest.text(), what);
    BOOST_TEST(after.content_digest.text() == before.content_digest.text(), what);
  };
  changes_subtree_only({{"charts/web/notes/a.txt", "two\n"}}, "an ignored file");
  changes_subtree_only({{"charts/web/notes/b.txt", "new\n"}}, "a new ignored file");
  changes_subtree_only({{"charts/web/values.yaml",
                         testing::executable(stages::chart_files("web").at("charts/web/values.yaml").content)}},
                       "a mode");
  const Consignment attributes =
      world.web(world.change("integration", {{"charts/web/.gitattributes", "* text eol=crlf\n"}}));
  BOOST_TEST(attributes.subtree_digest.text() != before.subtree_digest.text());
}

BOOST_AUTO_TEST_CASE(a_tree_with_one_chart_replaced_differs_nowhere_else) {
  World world;
  const Oid c1 = world.change("integration", web_image("app:2"));
  const auto job = world.job();
  const Consignment consignment = stages::consign(job, c1, "charts/web");
  BOOST_TEST(stages::replaced_tree(job.ports.git(), world.main(), "charts/web", consignment.tree).hex() ==
             job.ports.git().commit(c1).tree.hex());
  BOOST_TEST(stages::replaced_tree(job.ports.git(), world.main(), ".", consignment.tree).hex() ==
             consignment.tree.hex());
}

BOOST_AUTO_TEST_CASE(contributions_are_the_commits_since_the_last_shipment_that_touch_the_chart) {
  Shipped shipped;
  World& world = shipped.world;
  world.change("integration", {{"charts/api/values.yaml", "image: registry.example/api:2\n"}}, "feat: not of web");
  const Oid c2 = shipped.fix();
  Consignment consignment = world.web(c2);
  lineage::Shipment shipment = from(c2);
  shipment.last_shipped = shipped.c1;
  const auto reasons = stages::contributions(world.job(), consignment, shipment);
  BOOST_REQUIRE(reasons.size() == 1U);
  BOOST_TEST(reasons.front().subject == "fix: second");
  BOOST_TEST(reasons.front().id == c2.hex());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
