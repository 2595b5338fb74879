#include "core/app/own_check.h"

#include <boost/test/unit_test.hpp>
#include <sstream>

#include "core/app/command_line.h"
#include "lineage/journey.h"
#include "testing/scripted_http.h"

// A pull request that was refused says so itself.
namespace waybill {

BOOST_AUTO_TEST_SUITE(app_own_check)

namespace {

const Oid kHead = Oid::parse(std::string(40, '1'));
const Oid kBase = Oid::parse(std::string(40, '2'));
const std::string kChecks = "https://api.forge.example/repos/octo/charts/check-runs";

const std::string kOnHead =
    "https://api.forge.example/repos/octo/charts/commits/" + kHead.hex() + "/check-runs?per_page=100";

http::Response checks(const std::vector<Json>& found) {
  return testing::json_answer(200, {{"total_count", found.size()}, {"check_runs", found}});
}

Json check(const std::string& conclusion, const std::string& id) {
  return {{"id", 1},
          {"name", "waybill/validate-contribution"},
          {"head_sha", kHead.hex()},
          {"conclusion", conclusion},
          {"external_id", id},
          {"app", {{"slug", "waybill"}}}};
}

// A stage that was about a pull request and stopped; its forge is strict.
struct Stopped {
  explicit Stopped(const std::string& stage, const std::string& mode = "apply")
      : environment{{"GITHUB_ACTIONS", "true"}, {"INPUT_MODE", mode}, {"INPUT_TOKEN", "ghs_job_token"}},
        invocation(app::from_action(stages::stage_named(stage), environment)) {
    log.hide("ghs_job_token");
    session.app_forge.emplace(http, forge::Address{"https://api.forge.example", "octo/charts"}, "ghs_app",
                              [](std::chrono::milliseconds) {});
    session.facts.emplace(stages::Facts{.policy = journey.policy,
                                        .anchor = kBase,
                                        .pull = forge::PullRequest{.number = 21,
                                                                   .state = "open",
                                                                   .merge_commit = std::nullopt,
                                                                   .head = kHead,
                                                                   .base_ref = "integration",
                                                                   .base = kBase}});
  }

  void by(Fault fault) {
    app::show_refusal(session, Error(fault, "charts/web is not sound, ghs_job_token").hint("helm lint charts/web"));
  }

  lineage::Journey journey;
  runner::Environment environment;
  app::Invocation invocation;
  std::ostringstream printed;
  Log log{printed};
  runner::Commands commands{environment, log};
  testing::ScriptedHttp http;
  SystemClock clock;
  app::Session session{.invocation = invocation, .log = log, .commands = commands, .http = http, .clock = clock};
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_refusal_is_a_failed_check_on_the_head_without_secrets) {
  for (const Fault fault : {Fault::kInput, Fault::kUntrusted, Fault::kConflict}) {
    Stopped stopped("validate-contribution");
    stopped.http.expect("GET", kOnHead, checks({}));
    stopped.http.expect("POST", kChecks,
                        testing::json_answer(201, {{"id", 1}, {"name", "x"}, {"head_sha", kHead.hex()}}),
                        [](const http::Request& request) {
                          const Json body = Json::parse(request.body);
                          BOOST_TEST(body["name"] == "waybill/validate-contribution");
                          BOOST_TEST(body["head_sha"] == kHead.hex());
                          BOOST_TEST(body["conclusion"] == "failure");
                          BOOST_TEST(body["external_id"] == app::own_check_id(21, "integration", kBase, kHead));
                          const std::string summary = body["output"]["summary"];
                          BOOST_TEST(summary.find("charts/web is not sound, ***") != std::string::npos, summary);
                          BOOST_TEST(summary.find("helm lint charts/web") != std::string::npos);
                          return true;
                        });
    stopped.by(fault);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_the_pull_requests_fault_is_not_written_on_it) {
  for (const Fault fault : {Fault::kRemote, Fault::kPermission, Fault::kStale, Fault::kInternal}) {
    Stopped stopped("validate-contribution");
    stopped.by(fault);
  }
  Stopped only_planned("validate-contribution", "plan");
  only_planned.by(Fault::kInput);
  Stopped closed("validate-contribution");
  closed.session.facts->pull->state = "closed";
  closed.by(Fault::kInput);
  Stopped looks_at_merges("filter-charts");
  looks_at_merges.by(Fault::kInput);
}

BOOST_AUTO_TEST_CASE(a_head_that_passed_for_another_pull_request_is_not_held_up_by_this_one) {
  Stopped stopped("validate-contribution");
  stopped.http.expect("GET", kOnHead, checks({check("success", "of another one")}));
  stopped.by(Fault::kUntrusted);
}

BOOST_AUTO_TEST_CASE(the_same_refusal_stands_there_once) {
  Stopped stopped("validate-contribution");
  stopped.http.expect("GET", kOnHead, checks({check("failure", app::own_check_id(21, "integration", kBase, kHead))}));
  stopped.by(Fault::kUntrusted);
}

BOOST_AUTO_TEST_CASE(a_forge_that_does_not_take_it_changes_nothing_about_the_fault) {
  Stopped stopped("validate-contribution");
  stopped.http.expect("GET", kOnHead, checks({}));
  stopped.http.expect("POST", kChecks,
                      testing::json_answer(403, {{"message", "Resource not accessible by integration"}}));
  BOOST_CHECK_NO_THROW(stopped.by(Fault::kInput));
  BOOST_TEST(stopped.printed.str().find("pull request #21 could not be told") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
