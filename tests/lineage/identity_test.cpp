#include <boost/test/unit_test.hpp>
#include <functional>

#include "lineage/journey.h"
#include "testing/virtual_run.h"

// Who signed: whole strings only (trust.md T3, T4).
namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage_identity)

using lineage::check_refused;
using lineage::check_verified;
using lineage::Draft;
using lineage::Journey;
using lineage::Judge;
namespace keys = lineage::keys;

namespace {

constexpr const char* kElsewhere =
    "https://forge.example/octo/charts/.github/workflows/validate-contribution.yml@refs/heads/evil";

struct Wrong {
  std::string sigstore::Identity::*field;
  std::string value;
  std::string said;
};

const Wrong kWrong[] = {
    {&sigstore::Identity::subject, kElsewhere, "subject alternative name is"},
    {&sigstore::Identity::issuer, "https://token.evil.example", "issuer (.8) is `https://token.evil.example`"},
    {&sigstore::Identity::signer_uri, kElsewhere, "signer (.9) is"},
    {&sigstore::Identity::signer_digest, std::string(40, 'f'), "signer digest (.10) is"},
    {&sigstore::Identity::runner, "self-hosted", "runner (.11) is `self-hosted`, `github-hosted` is wanted"},
    {&sigstore::Identity::repository_uri, "https://forge.example/octo/charts-fork", "repository (.12) is"},
    {&sigstore::Identity::source_ref, "refs/heads/integration", "source ref (.14) is `refs/heads/integration`"},
    {&sigstore::Identity::repository_id, "2003", "repository id (.15) is `2003`, `2002` is wanted"},
    {&sigstore::Identity::owner_id, "1002", "owner id (.17) is `1002`, `1001` is wanted"},
    {&sigstore::Identity::config_uri, kElsewhere, "workflow (.18) is"},
    {&sigstore::Identity::config_digest, std::string(40, 'f'), "its workflow (.19) is of commit ffffff"},
    {&sigstore::Identity::trigger, "pull_request",
     "event (.20) is `pull_request`, the policy accepts pull_request_target, workflow_dispatch"},
    {&sigstore::Identity::trigger, "schedule", "event (.20) is `schedule`"},
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_certificate_wrong_in_exactly_one_field_is_refused_for_each_field) {
  for (const Wrong& wrong : kWrong) {
    Journey journey;
    Draft draft = journey.draft(keys::kValidate);
    draft.builder = draft.identity.signer_uri;
    draft.identity.*wrong.field = wrong.value;
    journey.sign(draft);
    BOOST_TEST_CONTEXT(wrong.said) check_refused(journey.examine(keys::kValidate), wrong.said);
  }
}

BOOST_AUTO_TEST_CASE(fields_that_are_missing_are_refused_like_wrong_ones) {
  for (const Wrong& wrong : kWrong) {
    if (wrong.field == &sigstore::Identity::issuer || wrong.field == &sigstore::Identity::subject)
      continue;  // always there
    Journey journey;
    Draft draft = journey.draft(keys::kValidate);
    draft.builder = draft.identity.signer_uri;
    (draft.identity.*wrong.field).clear();
    journey.sign(draft);
    BOOST_TEST_CONTEXT(wrong.said) BOOST_TEST(!journey.examine(keys::kValidate).upstream.has_value());
  }
}

BOOST_AUTO_TEST_CASE(equal_but_for_one_character_is_not_equal) {
  for (const char* ending : {"/", " ", "-x"}) {
    Journey journey;
    Draft draft = journey.draft(keys::kValidate);
    draft.builder = draft.identity.signer_uri;
    for (auto field : {&sigstore::Identity::subject, &sigstore::Identity::signer_uri, &sigstore::Identity::config_uri})
      draft.identity.*field += ending;
    journey.sign(draft);
    check_refused(journey.examine(keys::kValidate), "signer (.9) is");
  }
}

BOOST_AUTO_TEST_CASE(a_workflow_commit_off_the_anchors_history_is_refused) {
  Journey journey;
  Draft draft = journey.draft(keys::kValidate);
  draft.identity.signer_digest = draft.identity.config_digest = std::string(40, 'f');
  journey.sign(draft);
  const auto refused = journey.examine(keys::kValidate);
  check_refused(refused, "its workflow (.19) is of commit " + std::string(40, 'f') + ", which is not on `main`");
  BOOST_TEST(refused.failures.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_changes_from_run_to_run_is_not_compared) {
  Journey journey;
  Draft draft = journey.draft(keys::kValidate);
  draft.identity.source_digest = std::string(40, '7');
  draft.identity.visibility = "private";
  draft.identity.trigger = "workflow_dispatch";
  draft.identity.environment = "anything, as none is demanded";
  journey.sign(draft);
  check_verified(journey.examine(keys::kValidate));
}

BOOST_AUTO_TEST_CASE(the_environment_counts_when_the_policy_demands_one) {
  for (const char* environment : {"", "staging", "waybill-publish-charts2"}) {
    Journey journey;
    journey.travel(keys::kBillOfMaterials);
    Draft draft = journey.draft(keys::kPublish);
    BOOST_TEST(draft.identity.environment == "waybill-publish-charts");
    draft.identity.environment = environment;
    journey.sign(draft);
    check_refused(journey.examine(keys::kPublish),
                  "environment (.23) is `" + std::string(environment) + "`, `waybill-publish-charts` is wanted");
  }
}

BOOST_AUTO_TEST_CASE(no_stage_can_sign_for_another_one) {
  Journey journey;
  journey.travel();
  const Judge judge(journey);
  std::size_t refused = 0;
  const auto forge = [&](const std::string& key, const lineage::Signer& other) {
    // By turns the forger keeps to the key's stage or admits its own.
    const bool admits_stage = refused % 2 == 0;
    Draft forged = journey.draft(key);
    forged.identity = testing::virtual_run(other.workflow, other.events.front());
    forged.identity.environment = other.environment;
    if (admits_stage) forged.stamp.stage = other.stage;
    journey.wait();
    journey.store.put(journey.subject(key), journey.signature(forged));
    BOOST_TEST_CONTEXT(key << " by " << other.stage) {
      const auto examined = judge.examine(key);
      check_refused(examined,
                    "signer (.9) is `https://forge.example/octo/charts/" + other.workflow + "@refs/heads/main`");
      if (admits_stage) check_refused(examined, "its stage is `" + other.stage + "`");
    }
    ++refused;
  };
  for (const std::string& key : Journey::all_keys())
    for (const auto& other : journey.policy.signers)
      if (&other != &journey.policy.signer_of(key)) journey.without(key, [&] { forge(key, other); });
  BOOST_TEST(refused == Journey::all_keys().size() * 7);
}

BOOST_AUTO_TEST_CASE(a_key_of_one_stage_is_not_another_key_of_it) {
  Journey journey;
  journey.travel();
  const Judge judge(journey);
  for (const std::string& key : Journey::all_keys())
    for (const std::string& other : Journey::all_keys())
      if (key != other)
        journey.without(key, [&] {
          // The other key's true statement, found under this key's subject.
          journey.store.put(journey.subject(key), journey.bundle(other));
          BOOST_TEST_CONTEXT(other << " in place of " << key) check_refused(judge.examine(key), "no statement about");
        });
}

BOOST_AUTO_TEST_CASE(one_kubernetes_version_does_not_stand_for_another) {
  Journey journey;
  journey.sign("lint-test-v1.32.11");
  check_verified(journey.examine("lint-test-v1.32.11"));
  check_refused(journey.examine("lint-test-v1.33.7"), "`lint-test-v1.33.7` of charts/web: no statement about");
  Draft unknown = journey.draft("lint-test-v1.33.7");
  unknown.stamp.key = "lint-test-v1.34.0";
  journey.sign(unknown);
  check_refused(journey.examine("lint-test-v1.33.7"), "the policy names no signer of the key `lint-test-v1.34.0`");
}

BOOST_AUTO_TEST_CASE(the_predicate_may_not_contradict_the_certificate) {
  Journey builder;
  Draft draft = builder.draft(keys::kFilter);
  draft.builder = builder.policy.anchor.identity(".github/workflows/tag-charts.yml");
  builder.sign(draft);
  check_refused(builder.examine(keys::kFilter),
                "it says builder `" + draft.builder + "`, its certificate `" + draft.identity.signer_uri + "`");

  Journey repository;
  draft = repository.draft(keys::kValidate);
  draft.stamp.repository_id = "1";
  repository.sign(draft);
  check_refused(repository.examine(keys::kValidate), "it says repository id `1`, its certificate `2002`");

  Journey run;
  for (const std::string_view key : {keys::kValidate, keys::kFilter}) {
    draft = run.draft(key);
    intoto::Statement statement = run.statement(draft);
    draft.identity.invocation = "https://forge.example/octo/charts/actions/runs/8/attempts/1";
    run.store.put(run.subject(key), run.sigstore.sign(statement, draft.identity));
    check_refused(run.examine(key),
                  "it says it was made by the run `https://forge.example/octo/charts/actions/runs/7/attempts/1`");
  }
}

BOOST_AUTO_TEST_CASE(the_two_places_of_a_builder_must_agree) {
  Journey journey;
  const Draft draft = journey.draft(keys::kFilter);
  intoto::Statement statement = journey.statement(draft);
  statement.predicate["runDetails"]["builder"]["id"] = "https://evil.example";
  journey.store.put(journey.subject(keys::kFilter), journey.sigstore.sign(statement, draft.identity));
  check_refused(journey.examine(keys::kFilter),
                "the statement's builder cannot be read: `https://evil.example` and `" + draft.identity.signer_uri);

  const Draft summary = journey.draft(keys::kOverall);
  statement = journey.statement(summary);
  statement.predicate["verifier"]["id"] = "https://evil.example";
  journey.store.put(journey.subject(keys::kOverall), journey.sigstore.sign(statement, summary.identity));
  check_refused(journey.examine(keys::kOverall), "the statement's builder cannot be read: `https://evil.example` and");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
