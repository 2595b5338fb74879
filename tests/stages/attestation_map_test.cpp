#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/lineage/waybill.h"
#include "stages/world.h"
#include "testing/refusal.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_attestation_map)

using stages::kAttestationMap;
using stages::World;

namespace {

const std::string kKey = "chart-test";

// A matrix of the maintainers' own tests has signed charts/web as main holds it, and the pull request was merged.
struct Tested {
  World world;
  lineage::Waybill attested;

  Tested() {
    const lineage::Signer signer{"tests", ".github/workflows/tests.yml", {"pull_request_target"}, "", {kKey}};
    world.journey.policy.signers.push_back(signer);
    world.facts.policy.signers.push_back(signer);
    world.attest(kKey, world.main(), world.main());
    const lineage::Link& link = world.journey.link(kKey);
    attested["charts/web"][kKey] = {"", link.statement, world.web(world.main()).subject_of(kKey),
                                    "https://slsa.dev/provenance/v1"};
    world.pull("integration", "main");
    world.inputs = {{"entries", "{}"}, {"charts", R"(["charts/web"])"}, {"keys", kKey}, {"commit", "origin/main"}};
  }

  lineage::Waybill written() {
    const auto steps = stages::steps<stages::EnsureWaybill>(kAttestationMap.plan(world.job()));
    BOOST_REQUIRE(steps.size() == 1U);
    BOOST_TEST(steps.front().pull_request == 21);
    return steps.front().carried;
  }

  void refused(Fault fault, std::string_view text) {
    testing::refuses(fault, text, [this] { static_cast<void>(kAttestationMap.plan(world.job())); });
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(what_a_matrix_signed_is_found_by_the_digest_of_the_chart) {
  Tested tested;
  BOOST_TEST((tested.written() == tested.attested));
  BOOST_TEST(kAttestationMap.plan(tested.world.job()).outputs().at("count") == 1);
}

BOOST_AUTO_TEST_CASE(entries_that_jobs_hand_over_are_verified_like_any_other) {
  Tested tested;
  tested.world.inputs["charts"] = tested.world.inputs["keys"] = "";
  tested.attested["charts/web"][kKey].id = "41";
  tested.world.inputs["entries"] = canonical(lineage::to_json(tested.attested));
  BOOST_TEST((tested.written() == tested.attested));
  tested.attested["charts/web"][kKey].statement = Digest::sha256(std::string(64, '0'));
  tested.world.inputs["entries"] = canonical(lineage::to_json(tested.attested));
  tested.refused(Fault::kUntrusted, "`chart-test` of charts/web: no statement about");
}

BOOST_AUTO_TEST_CASE(content_that_was_not_signed_has_no_entry) {
  Tested tested;
  tested.world.change("main", {{"charts/web/values.yaml", "image: registry.example/app:2\n"}});
  tested.refused(Fault::kUntrusted, "`chart-test` of charts/web: no statement about sha256:");
}

BOOST_AUTO_TEST_CASE(half_a_wish_and_none_are_refused) {
  Tested tested;
  tested.world.inputs["keys"] = "";
  tested.refused(Fault::kInput, "wants `charts` and `keys` together");
  tested.world.inputs["charts"] = "";
  tested.refused(Fault::kInput, "is given nothing to write");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
