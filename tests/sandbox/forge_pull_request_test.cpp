#include <boost/test/unit_test.hpp>

#include "sandbox/forge_host.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(pull_requests)

using testing::Answer;
using testing::ForgeHost;
using testing::kRepository;
using Names = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(a_pull_request_is_opened_followed_and_squashed) {
  ForgeHost host;
  const std::string first = host.commit("feature", "charts/a/Chart.yaml", "name: a\n");
  host.events();
  const long number = host.open("feature", "main");
  BOOST_TEST(host.events() == (Names{"pull_request opened", "pull_request_target opened"}),
             boost::test_tools::per_element());
  const std::string path = kRepository + "/pulls/" + std::to_string(number);

  Answer read = host.get(path);
  BOOST_TEST(read.body["mergeable"] == true);
  BOOST_TEST(read.body["head"]["sha"] == first);
  BOOST_TEST(read.body["user"]["login"] == "alice");
  BOOST_TEST(read.body["changed_files"] == 1);
  BOOST_TEST(host.get(path + "/files").body[0]["filename"] == "charts/a/Chart.yaml");
  BOOST_TEST(host.get(path + "/commits").body.size() == 1);
  BOOST_TEST(host.get(path + "/merge").status == 404);

  const std::string second = host.commit("feature", "charts/a/values.yaml", "x: 1\n");
  BOOST_TEST(host.events() == (Names{"push", "pull_request synchronize", "pull_request_target synchronize"}),
             boost::test_tools::per_element());
  const Answer stale = host.send("PUT", path + "/merge", {{"sha", first}, {"merge_method", "squash"}});
  BOOST_TEST(stale.status == 409);
  BOOST_TEST(stale.message() == "Head branch was modified. Review and try the merge again.");

  const Answer merged = host.send(
      "PUT", path + "/merge",
      {{"sha", second}, {"merge_method", "squash"}, {"commit_title", "one change"}, {"commit_message", "of two"}});
  BOOST_TEST(merged.status == 200, merged.text);
  BOOST_TEST(host.events() == (Names{"push", "pull_request closed", "pull_request_target closed"}),
             boost::test_tools::per_element());
  const std::string sha = merged.body["sha"];
  const Answer commit = host.get(kRepository + "/commits/" + sha);
  BOOST_TEST(commit.body["commit"]["message"] == "one change\n\nof two");
  BOOST_TEST(commit.body["author"]["login"] == "alice");
  BOOST_TEST(commit.body["committer"]["login"] == "web-flow");
  BOOST_TEST(commit.body["commit"]["verification"]["verified"] == true);
  BOOST_TEST(commit.body["parents"].size() == 1);
  read = host.get(path);
  BOOST_TEST(read.body["merged"] == true);
  BOOST_TEST(read.body["merge_commit_sha"] == sha);
  BOOST_TEST(host.get(path + "/merge").status == 204);
  const Answer again = host.send("PUT", path + "/merge", Json::object());
  BOOST_TEST(again.status == 405);
  host.by_operator("lag", {{"commit-pulls", 1}});
  BOOST_TEST(host.get(kRepository + "/commits/" + sha + "/pulls").body.empty());
  BOOST_TEST(host.get(kRepository + "/commits/" + sha + "/pulls").body[0]["number"] == number);
  BOOST_TEST(host.unknown() == "");
}

BOOST_AUTO_TEST_CASE(a_merge_commit_has_both_parents_and_a_conflict_has_none) {
  ForgeHost host;
  const std::string left = host.commit("left", "file", "left\n");
  host.commit("right", "file", "right\n");
  const long good = host.open("left", "main");
  const long bad = host.open("right", "main");
  const Answer merged =
      host.send("PUT", kRepository + "/pulls/" + std::to_string(good) + "/merge", {{"merge_method", "merge"}});
  BOOST_TEST(merged.status == 200, merged.text);
  const Answer commit = host.get(kRepository + "/git/commits/" + merged.body["sha"].get<std::string>());
  BOOST_TEST(commit.body["parents"][1]["sha"] == left);
  BOOST_TEST(commit.body["message"] == "Merge pull request #1 from acme/left\n\na change");
  const std::string path = kRepository + "/pulls/" + std::to_string(bad);
  BOOST_TEST(host.get(path).body["mergeable"] == false);
  const Answer refused = host.send("PUT", path + "/merge", Json::object());
  BOOST_TEST(refused.status == 405);
  BOOST_TEST(refused.message() == "Pull Request is not mergeable");
}

BOOST_AUTO_TEST_CASE(opening_is_refused_with_githubs_texts) {
  ForgeHost host;
  host.commit("feature", "a", "a");
  const auto open = [&](const Json& body) { return host.post(kRepository + "/pulls", body); };
  BOOST_TEST(open({{"title", "t"}, {"head", "nowhere"}, {"base", "main"}}).error() == "invalid");
  BOOST_TEST(open({{"title", "t"}, {"head", "main"}, {"base", "main"}}).error() == "No commits between main and main");
  BOOST_TEST(
      open({{"title", "t"}, {"head", "feature"}, {"base", "main"}, {"body", std::string(65'537, 'x')}}).error() ==
      "body is too long (maximum is 65536 characters)");
  BOOST_TEST(open({{"title", std::string(257, 'x')}, {"head", "feature"}, {"base", "main"}}).error() ==
             "title is too long (maximum is 256 characters)");
  std::string wide;
  for (int i = 0; i < 65'536; ++i) wide += "é";
  BOOST_TEST(open({{"title", "t"}, {"head", "feature"}, {"base", "main"}, {"body", wide}}).status == 201);
  BOOST_TEST(open({{"title", "t"}, {"head", "feature"}, {"base", "main"}}).error() ==
             "A pull request already exists for acme:feature.");
}

BOOST_AUTO_TEST_CASE(a_list_is_filtered_and_paged) {
  ForgeHost host;
  for (int i = 0; i < 3; ++i) {
    host.commit("b" + std::to_string(i), "f" + std::to_string(i), "x");
    host.open("b" + std::to_string(i), "main");
  }
  BOOST_TEST(host.get(kRepository + "/pulls?head=acme:b1").body.size() == 1);
  BOOST_TEST(host.get(kRepository + "/pulls?base=other").body.size() == 0);
  const Answer page = host.get(kRepository + "/pulls?per_page=2");
  BOOST_TEST(page.body.size() == 2);
  BOOST_TEST(page.body[0]["number"] == 3);
  BOOST_TEST(page.headers.at("link").find("page=2>; rel=\"next\"") != std::string::npos);
  BOOST_TEST(host.get(kRepository + "/pulls?per_page=2&page=2").body.size() == 1);
  const Answer closed = host.send("PATCH", kRepository + "/pulls/1", {{"state", "closed"}});
  BOOST_TEST(closed.body["state"] == "closed");
  BOOST_TEST(host.get(kRepository + "/pulls").body.size() == 2);
  BOOST_TEST(host.get(kRepository + "/pulls?state=all").body.size() == 3);
}

BOOST_AUTO_TEST_CASE(an_edited_body_is_kept_and_an_oversized_one_silently_is_not) {
  ForgeHost host;
  host.commit("feature", "a", "a");
  const long number = host.open("feature", "main");
  host.events();
  const std::string path = kRepository + "/pulls/" + std::to_string(number);
  BOOST_TEST(host.send("PATCH", path, {{"body", "because"}}).body["body"] == "because");
  BOOST_TEST(host.events() == (Names{"pull_request edited", "pull_request_target edited"}),
             boost::test_tools::per_element());
  BOOST_TEST(host.send("PATCH", path, {{"body", std::string(262'145, 'x')}}).status == 200);
  BOOST_TEST(host.get(path).body["body"] == "because");
}

BOOST_AUTO_TEST_CASE(deleting_the_head_closes_and_the_head_stays_fetchable) {
  ForgeHost host;
  const std::string sha = host.commit("feature", "a", "a");
  const long number = host.open("feature", "main");
  host.events();
  BOOST_TEST(host.send("DELETE", kRepository + "/git/refs/heads/feature").status == 204);
  BOOST_TEST(host.events() == (Names{"pull_request closed", "pull_request_target closed"}),
             boost::test_tools::per_element());
  BOOST_TEST(host.git({"ls-remote", host.base + "/acme/charts.git", "refs/pull/" + std::to_string(number) + "/head"})
                 .starts_with(sha));
}

BOOST_AUTO_TEST_CASE(a_forks_head_is_fetched_here_and_its_owner_may_open) {
  ForgeHost host;
  const std::string mallory =
      host.by_operator("users", {{"login", "mallory"}, {"permissions", Json::object()}}).body["token"];
  const Answer fork = host.by_operator("repositories", {{"full_name", "mallory/charts"}, {"fork_of", "acme/charts"}});
  BOOST_TEST(fork.status == 201, fork.text);
  host.git({"clone", "--quiet", "http://x:" + mallory + "@" + host.base.substr(7) + "/mallory/charts.git", "fork"});
  host.git({"-C", "fork", "commit", "--quiet", "--allow-empty", "-m", "from outside"});
  host.git({"-C", "fork", "push", "--quiet", "origin", "HEAD:refs/heads/feature"});
  const std::string sha = host.git({"-C", "fork", "rev-parse", "HEAD"}).substr(0, 40);
  const Answer opened = host.send("POST", kRepository + "/pulls",
                                  {{"title", "t"}, {"head", "mallory:feature"}, {"base", "main"}}, mallory);
  BOOST_TEST(opened.status == 201, opened.text);
  BOOST_TEST(opened.body["head"]["repo"]["full_name"] == "mallory/charts");
  BOOST_TEST(host.git({"ls-remote", host.base + "/acme/charts", "refs/pull/1/head"}).starts_with(sha));
  const Answer merge = host.send("PUT", kRepository + "/pulls/1/merge", Json::object(), mallory);
  BOOST_TEST(merge.status == 403);
}

BOOST_AUTO_TEST_CASE(a_push_that_contains_the_head_merges_it) {
  ForgeHost host;
  const std::string sha = host.commit("feature", "a", "a");
  const long number = host.open("feature", "main");
  host.events();
  BOOST_TEST(host.send("PATCH", kRepository + "/git/refs/heads/main", {{"sha", sha}}).status == 200);
  BOOST_TEST(host.get(kRepository + "/pulls/" + std::to_string(number)).body["merged"] == true);
  BOOST_TEST(host.events() == (Names{"push", "pull_request closed", "pull_request_target closed"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
