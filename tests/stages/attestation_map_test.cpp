#include <boost/test/unit_test.hpp>

#include "core/crypto/hash.h"
#include "stages/files.h"
#include "stages/plans.h"
#include "stages/voyage.h"

// What the legs of a matrix say they attested goes on the waybill only if it verifies (trust.md T3, T7, T13).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_attestation_map)

using stages::kAttestationMap;
using stages::Stop;
using stages::Voyage;

namespace {

struct Matrix : Voyage {
  Matrix() : Voyage(Stop::kMerged) {}

  // What `attest` outputs for a key that was signed.
  lineage::Entry entry(const std::string& key) const {
    const lineage::Link& link = world.journey.link(key);
    return {"7", link.statement, link.subject, "https://in-toto.io/attestation/test-result/v0.1"};
  }
  void takes(const std::string& entries) { world.use_inputs(kAttestationMap, {{"entries", entries}}); }
  void refuses(const lineage::Waybill& entries, const std::vector<std::string_view>& said) {
    takes(lineage::to_json(entries).dump());
    world.refuses(kAttestationMap, Fault::kUntrusted, said);
  }
};

constexpr const char* kOne = "lint-test-v1.32.11";
constexpr const char* kOther = "lint-test-v1.33.7";

}  // namespace

BOOST_AUTO_TEST_CASE(entries_that_verify_are_written_by_one_step) {
  Matrix matrix;
  const lineage::Waybill entries{{"charts/web", {{kOne, matrix.entry(kOne)}, {kOther, matrix.entry(kOther)}}}};
  matrix.takes(lineage::to_json(entries).dump());
  const auto plan = matrix.world.planned(kAttestationMap);
  stages::check_golden(plan, "attestation-map");
  BOOST_TEST((stages::only<stages::EnsureWaybill>(plan).carried == entries));
}

BOOST_AUTO_TEST_CASE(half_a_wish_and_none_are_refused) {
  Matrix matrix;
  const auto refuses = [&matrix](const stages::Values& given, std::string_view said) {
    matrix.world.use_inputs(kAttestationMap, given);
    matrix.world.refuses(kAttestationMap, Fault::kInput, {said});
  };
  refuses({}, "is given nothing to write");
  refuses({{"keys", kOne}}, "wants `charts` and `keys` together");
  refuses({{"charts", R"(["charts/web"])"}}, "wants `charts` and `keys` together");
}

BOOST_AUTO_TEST_CASE(what_a_matrix_signed_is_found_by_the_digest_of_the_chart) {
  Matrix matrix;
  const std::string signed_about = matrix.source.hex();
  const stages::Values given{{"charts", R"(["charts/web"])"}, {"keys", "validate"}, {"commit", signed_about}};
  matrix.world.use_inputs(kAttestationMap, given);
  const auto plan = matrix.world.planned(kAttestationMap);
  const auto entry = matrix.entry("validate");
  const auto written = stages::only<stages::EnsureWaybill>(plan).carried.at("charts/web").at("validate");
  BOOST_TEST(written.statement->text() == entry.statement->text());
  BOOST_TEST(written.subject->text() == entry.subject->text());
  BOOST_TEST(plan.outputs().at("count") == 1);
  // Content that was not signed has no entry.
  matrix.world.change("main", stages::web_image("app:9"));
  matrix.world.use_inputs(kAttestationMap, {{"charts", "charts/web"}, {"keys", "validate"}, {"commit", "origin/main"}});
  matrix.world.refuses(kAttestationMap, Fault::kUntrusted, {"`validate` of charts/web: no statement about sha256:"});
}

BOOST_AUTO_TEST_CASE(another_key_or_chart_or_subject_than_was_signed_is_refused) {
  Matrix matrix;
  matrix.refuses({{"charts/web", {{kOne, matrix.entry(kOther)}}}},
                 {"`lint-test-v1.32.11` of charts/web: no statement about"});
  matrix.refuses({{"charts/api", {{kOne, matrix.entry(kOne)}}}},
                 {"`lint-test-v1.32.11` of charts/api: no statement about"});
  lineage::Entry moved = matrix.entry(kOne);
  moved.subject = crypto::sha256("elsewhere");
  matrix.refuses({{"charts/web", {{kOne, moved}}}}, {"no statement about " + moved.subject->text()});
  lineage::Entry forged = matrix.entry(kOne);
  forged.statement = crypto::sha256("never signed");
  matrix.refuses({{"charts/web", {{kOne, forged}}}}, {"verifies as " + forged.statement->text()});
}

BOOST_AUTO_TEST_CASE(one_entry_that_does_not_verify_stops_all) {
  Matrix matrix;
  matrix.refuses({{"charts/web", {{kOne, matrix.entry(kOne)}, {kOther, matrix.entry(kOne)}}}},
                 {"`lint-test-v1.33.7` of charts/web: no statement about"});
}

BOOST_AUTO_TEST_CASE(a_bare_id_cannot_be_verified) {
  Matrix matrix;
  matrix.refuses({{"charts/web", {{kOne, {"4711", {}, {}, ""}}}}},
                 {"`lint-test-v1.32.11` of charts/web has no digests"});
}

BOOST_AUTO_TEST_CASE(what_is_not_a_map_of_entries_is_refused) {
  Matrix matrix;
  const std::string whole = lineage::to_json({{"charts/web", {{kOne, matrix.entry(kOne)}}}}).dump();
  const std::string doubled = "{" + whole.substr(1, whole.size() - 2) + "," + whole.substr(1);
  for (const std::string& text :
       {std::string("not json"), std::string("[]"), std::string(R"({"charts/web": 1})"), doubled}) {
    matrix.takes(text);
    BOOST_TEST_CONTEXT(text) matrix.world.refuses(kAttestationMap, Fault::kInput, {"input `entries`"});
  }
}

BOOST_AUTO_TEST_CASE(without_a_pull_request_it_says_how_to_name_one) {
  Matrix matrix;
  matrix.takes("{}");
  matrix.world.facts.pull.reset();
  matrix.world.refuses(kAttestationMap, Fault::kInput, {"waybill attestation-map --pull-request NUMBER"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
