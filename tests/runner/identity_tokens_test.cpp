#include <boost/test/unit_test.hpp>
#include <sstream>

#include "core/base/error.h"
#include "core/runner/runner.h"
#include "testing/scripted_http.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(runner)
BOOST_AUTO_TEST_SUITE(identity_tokens)

using testing::answer;
using testing::header_is;
using testing::json_answer;

const std::string kUrl = "https://pipelines.example/idtoken?api-version=2.0";
const Environment kJob{{"GITHUB_ACTIONS", "true"},
                       {"ACTIONS_ID_TOKEN_REQUEST_URL", kUrl},
                       {"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "request-token"}};

struct Fixture {
  testing::ScriptedHttp http;
  std::ostringstream printed;
  Log log{printed};
  Commands commands{kJob, log};

  static bool says(const Error& error, Fault fault, const std::string& text) {
    const std::string said = std::string(error.what()) + "\n" + error.hint();
    BOOST_TEST_MESSAGE("said: " << said);
    return error.fault() == fault && said.find(text) != std::string::npos &&
           said.find("request-token") == std::string::npos;
  }
};

BOOST_FIXTURE_TEST_CASE(a_token_is_for_one_audience_and_masked_before_it_is_used, Fixture) {
  http.expect("GET", kUrl + "&audience=https%3A%2F%2Fa.example%2F%3Fb%26c",
              json_answer(200, {{"value", "ey.signed.token"}}), header_is("authorization", "Bearer request-token"));
  BOOST_TEST(IdentityTokens(http, kJob, commands).fetch("https://a.example/?b&c") == "ey.signed.token");
  BOOST_TEST(printed.str().find("\n::add-mask::request-token\n") != std::string::npos);
  BOOST_TEST(printed.str().find("\n::add-mask::ey.signed.token\n") != std::string::npos);
  BOOST_TEST(log.redacted("ey.signed.token request-token") == "*** ***");
}

BOOST_FIXTURE_TEST_CASE(a_url_without_a_query_gets_one, Fixture) {
  Environment job = kJob;
  job["ACTIONS_ID_TOKEN_REQUEST_URL"] = "http://127.0.0.1:1/token";
  http.expect("GET", "http://127.0.0.1:1/token?audience=sigstore", json_answer(200, {{"value", "ey.signed.token"}}));
  BOOST_TEST(IdentityTokens(http, job, commands).fetch("sigstore") == "ey.signed.token");
}

BOOST_FIXTURE_TEST_CASE(a_job_without_the_permission_is_told_the_lines_to_add, Fixture) {
  const IdentityTokens none(http, {{"GITHUB_ACTIONS", "true"}}, commands);
  BOOST_TEST(!none.available());
  BOOST_CHECK_EXCEPTION(none.fetch("sigstore"), Error, [](const Error& error) {
    return says(error, Fault::kPermission, "permissions:\n  id-token: write");
  });
  http.expect("GET", kUrl + "&audience=sigstore", answer(403));
  BOOST_CHECK_EXCEPTION(IdentityTokens(http, kJob, commands).fetch("sigstore"), Error, [](const Error& error) {
    return says(error, Fault::kPermission, "permissions:\n  id-token: write");
  });
}

BOOST_FIXTURE_TEST_CASE(an_answer_without_a_token_is_not_quoted, Fixture) {
  http.expect("GET", kUrl + "&audience=a", json_answer(200, {{"token", "ey.signed.token"}}))
      .expect("GET", kUrl + "&audience=a", answer(404));
  const IdentityTokens tokens(http, kJob, commands);
  BOOST_CHECK_EXCEPTION(tokens.fetch("a"), Error, [](const Error& error) {
    return says(error, Fault::kRemote, "answered without a token") &&
           std::string(error.what()).find("ey.") == std::string::npos;
  });
  BOOST_CHECK_EXCEPTION(tokens.fetch("a"), Error,
                        [](const Error& error) { return says(error, Fault::kRemote, "answered 404"); });
}

BOOST_FIXTURE_TEST_CASE(a_service_that_stumbles_is_asked_again, Fixture) {
  http.expect("GET", kUrl + "&audience=a", answer(503))
      .expect("GET", kUrl + "&audience=a", json_answer(200, {{"value", "ey.signed.token"}}));
  BOOST_TEST(IdentityTokens(http, kJob, commands).fetch("a") == "ey.signed.token");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
