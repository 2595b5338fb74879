#include <boost/test/unit_test.hpp>

#include "stages/world.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_attest)

using stages::World;

BOOST_AUTO_TEST_CASE(a_check_of_ones_own_says_what_its_run_was_about) {
  World world;
  world.inputs = {
      {"key", "install-test-v1.33.7"}, {"subject-path", ""},    {"subject-digest", "sha256:" + std::string(64, '7')},
      {"subject-name", "cluster"},     {"chart", "charts/web"}, {"checks", "helm install"},
      {"predicate-type", ""},          {"predicate-path", ""}};
  world.facts.occasion = {12, "integration", std::string(40, '2'), std::string(40, '3')};
  // The pull request has moved on since: what the job looked at was the event's head.
  world.pull("integration", "main");
  const auto claims = stages::steps<stages::Claim>(stages::kAttest.plan(world.job()));
  BOOST_REQUIRE(claims.size() == 1U);
  const lineage::Stamp& stamp = claims.front().stamp;
  BOOST_TEST(stamp.pull_request == 12);
  BOOST_TEST(stamp.base_ref == "integration");
  BOOST_TEST(stamp.base == std::string(40, '2'));
  BOOST_TEST(stamp.head == std::string(40, '3'));
  BOOST_TEST(stamp.shipment.chart == "charts/web");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
