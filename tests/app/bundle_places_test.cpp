#include "core/app/bundle_places.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "testing/git_fixture.h"
#include "testing/refusal.h"
#include "testing/scripted_http.h"

// Where bundles of somebody else's release are found, and what is told to whom on the way.
namespace waybill {

BOOST_AUTO_TEST_SUITE(app_bundle_places)

namespace {

const Digest kSubject = crypto::sha256("a tool");
const std::string kPath = "/repos/octo/tools/attestations/" + kSubject.text() + "?per_page=100";

struct Looking {
  testing::ScriptedHttp http;
  stages::Values inputs{{"server", "https://github.com"}, {"repo", "octo/tools"}, {"token", "ghs_secret"}};
  runner::Environment environment;

  std::vector<std::string> at(const std::string& place) {
    return app::bundles_at(place, kSubject, inputs, environment, http);
  }

  void answers(const std::string& api, testing::Matches matches) {
    http.expect("GET", api + kPath, testing::json_answer(200, {{"attestations", {{{"bundle", {{"a", 1}}}}}}}),
                std::move(matches));
  }
};

const testing::Matches kWithToken = testing::header_is("authorization", "Bearer ghs_secret");
const testing::Matches kWithout = testing::without_header("authorization");

}  // namespace

BOOST_FIXTURE_TEST_CASE(the_runs_own_forge_is_asked_with_its_token, Looking) {
  answers("https://api.github.com", kWithToken);
  BOOST_TEST(at("github") == std::vector<std::string>{R"({"a":1})"});
  environment = {{"GITHUB_SERVER_URL", "https://ghe.example"}, {"GITHUB_API_URL", "https://ghe.example/api/v3"}};
  inputs["server"] = "https://ghe.example";
  answers("https://ghe.example/api/v3", kWithToken);
  BOOST_TEST(at("github").size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(another_forge_never_sees_it, Looking) {
  environment = {{"GITHUB_SERVER_URL", "https://ghe.example"}, {"GITHUB_API_URL", "https://ghe.example/api/v3"}};
  answers("https://api.github.com", kWithout);
  BOOST_TEST(at("github").size() == 1U);
  environment.clear();
  inputs["server"] = "https://elsewhere.example";
  answers("https://elsewhere.example/api/v3", kWithout);
  BOOST_TEST(at("github").size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(what_everybody_may_read_needs_no_token, Looking) {
  inputs["token"] = "";
  answers("https://api.github.com", kWithout);
  BOOST_TEST(at("github").size() == 1U);
  const testing::GitFixture fixture;
  std::filesystem::create_directories(fixture.path().parent_path() / "octo");
  std::filesystem::rename(fixture.path(), fixture.path().parent_path() / "octo/tools");
  inputs["server"] = fixture.path().parent_path().string();
  BOOST_TEST(at("git").empty());
}

BOOST_FIXTURE_TEST_CASE(places_that_are_none_and_repositories_that_are_not_named_are_refused, Looking) {
  testing::refuses(Fault::kInput, "`bundle-from` is `gitlab`; `github`, `git` or `oci://HOST/NAME` is wanted",
                   [&] { at("gitlab"); });
  inputs["repo"] = "";
  testing::refuses(Fault::kInput, "repo: OWNER/NAME", [&] { at("git"); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
