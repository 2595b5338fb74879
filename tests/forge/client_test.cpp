#include "core/forge/client.h"

#include <boost/test/unit_test.hpp>

#include "forge/forge_under_test.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(client)

const Json kRepositoryJson{
    {"id", 9}, {"full_name", "octo/charts"}, {"owner", {{"id", 4}}}, {"default_branch", "main"}, {"private", true}};

BOOST_AUTO_TEST_CASE(every_request_carries_the_token_and_the_version_it_was_written_for) {
  ForgeUnderTest t;
  t.http.expect("GET", kRepo, json_answer(200, kRepositoryJson), [](const http::Request& request) {
    return header_is("authorization", "Bearer ghs_secret")(request) &&
           header_is("x-github-api-version", "2022-11-28")(request) &&
           header_is("accept", "application/vnd.github+json")(request);
  });
  const RepositoryInfo info = t.client.repository();
  BOOST_TEST(info.id == 9);
  BOOST_TEST(info.owner_id == 4);
  BOOST_TEST(info.visibility == "private");
}

BOOST_AUTO_TEST_CASE(a_slash_at_the_end_of_the_address_changes_nothing) {
  ScriptedHttp http;
  http.expect("GET", "http://127.0.0.1:9/api/v3/repos/octo/charts", json_answer(200, kRepositoryJson));
  Client(http, {"http://127.0.0.1:9/api/v3/", "octo/charts"}, "t").repository();
}

BOOST_AUTO_TEST_CASE(without_a_token_none_is_sent) {
  ScriptedHttp http;
  http.expect("GET", kRepo, answer(404), without_header("authorization"));
  BOOST_CHECK_EXCEPTION(Client::anonymous(http, {kApi, "octo/charts"}).repository(), Error,
                        fails(Fault::kInput, "not there, or not for this token to see"));
}

BOOST_AUTO_TEST_CASE(what_is_no_repository_and_a_missing_token_are_refused) {
  ScriptedHttp http;
  for (const char* name : {"octo", "octo/", "/charts", "octo/charts/x", "octo/..", "octo/cha rts", "octo/a?b"})
    BOOST_CHECK_EXCEPTION(Client(http, {kApi, name}, "t"), Error, fails(Fault::kInput, "which is OWNER/NAME"));
  BOOST_CHECK_EXCEPTION(Client(http, {"api.github.com", "octo/charts"}, "t"), Error,
                        fails(Fault::kInput, "is not a URL"));
  BOOST_CHECK_EXCEPTION(Client(http, {kApi, "octo/charts"}, ""), Error,
                        fails(Fault::kPermission, "token: ${{ github.token }}"));
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_said_plainly) {
  ForgeUnderTest t;
  t.http.expect("GET", kRepo, json_answer(401, message("Bad credentials")));
  BOOST_CHECK_EXCEPTION(
      t.client.repository(), Error,
      fails(Fault::kPermission,
            "does not accept the token (401 to GET https://api.github.com/repos/octo/charts: Bad credentials)"));
}

BOOST_AUTO_TEST_CASE(a_missing_permission_is_named_with_the_yaml_to_add) {
  ForgeUnderTest t;
  const Json refusal = message("Resource not accessible by integration");
  t.http.expect("POST", kRepo + "/check-runs", json_answer(403, refusal))
      .expect("POST", kRepo + "/check-runs",
              json_answer(403, refusal,
                          {{"x-accepted-github-permissions", "pull_requests=write,contents=read; issues=write"}}));
  const auto post = [&] { t.client.create_check("waybill/w1", kHead, "success", "t", "s", "x"); };
  BOOST_CHECK_EXCEPTION(post(), Error, fails(Fault::kPermission, "permissions:\n  checks: write"));
  BOOST_CHECK_EXCEPTION(post(), Error,
                        fails(Fault::kPermission, "permissions:\n  pull-requests: write\n  contents: read"));
}

BOOST_AUTO_TEST_CASE(some_refusals_are_settings_and_plans_not_permissions) {
  ForgeUnderTest t;
  t.http.expect("POST", kRepo + "/pulls",
                json_answer(403, message("GitHub Actions is not permitted to create or approve pull requests.")));
  BOOST_CHECK_EXCEPTION(t.client.create_pull_request("t", "h", "b", ""), Error,
                        fails(Fault::kPermission, "Workflow permissions"));
}

BOOST_AUTO_TEST_CASE(a_write_that_answers_404_may_be_a_missing_permission) {
  ForgeUnderTest t;
  t.http.expect("POST", kRepo + "/actions/workflows/w%202.yml/dispatches", json_answer(404, message("Not Found")));
  BOOST_CHECK_EXCEPTION(t.client.dispatch("w 2.yml", "main", {}), Error, fails(Fault::kPermission, "actions: write"));
}

BOOST_AUTO_TEST_CASE(a_read_is_tried_again_after_server_errors_and_silence) {
  ForgeUnderTest t;
  t.http.expect("GET", kRepo, answer(502)).lose("GET", kRepo).expect("GET", kRepo, json_answer(200, kRepositoryJson));
  BOOST_TEST(t.client.repository().id == 9);
  BOOST_TEST(t.waits.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_read_that_keeps_failing_ends) {
  ForgeUnderTest t;
  for (int i = 0; i < 4; ++i) t.http.expect("GET", kRepo, answer(503, "<html>busy</html>"));
  BOOST_CHECK_EXCEPTION(t.client.repository(), Error, fails(Fault::kRemote, "the forge answered 503 to GET"));
}

BOOST_AUTO_TEST_CASE(a_rate_limit_is_waited_for_even_by_a_write) {
  ForgeUnderTest t;
  const std::string url = kRepo + "/actions/workflows/w2.yml/dispatches";
  t.http
      .expect("POST", url,
              json_answer(403, message("You have exceeded a secondary rate limit"), {{"retry-after", "7"}}))
      .expect("POST", url,
              json_answer(429, message("slow down"), {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1"}}))
      .expect("POST", url, answer(204), body_is({{"ref", "main"}, {"inputs", {{"chart", "nginx"}}}}));
  t.client.dispatch("w2.yml", "main", {{"chart", "nginx"}});
  BOOST_REQUIRE(t.waits.size() == 2U);
  BOOST_TEST(t.waits[0].count() == 7'000);
  BOOST_TEST(t.waits[1].count() == 1'000);
}

BOOST_AUTO_TEST_CASE(a_limit_that_lasts_longer_than_a_minute_ends_the_run) {
  ForgeUnderTest t;
  t.http.expect("GET", kRepo, json_answer(429, message("later"), {{"retry-after", "1800"}}));
  BOOST_CHECK_EXCEPTION(t.client.repository(), Error, fails(Fault::kRemote, "wants 1800 seconds of rest"));
  for (int i = 0; i < 4; ++i) t.http.expect("GET", kRepo, json_answer(403, message("x"), {{"retry-after", "60"}}));
  BOOST_CHECK_EXCEPTION(t.client.repository(), Error, fails(Fault::kRemote, "wants 60 seconds of rest"));
}

BOOST_AUTO_TEST_CASE(a_dispatch_of_unknown_outcome_is_not_repeated) {
  ForgeUnderTest t;
  t.http.lose("POST", kRepo + "/actions/workflows/w2.yml/dispatches");
  BOOST_CHECK_EXCEPTION(t.client.dispatch("w2.yml", "main", {}), Error,
                        fails(Fault::kRemote, "the forge failed or did not answer (POST"));
  t.http.expect("POST", kRepo + "/actions/workflows/w2.yml/dispatches", json_answer(503, message("Unavailable")));
  BOOST_CHECK_EXCEPTION(t.client.dispatch("w2.yml", "main", {}), Error,
                        fails(Fault::kRemote, "did not answer (503 to POST"));
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_understood_is_the_forges_fault) {
  ForgeUnderTest t;
  t.http.expect("GET", kRepo, answer(200, "<html>")).expect("GET", kRepo, json_answer(200, {{"id", "nine"}}));
  BOOST_CHECK_EXCEPTION(t.client.repository(), Error, fails(Fault::kRemote, "is not understood"));
  BOOST_CHECK_EXCEPTION(t.client.repository(), Error, fails(Fault::kRemote, "is not understood"));
}

Json check_json(std::int64_t id) {
  return {{"id", id},           {"name", "waybill/w1"},        {"head_sha", kHead.hex()}, {"conclusion", "success"},
          {"external_id", "x"}, {"app", {{"slug", "waybill"}}}};
}

BOOST_AUTO_TEST_CASE(what_an_app_lacks_is_granted_on_its_page_not_in_the_workflow) {
  ForgeUnderTest t;
  const Client app(t.http, {kApi, "octo/charts", "waybill[bot]"}, "ghs_secret", [](std::chrono::milliseconds) {});
  for (const int status : {403, 404}) {
    t.http.expect("POST", kRepo + "/check-runs",
                  json_answer(status, message("Resource not accessible by integration")));
    BOOST_CHECK_EXCEPTION(
        app.create_check("waybill/w1", kHead, "success", "t", "s", "x"), Error,
        fails(Fault::kPermission, "the page of the App `waybill[bot]`, Permissions: grant `checks: write`"));
  }
}

BOOST_AUTO_TEST_CASE(a_summary_that_the_forge_would_refuse_is_cut) {
  ForgeUnderTest t;
  std::string summary;
  for (int i = 0; i < 9000; ++i) summary += "- a change\n";
  t.http.expect("POST", kRepo + "/check-runs", json_answer(201, check_json(5)), [&](const http::Request& request) {
    const std::string sent = parse_json(request.body, "body")["output"]["summary"];
    return sent.size() < 65'536 && sent.size() > 60'000 && sent.find("cut here") != std::string::npos;
  });
  t.client.create_check("waybill/w1", kHead, "success", "t", summary, "x");
}

BOOST_AUTO_TEST_CASE(lists_are_followed_to_their_end) {
  ForgeUnderTest t;
  const std::string first = kRepo + "/commits/" + kHead.hex() + "/check-runs?per_page=100";
  t.http
      .expect("GET", first,
              json_answer(200, {{"check_runs", {check_json(1), check_json(2)}}},
                          {{"link", "<" + first + "&page=1>; rel=\"prev\", <" + first + "&page=2>; rel=\"next\""}}))
      .expect("GET", first + "&page=2", json_answer(200, {{"check_runs", {check_json(3)}}}));
  const std::vector<CheckRun> runs = t.client.check_runs(kHead);
  BOOST_REQUIRE(runs.size() == 3U);
  BOOST_TEST(runs[2].id == 3);
  BOOST_TEST(runs[0].app == "waybill");
}

BOOST_AUTO_TEST_CASE(a_list_stops_at_a_thousand_items) {
  ForgeUnderTest t;
  const std::string url = kRepo + "/commits/" + kHead.hex() + "/check-runs?per_page=100";
  const Json page{{"check_runs", std::vector<Json>(400, check_json(1))}};
  for (int i = 0; i < 3; ++i)
    t.http.expect("GET", url, json_answer(200, page, {{"link", "<" + url + ">; rel=\"next\""}}));
  BOOST_TEST(t.client.check_runs(kHead).size() == 1000U);
}

BOOST_AUTO_TEST_CASE(the_next_page_may_not_lead_the_token_elsewhere) {
  ForgeUnderTest t;
  const std::string url = kRepo + "/commits/" + kHead.hex() + "/check-runs?per_page=100";
  t.http.expect(
      "GET", url,
      json_answer(200, {{"check_runs", Json::array()}}, {{"link", "<https://evil.example/steal?x=1>; rel=\"next\""}}));
  BOOST_CHECK_EXCEPTION(t.client.check_runs(kHead), Error,
                        fails(Fault::kRemote, "https://evil.example/steal as the next page, which is on another host"));
  BOOST_TEST(t.http.seen().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_check_that_may_have_been_made_is_looked_for_first) {
  ForgeUnderTest t;
  const std::string list = kRepo + "/commits/" + kHead.hex() + "/check-runs?per_page=100";
  t.http.expect("POST", kRepo + "/check-runs", answer(500))
      .expect("GET", list, json_answer(200, {{"check_runs", {check_json(5)}}}));
  BOOST_TEST(t.client.create_check("waybill/w1", kHead, "success", "t", "s", "x").id == 5);
  t.http.lose("POST", kRepo + "/check-runs")
      .expect("GET", list, json_answer(200, {{"check_runs", Json::array()}}))
      .expect("POST", kRepo + "/check-runs", json_answer(201, check_json(6)));
  BOOST_TEST(t.client.create_check("waybill/w1", kHead, "success", "t", "s", "x").id == 6);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
