#include <boost/test/unit_test.hpp>

#include "forge/forge_under_test.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(deployments)

const std::string kDeployments = kRepo + "/deployments";
const std::string kList = kDeployments + "?per_page=100&sha=" + kHead.hex() + "&environment=ghcr%20%2F%20charts";
const Json kPayload{{"digest", "sha256:1"}};

Json deployment_json(std::int64_t id, const Json& payload) {
  return {{"id", id}, {"sha", kHead.hex()}, {"environment", "ghcr / charts"}, {"payload", payload}};
}

BOOST_AUTO_TEST_CASE(a_deployment_waits_for_nothing_and_merges_nothing) {
  ForgeUnderTest t;
  t.http.expect("POST", kDeployments, json_answer(201, deployment_json(4, kPayload)),
                body_is({{"ref", kHead.hex()},
                         {"environment", "ghcr / charts"},
                         {"auto_merge", false},
                         {"required_contexts", Json::array()},
                         {"payload", kPayload}}));
  BOOST_TEST(t.client.create_deployment(kHead, "ghcr / charts", kPayload).id == 4);
}

BOOST_AUTO_TEST_CASE(a_lost_one_is_recognised_by_its_payload) {
  ForgeUnderTest t;
  t.http.lose("POST", kDeployments)
      .expect("GET", kList,
              json_answer(200, {deployment_json(3, {{"digest", "sha256:0"}}), deployment_json(4, kPayload)}));
  BOOST_TEST(t.client.create_deployment(kHead, "ghcr / charts", kPayload).id == 4);
}

BOOST_AUTO_TEST_CASE(a_conflict_is_told) {
  ForgeUnderTest t;
  t.http.expect("POST", kDeployments, json_answer(409, message("Conflict merging main into x")));
  BOOST_CHECK_EXCEPTION(t.client.create_deployment(kHead, "ghcr / charts", kPayload), Error,
                        fails(Fault::kConflict, "Conflict merging"));
}

BOOST_AUTO_TEST_CASE(a_status_is_set_once) {
  ForgeUnderTest t;
  const Deployment deployment{.id = 4, .sha = kHead, .environment = "ghcr / charts", .payload = {}};
  t.http.expect("POST", kDeployments + "/4/statuses", json_answer(201, {{"id", 1}}), body_is({{"state", "success"}}));
  t.client.create_deployment_status(deployment, "success");
  t.http.expect("POST", kDeployments + "/4/statuses", answer(500))
      .expect("GET", kDeployments + "/4/statuses?per_page=1", json_answer(200, Json::array({{{"state", "success"}}})));
  t.client.create_deployment_status(deployment, "success");
}

BOOST_AUTO_TEST_CASE(the_newest_status_is_the_state) {
  ForgeUnderTest t;
  const Deployment deployment{.id = 4, .sha = kHead, .environment = "ghcr / charts", .payload = {}};
  const std::string list = kDeployments + "/4/statuses?per_page=1";
  t.http.expect("GET", list, json_answer(200, Json::array({{{"state", "queued"}}})))
      .expect("GET", list, json_answer(200, Json::array()));
  BOOST_TEST(*t.client.deployment_state(deployment) == "queued");
  BOOST_TEST(!t.client.deployment_state(deployment).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
