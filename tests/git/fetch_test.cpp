#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/base/process.h"
#include "core/git/repository.h"
#include "git/smart_server.h"
#include "testing/git_fixture.h"
#include "testing/refusal.h"

namespace waybill::git {
BOOST_AUTO_TEST_SUITE(git_fetch)

using testing::GitFixture;
using testing::refuses;

// A repository to fetch from, and an empty one to fetch into.
struct Remote {
  GitFixture fixture;
  Oid one = fixture.commit("main", {{"charts/app/Chart.yaml", "name: app\n"}}, "one");
  Oid two = fixture.commit("main", {{"charts/app/Chart.yaml", "name: app2\n"}}, "two");
  Oid side = fixture.commit("side", {{"f", "s"}}, "side", {one});
  Oid tag = fixture.tag("v1", two, "message");
  TemporaryFolder folder;
  Repository local = Repository::create(folder.path() / "local.git");
};

BOOST_FIXTURE_TEST_CASE(branches_tags_and_pull_requests_arrive_over_http, Remote) {
  fixture.set("refs/pull/7/head", side);
  const SmartServer server(fixture.path().parent_path());
  local.fetch(server.url("/repository.git"),
              {"+refs/heads/*:refs/remotes/origin/*", "refs/pull/7/head:refs/pull/7/head", "refs/tags/v1:refs/tags/v1"},
              "");
  BOOST_CHECK(local.find_commit("refs/remotes/origin/main") == two);
  BOOST_CHECK(local.find_commit("refs/remotes/origin/side") == side);
  BOOST_CHECK(local.find_commit("refs/pull/7/head") == side);
  BOOST_REQUIRE(local.tags().size() == 1U);
  BOOST_CHECK(local.tags().front().object == tag);
  BOOST_TEST(*local.file(two, "charts/app/Chart.yaml", 100) == "name: app2\n");
  BOOST_TEST(local.history(two, {}).size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(tags_arrive_by_pattern, Remote) {
  fixture.tag("nested", tag, "a tag of a tag");
  fixture.tag("light", one);
  const SmartServer server(fixture.path().parent_path());
  local.fetch(server.url("/repository.git"), {"+refs/tags/*:refs/tags/*"}, "");
  BOOST_TEST(local.tags().size() == 3U);
  BOOST_CHECK(local.find_commit("refs/tags/nested") == two);
}

BOOST_FIXTURE_TEST_CASE(only_what_was_asked_for_arrives, Remote) {
  const SmartServer server(fixture.path().parent_path());
  local.fetch(server.url("/repository.git"), {"+refs/heads/main:refs/heads/main"}, "");
  BOOST_TEST(local.tags().empty());
  BOOST_TEST(local.branches().size() == 1U);
  BOOST_TEST(read_file(local.path() / "FETCH_HEAD", 1000) == "");
  BOOST_CHECK(local.find_commit(side.hex()) == std::nullopt);
  BOOST_CHECK_NO_THROW(Repository::open(local.path()));
}

BOOST_FIXTURE_TEST_CASE(what_is_not_there_is_no_error, Remote) {
  const SmartServer server(fixture.path().parent_path());
  local.fetch(server.url("/repository.git"),
              {"+refs/heads/none:refs/heads/none", "+refs/notes/*:refs/notes/*", "+refs/heads/main:refs/heads/main"},
              "");
  BOOST_CHECK((local.branches() == std::map<std::string, Oid>{{"refs/heads/main", two}}));
  local.fetch(server.url("/repository.git"), {"+refs/heads/none:refs/heads/none"}, "");
  local.fetch(server.url("/repository.git"), {}, "");
}

BOOST_FIXTURE_TEST_CASE(an_empty_repository_has_nothing_to_give, Remote) {
  const GitFixture empty;
  const SmartServer server(empty.path().parent_path());
  local.fetch(server.url("/repository.git"), {"+refs/heads/*:refs/heads/*"}, "");
  BOOST_TEST(local.branches().empty());
}

BOOST_FIXTURE_TEST_CASE(a_commit_can_be_asked_for_by_its_id, Remote) {
  fixture.git({"config", "uploadpack.allowReachableSHA1InWant", "true"});
  const SmartServer server(fixture.path().parent_path());
  local.fetch(server.url("/repository.git"), {"+" + one.hex() + ":refs/waybill/head"}, "");
  BOOST_CHECK(local.find_commit("refs/waybill/head") == one);
  local.fetch(server.url("/repository.git"), {"+" + side.hex() + ":refs/waybill/head"}, "");
  BOOST_CHECK(local.find_commit("refs/waybill/head") == side);
  refuses(Fault::kInput, "+" + two.hex() + ":refs/waybill/head",
          [&] { local.fetch(server.url("/repository.git"), {two.hex() + ":refs/waybill/head"}, ""); });
  refuses(Fault::kRemote, "fetching from `" + server.url("/repository.git") + "` failed",
          [&] { local.fetch(server.url("/repository.git"), {"+" + std::string(40, 'e') + ":refs/waybill/none"}, ""); });
}

BOOST_FIXTURE_TEST_CASE(a_second_fetch_brings_what_is_new, Remote) {
  const SmartServer server(fixture.path().parent_path());
  const auto fetch = [&](const std::string& plus) {
    local.fetch(server.url("/repository.git"), {plus + "refs/heads/main:refs/heads/main"}, "");
  };
  fetch("");
  fetch("");
  const Oid three = fixture.commit("main", {{"f", "3"}}, "three");
  fetch("");
  BOOST_CHECK(local.find_commit("refs/heads/main") == three);
  fixture.commit("main", {{"f", "4"}}, "rewritten", {one});
  refuses(Fault::kConflict, "`refs/heads/main` was not set to `" + fixture.tip("main").hex(), [&] { fetch(""); });
  BOOST_CHECK(local.find_commit("refs/heads/main") == three);
  fetch("+");
  BOOST_CHECK(local.find_commit("refs/heads/main") == fixture.tip("main"));
}

BOOST_FIXTURE_TEST_CASE(the_token_opens_and_is_kept_nowhere, Remote) {
  const SmartServer server(fixture.path().parent_path(), "s3cret-token");
  local.fetch(server.url("/repository.git"), {"+refs/heads/*:refs/heads/*"}, "s3cret-token");
  BOOST_CHECK(local.find_commit("refs/heads/main") == two);
  const std::string encoded = to_base64("x-access-token:s3cret-token");
  for (const auto& file : std::filesystem::recursive_directory_iterator(local.path())) {
    if (!file.is_regular_file()) continue;
    const std::string content = read_file(file.path(), 10'000'000);
    for (const std::string& secret : {std::string("s3cret"), encoded, std::string("127.0.0.1")})
      BOOST_TEST(content.find(secret) == std::string::npos, file.path());
  }
}

BOOST_FIXTURE_TEST_CASE(a_missing_or_wrong_token_is_a_lack_of_permission, Remote) {
  const SmartServer server(fixture.path().parent_path(), "s3cret-token");
  const std::string url = server.url("/repository.git");
  refuses(Fault::kPermission, "`" + url + "` refused to answer without a token",
          [&] { local.fetch(url, {"+refs/heads/*:refs/heads/*"}, ""); });
  refuses(Fault::kPermission, "`" + url + "` refused the token", [&] {
    try {
      local.fetch(url, {"+refs/heads/*:refs/heads/*"}, "wr0ng-token");
    } catch (const Error& error) {
      BOOST_TEST(std::string(error.what()).find("wr0ng") == std::string::npos);
      BOOST_TEST(error.hint() == "permissions:\n  contents: read");
      throw;
    }
  });
  BOOST_TEST(local.branches().empty());
}

void refused_answer(const std::string& reply, Fault fault, std::string_view why) {
  http::Loopback server([&reply](const std::string&) { return reply; });
  const TemporaryFolder folder;
  Repository local = Repository::create(folder.path() / "local.git");
  refuses(fault, why, [&] { local.fetch(server.url("/r.git"), {"+refs/heads/*:refs/heads/*"}, "a-token"); });
}

BOOST_AUTO_TEST_CASE(what_a_server_refuses_has_its_kind) {
  refused_answer(http::answer("403 Forbidden"), Fault::kPermission, "refused the token: ");
  refused_answer(http::answer("404 Not Found"), Fault::kRemote, "/r.git` failed: unexpected http status code: 404");
  refused_answer(http::answer("500 Internal Server Error"), Fault::kRemote, "status code: 500");
  refused_answer(http::answer("503 Service Unavailable"), Fault::kRemote, "status code: 503");
  refused_answer(http::answer("200 OK", "<html>", "Content-Type: text/html\r\n"), Fault::kRemote, "failed: ");
  refused_answer(http::answer("200 OK", "zzzz", "Content-Type: application/x-git-upload-pack-advertisement\r\n"),
                 Fault::kRemote, "failed: ");
  refused_answer("not http at all\r\n\r\n", Fault::kRemote, "failed: ");
  refused_answer("", Fault::kRemote, "failed: ");
}

BOOST_AUTO_TEST_CASE(a_redirect_to_another_host_is_not_followed) {
  http::Loopback other([](const std::string&) { return http::answer("200 OK"); });
  const std::string elsewhere = "http://localhost" + other.url("/r.git/info/refs?service=git-upload-pack").substr(16);
  refused_answer(http::answer("302 Found", "", "Location: " + elsewhere + "\r\n"), Fault::kRemote, "failed: ");
  BOOST_TEST(other.requests().empty());
}

BOOST_FIXTURE_TEST_CASE(nobody_there_is_a_remote_fault, Remote) {
  std::string url;
  {
    const SmartServer server(fixture.path().parent_path());
    url = server.url("/repository.git");
  }
  refuses(Fault::kRemote, "no connection to 127.0.0.1:", [&] { local.fetch(url, {"+refs/heads/*:refs/heads/*"}, ""); });
}

BOOST_FIXTURE_TEST_CASE(a_cut_or_forged_pack_changes_nothing, Remote) {
  const SmartServer honest(fixture.path().parent_path());
  local.fetch(honest.url("/repository.git"), {"+refs/heads/side:refs/heads/side"}, "");
  for (const bool cut : {true, false}) {
    // Passes on what the honest server says, but the pack of it is not whole.
    http::Loopback server([&](const std::string& request) {
      const TemporaryFolder scratch;
      const bool pack = request.starts_with("POST");
      Command curl{
          {"curl", "-s", "-i", "-H", "Content-Type: application/x-git-upload-pack-request", "--data-binary", "@-"},
          {{"PATH", "/usr/bin:/bin"}},
          "/",
          request.substr(request.find("\r\n\r\n") + 4)};
      if (!pack) curl = {{"curl", "-s", "-i"}, {{"PATH", "/usr/bin:/bin"}}, "/", ""};
      curl.arguments.push_back(
          honest.url(request.substr(request.find(' ') + 1, request.find(" HTTP") - request.find(' ') - 1)));
      std::string reply = waybill::run(curl).output;
      if (pack && cut)
        return http::answer("200 OK", reply.substr(reply.find("\r\n\r\n") + 4, 60),
                            "Content-Type: application/x-git-upload-pack-result\r\n");
      const std::size_t at = reply.find("PACK");
      if (at != std::string::npos) reply[at + 20] = static_cast<char>(reply[at + 20] ^ 1);
      return reply;
    });
    refuses(Fault::kRemote,
            "failed: ", [&] { local.fetch(server.url("/repository.git"), {"+refs/heads/main:refs/heads/main"}, ""); });
    BOOST_CHECK(local.find_commit("refs/heads/main") == std::nullopt);
    BOOST_CHECK(local.find_commit("refs/heads/side") == side);
  }
}

BOOST_FIXTURE_TEST_CASE(a_repository_on_this_machine_is_fetched_too, Remote) {
  local.fetch(fixture.path().string(), {"+refs/heads/main:refs/heads/main"}, "");
  local.fetch("file://" + fixture.path().string(), {"+refs/heads/side:refs/heads/side"}, "");
  BOOST_CHECK(local.find_commit("refs/heads/main") == two);
  BOOST_CHECK(local.find_commit("refs/heads/side") == side);
  refuses(Fault::kRemote, "fetching from `/no/such` failed",
          [&] { local.fetch("/no/such", {"+refs/heads/*:refs/heads/*"}, ""); });
}

BOOST_FIXTURE_TEST_CASE(a_commit_whose_history_is_long_arrives_whole, Remote) {
  for (int i = 0; i < 20; ++i) fixture.change("main", {{fmt::format("d/f{}", i), std::to_string(i)}}, "more");
  const SmartServer server(fixture.path().parent_path());
  local.fetch(server.url("/repository.git"), {"+refs/heads/main:refs/heads/main"}, "");
  const Oid tip = fixture.tip("main");
  BOOST_TEST(local.history(tip, {}).size() == 22U);
  BOOST_TEST(local.files(local.commit(tip).tree).size() == 21U);
}

BOOST_FIXTURE_TEST_CASE(refspecs_that_could_harm_are_refused_before_anything_is_asked, Remote) {
  const SmartServer server(fixture.path().parent_path());
  const auto refused = [&](const std::string& refspec, std::string_view why) {
    refuses(Fault::kInput, why, [&] { local.fetch(server.url("/repository.git"), {refspec}, ""); });
  };
  refused("+refs/heads/*:refs/replace/*", "must write below `refs/`, and never replace refs");
  refused("refs/heads/main:HEAD", "must write below `refs/`");
  refused("refs/heads/main", "must write below `refs/`");
  refused("refs/heads/*:refs/heads/main", "is not a refspec");
  refused("refs/heads/a b:refs/heads/b", "is not a refspec");
  refused(":refs/heads/main", "names nothing to fetch");
  BOOST_TEST(server.requests().empty());
  fixture.set("refs/replace/" + one.hex(), two);
  refused("+refs/*:refs/*", "would bring in the replace ref `refs/replace/" + one.hex());
  BOOST_TEST(local.branches().empty());
}

BOOST_FIXTURE_TEST_CASE(addresses_with_secrets_or_other_schemes_are_refused_unsaid, Remote) {
  const auto refused = [&](const std::string& url, const std::string& token, std::string_view why) {
    refuses(Fault::kInput, why, [&] {
      try {
        local.fetch(url, {"+refs/heads/*:refs/heads/*"}, token);
      } catch (const Error& error) {
        const std::string said = std::string(error.what()) + error.hint();
        BOOST_TEST(said.find("hush") == std::string::npos, said);
        throw;
      }
    });
  };
  refused("https://user:hush@example.org/r.git", "", "without user, password or query");
  refused("https://example.org/r.git?token=hush", "", "without user, password or query");
  refused("https:///r.git", "", "must be host and path only");
  for (const char* url : {"git@example.org:r.git", "ssh://example.org/r.git", "git://example.org/r.git", "r.git", "",
                          "https://example.org/\r\nHost: x", "HTTP://example.org/"})
    refused(url, "", "begins neither with `https://` nor with `http://`");
  refused("http://example.org/r.git", "hush-token", "a token for `http://example.org/r.git` would travel unencrypted");
  refused("http://127.0.0.1.example.org/r.git", "hush-token", "would travel unencrypted");
  refused("https://example.org/r.git", "hush\r\nX: y", "holds white space or control characters");
  refused("/tmp", "hush-token", "is of no use");
}

BOOST_FIXTURE_TEST_CASE(the_settings_of_the_repository_do_not_redirect, Remote) {
  const SmartServer server(fixture.path().parent_path());
  write_file(local.path() / "config",
             read_file(local.path() / "config", 10'000) +
                 "[url \"/nowhere/\"]\n\tinsteadOf = http://\n[http]\n\tproxy = http://127.0.0.1:1\n");
  Repository configured = Repository::open(local.path());
  configured.fetch(server.url("/repository.git"), {"+refs/heads/main:refs/heads/main"}, "");
  BOOST_CHECK(configured.find_commit("refs/heads/main") == two);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill::git
