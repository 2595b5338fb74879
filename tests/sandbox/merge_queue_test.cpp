#include <boost/test/unit_test.hpp>

#include "sandbox/forge_host.h"

// A merge queue tries what waits in order, and merges what the required checks have passed.
namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(merge_queue)

using testing::Answer;
using testing::ForgeHost;
using testing::kRepository;

namespace {

struct Queued : ForgeHost {
  Queued() {
    const std::string admin =
        by_operator("users",
                    {{"login", "adam"},
                     {"permissions", {{"administration", "write"}, {"contents", "write"}, {"metadata", "read"}}}})
            .body["token"];
    const Json checks = {{"required_status_checks", Json::array({{{"context", "sound"}}})},
                         {"strict_required_status_checks_policy", false}};
    const Json rules = Json::array({{{"type", "merge_queue"},
                                     {"parameters",
                                      {{"merge_method", "SQUASH"},
                                       {"check_response_timeout_minutes", 60},
                                       {"grouping_strategy", "ALLGREEN"},
                                       {"max_entries_to_build", 5},
                                       {"max_entries_to_merge", 5},
                                       {"min_entries_to_merge", 1},
                                       {"min_entries_to_merge_wait_minutes", 5}}}},
                                    {{"type", "required_status_checks"}, {"parameters", checks}}});
    const Answer made =
        send("POST", kRepository + "/rulesets",
             {{"name", "queue"},
              {"target", "branch"},
              {"enforcement", "active"},
              {"conditions", {{"ref_name", {{"include", {"refs/heads/main"}}, {"exclude", Json::array()}}}}},
              {"rules", rules}},
             admin);
    BOOST_TEST(made.status == 201, made.text);
  }

  long proposed(const std::string& branch) {
    commit(branch, branch + ".txt", "x\n");
    const long number = open(branch, "main");
    answer(get(kRepository + "/pulls/" + std::to_string(number)).body["head"]["sha"], "success");
    return number;
  }
  void answer(const std::string& commit, const std::string& conclusion) {
    send("POST", kRepository + "/check-runs", {{"name", "sound"}, {"head_sha", commit}, {"conclusion", conclusion}},
         app_token());
  }
  Answer enqueue(long number) {
    return by_operator("repositories/acme/charts/merge-queue", {{"pull_request", number}, {"by", "alice"}});
  }
  std::string tip(const std::string& branch) {
    const Answer found = get(kRepository + "/git/ref/heads/" + branch);
    return found.status == 200 ? found.body["object"]["sha"].get<std::string>() : std::string();
  }
  bool is_merged(long number) { return get(kRepository + "/pulls/" + std::to_string(number)).body["merged"]; }
};

}  // namespace

BOOST_AUTO_TEST_CASE(each_is_tried_on_what_is_ahead_of_it_and_merged_in_order) {
  Queued host;
  const long one = host.proposed("one");
  const long two = host.proposed("two");
  const std::string before = host.tip("main");
  const Json first = host.enqueue(one).body;
  const Json second = host.enqueue(two).body;
  BOOST_TEST(first["branch"] == "gh-readonly-queue/main/pr-" + std::to_string(one) + "-" + before);
  BOOST_TEST((first["head_sha"] == host.tip(first["branch"])));
  BOOST_TEST(second["branch"].get<std::string>().ends_with(first["head_sha"].get<std::string>()));
  host.answer(second["head_sha"], "success");
  BOOST_TEST(host.tip("main") == before);  // what is ahead of it has no answer yet
  host.answer(first["head_sha"], "success");
  BOOST_TEST((second["head_sha"] == host.tip("main")));
  BOOST_TEST(host.is_merged(one));
  BOOST_TEST(host.is_merged(two));
  BOOST_TEST(host.tip(first["branch"]).empty());
}

BOOST_AUTO_TEST_CASE(what_fails_leaves_and_what_is_behind_it_is_tried_anew) {
  Queued host;
  const std::string before = host.tip("main");
  const long one = host.proposed("one");
  const long two = host.proposed("two");
  const Json first = host.enqueue(one).body;
  host.enqueue(two);
  host.events();
  host.answer(first["head_sha"], "failure");
  BOOST_TEST(!host.is_merged(one));
  BOOST_TEST(host.tip(first["branch"]).empty());
  BOOST_TEST(!host.tip("gh-readonly-queue/main/pr-" + std::to_string(two) + "-" + before).empty());
  const auto events = host.events();
  BOOST_TEST((std::ranges::find(events, "merge_group checks_requested") != events.end()));
}

BOOST_AUTO_TEST_CASE(a_branch_with_a_queue_is_merged_into_by_nothing_else) {
  Queued host;
  const long number = host.proposed("one");
  const Answer refused = host.send("PUT", kRepository + "/pulls/" + std::to_string(number) + "/merge", Json::object());
  BOOST_TEST(refused.status == 405);
  BOOST_TEST(refused.message().ends_with("Changes must be made through the merge queue"), refused.message());
}

BOOST_AUTO_TEST_CASE(what_has_not_passed_or_has_no_queue_cannot_be_enqueued) {
  Queued host;
  host.commit("one", "one.txt", "x\n");
  BOOST_TEST(host.enqueue(host.open("one", "main")).status == 409);
  host.commit("base", "base.txt", "x\n");
  BOOST_TEST(host.enqueue(host.open("one", "base")).status == 409);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
