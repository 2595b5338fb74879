#include <boost/test/unit_test.hpp>
#include <sstream>

#include "core/app/command_line.h"
#include "core/base/error.h"
#include "testing/refusal.h"
#include "testing/scripted_http.h"

// What must be at hand before anything is read or written: all of it at once, with the YAML to add.
namespace waybill {

BOOST_AUTO_TEST_SUITE(app_preflight)

using stages::stage_named;

namespace {

constexpr const char* kApp = "app-private-key: ${{ secrets.WAYBILL_APP_PRIVATE_KEY }}";

// A run of a stage that has read its inputs and done nothing yet.
struct Run {
  Run(const std::string& stage, runner::Environment given)
      : environment(std::move(given)), invocation(app::from_action(stage_named(stage), environment)) {
    if (invocation.stage->needs == stages::Needs::kForge) session.identity.emplace(http, environment, commands);
  }

  void refuses(Fault fault, const std::vector<std::string>& all) {
    for (const std::string& said : all) testing::refuses(fault, said, [this] { app::preflight(session); });
  }

  runner::Environment environment;
  app::Invocation invocation;
  std::ostringstream printed;
  Log log{printed};
  runner::Commands commands{environment, log};
  testing::ScriptedHttp http;  // strict: any request fails the test
  SystemClock clock;
  app::Session session{.invocation = invocation, .log = log, .commands = commands, .http = http, .clock = clock};
};

const runner::Environment kIdentity{{"GITHUB_ACTIONS", "true"},
                                    {"ACTIONS_ID_TOKEN_REQUEST_URL", "https://token.example/?a=b"},
                                    {"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "secret-request-token"}};

runner::Environment with(runner::Environment environment, const runner::Environment& more) {
  environment.insert(more.begin(), more.end());
  return environment;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_job_that_has_everything_passes) {
  Run run("tag-charts", with(kIdentity, {{"INPUT_TOKEN", "t0ken"}}));
  BOOST_CHECK_NO_THROW(app::preflight(run.session));
}

BOOST_AUTO_TEST_CASE(everything_that_is_missing_is_named_at_once_with_the_lines_to_add) {
  Run run("validate-contribution", {{"GITHUB_ACTIONS", "true"}, {"INPUT_MODE", "apply"}});
  run.refuses(Fault::kPermission, {"neither an App nor a token is given", "the job cannot get an identity token", kApp,
                                   "permissions:\n  contents: read\n  id-token: write\n  attestations: write"});
}

BOOST_AUTO_TEST_CASE(a_mode_that_is_none_hides_nothing_else) {
  Run run("validate-contribution", {{"GITHUB_ACTIONS", "true"}, {"INPUT_MODE", "sometimes"}, {"INPUT_APP-ID", "7"}});
  run.refuses(Fault::kPermission, {"the input `mode` is `sometimes`", "only one is given",
                                   "the job cannot get an identity token", kApp, "id-token: write"});
}

BOOST_AUTO_TEST_CASE(half_of_an_app_is_no_app) {
  Run run("tag-charts", with(kIdentity, {{"INPUT_APP-ID", "7"}, {"INPUT_MODE", "dry"}}));
  run.refuses(Fault::kInput, {"of `app-id` and `app-private-key` only one is given",
                              "the input `mode` is `dry`; plan or apply is wanted", kApp});
}

BOOST_AUTO_TEST_CASE(a_required_input_is_named) {
  Run run("verify", {});
  run.refuses(Fault::kInput, {"the input `subject-path` is missing", "with:\n  subject-path: …"});
}

BOOST_AUTO_TEST_CASE(every_mistake_of_the_caller_is_named_at_once) {
  Run run("tag-charts", with(kIdentity, {{"INPUT_TOKEN", "t0ken"}, {"INPUT_MOOD", "plan"}, {"INPUT_MODE", "Plan"}}));
  run.refuses(Fault::kInput,
              {"`mood` is no input of `tag-charts`", "the input `mode` is `Plan`; plan or apply is wanted"});
}

BOOST_AUTO_TEST_CASE(the_root_action_takes_the_inputs_of_every_stage_and_no_others) {
  const auto invocation = app::from_root_action(
      {{"INPUT_STAGE", "tag-charts"}, {"INPUT_KEY", "build"}, {"INPUT_MODE", "plan"}, {"INPUT_MOOD", "plan"}});
  BOOST_TEST(invocation.stage == &stages::kTagCharts);
  BOOST_TEST(invocation.inputs.at("mode") == "plan");
  BOOST_TEST(invocation.unknown == std::vector<std::string>{"mood"}, boost::test_tools::per_element());
  testing::refuses(Fault::kInput, "there is no stage ``", [] { app::from_root_action({}); });
}

BOOST_AUTO_TEST_CASE(a_plan_needs_neither_identity_nor_app) {
  Run run("publish-charts", {{"GITHUB_ACTIONS", "true"}, {"INPUT_MODE", "plan"}});
  BOOST_CHECK_NO_THROW(app::preflight(run.session));
}

BOOST_AUTO_TEST_CASE(a_stage_that_signs_nothing_asks_for_no_identity) {
  Run run("attestation-map", {{"GITHUB_ACTIONS", "true"}, {"INPUT_TOKEN", "t0ken"}, {"INPUT_ENTRIES", "{}"}});
  BOOST_CHECK_NO_THROW(app::preflight(run.session));
}

BOOST_AUTO_TEST_CASE(no_secret_is_in_what_it_says) {
  Run run("tag-charts", {{"GITHUB_ACTIONS", "true"}, {"INPUT_APP-PRIVATE-KEY", "s3cret-key"}});
  try {
    app::preflight(run.session);
    BOOST_ERROR("nothing was refused");
  } catch (const Error& error) {
    BOOST_TEST((std::string(error.what()) + error.hint()).find("s3cret") == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
