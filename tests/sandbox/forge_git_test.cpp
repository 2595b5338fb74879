#include <boost/test/unit_test.hpp>

#include "sandbox/forge_host.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(git_side)

using testing::Answer;
using testing::ForgeHost;
using testing::kRepository;
using Names = std::vector<std::string>;

std::string authority(const ForgeHost& host, const std::string& token) {
  return "http://x-access-token:" + token + "@" + host.base.substr(7) + "/acme/charts.git";
}

BOOST_AUTO_TEST_CASE(trees_are_composed_from_trees_and_contents) {
  ForgeHost host;
  host.commit("main", "charts/a/Chart.yaml", "a");
  const std::string tip = host.commit("main", "charts/b/Chart.yaml", "b");
  const Answer root = host.get(kRepository + "/git/trees/" + tip + "?recursive=1");
  std::string chart;
  for (const Json& entry : root.body["tree"])
    if (entry["path"] == "charts/a") chart = entry["sha"];
  const Answer copied = host.post(kRepository + "/git/trees",
                                  {{"base_tree", tip},
                                   {"tree",
                                    {{{"path", "charts/c"}, {"mode", "040000"}, {"type", "tree"}, {"sha", chart}},
                                     {{"path", "charts/b"}, {"mode", "040000"}, {"type", "tree"}, {"sha", nullptr}}}}});
  BOOST_TEST(copied.status == 201, copied.text);
  Names paths;
  const Answer listed = host.get(kRepository + "/git/trees/" + copied.body["sha"].get<std::string>() + "?recursive=1");
  for (const Json& entry : listed.body["tree"]) paths.push_back(entry["path"]);
  BOOST_TEST(
      paths == (Names{"README.md", "charts", "charts/a", "charts/a/Chart.yaml", "charts/c", "charts/c/Chart.yaml"}),
      boost::test_tools::per_element());
  const Answer wrong =
      host.post(kRepository + "/git/trees",
                {{"base_tree", tip},
                 {"tree", {{{"path", "x"}, {"mode", "040000"}, {"type", "tree"}, {"sha", std::string(40, 'a')}}}}});
  BOOST_TEST(wrong.status == 422);
  const Answer climbing = host.post(
      kRepository + "/git/trees",
      {{"base_tree", tip}, {"tree", {{{"path", "../x"}, {"mode", "100644"}, {"type", "blob"}, {"content", ""}}}}});
  BOOST_TEST(climbing.message().find("malformed path component") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_apps_commit_is_its_bots_and_signed_unless_it_names_an_author) {
  ForgeHost host;
  const std::string app = host.app_token();
  const Json tip = host.get(kRepository + "/git/ref/heads/main").body["object"]["sha"];
  const Json tree = host.get(kRepository + "/git/commits/" + tip.get<std::string>()).body["tree"]["sha"];
  const Json body = {{"message", "m"}, {"tree", tree}, {"parents", {tip}}};
  const Answer own = host.send("POST", kRepository + "/git/commits", body, app);
  BOOST_TEST(own.status == 201, own.text);
  BOOST_TEST(own.body["verification"]["verified"] == true);
  const Answer seen = host.get(kRepository + "/commits/" + own.body["sha"].get<std::string>());
  BOOST_TEST(seen.body["author"]["login"] == "waybill-release[bot]");
  BOOST_TEST(seen.body["author"]["type"] == "Bot");
  Json named = body;
  named["author"] = {{"name", "somebody"}, {"email", "s@example.org"}};
  BOOST_TEST(host.send("POST", kRepository + "/git/commits", named, app).body["verification"]["verified"] == false);
  BOOST_TEST(host.post(kRepository + "/git/commits", body).body["verification"]["verified"] == false);
}

BOOST_AUTO_TEST_CASE(references_move_forward_and_never_collide) {
  ForgeHost host;
  const std::string first = host.get(kRepository + "/git/ref/heads/main").body["object"]["sha"];
  const std::string second = host.commit("main", "a", "a");
  const auto create = [&](const std::string& name) {
    return host.post(kRepository + "/git/refs", {{"ref", name}, {"sha", first}});
  };
  BOOST_TEST(create("refs/heads/integration").status == 201);
  BOOST_TEST(create("refs/heads/integration").message() == "Reference already exists");
  const Answer collides = create("refs/heads/integration/nginx");
  BOOST_TEST(collides.status == 422);
  BOOST_TEST(collides.message().find("cannot lock ref") != std::string::npos, collides.message());
  BOOST_TEST(host.post(kRepository + "/git/refs", {{"ref", "refs/heads/x"}, {"sha", std::string(40, 'b')}}).message() ==
             "Object does not exist");
  const auto move = [&](const std::string& sha, bool force) {
    return host.send("PATCH", kRepository + "/git/refs/heads/main", {{"sha", sha}, {"force", force}});
  };
  BOOST_TEST(move(first, false).message() == "Update is not a fast forward");
  BOOST_TEST(move(first, true).status == 200);
  BOOST_TEST(move(second, false).status == 200);
  BOOST_TEST(host.get(kRepository + "/git/matching-refs/heads/int").body.size() == 1);
  BOOST_TEST(host.get(kRepository + "/git/ref/heads%2Fmain").body["object"]["sha"] == second);
  BOOST_TEST(host.send("DELETE", kRepository + "/git/refs/heads/nowhere").message() == "Reference does not exist");
  BOOST_TEST(host.unknown() == "");
}

BOOST_AUTO_TEST_CASE(an_annotated_tag_is_an_object_and_a_reference) {
  ForgeHost host;
  const std::string tip = host.get(kRepository + "/git/ref/heads/main").body["object"]["sha"];
  const Answer tag = host.post(
      kRepository + "/git/tags",
      {{"tag", "a-v1.0.0"}, {"message", "Release: a v1.0.0\n\nlineage"}, {"object", tip}, {"type", "commit"}});
  BOOST_TEST(tag.status == 201, tag.text);
  host.events();
  BOOST_TEST(host.post(kRepository + "/git/refs", {{"ref", "refs/tags/a-v1.0.0"}, {"sha", tag.body["sha"]}}).status ==
             201);
  const Answer reference = host.get(kRepository + "/git/ref/tags/a-v1.0.0");
  BOOST_TEST(reference.body["object"]["type"] == "tag");
  const Answer read = host.get(kRepository + "/git/tags/" + reference.body["object"]["sha"].get<std::string>());
  BOOST_TEST(read.body["message"] == "Release: a v1.0.0\n\nlineage");
  BOOST_TEST(read.body["object"]["sha"] == tip);
  BOOST_TEST(read.body["tagger"]["name"] == "alice");
  BOOST_TEST(host.emitted.size() == 1);
  BOOST_TEST(host.emitted[0].ref == "refs/tags/a-v1.0.0");
  BOOST_TEST(host.emitted[0].sha == tip);
}

BOOST_AUTO_TEST_CASE(git_pushes_and_fetches_by_the_tokens_permissions) {
  ForgeHost host;
  host.git({"clone", "--quiet", host.base + "/acme/charts.git", "work"});
  host.git({"-C", "work", "commit", "--quiet", "--allow-empty", "-m", "work"});
  const auto push = [&](const std::string& token, int expected, const std::string& to) {
    return host.git({"-C", "work", "push", authority(host, token), "HEAD:" + to}, expected);
  };
  const std::string reader = host.job_token({{"contents", "read"}});
  BOOST_TEST(push(reader, 128, "refs/heads/x").find("Permission to acme/charts.git denied") != std::string::npos);
  BOOST_TEST(push("ghp_unknown", 128, "refs/heads/x").find("Authentication failed") != std::string::npos);
  host.events();
  push(host.token, 0, "refs/heads/x");
  BOOST_TEST(host.events() == (Names{"push"}), boost::test_tools::per_element());
  push(host.job_token({{"contents", "write"}}), 0, "refs/heads/y");
  BOOST_TEST(host.emitted.at(0).by_job_token);
  BOOST_TEST(host.emitted.at(0).actor == "github-actions[bot]");
  BOOST_TEST(push(host.token, 1, "refs/heads/x/below").find("cannot lock ref") != std::string::npos);
  BOOST_TEST(push(host.token, 1, "refs/pull/1/head").find("hidden ref") != std::string::npos);
  const auto fetch = [&](const std::string& token, int expected) {
    return host.git(
        {"-c", "http.extraHeader=Authorization: Bearer " + token, "ls-remote", host.base + "/acme/charts.git"},
        expected);
  };
  fetch(reader, 0);
  BOOST_TEST(fetch(host.job_token({{"issues", "write"}}), 128)
                 .find("Permission to acme/charts.git denied to github-actions[bot]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(many_loose_objects_are_packed_before_they_are_fetched) {
  ForgeHost host;
  host.git({"clone", "--quiet", host.base + "/acme/charts.git", "work"});
  const auto work = host.folder.path() / "work/work";
  for (int file = 0; file < 1500; ++file) write_file(work / std::to_string(file), std::to_string(file));
  host.git({"-C", "work", "add", "."});
  host.git({"-C", "work", "commit", "--quiet", "-m", "files"});
  host.git({"-C", "work", "push", "--quiet", authority(host, host.token), "HEAD:refs/heads/many"});
  const Json tip = host.get(kRepository + "/git/ref/heads/many").body["object"]["sha"];
  const auto bare = host.forge->git("acme/charts").path();
  BOOST_TEST(std::filesystem::exists(bare / "refs/heads/many"));
  host.git({"clone", "--quiet", "--branch", "many", host.base + "/acme/charts.git", "again"});
  BOOST_TEST(host.git({"-C", "again", "rev-parse", "HEAD"}).starts_with(tip.get<std::string>()));
  BOOST_TEST(!std::filesystem::exists(bare / "refs/heads/many"));
  BOOST_TEST(host.git({"-C", bare.string(), "count-objects"}).starts_with("0 objects"));
  BOOST_TEST(host.get(kRepository + "/git/commits/" + tip.get<std::string>()).body["message"] == "files\n");
}

BOOST_AUTO_TEST_CASE(more_than_three_tags_at_once_are_silent) {
  ForgeHost host;
  host.git({"clone", "--quiet", host.base + "/acme/charts.git", "work"});
  const auto tag = [&](const std::string& name) { host.git({"-C", "work", "tag", name}); };
  for (const char* name : {"a", "b", "c"}) tag(name);
  host.git({"-C", "work", "push", "--quiet", "--tags", authority(host, host.token)});
  BOOST_TEST(host.events().size() == 3);
  for (const char* name : {"d", "e", "f", "g"}) tag(name);
  host.git({"-C", "work", "push", "--quiet", "--tags", authority(host, host.token)});
  BOOST_TEST(host.events().size() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
