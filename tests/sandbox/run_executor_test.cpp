#include "core/sandbox/run_executor.h"

#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "sandbox/run_host.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(run_executor)

using testing::RunHost;

// Writes down what it was given and the claims of every identity it could get, then answers what the test wants.
const std::string kExecutor = R"PROGRAM(#!/usr/bin/env python3
import base64, json, os, pathlib, sys, urllib.request
host = pathlib.Path(sys.argv[0]).parent
job = json.loads(pathlib.Path(sys.argv[1]).read_text())
seen = {"job": job, "payload": json.loads(pathlib.Path(job["payload"]).read_text()), "claims": {}}
for name, one in job["jobs"].items():
    request = urllib.request.Request(job["identity_url"] + "&audience=sigstore", headers={"Authorization": "Bearer " + one["identity_token"]})
    try:
        token = json.load(urllib.request.urlopen(request))["value"].split(".")[1]
        seen["claims"][name] = json.loads(base64.urlsafe_b64decode(token + "=="))
    except urllib.error.HTTPError as error:
        seen["claims"][name] = error.code
(host / "seen.json").write_text(json.dumps(seen))
answer = (host / "answer.json").read_text()
if answer:
    pathlib.Path(job["answer"]).write_text(answer.replace("SECRET", job["jobs"]["sign"]["secrets"].get("KEY", "none")))
if (host / "exit").exists():
    print("it went wrong", file=sys.stderr)
    sys.exit(3)
)PROGRAM";

const std::string kFile = ".github/workflows/two.yml";
const std::string kWorkflow = R"(name: Two
on:
  push:
  pull_request_target:
permissions: {}
env: {COLOUR: blue}
jobs:
  test:
    strategy: {matrix: {chart: [web, api]}}
    runs-on: ubuntu-24.04
    permissions: {contents: read}
    steps:
      - run: make test
  sign:
    needs: test
    if: success()
    runs-on: ubuntu-latest
    environment: waybill-sign
    permissions: {id-token: write}
    outputs: {entries: "${{ steps.s.outputs.entries }}"}
    steps:
      - id: s
        uses: acme/waybill/actions/probe@v1
)";
const std::string kGreen =
    R"({"jobs":{"test":{"conclusion":"success"},"sign":{"conclusion":"success","outputs":{"entries":"{}"},)"
    R"("log":"said SECRET\n","summary":"### done\n"}}})";

struct Host : RunHost {
  Host() : RunHost(kExecutor) {
    answer(kGreen);
    by_operator("repositories/acme/charts/secrets",
                {{"environment", "waybill-sign"}, {"name", "KEY"}, {"value", "of-the-environment"}});
    by_operator("repositories/acme/charts/secrets",
                {{"environment", ""}, {"name", "PLAIN"}, {"value", "of-the-repository"}});
  }

  void answer(const std::string& text) { write_file(folder.path() / "answer.json", text); }

  Json seen() { return parse_json(read_file(folder.path() / "seen.json", 1024 * 1024), "seen"); }

  // The reasons of both jobs after a run with this answer.
  std::string reasons(const std::string& text) {
    answer(text);
    push("main", {{kFile, kWorkflow}});
    std::string all;
    for (const RunRecord& record : finished()) all += record.conclusion + ": " + record.reason + "\n";
    return all;
  }
};

BOOST_AUTO_TEST_CASE(the_jobs_of_one_start_are_one_run_and_each_holds_its_own) {
  Host host;
  const std::string head = host.push("main", {{kFile, kWorkflow}});
  const auto runs = host.finished();
  BOOST_TEST_REQUIRE(runs.size() == 2U);
  BOOST_TEST(runs[0].run.job == "test");
  BOOST_TEST(runs[1].run.job == "sign");
  BOOST_TEST(runs[0].run.id == runs[1].run.id);
  BOOST_TEST(runs[1].key == runs[0].key + "-sign");
  BOOST_TEST(runs[1].conclusion == "success", runs[1].reason);
  BOOST_TEST(runs[1].outputs.at("entries") == "{}");

  const Json seen = host.seen();
  const Json& job = seen.at("job");
  BOOST_TEST(job.at("event") == "push");
  BOOST_TEST(job.at("workflow") == kFile);
  BOOST_TEST(job.at("workflow_sha") == head);
  BOOST_TEST(job.at("sha") == head);
  BOOST_TEST(job.at("ref") == "refs/heads/main");
  BOOST_TEST(job.at("actor") == "alice");
  BOOST_TEST(job.at("run_id") == runs[0].run.id);
  BOOST_TEST(job.at("api_url") == host.base + "/api/v3");
  BOOST_TEST(job.at("context").at("GITHUB_REPOSITORY_ID") == "2002");
  BOOST_TEST(job.at("context").at("GITHUB_WORKFLOW") == "Two");
  BOOST_TEST(seen.at("payload").at("after") == head);
  const Json& test = job.at("jobs").at("test");
  const Json& sign = job.at("jobs").at("sign");
  BOOST_TEST(test.at("permissions") == Json({{"contents", "read"}}));
  BOOST_TEST(sign.at("permissions") == Json({{"id-token", "write"}}));
  BOOST_TEST(test.at("token") != sign.at("token"));
  BOOST_TEST(test.at("secrets") == Json({{"PLAIN", "of-the-repository"}}));
  BOOST_TEST(sign.at("secrets") == Json({{"KEY", "of-the-environment"}, {"PLAIN", "of-the-repository"}}));
  BOOST_TEST(test.at("identity_token") == "");
  BOOST_TEST(seen.at("claims").at("test") == 401);
  BOOST_TEST(seen.at("claims").at("sign").at("environment") == "waybill-sign");
  BOOST_TEST(seen.at("claims").at("sign").at("run_id") == std::to_string(runs[0].run.id));
  for (const Json& one : {test, sign})
    BOOST_TEST(!host.tokens.find(one.at("token").get<std::string>()).has_value(), "revoked at the end");
  BOOST_TEST(!std::filesystem::exists(host.folder.path() / "state" / "runs" / runs[0].key / "execution"),
             "the description holds secrets");
}

BOOST_AUTO_TEST_CASE(an_environments_secrets_stay_on_the_default_branch_and_out_of_the_log) {
  Host host;
  host.push("main", {{kFile, kWorkflow}});
  const RunRecord sign = host.finished().at(1);
  BOOST_TEST(host.log(sign) == "said ***\n");
  BOOST_TEST(host.text("/_sandbox/runs/" + sign.key + "/summary") == "### done\n");
  host.push("feature", {{"a", "b"}});
  host.finished();
  BOOST_TEST(host.seen().at("job").at("jobs").at("sign").at("secrets") == Json({{"PLAIN", "of-the-repository"}}));
  host.open_pull_request("feature", "main");
  host.finished();
  BOOST_TEST(host.seen().at("job").at("event") == "pull_request_target");
  BOOST_TEST(host.seen().at("job").at("jobs").at("sign").at("secrets").contains("KEY"));
}

BOOST_AUTO_TEST_CASE(a_job_ends_as_the_answer_says_and_never_as_the_program_does) {
  Host host;
  const std::string both = "failure: the executor says nothing of the job `test`\n";
  BOOST_TEST(host.reasons(kGreen) == "success: \nsuccess: \n");
  BOOST_TEST(host.reasons(R"({"jobs":{"sign":{"conclusion":"skipped"}}})") == both + "skipped: \n");
  BOOST_TEST(host.reasons(R"({"jobs":{"sign":{"conclusion":"failure","reason":"no SECRET"}}})") ==
             both + "failure: no ***\n");
  BOOST_TEST(host.reasons(R"({"jobs":{"sign":{"conclusion":"green"}}})") ==
             both + "failure: the executor says that the job `sign` is `green`\n");
  BOOST_TEST(host.reasons("").find("answer.json") != std::string::npos);
  BOOST_TEST(host.reasons("{").starts_with("failure: the executor's answer"));
  write_file(host.folder.path() / "exit", "");
  const std::string failed = "failure: the executor ended with 3: it went wrong\n\n";
  BOOST_TEST(host.reasons(kGreen) == failed + failed);
}

BOOST_AUTO_TEST_CASE(a_rerun_is_of_the_whole_run) {
  Host host;
  const std::string first = host.push("main", {{kFile, kWorkflow}});
  const long id = host.finished().at(0).run.id;
  host.push("main", {{"a", "b"}});
  host.finished();
  const std::string path = host.base + "/_sandbox/runs/" + std::to_string(id) + "/rerun";
  BOOST_TEST(host.send({.method = "POST", .url = path, .headers = {}, .body = ""}).status == 201);
  const auto again = host.finished();
  BOOST_TEST_REQUIRE(again.size() == 2U);
  BOOST_TEST(again[1].key == std::to_string(id) + ".2-sign");
  BOOST_TEST(host.seen().at("job").at("run_attempt") == 2);
  BOOST_TEST(host.seen().at("job").at("sha") == first);
}

BOOST_AUTO_TEST_CASE(what_decides_over_a_job_is_still_read_strictly) {
  const auto reason = [](const std::string& from, const std::string& to) {
    Host host;
    std::string text = kWorkflow;
    text.replace(text.find(from), from.size(), to);
    host.push("main", {{kFile, text}});
    return host.finished().at(0).reason;
  };
  const std::string why = " is not in the subset that the sandbox runs";
  BOOST_TEST(reason("    needs: test", "    concurrency: one") == "jobs.sign.concurrency" + why);
  BOOST_TEST(reason("    needs: test", "    uses: ./.github/workflows/x.yml") == "jobs.sign.uses" + why);
  BOOST_TEST(reason("permissions: {}", "permissions: write-all") == "permissions `write-all`" + why);
  BOOST_TEST(reason("  push:", "  push: {paths: [charts/**]}") == "on.push.paths" + why);
  BOOST_TEST(reason("environment: waybill-sign", "environment: \"${{ inputs.e }}\"") ==
             "jobs.sign.environment `${{ inputs.e }}`" + why);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
