#include "core/lineage/statements.h"

#include <boost/test/unit_test.hpp>

#include "core/lineage/notes.h"
#include "lineage/journey.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(lineage)
BOOST_AUTO_TEST_SUITE(statements)

BOOST_AUTO_TEST_CASE(another_run_event_and_moment_says_the_same) {
  Journey journey;
  std::vector<std::string> all = Journey::all_keys();
  all.emplace_back(keys::kBillOfMaterialsSpdx);
  for (const std::string& key : all) {
    Draft draft = journey.draft(key);
    const intoto::Statement one = journey.statement(draft);
    draft.identity.invocation = "https://forge.example/octo/charts/actions/runs/8/attempts/2";
    draft.stamp.pull_request = 0;
    draft.stamp.base_ref = draft.stamp.base = "";
    draft.stamp.head = std::string(40, '9');
    draft.stamp.policy_commit = std::string(40, '8');
    journey.wait();
    BOOST_TEST(same_claim(one, journey.statement(draft)), key);
  }
}

BOOST_AUTO_TEST_CASE(another_subject_input_policy_shipment_version_or_result_does_not) {
  Journey journey;
  journey.travel();
  for (const auto key : {keys::kPublish, keys::kReleaseOverall, keys::kAtomic}) {
    const Draft draft = journey.draft(key);
    const intoto::Statement one = journey.statement(draft);
    BOOST_TEST(same_claim(one, one));
    const auto differs = [&](auto change) {
      Draft other = draft;
      change(other);
      BOOST_TEST(!same_claim(one, journey.statement(other)));
    };
    differs([](Draft& other) { other.subjects.pop_back(); });
    differs([](Draft& other) { other.links.pop_back(); });
    differs([](Draft& other) { other.stamp.policy = Digest::sha256(std::string(64, '1')); });
    differs([](Draft& other) { other.stamp.shipment.source = Oid::parse(std::string(40, '7')); });
    differs([](Draft& other) { other.stamp.version = "1.2.4"; });
    differs([](Draft& other) { other.stamp.tool = "waybill 9.9.9"; });
    differs([](Draft& other) { other.builder = "https://forge.example/another"; });
  }
  Draft failed = journey.draft(keys::kReleaseOverall);
  const intoto::Statement passed = journey.statement(failed);
  failed.passed = false;
  BOOST_TEST(!same_claim(passed, journey.statement(failed)));
}

BOOST_AUTO_TEST_CASE(a_bill_of_materials_of_an_earlier_release_is_read_where_that_had_its_stamp) {
  Journey journey;
  journey.travel(keys::kBillOfMaterials);
  const Draft draft = journey.draft(keys::kBillOfMaterials);
  const intoto::Statement now = journey.statement(draft);
  intoto::Statement before{draft.subjects, std::string(intoto::kCycloneDx), {{"bomFormat", "CycloneDX"}}};
  for (const char* name : {"waybill_stamp", "waybill_links"})
    before.predicate[name] = note_in(now.predicate, now.predicate_type, name);
  BOOST_TEST(stamp_of(before).key == keys::kBillOfMaterials);
  BOOST_TEST((links_of(before) == draft.links));
  BOOST_TEST(builder_of(before) == draft.identity.signer_uri);
  journey.store.put(draft.subjects.front().digest, journey.sigstore.sign(before, draft.identity));
  check_verified(journey.examine(keys::kBillOfMaterials));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
