#include <boost/test/unit_test.hpp>

#include "forge/forge_under_test.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(pull_requests)

const std::string kPulls = kRepo + "/pulls";
const std::string kFind =
    kPulls + "?per_page=100&state=open&base=integrate%2Fnginx&head=octo%3Asplit%2Fnginx%2F11111111";
const std::string kMerge = kPulls + "/7/merge";

BOOST_AUTO_TEST_CASE(a_pull_request_is_read_with_what_matters) {
  ForgeUnderTest t;
  t.http.expect("GET", kPulls + "/7", json_answer(200, merged_json(7, kOther)))
      .expect("GET", kPulls + "/8", json_answer(404, message("Not Found")));
  const std::optional<PullRequest> pull = t.client.pull_request(7);
  BOOST_REQUIRE(pull);
  BOOST_TEST(pull->merged);
  BOOST_TEST((pull->merge_commit == kOther));
  BOOST_TEST(pull->head_repository == "octo/charts");
  BOOST_TEST(pull->merged_by == "someone");
  BOOST_TEST(!t.client.pull_request(8));
}

BOOST_AUTO_TEST_CASE(members_that_newer_servers_leave_out_are_not_missed) {
  ForgeUnderTest t;
  Json pull = merged_json(7, kOther);
  pull.erase("merge_commit_sha");
  pull.erase("merged_by");
  pull["user"] = nullptr;
  pull["head"]["repo"] = nullptr;
  pull["body"] = nullptr;
  t.http.expect("GET", kPulls + "/7", json_answer(200, pull));
  const std::optional<PullRequest> read = t.client.pull_request(7);
  BOOST_REQUIRE(read);
  BOOST_TEST(!read->merge_commit);
  BOOST_TEST(read->author.empty());
  BOOST_TEST(read->head_repository.empty());
}

BOOST_AUTO_TEST_CASE(the_trial_merge_of_an_open_pull_request_is_no_merge_commit) {
  ForgeUnderTest t;
  Json pull = pull_json(7);
  pull["merge_commit_sha"] = kOther.hex();
  t.http.expect("GET", kPulls + "/7", json_answer(200, pull));
  BOOST_TEST(!t.client.pull_request(7)->merge_commit);
}

BOOST_AUTO_TEST_CASE(only_pull_requests_from_this_repositorys_branch_are_found) {
  ForgeUnderTest t;
  Json fork = pull_json(8);
  fork["head"]["repo"]["full_name"] = "mallory/charts";
  Json other = pull_json(9);
  other["head"]["ref"] = "split/nginx/other";
  t.http.expect("GET", kFind, json_answer(200, {fork, pull_json(7), other}));
  const std::vector<PullRequest> found = t.client.pull_requests("split/nginx/11111111", "integrate/nginx", "open");
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(found[0].number == 7);
}

BOOST_AUTO_TEST_CASE(creating_one_sends_title_branches_and_body) {
  ForgeUnderTest t;
  t.http.expect("POST", kPulls, json_answer(201, pull_json(7)),
                body_is({{"title", "t"},
                         {"head", "split/nginx/11111111"},
                         {"base", "integrate/nginx"},
                         {"body", "b"},
                         {"maintainer_can_modify", false}}));
  BOOST_TEST(t.client.create_pull_request("t", "split/nginx/11111111", "integrate/nginx", "b").number == 7);
}

BOOST_AUTO_TEST_CASE(one_that_exists_is_a_conflict_in_the_forges_words) {
  ForgeUnderTest t;
  t.http.expect("POST", kPulls,
                json_answer(422, {{"message", "Validation Failed"},
                                  {"errors",
                                   {{{"resource", "PullRequest"},
                                     {"code", "custom"},
                                     {"message", "A pull request already exists for octo:x."}}}}}));
  BOOST_CHECK_EXCEPTION(t.client.create_pull_request("t", "x", "main", ""), Error,
                        fails(Fault::kConflict, "Validation Failed: A pull request already exists for octo:x."));
}

BOOST_AUTO_TEST_CASE(after_a_lost_answer_the_pull_request_is_found_not_made_twice) {
  ForgeUnderTest t;
  t.http.lose("POST", kPulls).expect("GET", kFind, json_answer(200, Json::array({pull_json(7)})));
  BOOST_TEST(t.client.create_pull_request("t", "split/nginx/11111111", "integrate/nginx", "b").number == 7);
}

BOOST_AUTO_TEST_CASE(what_the_forge_would_cut_or_drop_is_never_sent) {
  ForgeUnderTest t;
  std::string astral;
  for (int i = 0; i < 65'537; ++i) astral += "\xf0\x9f\x93\xa6";
  BOOST_CHECK_EXCEPTION(t.client.update_body(7, std::string(65'537, 'x')), Error,
                        fails(Fault::kInput, "65537 characters"));
  BOOST_CHECK_EXCEPTION(t.client.update_body(7, astral), Error, fails(Fault::kInput, "262148 bytes"));
  BOOST_CHECK_EXCEPTION(t.client.create_pull_request("t", "h", "b", std::string(65'537, 'x')), Error,
                        fails(Fault::kInput, "the forge takes 65536"));
  BOOST_CHECK_EXCEPTION(t.client.create_pull_request(std::string(257, 'x'), "h", "b", ""), Error,
                        fails(Fault::kInput, "a title of 257 characters"));
}

BOOST_AUTO_TEST_CASE(a_description_at_the_limit_is_sent_and_read_back) {
  ForgeUnderTest t;
  const std::string body = "one\ntwo" + std::string(65'529, 'x');
  t.http.expect("PATCH", kPulls + "/7", json_answer(200, pull_json(7)), body_is({{"body", body}}))
      .expect("GET", kPulls + "/7", json_answer(200, pull_json(7, kHead, "one\r\n" + body.substr(4))));
  t.client.update_body(7, body);
}

BOOST_AUTO_TEST_CASE(a_description_that_did_not_stay_is_a_conflict) {
  ForgeUnderTest t;
  t.http.expect("PATCH", kPulls + "/7", json_answer(200, pull_json(7)))
      .expect("GET", kPulls + "/7", json_answer(200, pull_json(7, kHead, "another")));
  BOOST_CHECK_EXCEPTION(t.client.update_body(7, "mine"), Error,
                        fails(Fault::kConflict, "is not what stands there now"));
}

BOOST_AUTO_TEST_CASE(merging_names_the_verified_head_and_returns_the_commit) {
  ForgeUnderTest t;
  t.http.expect(
      "PUT", kMerge, json_answer(200, {{"sha", kOther.hex()}, {"merged", true}}),
      body_is({{"sha", kHead.hex()}, {"merge_method", "squash"}, {"commit_title", "t"}, {"commit_message", "m"}}));
  BOOST_TEST((t.client.merge(7, kHead, "squash", "t", "m") == kOther));
}

BOOST_AUTO_TEST_CASE(a_base_that_moves_under_the_merge_is_tried_again) {
  ForgeUnderTest t;
  for (int i = 0; i < 2; ++i)
    t.http.expect("PUT", kMerge, json_answer(405, message("Base branch was modified. Review and try the merge again.")))
        .expect("GET", kPulls + "/7", json_answer(200, pull_json(7)));
  t.http.expect("PUT", kMerge, json_answer(200, {{"sha", kOther.hex()}}));
  BOOST_TEST((t.client.merge(7, kHead, "squash", "t", "m") == kOther));
  BOOST_TEST(t.waits.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_rule_of_the_branch_is_not_argued_with) {
  ForgeUnderTest t;
  t.http.expect("PUT", kMerge, json_answer(405, message("Required status check \"waybill/w5\" is expected.")))
      .expect("GET", kPulls + "/7", json_answer(200, pull_json(7)));
  BOOST_CHECK_EXCEPTION(t.client.merge(7, kHead, "squash", "t", "m"), Error,
                        fails(Fault::kConflict, "Required status check"));
}

BOOST_AUTO_TEST_CASE(a_head_that_moved_since_it_was_verified_is_stale) {
  ForgeUnderTest t;
  t.http.expect("PUT", kMerge, json_answer(409, message("Head branch was modified. Review and try the merge again.")))
      .expect("GET", kPulls + "/7", json_answer(200, pull_json(7, kOther)));
  BOOST_CHECK_EXCEPTION(t.client.merge(7, kHead, "squash", "t", "m"), Error,
                        fails(Fault::kStale, "the head is 33333333 now, 11111111 was verified"));
}

BOOST_AUTO_TEST_CASE(merging_again_what_is_merged_with_that_head_is_success) {
  ForgeUnderTest t;
  t.http.expect("PUT", kMerge, json_answer(405, message("Pull Request is not mergeable")))
      .expect("GET", kPulls + "/7", json_answer(200, merged_json(7, kOther)));
  BOOST_TEST((t.client.merge(7, kHead, "squash", "t", "m") == kOther));
  t.http.lose("PUT", kMerge).expect("GET", kPulls + "/7", json_answer(200, merged_json(7, kOther)));
  BOOST_TEST((t.client.merge(7, kHead, "squash", "t", "m") == kOther));
}

BOOST_AUTO_TEST_CASE(merged_with_another_head_is_stale_not_success) {
  ForgeUnderTest t;
  Json pull = merged_json(7, kOther);
  pull["head"]["sha"] = kBase.hex();
  t.http.expect("PUT", kMerge, answer(502)).expect("GET", kPulls + "/7", json_answer(200, pull));
  BOOST_CHECK_EXCEPTION(t.client.merge(7, kHead, "squash", "t", "m"), Error,
                        fails(Fault::kStale, "the head is 22222222 now"));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
