#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "sandbox/forge_host.h"

// What is recorded beside the code: check runs, statuses, attestations, deployments, dispatches.
namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(records)

using testing::Answer;
using testing::ForgeHost;
using testing::kRepository;

std::string tip(ForgeHost& host) {
  return host.get(kRepository + "/git/ref/heads/main").body["object"]["sha"];
}

BOOST_AUTO_TEST_CASE(check_runs_are_made_by_apps_and_listed_by_commit) {
  ForgeHost host;
  const std::string sha = tip(host);
  const std::string app = host.app_token();
  const Json check = {{"name", "enforce-atomic"},
                      {"head_sha", sha},
                      {"conclusion", "success"},
                      {"external_id", "x"},
                      {"output", {{"title", "t"}, {"summary", "s"}}}};
  BOOST_TEST(host.post(kRepository + "/check-runs", check).message() == "You must authenticate via a GitHub App.");
  const Answer made = host.send("POST", kRepository + "/check-runs", check, app);
  BOOST_TEST(made.status == 201, made.text);
  BOOST_TEST(made.body["app"]["slug"] == "waybill-release");
  BOOST_TEST(made.body["status"] == "completed");
  host.send("POST", kRepository + "/check-runs", check, host.job_token({{"checks", "write"}}));
  const std::string list = kRepository + "/commits/" + sha + "/check-runs";
  BOOST_TEST(host.get(list).body["total_count"] == 2);
  BOOST_TEST(host.get(list + "?app_id=" + std::to_string(host.app_id)).body["check_runs"][0]["external_id"] == "x");
  const std::string path = kRepository + "/check-runs/" + made.body["id"].dump();
  BOOST_TEST(host.send("PATCH", path, {{"conclusion", "failure"}}, app).body["conclusion"] == "failure");
  BOOST_TEST(host.get(path).body["conclusion"] == "failure");
  Json long_text = check;
  long_text["output"]["summary"] = std::string(65'536, 'x');
  BOOST_TEST(host.send("POST", kRepository + "/check-runs", long_text, app).status == 422);
}

BOOST_AUTO_TEST_CASE(statuses_are_anybodys_with_write) {
  ForgeHost host;
  const std::string sha = tip(host);
  BOOST_TEST(host.post(kRepository + "/statuses/" + sha, {{"state", "success"}, {"context", "waybill/w5"}}).status ==
             201);
  const Answer listed = host.get(kRepository + "/commits/" + sha + "/statuses");
  BOOST_TEST(listed.body[0]["context"] == "waybill/w5");
  const Answer by_old_route = host.raw("GET", host.base + "/api/v3" + kRepository + "/statuses/" + sha, "", {});
  BOOST_TEST(by_old_route.body == listed.body);
}

BOOST_AUTO_TEST_CASE(statuses_together_say_the_worst_of_the_newest_of_each_context) {
  ForgeHost host;
  const std::string sha = tip(host);
  const auto set = [&](const char* context, const char* state) {
    BOOST_TEST(host.post(kRepository + "/statuses/" + sha, {{"state", state}, {"context", context}}).status == 201);
  };
  const auto together = [&] { return host.get(kRepository + "/commits/main/status").body; };
  BOOST_TEST(together()["state"] == "pending");
  set("lint", "error");
  set("lint", "success");
  BOOST_TEST(together()["state"] == "success");
  BOOST_TEST(together()["sha"] == sha);
  BOOST_TEST(together()["total_count"] == 1);
  set("test", "pending");
  BOOST_TEST(together()["state"] == "pending");
  set("test", "failure");
  BOOST_TEST(together()["state"] == "failure");
  BOOST_TEST(together()["statuses"].size() == 2);
  BOOST_TEST(host.get(kRepository + "/commits/gone/status").status == 404);
}

Json bundle(const std::string& digest, const std::string& predicate_type) {
  const Json statement = {{"_type", "https://in-toto.io/Statement/v1"},
                          {"subject", {{{"name", "n"}, {"digest", {{"sha256", digest}}}}}},
                          {"predicateType", predicate_type},
                          {"predicate", Json::object()}};
  return {{"mediaType", "application/vnd.dev.sigstore.bundle.v0.3+json"},
          {"verificationMaterial", Json::object()},
          {"dsseEnvelope",
           {{"payload", to_base64(statement.dump())},
            {"payloadType", "application/vnd.in-toto+json"},
            {"signatures", Json::array()}}}};
}

BOOST_AUTO_TEST_CASE(attestations_are_found_by_subject_digest_alone) {
  ForgeHost host;
  const std::string digest(64, 'a');
  const std::string job = host.job_token({{"attestations", "write"}});
  const auto list = [&](const std::string& query) {
    // GitHub's description knows no bundle of null, its answers do.
    return host.raw("GET", host.base + "/api/v3" + kRepository + "/attestations/sha256:" + digest + query, "", {});
  };
  BOOST_TEST(list("").status == 404);
  BOOST_TEST(host.send("POST", kRepository + "/attestations", {{"bundle", bundle(digest, "p1")}},
                       host.job_token({{"contents", "write"}}))
                 .status == 403);
  for (const char* type : {"p1", "p2", "p2"}) {
    const Answer made = host.send("POST", kRepository + "/attestations", {{"bundle", bundle(digest, type)}}, job);
    BOOST_TEST(made.status == 201, made.text);
  }
  host.by_operator("lag", {{"attestations", 1}});
  BOOST_TEST(list("").status == 404);
  const Answer all = list("");
  BOOST_TEST(all.body["attestations"].size() == 3);
  BOOST_TEST(all.body["attestations"][0]["bundle"].is_null());
  BOOST_TEST(host.raw("GET", all.body["attestations"][2]["bundle_url"], "", {}).body == bundle(digest, "p1"));
  BOOST_TEST(list("?predicate_type=p1").body["attestations"].size() == 1);
  const Answer first = list("?per_page=2");
  BOOST_TEST(first.body["attestations"].size() == 2);
  const std::string link = first.headers.at("link");
  const Answer second = host.raw("GET", link.substr(1, link.find('>') - 1), "", {});
  BOOST_TEST(second.body["attestations"].size() == 1);
  BOOST_TEST(second.body["attestations"][0]["bundle_url"] == all.body["attestations"][2]["bundle_url"]);
  BOOST_TEST(host.send("POST", kRepository + "/attestations", {{"bundle", {{"mediaType", "x"}}}}, job).status == 422);

  const std::string none(64, 'e');
  const Json wish{{"subject_digests", {"sha256:" + digest, "sha256:" + none}}, {"predicate_type", "p2"}};
  const Answer bulk = host.send("POST", "/orgs/acme/attestations/bulk-list?per_page=1", wish, job);
  BOOST_TEST_REQUIRE(bulk.status == 200, bulk.text);
  BOOST_TEST(bulk.body["attestations_subject_digests"]["sha256:" + digest].size() == 2, bulk.text);
  BOOST_TEST(bulk.body["page_info"]["has_next"].get<bool>());
  const Answer rest = host.send(
      "POST", "/orgs/acme/attestations/bulk-list?per_page=1&after=" + bulk.body["page_info"]["next"].get<std::string>(),
      wish, job);
  BOOST_TEST(rest.body["attestations_subject_digests"]["sha256:" + none].is_null(), rest.text);
  BOOST_TEST(host.send("POST", "/users/acme/attestations/bulk-list", wish, job).status == 404);
  BOOST_TEST(host.send("POST", "/orgs/acme/attestations/bulk-list", {{"subject_digests", Json::array()}}, job).status ==
             422);
}

BOOST_AUTO_TEST_CASE(deployments_are_listed_by_commit_and_environment) {
  ForgeHost host;
  const std::string sha = tip(host);
  const Json deployment = {{"ref", sha},
                           {"environment", "ghcr"},
                           {"auto_merge", false},
                           {"required_contexts", Json::array()},
                           {"payload", {{"digest", "d"}}}};
  const Answer made = host.post(kRepository + "/deployments", deployment);
  BOOST_TEST(made.status == 201, made.text);
  BOOST_TEST(host.post(kRepository + "/deployments", {{"ref", sha}}).status == 409);
  BOOST_TEST(host.get(kRepository + "/deployments?sha=" + sha + "&environment=ghcr").body[0]["payload"]["digest"] ==
             "d");
  BOOST_TEST(host.get(kRepository + "/deployments?environment=other").body.empty());
  const std::string statuses = kRepository + "/deployments/" + made.body["id"].dump() + "/statuses";
  BOOST_TEST(host.post(statuses, {{"state", "success"}}).status == 201);
  BOOST_TEST(host.get(statuses).body[0]["state"] == "success");
}

BOOST_AUTO_TEST_CASE(a_workflow_is_dispatched_with_the_inputs_it_declares) {
  ForgeHost host;
  host.commit("main", ".github/workflows/tag.yml",
              "on:\n  workflow_dispatch:\n    inputs:\n      chart:\n        required: true\njobs: {}\n");
  host.commit("main", ".github/workflows/push.yml", "on: push\njobs: {}\n");
  host.events();
  const auto dispatch = [&](const std::string& file, const Json& body) {
    return host.post(kRepository + "/actions/workflows/" + file + "/dispatches", body);
  };
  BOOST_TEST(dispatch("nowhere.yml", {{"ref", "main"}}).status == 404);
  BOOST_TEST(dispatch("push.yml", {{"ref", "main"}}).message() == "Workflow does not have 'workflow_dispatch' trigger");
  BOOST_TEST(dispatch("tag.yml", {{"ref", "main"}}).message() == "Required input 'chart' not provided");
  BOOST_TEST(dispatch("tag.yml", {{"ref", "main"}, {"inputs", {{"chart", "a"}, {"x", "y"}}}}).message() ==
             "Unexpected inputs provided: [\"x\"]");
  BOOST_TEST(dispatch("tag.yml", {{"ref", "gone"}, {"inputs", {{"chart", "a"}}}}).message() ==
             "No ref found for: gone");
  BOOST_TEST(host.emitted.empty());
  BOOST_TEST(dispatch("tag.yml", {{"ref", "main"}, {"inputs", {{"chart", "a"}}}}).status == 204);
  BOOST_TEST_REQUIRE(host.emitted.size() == 1);
  BOOST_TEST(host.emitted[0].workflow == "tag.yml");
  BOOST_TEST(host.emitted[0].ref == "refs/heads/main");
  BOOST_TEST(host.emitted[0].payload["inputs"]["chart"] == "a");
  BOOST_TEST(host.post(kRepository + "/dispatches", {{"event_type", "go"}, {"client_payload", {{"k", 1}}}}).status ==
             204);
  BOOST_TEST(host.emitted[1].action == "go");
}

BOOST_AUTO_TEST_CASE(runs_of_a_workflow_are_listed_newest_first_with_the_state_of_their_jobs) {
  ForgeHost host;
  const std::string list = kRepository + "/actions/workflows/tag.yml/runs";
  BOOST_TEST(host.get(list).status == 404);
  host.commit("main", ".github/workflows/tag.yml", "on: push\njobs: {}\n");
  BOOST_TEST(host.get(list).body["total_count"] == 0);
  const std::string sha = tip(host);
  const auto job = [&sha](long id, const std::string& conclusion) {
    sandbox::RunRecord record{.key = std::to_string(id), .run = {}, .conclusion = conclusion};
    record.run.id = id;
    record.run.repository = "acme/charts";
    record.run.workflow = record.run.workflow_name = ".github/workflows/tag.yml";
    record.run.sha = sha;
    record.run.event.name = "push";
    record.run.event.branch = "main";
    record.run.event.payload = Json::object();
    return record;
  };
  host.forge->ask_about_jobs([&] {
    return std::vector{job(1, "success"), job(2, "success"), job(2, "queued"), job(3, "queued"), job(4, "failure")};
  });
  const Json runs = host.get(list).body["workflow_runs"];
  const std::vector<std::pair<long, std::string>> wanted{
      {4, "completed"}, {3, "queued"}, {2, "in_progress"}, {1, "completed"}};
  BOOST_TEST_REQUIRE(runs.size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    BOOST_TEST(runs[i]["id"] == wanted[i].first);
    BOOST_TEST(runs[i]["status"] == wanted[i].second);
  }
  BOOST_TEST(runs[0]["conclusion"] == "failure");
  BOOST_TEST(host.get(list + "?status=queued").body["total_count"] == 1);
  BOOST_TEST(host.get(list + "?status=success").body["total_count"] == 1);
  BOOST_TEST(host.get(list + "?branch=other").body["total_count"] == 0);
  const std::string all = kRepository + "/actions/runs";
  host.forge->ask_about_jobs([&] {
    sandbox::RunRecord other = job(5, "success");
    other.run.workflow = ".github/workflows/other.yml";
    return std::vector{job(4, "failure"), other};
  });
  BOOST_TEST(host.get(all).body["total_count"] == 2);
  BOOST_TEST(host.get(all).body["workflow_runs"][0]["path"] == ".github/workflows/other.yml");
  BOOST_TEST(host.get(all + "?status=failure").body["workflow_runs"][0]["id"] == 4);
  BOOST_TEST(host.get(list).body["total_count"] == 1);
}

BOOST_AUTO_TEST_CASE(the_schedule_strikes_when_the_operator_says_so) {
  ForgeHost host;
  host.events();
  BOOST_TEST(host.by_operator("repositories/acme/charts/schedule", {{"cron", "17 * * * *"}}).status == 201);
  BOOST_TEST_REQUIRE(host.emitted.size() == 1);
  BOOST_TEST(host.emitted[0].name == "schedule");
  BOOST_TEST(host.emitted[0].payload["schedule"] == "17 * * * *");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
