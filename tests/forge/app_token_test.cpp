#include "core/forge/app_token.h"

#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/crypto/key.h"
#include "forge/forge_under_test.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(app_token)

const Time kNow = parse_rfc3339("2026-11-21T12:00:00Z");
const Address kAddress{kApi, "octo/charts"};

crypto::PrivateKey key() {
  static const std::string pem = crypto::PrivateKey::generate_rsa2048().pem();
  return crypto::PrivateKey::from_pem(pem);
}

bool is_signed_jwt(const http::Request& request) {
  const std::string jwt = request.headers.at("authorization").substr(std::string("Bearer ").size());
  const std::size_t first = jwt.find('.');
  const std::size_t second = jwt.rfind('.');
  const Json header = Json::parse(from_base64url(jwt.substr(0, first)));
  const Json claims = Json::parse(from_base64url(jwt.substr(first + 1, second - first - 1)));
  const auto now = kNow.time_since_epoch().count();
  return header == Json{{"alg", "RS256"}, {"typ", "JWT"}} &&
         claims == Json{{"iat", now - 60}, {"exp", now + 540}, {"iss", "12345"}} &&
         key().public_key().verifies(jwt.substr(0, second), from_base64url(jwt.substr(second + 1)));
}

void expect_mint(ScriptedHttp& http) {
  http.expect("GET", kRepo + "/installation", json_answer(200, {{"id", 6}, {"app_slug", "waybill"}}), is_signed_jwt)
      .expect("POST", kApi + "/app/installations/6/access_tokens",
              json_answer(201, {{"token", "ghs_minted"}, {"expires_at", "x"}}), [](const http::Request& request) {
                return is_signed_jwt(request) &&
                       body_is({{"repositories", Json::array({"charts"})},
                                {"permissions", {{"pull_requests", "write"}, {"contents", "write"}}}})(request);
              });
}

AppToken mint(ScriptedHttp& http) {
  return AppToken::mint(http, kAddress, "12345", key().pem(), {{"pull-requests", "write"}, {"contents", "write"}},
                        kNow);
}

BOOST_AUTO_TEST_CASE(a_token_is_narrowed_and_revoked_once_at_its_end) {
  ScriptedHttp http;
  expect_mint(http);
  {
    AppToken token = mint(http);
    const AppToken moved = std::move(token);
    BOOST_TEST(moved.value() == "ghs_minted");
    BOOST_TEST(moved.login() == "waybill[bot]");
    http.expect("DELETE", kApi + "/installation/token", answer(204), header_is("authorization", "Bearer ghs_minted"));
  }
  BOOST_TEST(http.left() == 0U);
}

BOOST_AUTO_TEST_CASE(a_revocation_that_fails_is_no_error) {
  ScriptedHttp http;
  expect_mint(http);
  const AppToken token = mint(http);
  http.lose("DELETE", kApi + "/installation/token");
}

BOOST_AUTO_TEST_CASE(an_app_that_is_not_installed_says_where_to_install_it) {
  ScriptedHttp http;
  http.expect("GET", kRepo + "/installation", json_answer(404, message("Not Found")));
  BOOST_CHECK_EXCEPTION(mint(http), Error,
                        fails(Fault::kPermission, "the App `12345` is not installed on octo/charts"));
}

BOOST_AUTO_TEST_CASE(an_app_that_was_uninstalled_meanwhile_is_named) {
  ScriptedHttp http;
  http.expect("GET", kRepo + "/installation", json_answer(200, {{"id", 6}, {"app_slug", "waybill"}}))
      .expect("POST", kApi + "/app/installations/6/access_tokens", json_answer(404, message("Not Found")));
  BOOST_CHECK_EXCEPTION(mint(http), Error,
                        fails(Fault::kPermission, "the App `waybill` is not installed on octo/charts any more"));
}

BOOST_AUTO_TEST_CASE(each_permission_that_the_app_was_not_given_is_named_before_a_token_is_asked_for) {
  ScriptedHttp http;
  http.expect("GET", kRepo + "/installation",
              json_answer(200, {{"id", 6}, {"app_slug", "waybill"}, {"permissions", {{"contents", "read"}}}}));
  BOOST_CHECK_EXCEPTION(mint(http), Error,
                        fails(Fault::kPermission,
                              "the App `waybill` lacks `contents: write` (it has \"read\"), "
                              "`pull_requests: write` (it has none) on octo/charts"));
}

BOOST_AUTO_TEST_CASE(an_app_that_may_do_more_than_is_asked_for_lacks_nothing) {
  ScriptedHttp http;
  const Json permissions{{"contents", "write"}, {"pull_requests", "admin"}, {"checks", "write"}};
  http.expect("GET", kRepo + "/installation",
              json_answer(200, {{"id", 6}, {"app_slug", "waybill"}, {"permissions", permissions}}))
      .expect("POST", kApi + "/app/installations/6/access_tokens",
              json_answer(201, {{"token", "ghs_minted"}, {"expires_at", "x"}}))
      .expect("DELETE", kApi + "/installation/token", answer(204));
  BOOST_TEST(mint(http).value() == "ghs_minted");
}

BOOST_AUTO_TEST_CASE(an_app_that_is_suspended_says_so) {
  ScriptedHttp http;
  http.expect("GET", kRepo + "/installation",
              json_answer(200, {{"id", 6}, {"app_slug", "waybill"}, {"suspended_at", "2026-11-20T08:00:00Z"}}));
  BOOST_CHECK_EXCEPTION(
      mint(http), Error,
      fails(Fault::kPermission, "the App `waybill` is suspended on octo/charts since 2026-11-20T08:00:00Z"));
}

BOOST_AUTO_TEST_CASE(permissions_that_the_forge_does_not_give_are_named) {
  ScriptedHttp http;
  http.expect("GET", kRepo + "/installation", json_answer(200, {{"id", 6}, {"app_slug", "waybill"}}))
      .expect("POST", kApi + "/app/installations/6/access_tokens",
              json_answer(422, message("The permissions requested are not granted to this installation.")));
  BOOST_CHECK_EXCEPTION(mint(http), Error,
                        fails(Fault::kPermission, R"(grant {"contents":"write","pull_requests":"write"})"));
}

BOOST_AUTO_TEST_CASE(a_key_that_is_none_fails_before_anything_is_sent) {
  ScriptedHttp http;
  BOOST_CHECK_THROW(AppToken::mint(http, kAddress, "1", "-----BEGIN nothing", {}, kNow), Error);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
