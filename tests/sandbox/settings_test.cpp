#include <boost/test/unit_test.hpp>

#include "sandbox/forge_host.h"
#include "sandbox/run_host.h"

// What administrators set is told to those who may see it, and decides what happens.
namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(settings)

using testing::Answer;
using testing::ForgeHost;
using testing::kRepository;
using testing::RunHost;

namespace {

constexpr const char* kFile = ".github/workflows/probe.yml";

struct Administered : ForgeHost {
  Administered() {
    admin = by_operator("users", {{"login", "adam"},
                                  {"permissions",
                                   {{"actions", "write"},
                                    {"administration", "write"},
                                    {"contents", "write"},
                                    {"dependabot_secrets", "write"},
                                    {"environments", "write"},
                                    {"metadata", "read"},
                                    {"pull_requests", "write"},
                                    {"secrets", "write"}}}})
                .body["token"];
  }
  std::string admin;

  Answer by_admin(const std::string& method, const std::string& path, const Json& body = nullptr) {
    return send(method, kRepository + path, body, admin);
  }
  // Of operations that GitHub's description here leaves out.
  Answer beyond(const std::string& method, const std::string& path, const Json& body = nullptr,
                const std::string& by = {}) {
    return raw(method, base + "/api/v3" + path, body.is_null() ? "" : body.dump(),
               {{"authorization", "Bearer " + (by.empty() ? admin : by)}});
  }
  Answer beyond_repository(const std::string& method, const std::string& path, const Json& body = nullptr,
                           const std::string& by = {}) {
    return beyond(method, kRepository + path, body, by);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(ways_to_merge_are_shown_to_who_may_and_keep_others_out) {
  Administered host;
  BOOST_TEST(!host.send("GET", kRepository, nullptr, "").body.contains("allow_squash_merge"));
  BOOST_TEST(host.get(kRepository).body["allow_squash_merge"] == true);
  BOOST_TEST(host.send("PATCH", kRepository, {{"allow_squash_merge", false}}).status == 403);
  const Answer changed = host.by_admin("PATCH", "", {{"allow_squash_merge", false}});
  BOOST_TEST(changed.body["allow_squash_merge"] == false, changed.text);
  host.commit("feature", "a", "b");
  const std::string merge = kRepository + "/pulls/" + std::to_string(host.open("feature", "main")) + "/merge";
  BOOST_TEST(host.send("PUT", merge, {{"merge_method", "squash"}}).message() ==
             "Squash merges are not allowed on this repository.");
  host.by_admin("PATCH", "", {{"allow_squash_merge", true}, {"allow_merge_commit", false}});
  BOOST_TEST(host.send("PUT", merge, {{"merge_method", "merge"}}).message() ==
             "Merge commits are not allowed on this repository.");
  BOOST_TEST(host.send("PUT", merge, {{"merge_method", "squash"}}).status == 200);
}

BOOST_AUTO_TEST_CASE(settings_of_actions_are_an_administrators) {
  Administered host;
  const std::string actions = "/actions/permissions";
  BOOST_TEST(host.beyond_repository("GET", actions, nullptr, host.token).status == 403);
  BOOST_TEST(host.beyond_repository("GET", actions).body["allowed_actions"] == "all");
  BOOST_TEST(host.beyond_repository("PUT", actions, {{"enabled", true}, {"allowed_actions", "some"}}).status == 422);
  BOOST_TEST(host.beyond_repository("PUT", actions, {{"allowed_actions", "all"}}).status == 422);
  BOOST_TEST(host.beyond_repository("PUT", actions, {{"enabled", false}}).status == 204);
  const Answer off = host.beyond_repository("GET", actions);
  BOOST_TEST(off.body["enabled"] == false);
  BOOST_TEST(!off.body.contains("allowed_actions"));

  const std::string tokens = actions + "/workflow";
  BOOST_TEST(host.get(kRepository + tokens).status == 403);
  BOOST_TEST(host.by_admin("GET", tokens).body["default_workflow_permissions"] == "read");
  BOOST_TEST(host.by_admin("PUT", tokens, {{"default_workflow_permissions", "write"}}).status == 204);
  BOOST_TEST(host.by_admin("GET", tokens).body["default_workflow_permissions"] == "write");
  BOOST_TEST(host.beyond_repository("PUT", tokens, {{"default_workflow_permissions", "all"}}).status == 422);
}

BOOST_AUTO_TEST_CASE(releases_are_immutable_while_it_is_switched_on) {
  Administered host;
  const std::string path = "/immutable-releases";
  BOOST_TEST(host.get(kRepository + path).status == 403);
  BOOST_TEST(host.by_admin("GET", path).body["enabled"] == true);
  BOOST_TEST(host.by_admin("DELETE", path).status == 204);
  BOOST_TEST(host.by_admin("GET", path).status == 404);
  const Json release = {{"tag_name", "v1"}, {"target_commitish", "main"}};
  const Answer made = host.post(kRepository + "/releases", release);
  BOOST_TEST(made.body["immutable"] == false, made.text);
  BOOST_TEST(host.post(kRepository + "/releases", release).error() == "already_exists");
  const std::string asset =
      host.base + "/api/uploads" + kRepository + "/releases/" + made.body["id"].dump() + "/assets?name=late";
  const std::map<std::string, std::string> headers{{"authorization", "Bearer " + host.token},
                                                   {"content-type", "text/plain"}};
  BOOST_TEST(host.raw("POST", asset, "x", headers).status == 201);
  BOOST_TEST(host.send("DELETE", kRepository + "/releases/" + made.body["id"].dump()).status == 204);
  BOOST_TEST(host.by_admin("PUT", path).status == 204);
  BOOST_TEST(host.post(kRepository + "/releases", release).body["immutable"] == true);  // its name was not burned
}

BOOST_AUTO_TEST_CASE(workflows_are_listed_and_switched) {
  Administered host;
  host.commit("main", kFile, "name: A probe\non: workflow_dispatch\njobs: {}\n");
  host.commit("main", ".github/workflows/broken.yml", "on: [\n");
  const std::string all = "/actions/workflows";
  const Json listed = host.by_admin("GET", all).body["workflows"];
  BOOST_TEST_REQUIRE(listed.size() == 2U);
  BOOST_TEST(listed[0]["name"] == ".github/workflows/broken.yml");
  BOOST_TEST(listed[1]["name"] == "A probe");
  BOOST_TEST(listed[1]["state"] == "active");
  const std::string id = listed[1]["id"].dump();
  BOOST_TEST(host.by_admin("GET", all + "/" + id).body["path"] == kFile);
  BOOST_TEST(host.beyond_repository("PUT", all + "/" + id + "/disable").status == 204);
  BOOST_TEST(host.by_admin("GET", all + "/probe.yml").body["state"] == "disabled_manually");
  const auto dispatch = [&] { return host.post(kRepository + all + "/probe.yml/dispatches", {{"ref", "main"}}); };
  BOOST_TEST(dispatch().message() == "Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  BOOST_TEST(host.beyond_repository("PUT", all + "/probe.yml/enable").status == 204);
  BOOST_TEST(dispatch().status == 204);
  BOOST_TEST(host.beyond_repository("PUT", all + "/nowhere.yml/enable").status == 404);
}

BOOST_AUTO_TEST_CASE(environments_are_for_branches) {
  Administered host;
  const std::string all = "/environments";
  const std::string one = all + "/release";
  BOOST_TEST(host.by_admin("GET", all).body["total_count"] == 0);
  BOOST_TEST(host.by_admin("GET", one).status == 404);
  BOOST_TEST(host.beyond_repository("PUT", one).body["deployment_branch_policy"].is_null());
  BOOST_TEST(host.beyond_repository("GET", one + "/deployment-branch-policies").status == 404);
  const auto limited = [&](bool protected_branches, bool custom) {
    return host.beyond_repository("PUT", one,
                                  {{"deployment_branch_policy",
                                    {{"protected_branches", protected_branches}, {"custom_branch_policies", custom}}}});
  };
  BOOST_TEST(limited(true, true).status == 422);
  BOOST_TEST(limited(false, true).status == 200);
  const Answer made = host.beyond_repository("POST", one + "/deployment-branch-policies", {{"name", "main"}});
  BOOST_TEST(made.body["type"] == "branch", made.text);
  const Json listed = host.beyond_repository("GET", one + "/deployment-branch-policies").body["branch_policies"];
  BOOST_TEST_REQUIRE(listed.size() == 1U);
  BOOST_TEST(listed[0]["name"] == "main");
  BOOST_TEST(host.by_admin("GET", all).body["environments"][0]["deployment_branch_policy"]["custom_branch_policies"] ==
             true);
  const std::string policy = one + "/deployment-branch-policies/" + made.body["id"].dump();
  BOOST_TEST(host.beyond_repository("DELETE", policy).status == 204);
  BOOST_TEST(host.beyond_repository("DELETE", policy).status == 404);
  BOOST_TEST(host.beyond_repository("DELETE", one, nullptr, host.token).status == 403);
  BOOST_TEST(host.beyond_repository("DELETE", one).status == 204);
  BOOST_TEST(host.by_admin("GET", one).status == 404);
}

BOOST_AUTO_TEST_CASE(names_of_secrets_are_told_to_who_may_see_them_and_no_value_is) {
  Administered host;
  const auto keep = [&](const Json& secret) { return host.by_operator("repositories/acme/charts/secrets", secret); };
  keep({{"name", "OWN"}, {"value", "hush"}});
  keep({{"name", "KEY"}, {"value", "hush"}, {"environment", "waybill-x"}});
  keep({{"name", "ORG"}, {"value", "hush"}, {"of", "organization"}});
  keep({{"name", "BOT"}, {"value", "hush"}, {"of", "dependabot"}});
  BOOST_TEST(keep({{"name", "A"}, {"value", "b"}, {"of", "anybody"}}).status == 422);
  const std::map<std::string, std::string> places{{"/actions/secrets", "OWN"},
                                                  {"/environments/waybill-x/secrets", "KEY"},
                                                  {"/actions/organization-secrets", "ORG"},
                                                  {"/dependabot/secrets", "BOT"}};
  for (const auto& [path, name] : places) {
    const Answer told = host.beyond_repository("GET", path);
    BOOST_TEST_REQUIRE(told.body["total_count"] == 1, path << ": " << told.text);
    BOOST_TEST(told.body["secrets"][0]["name"] == name);
    BOOST_TEST(told.text.find("hush") == std::string::npos);
    BOOST_TEST(host.beyond_repository("GET", path, nullptr, host.token).status == 403, path);
    BOOST_TEST(host.raw("GET", host.base + "/api/v3" + kRepository + path, "", {}).status == 401, path);
    if (name != "ORG") BOOST_TEST(host.beyond_repository("DELETE", path + "/" + name).status == 204, path);
  }
  BOOST_TEST(host.beyond_repository("GET", "/actions/secrets").body["total_count"] == 0);
  BOOST_TEST(host.beyond_repository("DELETE", "/actions/secrets/OWN").status == 404);
  BOOST_TEST(host.beyond_repository("GET", "/environments/none/secrets").status == 404);
}

BOOST_AUTO_TEST_CASE(an_app_is_public) {
  Administered host;
  host.app_jwt();
  const Answer app = host.beyond("GET", "/apps/waybill-release");
  BOOST_TEST(app.body["id"] == host.app_id, app.text);
  BOOST_TEST(app.body["permissions"]["contents"] == "write");
  BOOST_TEST(host.beyond("GET", "/apps/nobody").status == 404);
}

BOOST_AUTO_TEST_CASE(a_run_has_attempts_and_can_be_deleted) {
  Administered host;
  const std::string sha = host.commit("main", kFile, "on: push\njobs: {}\n");
  const auto job = [&sha](long id, int attempt, const std::string& conclusion, const std::string& started) {
    sandbox::RunRecord record{.key = std::to_string(id), .run = {}, .conclusion = conclusion};
    record.run.id = id;
    record.run.attempt = attempt;
    record.run.repository = "acme/charts";
    record.run.workflow = record.run.workflow_name = kFile;
    record.run.sha = sha;
    record.run.event.name = "push";
    record.run.event.payload = Json::object();
    record.started = started;
    record.seconds = 1.5;
    return record;
  };
  host.forge->ask_about_jobs([&] {
    return std::vector{job(1, 1, "failure", "2026-11-21T12:00:00Z"), job(1, 2, "success", "2026-11-21T13:00:00Z"),
                       job(2, 1, "failure", "2026-11-21T14:00:00Z")};
  });
  const std::string runs = "/actions/runs/";
  const Json last = host.by_admin("GET", runs + "1").body;
  BOOST_TEST(last["run_attempt"] == 2);
  BOOST_TEST(last["conclusion"] == "success");
  BOOST_TEST(last["created_at"] == "2026-11-21T12:00:00Z");
  BOOST_TEST(last["run_started_at"] == "2026-11-21T13:00:00Z");
  BOOST_TEST(last["updated_at"] == "2026-11-21T13:00:02Z");
  BOOST_TEST(last["workflow_id"] == host.by_admin("GET", "/actions/workflows").body["workflows"][0]["id"]);
  BOOST_TEST(host.beyond_repository("GET", runs + "1/attempts/1").body["conclusion"] == "failure");
  BOOST_TEST(host.beyond_repository("GET", runs + "1/attempts/3").status == 404);
  const std::string list = "/actions/workflows/probe.yml/runs";
  BOOST_TEST(host.by_admin("GET", list).body["total_count"] == 2);
  BOOST_TEST(host.by_admin("GET", list + "?status=success").body["workflow_runs"][0]["id"] == 1);
  BOOST_TEST(host.beyond_repository("DELETE", runs + "1", nullptr, host.job_token({{"actions", "read"}})).status ==
             403);
  BOOST_TEST(host.beyond_repository("DELETE", runs + "1").status == 204);
  BOOST_TEST(host.beyond_repository("GET", runs + "1/attempts/1").status == 404);
  BOOST_TEST(host.by_admin("GET", list).body["total_count"] == 1);
}

BOOST_AUTO_TEST_CASE(what_is_off_starts_nothing) {
  RunHost host;
  const std::string api = "/api/v3/repos/acme/charts/actions/";
  const auto put = [&](const std::string& path, const std::string& body) {
    const std::string owner = host.tokens.issue({sandbox::TokenKind::kUser, "acme", {}, {{"administration", "write"}}});
    return host
        .send({.method = "PUT",
               .url = host.base + api + path,
               .headers = {{"authorization", "Bearer " + owner}},
               .body = body})
        .status;
  };
  host.push("main", {{kFile, testing::probe_workflow("push:")}});
  BOOST_TEST(host.finished().size() == 1U);
  BOOST_TEST(put("workflows/probe.yml/disable", "") == 204);
  host.push("main", {{"a", "1"}});
  BOOST_TEST(host.finished().empty());
  BOOST_TEST(put("workflows/probe.yml/enable", "") == 204);
  BOOST_TEST(put("permissions", R"({"enabled": false})") == 204);
  host.push("main", {{"a", "2"}});
  BOOST_TEST(host.finished().empty());
  BOOST_TEST(put("permissions", R"({"enabled": true})") == 204);
  host.push("main", {{"a", "3"}});
  BOOST_TEST(host.finished().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_job_that_does_not_say_what_it_may_do_gets_what_is_usual) {
  RunHost host;
  host.push("main", {{kFile, testing::probe_workflow("push:")}});
  const auto usual = host.finished();
  BOOST_TEST_REQUIRE(usual.size() == 1U);
  BOOST_TEST(
      (usual[0].run.permissions == std::map<std::string, std::string>{{"contents", "read"}, {"packages", "read"}}));
}

BOOST_AUTO_TEST_CASE(an_environment_keeps_its_secrets_for_the_branches_that_it_is_for) {
  RunHost host;
  const auto see = [&](const std::string& branch, const std::string& content) {
    host.push(branch, {{"a", content}});
    const auto runs = host.finished();
    BOOST_TEST_REQUIRE(runs.size() == 1U);
    return host.environment(runs[0])["INPUT_SECRET"];
  };
  host.by_operator("repositories/acme/charts/secrets",
                   {{"environment", "open"}, {"name", "KEY"}, {"value", "of-the-environment"}});
  host.push("main", {{kFile, testing::probe_workflow("push:", "environment: open", "secret: ${{ secrets.KEY }}")}});
  host.finished();
  BOOST_TEST(see("feature", "1") == "of-the-environment");  // nobody limited it
  const std::string owner = host.tokens.issue({sandbox::TokenKind::kUser, "acme", {}, {{"administration", "write"}}});
  const auto limit = [&](const std::string& method, const std::string& path, const std::string& body) {
    const auto answer = host.send({.method = method,
                                   .url = host.base + "/api/v3/repos/acme/charts/environments/open" + path,
                                   .headers = {{"authorization", "Bearer " + owner}},
                                   .body = body});
    BOOST_TEST(answer.status == 200, answer.body);
  };
  limit("PUT", "", R"({"deployment_branch_policy":{"protected_branches":false,"custom_branch_policies":true}})");
  BOOST_TEST(see("main", "2") == "");  // for no branch yet
  limit("POST", "/deployment-branch-policies", R"({"name":"main"})");
  BOOST_TEST(see("main", "3") == "of-the-environment");
  BOOST_TEST(see("feature", "4") == "");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
