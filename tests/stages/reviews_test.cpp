#include <boost/test/unit_test.hpp>

#include "core/lineage/keys.h"
#include "stages/voyage.h"

// People are in the lineage (trust.md T14): who approved exactly what is tagged, and wrote nothing of it.
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_reviews)

using stages::check_steps;
using stages::kTagCharts;
using stages::Stop;
namespace keys = lineage::keys;

namespace {

constexpr std::int64_t kRelease = 32;
constexpr std::int64_t kContribution = 30;

// What maria merged into main, a contribution that jo opened and sam wrote a commit of; one approval is wanted.
struct Merged : stages::Voyage {
  Merged() : Voyage(Stop::kOnMain) {
    world.facts.policy.reviews = 1;
    world.forge.knows_reviews = true;
    world.forge.writers = {"maria", "jo", "sam", "kim"};
    world.forge.authors[source] = "sam";
    world.forge.pulls_of[source] = {kContribution};
    forge::PullRequest brought = pull(kRelease);
    brought.number = kContribution;
    brought.base_ref = "integration";
    brought.author = "jo";
    world.forge.pulls.push_back(std::move(brought));
    pull(kRelease).merged_by = "maria";
  }

  void says(const std::string& login, const std::string& state, bool by_person = true) {
    says_of(pull(kRelease).head, login, state, by_person);
  }
  void says_of(const Oid& commit, const std::string& login, const std::string& state, bool by_person = true) {
    world.forge.reviews_of[kRelease].push_back({login, by_person, state, commit});
  }

  void is_tagged() {
    const auto plan = planned(kTagCharts);
    BOOST_TEST(plan.alarms().empty());
    check_steps(plan, {"attest reviewed of charts/web", "attest tag of charts/web", "tag web-v1.3.0 at ",
                       "branch release-train/", "pull request release-train/", "branch sync/", "pull request sync/"});
  }

  // Nothing is tagged, and nothing goes on as if it were.
  void waits(const std::string& said) {
    const auto plan = planned(kTagCharts);
    check_steps(plan, {});
    BOOST_REQUIRE(plan.alarms().size() == 1U);
    const Error& alarm = plan.alarms().front();
    BOOST_TEST((alarm.fault() == Fault::kUntrusted));
    BOOST_TEST(std::string(alarm.what()).find(said) != std::string::npos, alarm.what());
    BOOST_TEST(alarm.hint() == "review " + pull(kRelease).url + " as it was merged, then start tag-charts again");
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(an_approval_of_what_was_merged_is_signed_and_tagged_upon) {
  Merged merged;
  merged.says("maria", "APPROVED");
  merged.is_tagged();
  const auto claims = stages::steps<stages::Claim>(merged.planned(kTagCharts));
  BOOST_REQUIRE(claims.size() == 2U);
  const auto& said = std::get<stages::Claim::Produced>(claims[0].content).results;
  BOOST_TEST(said.at("approved-by") == "maria");
  BOOST_TEST(said.at("merged-by") == "maria");
  BOOST_TEST(said.at("pull-request") == "#32");
  BOOST_TEST(said.at("head") == merged.pull(kRelease).head.hex());
  BOOST_TEST(claims[1].inputs == (std::vector<std::string>{std::string(keys::kOverall), std::string(keys::kReviewed)}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(who_merges_does_not_approve_by_that) {
  Merged().waits("pull request #32 has 0 approvals of ");
}

BOOST_AUTO_TEST_CASE(what_was_approved_before_the_last_push_is_not_approved) {
  Merged merged;
  merged.says_of(merged.source, "maria", "APPROVED");
  merged.waits("not counted: maria, of another commit");
}

BOOST_AUTO_TEST_CASE(apps_approve_nothing) {
  Merged merged;
  merged.world.forge.writers.insert("helper[bot]");
  merged.says("helper[bot]", "APPROVED", false);
  merged.waits("not counted: helper[bot], no person");
}

BOOST_AUTO_TEST_CASE(nobody_approves_their_own) {
  for (const char* author : {"jo", "sam"}) {
    Merged merged;
    merged.says(author, "APPROVED");
    merged.waits(std::string("not counted: ") + author + ", who contributed to it");
  }
}

BOOST_AUTO_TEST_CASE(only_who_may_write_approves) {
  Merged merged;
  merged.says("visitor", "APPROVED");
  merged.waits("not counted: visitor, who may not write here");
}

BOOST_AUTO_TEST_CASE(the_last_word_counts) {
  for (const char* later : {"DISMISSED", "CHANGES_REQUESTED"}) {
    Merged merged;
    merged.says("maria", "APPROVED");
    merged.says("maria", later);
    merged.waits("has 0 approvals");
  }
  Merged merged;
  merged.says("maria", "CHANGES_REQUESTED");
  merged.says("maria", "APPROVED");
  merged.says("maria", "COMMENTED");
  merged.is_tagged();
}

BOOST_AUTO_TEST_CASE(a_writer_who_asks_for_changes_holds_it_back) {
  Merged merged;
  merged.says("maria", "APPROVED");
  merged.says("kim", "CHANGES_REQUESTED");
  merged.waits("changes are asked for by kim");
  merged.world.forge.writers.erase("kim");
  merged.is_tagged();
}

BOOST_AUTO_TEST_CASE(as_many_as_the_policy_wants) {
  Merged merged;
  merged.world.facts.policy.reviews = 2;
  merged.says("maria", "APPROVED");
  merged.says("maria", "APPROVED");
  merged.waits("has 1 approvals of " + merged.pull(kRelease).head.hex() + ", 2 wanted");
  merged.says("kim", "APPROVED");
  merged.is_tagged();
}

BOOST_AUTO_TEST_CASE(what_came_by_no_pull_request_was_reviewed_by_nobody) {
  Merged merged;
  merged.world.forge.pulls_of.erase(merged.world.main());
  const auto plan = merged.planned(kTagCharts);
  check_steps(plan, {});
  BOOST_REQUIRE(plan.alarms().size() == 1U);
  BOOST_TEST(std::string(plan.alarms().front().what()).find("by no pull request, 1 reviews are wanted") !=
             std::string::npos);
}

// The release stages demand it by themselves, whatever else the policy has them demand.
BOOST_AUTO_TEST_CASE(without_its_reviews_nothing_is_built_or_published) {
  stages::Voyage tagged(Stop::kTagged);
  tagged.world.facts.policy.reviews = 1;
  tagged.world.facts.policy.demanded["release-charts"] = {"tag", "workflow-5-overall"};
  tagged.world.use_helm();
  tagged.world.refuses(stages::kReleaseCharts, Fault::kUntrusted, {"`reviewed` of charts/web: no statement about"});
  tagged.world.attest(keys::kReviewed, tagged.final_commit, tagged.source);
  static_cast<void>(tagged.planned(stages::kReleaseCharts));
  for (const char* stage : {"release-charts", "publish-charts"}) {
    const auto demanded = tagged.world.facts.policy.demanded_by(stage);
    BOOST_TEST((std::ranges::find(demanded, "reviewed") != demanded.end()), stage);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
