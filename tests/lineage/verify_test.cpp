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

BOOST_AUTO_TEST_CASE(the_same_words_under_another_signature_beside_the_true_ones_change_nothing) {
  Journey journey;
  journey.travel();
  const sigstore::Bundle genuine = journey.bundle(keys::kValidate);
  Json forged = Json::parse(genuine.json());
  forged["dsseEnvelope"]["signatures"] =
      Json::parse(journey.bundle(keys::kFilter).json())["dsseEnvelope"]["signatures"];
  const auto junk = sigstore::Bundle::parse(forged.dump());
  BOOST_TEST(junk.link().text() == genuine.link().text());
  journey.store.lose(genuine.link());
  journey.store.put(journey.subject(keys::kValidate), junk);
  check_refused(journey.examine(keys::kReleaseOverall), "`validate`, on which `");
  journey.store.put(journey.subject(keys::kValidate), genuine);
  check_verified(journey.examine(keys::kReleaseOverall));
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
