#include <boost/test/unit_test.hpp>

#include "sandbox/forge_host.h"

// What people say of pull requests, and what they may do.
namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(reviews)

using testing::Answer;
using testing::ForgeHost;
using testing::kRepository;

namespace {

struct Reviewed : ForgeHost {
  Reviewed() {
    vera =
        by_operator("users", {{"login", "vera"}, {"permissions", {{"pull_requests", "write"}, {"metadata", "read"}}}})
            .body["token"];
    bob = by_operator("users", {{"login", "bob"}}).body["token"];
    first = commit("feature", "charts/a/Chart.yaml", "name: a\n");
    pull = kRepository + "/pulls/" + std::to_string(open("feature", "main"));
  }
  std::string vera, bob, first, pull;

  Answer approve(const std::string& by) { return send("POST", pull + "/reviews", {{"event", "APPROVE"}}, by); }
  // Which GitHub's description at hand leaves out.
  Answer permission_of(const std::string& login) {
    return raw("GET", base + "/api/v3" + kRepository + "/collaborators/" + login + "/permission", "",
               {{"authorization", "Bearer " + token}});
  }
  Answer merge() { return send("PUT", pull + "/merge", {{"merge_method", "squash"}}); }
  // One approving review is wanted before a merge into main.
  void demand() {
    const std::string admin =
        by_operator("users", {{"login", "adam"}, {"permissions", {{"administration", "write"}, {"metadata", "read"}}}})
            .body["token"];
    const Answer made =
        send("POST", kRepository + "/rulesets",
             {{"name", "main"},
              {"target", "branch"},
              {"enforcement", "active"},
              {"bypass_actors", Json::array()},
              {"conditions", {{"ref_name", {{"include", {"refs/heads/main"}}, {"exclude", Json::array()}}}}},
              {"rules", Json::array({{{"type", "pull_request"},
                                      {"parameters",
                                       {{"allowed_merge_methods", {"squash"}},
                                        {"dismiss_stale_reviews_on_push", true},
                                        {"require_code_owner_review", false},
                                        {"require_last_push_approval", true},
                                        {"required_approving_review_count", 1},
                                        {"required_review_thread_resolution", false}}}}})}},
             admin);
    BOOST_TEST(made.status == 201, made.text);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_review_is_of_the_head_and_listed_in_order) {
  Reviewed host;
  BOOST_TEST(host.approve(host.bob).body["commit_id"] == host.first);
  const Answer changes =
      host.send("POST", host.pull + "/reviews", {{"event", "REQUEST_CHANGES"}, {"body", "no"}}, host.vera);
  BOOST_TEST(changes.body["state"] == "CHANGES_REQUESTED", changes.text);
  const Json all = host.get(host.pull + "/reviews").body;
  BOOST_REQUIRE(all.size() == 2U);
  BOOST_TEST(all[0]["user"]["login"] == "bob");
  BOOST_TEST(all[0]["user"]["type"] == "User");
  BOOST_TEST(all[0]["state"] == "APPROVED");
  BOOST_TEST(all[1]["user"]["login"] == "vera");
}

BOOST_AUTO_TEST_CASE(nobody_approves_their_own_pull_request) {
  Reviewed host;
  const Answer own = host.approve("-");
  BOOST_TEST(own.status == 422);
  BOOST_TEST(own.text.find("Can not approve your own pull request") != std::string::npos);
  BOOST_TEST(host.send("POST", host.pull + "/reviews", {{"event", "COMMENT"}}, host.bob).status == 422);
  BOOST_TEST(host.send("POST", host.pull + "/reviews", {{"event", "PRAISE"}}, host.bob).status == 422);
  BOOST_TEST(host.send("POST", kRepository + "/pulls/999/reviews", {{"event", "APPROVE"}}, host.bob).status == 404);
}

BOOST_AUTO_TEST_CASE(what_an_account_may_do_is_told) {
  Reviewed host;
  for (const auto& [login, permission] :
       {std::pair{"acme", "admin"}, std::pair{"bob", "write"}, std::pair{"vera", "read"}})
    BOOST_TEST(host.permission_of(login).body["permission"] == permission, login);
  BOOST_TEST(host.permission_of("nobody").status == 404);
}

BOOST_AUTO_TEST_CASE(a_rule_wants_approvals_of_the_head_by_who_may_write) {
  Reviewed host;
  host.demand();
  const std::string wanted = "At least 1 approving review is required by reviewers with write access.";
  BOOST_TEST(host.merge().message().find(wanted) != std::string::npos);
  host.approve(host.vera);
  BOOST_TEST(host.merge().status == 405);
  host.approve(host.bob);
  host.commit("feature", "charts/a/values.yaml", "x: 1\n");
  BOOST_TEST(host.get(host.pull + "/reviews").body[1]["state"] == "DISMISSED");
  BOOST_TEST(host.merge().status == 405);
  host.approve(host.bob);
  host.send("POST", host.pull + "/reviews", {{"event", "COMMENT"}, {"body", "well"}}, host.bob);
  BOOST_TEST(host.merge().status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
