#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/lineage/verify.h"
#include "lineage/journey.h"
#include "testing/virtual_run.h"

// A release that its own signer took back (trust.md T23).
namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage)

namespace {

struct Withdrawn : Journey {
  Withdrawn() { travel(); }

  Draft withdrawal() const {
    Draft failed = draft(keys::kReleaseOverall);
    failed.passed = false;
    failed.links.clear();
    failed.reason = "renders the password";
    return failed;
  }

  Requirement release() const { return requirement(keys::kReleaseOverall); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_withdrawn_release_does_not_verify_and_says_why) {
  Withdrawn journey;
  check_verified(journey.examine(keys::kReleaseOverall));
  BOOST_TEST(!Judge(journey).withdrawal(journey.release()));
  journey.sign(journey.withdrawal());
  check_refused(journey.examine(keys::kReleaseOverall), "withdrawn on 2026-11-21T12:15:00Z: renders the password");
  const auto found = Judge(journey).withdrawal(journey.release());
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(described_withdrawal(*found) == "withdrawn on 2026-11-21T12:15:00Z: renders the password");
}

BOOST_AUTO_TEST_CASE(nothing_that_passed_later_brings_it_back) {
  Withdrawn journey;
  journey.sign(journey.withdrawal());
  journey.sign(keys::kPublish);
  journey.sign(keys::kReleaseOverall);
  check_refused(journey.examine(keys::kReleaseOverall), "withdrawn on ");
}

BOOST_AUTO_TEST_CASE(what_was_withdrawn_under_another_policy_stays_withdrawn) {
  Withdrawn journey;
  Draft failed = journey.withdrawal();
  failed.stamp.policy = Digest::sha256(std::string(64, 'b'));
  failed.summed_up_by = failed.stamp.policy;
  journey.sign(failed);
  for (const bool known : {true, false}) {
    journey.policy_digest_known = known;
    check_refused(journey.examine(keys::kReleaseOverall), "withdrawn on ");
  }
}

BOOST_AUTO_TEST_CASE(a_withdrawal_counts_alone) {
  Withdrawn journey;
  const Digest passed = journey.link(keys::kReleaseOverall).statement;
  journey.sign(journey.withdrawal());
  journey.store.lose(passed);
  check_refused(journey.examine(keys::kReleaseOverall), "withdrawn on ");
}

BOOST_AUTO_TEST_CASE(nobody_else_withdraws) {
  for (const std::string_view key : {keys::kValidate, keys::kPackage, keys::kTag}) {
    Withdrawn journey;
    Draft foreign = journey.withdrawal();
    foreign.identity = testing::virtual_run(journey.policy.signer_of(key).workflow, "workflow_dispatch");
    journey.sign(foreign);
    check_verified(journey.examine(journey.release().key));
  }
  Withdrawn journey;
  Draft other_stage = journey.withdrawal();
  other_stage.stamp.stage = "tag-charts";
  journey.sign(other_stage);
  check_verified(journey.examine(keys::kReleaseOverall));
}

BOOST_AUTO_TEST_CASE(a_withdrawal_is_about_one_release) {
  Withdrawn journey;
  Draft other = journey.withdrawal();
  other.resource = "https://forge.example/octo/charts/releases/tag/web-v1.2.4";
  journey.sign(other);
  Requirement release = journey.release();
  release.resource = "https://forge.example/octo/charts/releases/tag/web-v1.2.3";
  check_verified(journey.examine({release}));
  BOOST_TEST(!Judge(journey).withdrawal(release));
  release.chart = "charts/other";
  BOOST_TEST(!Judge(journey).withdrawal(release));
}

BOOST_AUTO_TEST_CASE(whatever_levels_it_states_failed_is_failed) {
  Withdrawn journey;
  const Draft failed = journey.withdrawal();
  intoto::Statement statement = journey.statement(failed);
  BOOST_TEST(levels_of(statement) == std::vector<std::string>{"FAILED"}, boost::test_tools::per_element());
  statement.predicate["verifiedLevels"] = {kVerifiedLevel};
  journey.store.put(journey.subject(keys::kReleaseOverall), journey.sigstore.sign(statement, failed.identity));
  check_refused(journey.examine(keys::kReleaseOverall), "withdrawn on ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
