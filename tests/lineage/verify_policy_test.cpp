#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/lineage/verify.h"
#include "lineage/journey.h"
#include "testing/refusal.h"

// Under which policy, and by whom, a lineage holds together.
namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage)

BOOST_AUTO_TEST_CASE(a_statement_under_another_policy_is_void) {
  Journey journey;
  Draft old = journey.draft(keys::kValidate);
  old.stamp.policy = crypto::sha256("the policy before");
  journey.sign(old);
  check_refused(journey.examine(keys::kValidate), "it was made under policy " + old.stamp.policy.text());
}

BOOST_AUTO_TEST_CASE(a_waybill_that_still_names_a_void_statement_does_no_harm_to_the_one_made_anew) {
  Journey journey;
  Draft old = journey.draft(keys::kValidate);
  old.stamp.policy = crypto::sha256("the policy before");
  Requirement hinted = journey.requirement(keys::kValidate);
  hinted.hint = journey.sign(old);
  check_refused(journey.examine({hinted}), "it was made under policy " + old.stamp.policy.text());
  journey.sign(keys::kValidate);
  check_verified(journey.examine({hinted}));

  // What it names must have been this key of this content all the same.
  Draft other = journey.draft("lint-test-v1.33.7");
  other.stamp.policy = old.stamp.policy;
  hinted.hint = journey.sign(other);
  check_refused(journey.examine({hinted}), "the waybill names the statement " + hinted.hint->statement.text());
  Draft forged = journey.draft(keys::kValidate);
  forged.stamp.policy = old.stamp.policy;
  forged.stamp.tool = "another text, so that its link is its own";
  forged.stamp.head = std::string(40, 'f');
  forged.identity.runner = "self-hosted";
  hinted.hint = journey.sign(forged);
  check_refused(journey.examine({hinted}), "the waybill names the statement " + hinted.hint->statement.text());
}

BOOST_AUTO_TEST_CASE(a_lineage_under_an_earlier_policy_may_know_other_kubernetes_versions) {
  Journey journey;
  journey.travel(keys::kTag);
  std::string text = kPolicyText;
  text.replace(text.find(", \"1.33.7\""), 10, "");
  journey.policy = Policy::parse(text, ".waybill.yml");
  check_refused(journey.examine(keys::kTag), "it was made under policy");
  journey.policy_digest_known = false;
  check_verified(journey.examine(keys::kTag));
}

BOOST_AUTO_TEST_CASE(without_the_policy_file_one_policy_must_run_through_the_lineage) {
  Journey journey;
  journey.policy_digest_known = false;
  Draft old = journey.draft(keys::kValidate);
  old.stamp.policy = crypto::sha256("the policy before");
  journey.sign(old);
  check_verified(journey.examine(keys::kValidate));
  journey.sign(keys::kFilter);
  check_refused(journey.examine(keys::kFilter), "`validate` was made under another policy than `filter`");
  check_refused(journey.examine({journey.requirement(keys::kValidate), journey.requirement("lint-test-v1.33.7")}),
                "no statement");
  journey.sign("lint-test-v1.33.7");
  check_refused(journey.examine({journey.requirement(keys::kValidate), journey.requirement("lint-test-v1.33.7")}),
                "was made under another policy than `validate`");
}

BOOST_AUTO_TEST_CASE(one_repository_signs_a_whole_lineage_even_when_no_id_is_expected) {
  Journey journey;
  journey.policy.anchor.repository_id.clear();
  journey.policy.anchor.owner_id.clear();
  journey.policy_digest_known = false;
  const auto elsewhere = [&](std::string_view key) {
    Draft draft = journey.draft(key);
    draft.identity.repository_id = draft.stamp.repository_id = "6666";
    return draft;
  };
  const auto here = [&](std::string_view key) {
    Draft draft = journey.draft(key);
    draft.stamp.repository_id = "2002";
    return draft;
  };
  journey.sign(elsewhere(keys::kValidate));
  check_verified(journey.examine(keys::kValidate));
  journey.sign(here("lint-test-v1.33.7"));
  check_refused(journey.examine({journey.requirement(keys::kValidate), journey.requirement("lint-test-v1.33.7")}),
                "was signed in another repository than `validate`");
  journey.sign(here(keys::kFilter));
  check_refused(journey.examine(keys::kFilter), "`validate` was signed in another repository than `filter`");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
