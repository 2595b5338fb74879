#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

#include "core/sandbox/api.h"
#include "sandbox/forge_host.h"
#include "testing/data.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(access)

using testing::Answer;
using testing::ForgeHost;
using testing::kRepository;

BOOST_AUTO_TEST_CASE(an_apps_jwt_becomes_a_narrowed_token_that_can_be_revoked) {
  ForgeHost host;
  BOOST_TEST(host.send("GET", "/app", nullptr, host.app_jwt()).body["slug"] == "waybill-release");
  BOOST_TEST(host.send("GET", "/app", nullptr, host.app_jwt() + "x").status == 401);
  BOOST_TEST(host.send("GET", "/app", nullptr, host.app_jwt(-3600))
                 .message()
                 .starts_with("'Expiration time' claim ('exp') must be"));
  BOOST_TEST(host.send("GET", "/app", nullptr, host.token).message() == "A JSON web token could not be decoded");
  const std::string token = host.app_token({{"repositories", {"charts"}}, {"permissions", {{"contents", "read"}}}});
  BOOST_TEST(host.send("GET", kRepository + "/git/ref/heads/main", nullptr, token).status == 200);
  const Answer refused = host.send("POST", kRepository + "/git/blobs", {{"content", "x"}}, token);
  BOOST_TEST(refused.status == 403);
  BOOST_TEST(refused.message() == "Resource not accessible by integration");
  BOOST_TEST(refused.headers.at("x-accepted-github-permissions") == "contents=write");
  const Answer greedy =
      host.send("POST", "/app/installations/" + std::to_string(host.app_id + 30'000) + "/access_tokens",
                {{"permissions", {{"packages", "write"}}}}, host.app_jwt());
  BOOST_TEST(greedy.message() == "The permissions requested are not granted to this installation.");
  BOOST_TEST(host.send("DELETE", "/installation/token", nullptr, token).status == 204);
  BOOST_TEST(host.send("GET", kRepository, nullptr, token).message() == "Bad credentials");
}

BOOST_AUTO_TEST_CASE(a_jobs_token_may_do_what_its_permissions_say_and_no_more) {
  ForgeHost host;
  const std::string job = host.job_token({{"pull_requests", "read"}});
  BOOST_TEST(host.send("GET", kRepository + "/pulls", nullptr, job).status == 200);
  BOOST_TEST(host.send("GET", kRepository, nullptr, job).status == 200);
  BOOST_TEST(host.send("GET", kRepository + "/commits/main", nullptr, job).status == 403);
  BOOST_TEST(host.send("POST", kRepository + "/pulls", {{"title", "t"}, {"head", "x"}, {"base", "main"}}, job).status ==
             403);
}

BOOST_AUTO_TEST_CASE(without_a_token_public_repositories_are_read_and_private_ones_are_not_there) {
  ForgeHost host;
  BOOST_TEST(host.send("GET", kRepository, nullptr, "").body["visibility"] == "public");
  BOOST_TEST(host.send("POST", kRepository + "/pulls", Json::object(), "").message() == "Requires authentication");
  host.by_operator("repositories", {{"full_name", "acme/secret"}, {"visibility", "private"}});
  BOOST_TEST(host.send("GET", "/repos/acme/secret", nullptr, "").status == 404);
  BOOST_TEST(host.get("/repos/acme/secret").status == 200);
}

BOOST_AUTO_TEST_CASE(what_github_does_not_know_is_refused_and_written_down) {
  ForgeHost host;
  BOOST_TEST(host.raw("GET", host.base + "/api/v3/repos/acme/charts/weather", "", {}).status == 404);
  BOOST_TEST(host.post(kRepository + "/git/blobs", {{"content", "x"}, {"colour", "red"}}).status == 422);
  const std::string written = host.unknown();
  BOOST_TEST(written.find("/repos/acme/charts/weather: no such operation") != std::string::npos);
  BOOST_TEST(written.find("body member `colour`") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(answers_carry_rates_and_tags_that_make_a_repeat_free) {
  ForgeHost host;
  const Answer first = host.get(kRepository);
  BOOST_TEST(first.headers.contains("x-ratelimit-remaining"));
  BOOST_TEST(host.send("GET", kRepository, nullptr, "-", {{"if-none-match", first.headers.at("etag")}}).status == 304);
}

BOOST_AUTO_TEST_CASE(a_head_is_answered_as_a_get_without_its_body) {
  ForgeHost host;
  const std::string api = host.base + "/api/v3";
  const Answer head = host.raw("HEAD", api + kRepository, "", {});
  BOOST_TEST(head.status == 200);
  BOOST_TEST(head.text.empty());
  BOOST_TEST(head.headers.at("etag") == host.raw("GET", api + kRepository, "", {}).headers.at("etag"));
  BOOST_TEST(host.raw("HEAD", api + kRepository + "/releases/tags/none", "", {}).status == 404);
  BOOST_TEST(host.unknown() == "");
}

BOOST_AUTO_TEST_CASE(a_second_start_with_the_same_folder_goes_on) {
  ForgeHost host;
  const std::string app = host.app_token();
  sandbox::Tokens tokens;
  sandbox::SandboxClock clock;
  const sandbox::Forge again(host.folder.path(), tokens, clock);
  BOOST_TEST(again.repository("acme/charts")->default_branch == "main");
  BOOST_TEST(tokens.find(host.token)->login == "alice");
  BOOST_TEST(tokens.find(app)->login == "waybill-release[bot]");
}

BOOST_AUTO_TEST_CASE(the_clock_only_goes_forward) {
  ForgeHost host;
  BOOST_TEST(host.by_operator("clock", {{"now", "2027-01-01T00:00:00Z"}}).body["now"] == "2027-01-01T00:00:00Z");
  BOOST_TEST(host.by_operator("clock", {{"now", "2026-01-01T00:00:00Z"}}).status == 409);
}

// data/github/ops.tsv: operation, method, path, permissions, …
BOOST_AUTO_TEST_CASE(permissions_are_the_ones_github_lists) {
  const auto path = testing::data("github/ops.tsv");
  if (!path) return;
  std::ifstream table(*path);
  std::size_t compared = 0;
  const std::vector<sandbox::Route> routes = sandbox::all_routes();
  for (std::string line; std::getline(table, line);) {
    std::istringstream row(line);
    std::string operation, method, pattern, permissions;
    std::getline(row, operation, '\t');
    std::getline(row, method, '\t');
    std::getline(row, pattern, '\t');
    std::getline(row, permissions, '\t');
    if (permissions == "-" || operation == "operationId") continue;
    const auto route = std::ranges::find_if(
        routes, [&](const sandbox::Route& it) { return it.method == method && sandbox::matched(it.pattern, pattern); });
    const bool swallowed = route != routes.end() && route->pattern.ends_with("*}") && !pattern.ends_with('}');
    if (route == routes.end() || route->permissions.empty() || swallowed) continue;
    ++compared;
    for (const std::string& wanted : route->permissions)
      BOOST_TEST(("," + permissions + ",").find("," + wanted + ",") != std::string::npos,
                 operation << " wants " << permissions << ", here " << wanted);
  }
  BOOST_TEST(compared > 30);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
