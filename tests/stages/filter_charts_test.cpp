#include <boost/test/unit_test.hpp>

#include "core/lineage/keys.h"
#include "stages/world.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_filter_charts)

using stages::kFilterCharts;
using stages::World;
namespace keys = lineage::keys;

namespace {

const testing::Files kWeb{{"charts/web/values.yaml", "image: registry.example/app:2\n"}};

// Dispatched on the anchor: no pull request says where to look.
struct Dispatched {
  World world;

  Dispatched() { world.facts.event = "workflow_dispatch"; }
};

}  // namespace

BOOST_AUTO_TEST_CASE(merged_content_that_nobody_attested_is_sent_to_be_validated) {
  Dispatched dispatched;
  dispatched.world.change("integration", kWeb);
  const auto plan = dispatched.world.planned(kFilterCharts);
  BOOST_REQUIRE(plan.notes().size() == 1U);
  BOOST_TEST(plan.notes().front() == "charts/web is more than one contribution now and is validated anew");
  BOOST_REQUIRE(plan.steps().size() == 1U);
  BOOST_TEST(stages::steps<stages::EnsureDispatch>(plan).front().workflow == "validate-contribution");
}

BOOST_AUTO_TEST_CASE(what_the_survey_set_aside_is_not_looked_at_again) {
  World world;
  const stages::Ports nothing;
  const stages::Job job{world.facts,
                        nothing,
                        world.inputs,
                        {},
                        {{"charts/web waits", "validate-contribution"},
                         {"charts/api waits", "validate-contribution"},
                         {"charts/db is exactly what was released", ""}},
                        lineage::Upstream::nothing()};
  const auto plan = kFilterCharts.plan(job);
  BOOST_TEST(plan.notes().size() == 3U);
  BOOST_REQUIRE(plan.steps().size() == 1U);
  BOOST_TEST(stages::title(plan.steps().front()) == "dispatch validate-contribution: content waits for its statements");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
