#include "core/stages/protection.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/lineage/policy.h"

// Rules as GitHub's rulesets, and what counts as falling short of them (trust.md T2).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_protection)

using stages::protections;

namespace {

constexpr const char* kPolicy =
    "version: 1\nanchor: {repository: o/r, repository-id: 1, owner-id: 1}\napp: a[bot]\ncharts: []\nkubernetes: "
    "[1.33.7]\n";

lineage::Policy policy(const std::string& more = "") {
  return lineage::Policy::parse(kPolicy + more, ".waybill.yml");
}

std::vector<std::string> names(const lineage::Policy& rules) {
  std::vector<std::string> all;
  for (const auto& protection : protections(rules, 7)) {
    all.push_back(protection.ruleset.at("name").get<std::string>().substr(9));
    BOOST_TEST(!protection.why.empty());
  }
  return all;
}

Json ruleset(const lineage::Policy& rules, const std::string& name) {
  for (const auto& protection : protections(rules, 7))
    if (protection.ruleset.at("name") == "waybill: " + name) return protection.ruleset;
  throw Error(Fault::kInternal, "there is no ruleset {}", name);
}

Json references(const Json& body) {
  return body.at("conditions").at("ref_name").at("include");
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_branch_and_tag_of_the_pipeline_has_its_rules) {
  const std::vector<std::string> full{"own branches", "integration", "main",
                                      "release",      "tags stay",   "tags come from the App"};
  BOOST_TEST(names(policy()) == full, boost::test_tools::per_element());
  const Json own = ruleset(policy(), "own branches");
  for (const char* name : {"integrate/*", "integrate/**/*", "split/*", "bump/**/*", "release-train/*", "sync/*"})
    BOOST_TEST(references(own).dump().find(std::string("\"refs/heads/") + name + "\"") != std::string::npos, name);
  BOOST_TEST(references(ruleset(policy(), "release")) == Json::array({"refs/heads/release"}));
}

BOOST_AUTO_TEST_CASE(where_people_merge_charts_they_are_let_in_and_checked) {
  const lineage::Policy rules = policy("merge: {integrate: people}\n");
  BOOST_TEST(references(ruleset(rules, "own branches")).dump().find("integrate") == std::string::npos);
  const Json merges = ruleset(rules, "merges into branches of charts");
  BOOST_TEST(merges.at("bypass_actors").empty());
  BOOST_TEST(merges.dump().find("waybill/enforce-atomic") != std::string::npos);
  const Json branches = ruleset(rules, "branches of charts");
  for (const Json& rule : branches.at("rules")) BOOST_TEST(rule.at("type") != "update");
}

BOOST_AUTO_TEST_CASE(a_direct_pipeline_has_fewer_branches_and_both_checks_on_main) {
  const lineage::Policy rules = policy("pipeline: direct\n");
  const std::vector<std::string> direct{"own branches", "main", "release", "tags stay", "tags come from the App"};
  BOOST_TEST(names(rules) == direct, boost::test_tools::per_element());
  const std::string main = ruleset(rules, "main").dump();
  for (const char* check : {"waybill/validate-contribution", "waybill/validate-and-bump"})
    BOOST_TEST(main.find(check) != std::string::npos, check);
  BOOST_TEST(ruleset(rules, "own branches").dump().find("split") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_follow_the_policy) {
  const lineage::Policy rules =
      policy("branches: {integration: develop, release: prod, bump: 'next-<chart>/<sha8>'}\n");
  BOOST_TEST(references(ruleset(rules, "integration")) == Json::array({"refs/heads/develop"}));
  BOOST_TEST(references(ruleset(rules, "own branches")).dump().find("\"refs/heads/next-*\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_ruleset_does_not_differ_from_itself_in_any_order) {
  for (const auto& protection : protections(policy(), 7)) {
    Json there = protection.ruleset;
    std::reverse(there["rules"].begin(), there["rules"].end());
    auto& include = there["conditions"]["ref_name"]["include"];
    std::reverse(include.begin(), include.end());
    there["id"] = 1;
    BOOST_TEST(stages::differences(protection.ruleset, there).empty());
  }
}

BOOST_AUTO_TEST_CASE(whatever_weakens_a_rule_is_a_difference_and_what_strengthens_it_is_none) {
  const Json wanted = ruleset(policy(), "main");
  const auto differs = [&wanted](const char* pointer, const Json& value) {
    Json there = wanted;
    there[Json::json_pointer(pointer)] = value;
    return stages::differences(wanted, there).size();
  };
  BOOST_TEST(differs("/enforcement", "disabled") == 1U);
  BOOST_TEST(differs("/target", "tag") == 1U);
  BOOST_TEST(differs("/conditions/ref_name/include", Json::array()) == 1U);
  BOOST_TEST(differs("/conditions/ref_name/exclude", {"refs/heads/main"}) == 1U);
  BOOST_TEST(differs("/bypass_actors", Json::array()) == 1U);
  BOOST_TEST(differs("/bypass_actors/0/bypass_mode", "always") == 1U);
  BOOST_TEST(differs("/rules", Json::array()) == wanted.at("rules").size());
  BOOST_TEST(differs("/rules", Json()) == wanted.at("rules").size());
  BOOST_TEST(differs("/rules/4/parameters/allowed_merge_methods", {"squash", "merge"}) == 1U);
  BOOST_TEST(differs("/rules/5/parameters/strict_required_status_checks_policy", true) == 1U);
  BOOST_TEST(differs("/rules/5/parameters/required_status_checks/0/integration_id", 8) == 1U);
  BOOST_TEST(differs("/rules/5/parameters/required_status_checks", Json()) == 1U);
  BOOST_TEST(differs("/rules/4/parameters/required_approving_review_count", 2) == 0U);
  BOOST_TEST(differs("/rules/5/parameters/required_status_checks/1", {{"context", "ci"}}) == 0U);
  const Json reviewed = ruleset(policy("reviews: 2\n"), "main");
  BOOST_TEST(stages::differences(reviewed, reviewed).empty());
  BOOST_TEST(stages::differences(reviewed, wanted).size() == 2U);  // fewer, and the last pusher may approve
  Json stale = reviewed;
  stale[Json::json_pointer("/rules/4/parameters/dismiss_stale_reviews_on_push")] = false;
  BOOST_TEST(stages::differences(reviewed, stale).size() == 1U);
  Json hidden = wanted;
  hidden.erase("bypass_actors");
  BOOST_TEST(stages::differences(wanted, hidden).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
