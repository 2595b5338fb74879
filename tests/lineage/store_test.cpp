#include "core/lineage/store.h"

#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "lineage/journey.h"

// Stores that were flooded: what is there beside the true statement changes nothing (trust.md T28).
namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage)

BOOST_AUTO_TEST_CASE(junk_is_counted_and_never_enough) {
  Journey journey;
  const Digest subject = journey.subject(keys::kValidate);
  const Json good = Json::parse(journey.signature(journey.draft(keys::kValidate)).json());
  for (int i = 0; i < 999; ++i) {
    Json junk = good;
    Json payload = Json::parse(from_base64(junk["dsseEnvelope"]["payload"].get<std::string>()));
    payload["predicate"]["url"] = fmt::format("https://junk.example/{}", i);
    junk["dsseEnvelope"]["payload"] = to_base64(payload.dump());
    journey.store.put(subject, sigstore::Bundle::parse(junk.dump()));
  }
  const sigstore::Verifier verifier(journey.sigstore.trusted_root());
  const Examiner examiner(journey.expectations(verifier));  // verifies each bundle once
  const auto refused = examiner.examine({journey.requirement(keys::kValidate)});
  check_refused(refused, "999 bundles were rejected: ");
  BOOST_TEST(listed(refused).size() < 4000U);
  journey.sign(keys::kValidate);
  check_verified(examiner.examine({journey.requirement(keys::kValidate)}));
}

BOOST_AUTO_TEST_CASE(foreign_bundles_under_the_same_digest_do_no_harm) {
  Journey journey;
  Journey stranger;  // another Sigstore
  stranger.sign(keys::kValidate);
  for (const auto& bundle : stranger.store.find(stranger.subject(keys::kValidate)))
    journey.store.put(journey.subject(keys::kValidate), bundle);
  Draft unstamped = journey.draft(keys::kValidate);
  intoto::Statement plain = journey.statement(unstamped);
  plain.predicate = {{"result", "PASSED"}, {"configuration", Json::array()}};
  journey.store.put(journey.subject(keys::kValidate), journey.sigstore.sign(plain, unstamped.identity));
  check_refused(journey.examine(keys::kValidate), "2 bundles were rejected: ");
  check_refused(journey.examine(keys::kValidate), "the statement has no valid stamp: ");
  journey.sign(keys::kValidate);
  check_verified(journey.examine(keys::kValidate));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
