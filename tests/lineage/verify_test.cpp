#include "core/lineage/verify.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "lineage/journey.h"
#include "testing/refusal.h"

// Which statements count, and what they may be built on.
namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage)

BOOST_AUTO_TEST_CASE(a_whole_journey_verifies_and_is_walked_from_its_end) {
  Journey journey;
  journey.travel();
  const auto examined = journey.examine(keys::kReleaseOverall);
  check_verified(examined);
  const Upstream& upstream = *examined.upstream;
  const auto nodes = upstream.lineage(journey.chart);
  BOOST_TEST(nodes.size() == Journey::all_keys().size());
  BOOST_TEST(nodes.back()->stamp.key == keys::kReleaseOverall);
  std::set<Digest> before;
  for (const Node* node : nodes) {
    for (const Link& link : node->links)
      BOOST_TEST(before.contains(link.statement), link.key << " comes after " << node->stamp.key);
    before.insert(node->verified.link());
  }
  BOOST_TEST(upstream.link(keys::kReleaseOverall, journey.chart).statement.text() ==
             journey.link(keys::kReleaseOverall).statement.text());
  const std::string tree = upstream.tree(keys::kReleaseOverall, journey.chart);
  BOOST_TEST(tree.starts_with("release-overall                    publish-charts         2026-11-21T12:14:00Z  "),
             tree);
  BOOST_TEST(tree.find("\n  package                          release-charts ") != std::string::npos, tree);
  BOOST_TEST(tree.find("  + ") != std::string::npos, tree);
}

BOOST_AUTO_TEST_CASE(the_lineage_file_alone_verifies_the_whole_journey) {
  Journey journey;
  journey.travel();
  const auto examined = journey.examine(keys::kReleaseOverall);
  check_verified(examined);
  const auto file =
      LineageFile::parse(lineage_lines(examined.upstream->lineage(journey.chart)), "web-1.2.3.lineage.jsonl");
  const sigstore::Verifier verifier(journey.sigstore.trusted_root());
  const Policy standard = [&] {
    Policy policy = Policy::standard("https://forge.example", "octo/charts", "main");
    policy.anchor.issuer = "https://token.virtual.example";
    return policy;
  }();
  const auto offline = verify({{std::string(keys::kReleaseOverall), "", journey.subject(keys::kPackage), std::nullopt}},
                              {standard, verifier, file, nullptr, false});
  BOOST_TEST(offline.at(keys::kReleaseOverall, "").stamp.shipment.chart == journey.chart);
  BOOST_TEST(offline.lineage("").size() == Journey::all_keys().size());
}

BOOST_AUTO_TEST_CASE(evidence_that_was_not_required_is_not_to_be_had) {
  Journey journey;
  journey.travel(keys::kFilter);
  const auto examined = journey.examine(keys::kFilter);
  check_verified(examined);
  BOOST_TEST(examined.upstream->has(keys::kFilter, "charts/web"));
  BOOST_TEST(!examined.upstream->has(keys::kValidate, "charts/web"));
  testing::refuses(Fault::kInternal, "`validate` of charts/web was not required",
                   [&] { static_cast<void>(examined.upstream->at(keys::kValidate, "charts/web")); });
  BOOST_TEST(Upstream::nothing().empty());
}

BOOST_AUTO_TEST_CASE(nothing_in_the_store_is_a_refusal) {
  Journey journey;
  check_refused(journey.examine(keys::kValidate), "`validate` of charts/web: no statement about sha256:");
}

BOOST_AUTO_TEST_CASE(every_failure_is_listed_at_once) {
  Journey journey;
  journey.travel(keys::kFilter);
  Draft failed = journey.draft("lint-test-v1.33.7");
  failed.passed = false;
  journey.sign(failed);
  const Judge judge(journey);
  const std::vector<Requirement> wanted{journey.requirement(keys::kAtomic), journey.requirement("lint-test-v1.33.7"),
                                        journey.requirement(keys::kFilter), journey.requirement(keys::kFormat)};
  const auto verify_all = [&] { static_cast<void>(judge.verify(wanted)); };
  testing::refuses(Fault::kUntrusted, "`atomic` of charts/web: no statement", verify_all);
  testing::refuses(Fault::kUntrusted, "`lint-test-v1.33.7` of charts/web: its newest result is FAILED", verify_all);
  testing::refuses(Fault::kUntrusted, "`format` of charts/web: no statement", verify_all);
}

BOOST_AUTO_TEST_CASE(the_newest_result_wins_whether_passed_or_failed) {
  Journey journey;
  journey.sign(keys::kValidate);
  Draft failed = journey.draft(keys::kValidate);
  failed.passed = false;
  journey.sign(failed);
  check_refused(journey.examine(keys::kValidate), "its newest result is FAILED");
  Draft again = journey.draft(keys::kValidate);
  again.identity.invocation += "0";
  journey.sign(again);
  check_verified(journey.examine(keys::kValidate));
}

BOOST_AUTO_TEST_CASE(of_two_results_of_one_second_the_failed_one_counts) {
  for (const bool first : {true, false}) {
    Journey journey;
    for (const bool passed : {first, !first}) {
      Draft draft = journey.draft(keys::kValidate);
      draft.passed = passed;
      journey.store.put(draft.subjects.front().digest, journey.signature(draft));
    }
    check_refused(journey.examine(keys::kValidate), "its newest result is FAILED");
  }
}

BOOST_AUTO_TEST_CASE(a_failed_summary_is_refused_directly_and_below) {
  Journey journey;
  journey.travel(keys::kSemver);
  Draft failed = journey.draft(keys::kOverall);
  failed.passed = false;
  journey.sign(failed);
  check_refused(journey.examine(keys::kOverall), "its newest result is FAILED");
  journey.sign(keys::kTag);
  check_refused(journey.examine(keys::kTag), "`workflow-5-overall`, on which it is built, is FAILED");
}

BOOST_AUTO_TEST_CASE(a_summary_without_what_it_sums_up_is_refused) {
  Journey journey;
  journey.travel(keys::kPublish);
  Draft empty = journey.draft(keys::kReleaseOverall);
  empty.links.clear();
  journey.sign(empty);
  check_refused(journey.examine(keys::kReleaseOverall), "it sums up nothing");
  journey.policy_digest_known = false;
  check_refused(journey.examine(keys::kReleaseOverall), "it sums up nothing");
}

BOOST_AUTO_TEST_CASE(a_summary_of_another_release_is_refused_wherever_it_is_read) {
  const std::string mine = "https://forge.example/octo/charts/releases/tag/web-v1.2.3";
  for (const char* other : {"https://forge.example/octo/charts/releases/tag/web-v1.2.30",
                            "https://forge.example/octo/charts/releases/tag/api-v1.2.3",
                            "https://FORGE.example/octo/charts/releases/tag/web-v1.2.3", ""}) {
    Journey journey;
    journey.travel(keys::kSemver);
    Draft foreign = journey.draft(keys::kOverall);
    foreign.resource = other;
    journey.sign(foreign);
    Requirement wanted = journey.requirement(keys::kOverall);
    wanted.resource = mine;
    check_refused(journey.examine({wanted}), fmt::format("it is about `{}`, `{}` is wanted", other, mine));

    for (const std::string_view key :
         {keys::kTag, keys::kPackage, keys::kBillOfMaterials, keys::kPublish, keys::kReleaseOverall})
      journey.sign(key);
    for (const std::string_view key : {keys::kTag, keys::kPackage, keys::kPublish, keys::kReleaseOverall}) {
      Requirement above = journey.requirement(key);
      above.resource = mine;
      check_refused(journey.examine({above}), fmt::format("it is about `{}`, `{}` is wanted", other, mine));
    }
  }
}

BOOST_AUTO_TEST_CASE(summaries_of_one_lineage_are_about_one_release) {
  Journey journey;
  journey.travel(keys::kPublish);
  Draft renamed = journey.draft(keys::kReleaseOverall);
  renamed.resource = "https://forge.example/octo/charts/releases/tag/web-v9.9.9";
  journey.sign(renamed);
  check_refused(journey.examine(keys::kReleaseOverall), "`workflow-5-overall`, on which `tag` is built: it is about `");
}

BOOST_AUTO_TEST_CASE(a_summary_with_other_levels_is_refused) {
  for (const std::vector<std::string>& levels :
       {std::vector<std::string>{}, {"SLSA_BUILD_LEVEL_1"}, {"SLSA_BUILD_LEVEL_2", "SLSA_BUILD_LEVEL_3"}}) {
    Journey journey;
    journey.travel(keys::kSemver);
    Draft boast = journey.draft(keys::kOverall);
    boast.levels = levels;
    journey.sign(boast);
    check_refused(journey.examine(keys::kOverall),
                  fmt::format("states the levels `{}`, `SLSA_BUILD_LEVEL_2` is wanted", fmt::join(levels, "`, `")));
  }
}

BOOST_AUTO_TEST_CASE(a_summary_by_another_policy_than_its_stamp_says_is_refused) {
  Journey journey;
  journey.travel(keys::kSemver);
  Draft draft = journey.draft(keys::kOverall);
  draft.summed_up_by = crypto::sha256("a kinder policy");
  journey.sign(draft);
  check_refused(journey.examine(keys::kOverall), "was summed up by policy " + draft.summed_up_by->text());
}

BOOST_AUTO_TEST_CASE(a_summary_that_leaves_out_a_demanded_key_is_refused) {
  Journey journey;
  journey.travel(keys::kPublish);
  Draft partial = journey.draft(keys::kReleaseOverall);
  std::erase_if(partial.links, [](const Link& link) { return link.key == keys::kBillOfMaterials; });
  journey.sign(partial);
  check_refused(journey.examine(keys::kReleaseOverall), "it does not sum up `sbom`");
}

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

BOOST_AUTO_TEST_CASE(what_it_is_built_on_may_not_be_younger) {
  Journey journey;
  const Time noon = journey.sigstore.now();
  const Link validated = journey.sign(keys::kValidate);
  journey.sigstore.set_time(noon - std::chrono::hours(1));
  journey.sign(keys::kFilter);
  check_refused(journey.examine(keys::kFilter), "`validate` is younger than `filter`, which is built on it");
}

BOOST_AUTO_TEST_CASE(statements_of_two_shipments_do_not_mix) {
  Journey journey;
  journey.travel(keys::kFilter);
  Draft other = journey.draft(keys::kAtomic);
  other.stamp.shipment.source = Oid::parse(std::string(40, '9'));
  journey.sign(other);
  check_refused(journey.examine(keys::kAtomic),
                "`filter` belongs to the shipment of " + kSource + ", `atomic` to that of 99999");
}

BOOST_AUTO_TEST_CASE(a_lost_statement_below_is_named) {
  Journey journey;
  journey.travel(keys::kAtomic);
  journey.without("lint-test-v1.32.11", [&] {
    check_refused(journey.examine(keys::kAtomic), "`lint-test-v1.32.11` " +
                                                      journey.link("lint-test-v1.32.11").statement.text() +
                                                      ", on which `atomic` is built, is nowhere to be found");
  });
}

BOOST_AUTO_TEST_CASE(a_statement_at_every_stage_is_missed_when_it_is_gone) {
  Journey whole;
  whole.travel();
  const Judge judge(whole);
  for (const std::string& key : Journey::all_keys())
    whole.without(key, [&] {
      BOOST_TEST_CONTEXT(key)
      check_refused(judge.examine(keys::kReleaseOverall),
                    key == keys::kReleaseOverall ? "no statement" : "is nowhere to be found");
    });
}

BOOST_AUTO_TEST_CASE(a_valid_statement_of_another_chart_is_no_link) {
  Journey journey;
  journey.travel(keys::kFilter);
  // Another chart's true statement, about content that is equal.
  Draft foreign = journey.draft(keys::kValidate);
  foreign.stamp.shipment.chart = "charts/evil";
  const Link link = journey.sign(foreign);
  BOOST_TEST(link.subject.text() == journey.subject(keys::kValidate).text());
  journey.sign(keys::kFilter);
  check_refused(journey.examine(keys::kFilter),
                "`validate`, on which `filter` is built: it is about the chart `charts/evil`");
}

BOOST_AUTO_TEST_CASE(a_statement_of_another_chart_or_content_is_not_found_for_this_one) {
  Journey journey;
  Draft foreign = journey.draft(keys::kValidate);
  foreign.stamp.shipment.chart = "charts/evil";
  journey.sign(foreign);
  check_refused(journey.examine(keys::kValidate),
                "no statement about " + journey.subject(keys::kValidate).text() + " verifies");
  Draft other = journey.draft(keys::kValidate);
  other.subjects = {subtree_subject("charts/web", crypto::sha256("other content"))};
  journey.store.put(journey.subject(keys::kValidate), journey.signature(other));
  check_refused(journey.examine(keys::kValidate),
                "no statement about " + journey.subject(keys::kValidate).text() + " verifies");
}

BOOST_AUTO_TEST_CASE(a_link_under_another_name_or_subject_is_refused) {
  Journey journey;
  journey.travel(keys::kValidate);
  Draft renamed = journey.draft(keys::kFilter);
  renamed.links = {journey.link(keys::kValidate)};
  renamed.links.front().key = "lint-test-v1.33.7";
  journey.sign(renamed);
  check_refused(journey.examine(keys::kFilter),
                "`lint-test-v1.33.7`, on which `filter` is built: it is a statement of `validate`");

  Draft moved = journey.draft(keys::kFilter);
  moved.links = {journey.link(keys::kValidate)};
  moved.links.front().subject = crypto::sha256("elsewhere");
  for (const auto& bundle : journey.store.find(journey.subject(keys::kValidate)))
    journey.store.put(moved.links.front().subject, bundle);
  journey.sign(moved);
  check_refused(journey.examine(keys::kFilter),
                "`validate`, on which `filter` is built: it is not about " + moved.links.front().subject.text());
}

BOOST_AUTO_TEST_CASE(the_waybill_must_name_a_statement_that_verifies_as_that_key) {
  Journey journey;
  journey.travel(keys::kValidate);
  Requirement hinted = journey.requirement(keys::kValidate);
  hinted.hint = journey.link(keys::kValidate);
  check_verified(journey.examine({hinted}));

  hinted.hint = journey.link("lint-test-v1.33.7");
  check_refused(journey.examine({hinted}), "the waybill names the statement " + hinted.hint->statement.text() +
                                               ", which is not a `validate` of this chart and content");

  hinted.hint = Link{std::string(keys::kValidate), crypto::sha256("swapped"), journey.subject(keys::kValidate)};
  check_refused(journey.examine({hinted}), "which is not a `validate` of this chart and content");

  hinted.hint =
      Link{std::string(keys::kValidate), journey.link(keys::kValidate).statement, crypto::sha256("another chart")};
  check_refused(journey.examine({hinted}), "the waybill has it under " + hinted.hint->subject.text() +
                                               ", but the content is " + journey.subject(keys::kValidate).text());
}

BOOST_AUTO_TEST_CASE(a_waybill_that_names_an_older_result_still_gets_the_newest) {
  Journey journey;
  Requirement hinted = journey.requirement(keys::kValidate);
  hinted.hint = journey.sign(keys::kValidate);
  Draft failed = journey.draft(keys::kValidate);
  failed.passed = false;
  journey.sign(failed);
  check_refused(journey.examine({hinted}), "its newest result is FAILED");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
