#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "sandbox/run_host.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(run_runner)

using testing::probe_workflow;
using testing::RunHost;

const std::string kFile = ".github/workflows/probe.yml";

std::string with_checkout(const std::string& on, const std::string& job, const std::string& with = "fetch-depth: 0") {
  std::string text = probe_workflow(on, job);
  text.replace(text.find("      - uses:"), 0, "      - uses: actions/checkout@v4\n        with: {" + with + "}\n");
  return text;
}

RunRecord only(RunHost& host) {
  const auto runs = host.finished();
  BOOST_TEST_REQUIRE(runs.size() == 1U);
  return runs[0];
}

BOOST_AUTO_TEST_CASE(a_stage_sees_what_a_container_action_sees_and_nothing_else) {
  RunHost host;
  const std::string head =
      host.push("main", {{kFile, probe_workflow("push:", "permissions: {contents: read}", "say: hello")}});
  const RunRecord run = only(host);
  BOOST_TEST_REQUIRE(run.conclusion == "success", run.reason);
  auto seen = host.environment(run);
  const std::map<std::string, std::string> wanted = {
      {"CI", "true"},
      {"GITHUB_ACTIONS", "true"},
      {"GITHUB_ACTION", "__acme_waybill"},
      {"GITHUB_ACTION_REF", "v1"},
      {"GITHUB_ACTION_REPOSITORY", "acme/waybill"},
      {"GITHUB_ACTOR", "alice"},
      {"GITHUB_API_URL", host.base + "/api/v3"},
      {"GITHUB_BASE_REF", ""},
      {"GITHUB_EVENT_NAME", "push"},
      {"GITHUB_GRAPHQL_URL", host.base + "/api/graphql"},
      {"GITHUB_HEAD_REF", ""},
      {"GITHUB_JOB", "probe"},
      {"GITHUB_REF", "refs/heads/main"},
      {"GITHUB_REF_NAME", "main"},
      {"GITHUB_REF_TYPE", "branch"},
      {"GITHUB_REPOSITORY", "acme/charts"},
      {"GITHUB_REPOSITORY_ID", "2002"},
      {"GITHUB_REPOSITORY_OWNER", "acme"},
      {"GITHUB_REPOSITORY_OWNER_ID", "1001"},
      {"GITHUB_RUN_ATTEMPT", "1"},
      {"GITHUB_RUN_ID", std::to_string(run.run.id)},
      {"GITHUB_SERVER_URL", host.base},
      {"GITHUB_SHA", head},
      {"GITHUB_WORKFLOW", "Probe"},
      {"GITHUB_WORKFLOW_REF", "acme/charts/" + kFile + "@refs/heads/main"},
      {"GITHUB_WORKFLOW_SHA", head},
      {"INPUT_SAY", "hello"},
      {"INPUT_LOG-LEVEL", "info"},
      {"INPUT_FAIL", ""},
      {"INPUT_SECRET", ""},
      {"RUNNER_ENVIRONMENT", "github-hosted"},
      {"RUNNER_OS", "Linux"},
  };
  for (const auto& [name, value] : wanted)
    BOOST_TEST(seen[name] == value, name << " is `" << seen[name] << "`, not `" << value << "`");
  BOOST_TEST(seen["INPUT_GITHUB-TOKEN"].starts_with("ghs_"));
  for (const auto& [name, value] : seen)
    BOOST_TEST((name.starts_with("GITHUB_") || name.starts_with("RUNNER_") || name.starts_with("INPUT_") ||
                name == "CI" || name == "HOME" || name == "PATH"),
               name << " is nothing a container action gets");
  BOOST_TEST(!seen.contains("GITHUB_TOKEN"));
  BOOST_TEST(!host.tokens.find(seen["INPUT_GITHUB-TOKEN"]).has_value(), "the job's token is revoked at its end");
  BOOST_TEST(host.text("/_sandbox/runs/" + run.key + "/summary") == "### probed\n");
  BOOST_TEST(host.log(run).find("hello\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_token_has_the_jobs_permissions_and_no_more) {
  RunHost host;
  host.push("main", {{kFile, probe_workflow("push:", "permissions: {contents: read}")},
                     {".github/workflows/write.yml",
                      probe_workflow("push:", "permissions: {pull-requests: write, contents: none}")},
                     {".github/workflows/none.yml", probe_workflow("push:", "permissions: {}")}});
  const auto runs = host.finished();
  BOOST_TEST_REQUIRE(runs.size() == 3U);
  BOOST_TEST(runs[0].run.workflow == ".github/workflows/none.yml");
  BOOST_TEST(runs[0].run.permissions.empty());
  BOOST_TEST((runs[1].run.permissions == Permissions{{"contents", "read"}}));
  BOOST_TEST((runs[2].run.permissions == Permissions{{"pull-requests", "write"}}));
  for (const RunRecord& run : runs)
    BOOST_TEST(!host.environment(run).contains("ACTIONS_ID_TOKEN_REQUEST_URL"), "no id-token, no URL");
}

BOOST_AUTO_TEST_CASE(a_workflow_edited_on_a_branch_runs_and_gets_an_identity_of_that_branch) {
  RunHost host;
  host.push("main", {{kFile, probe_workflow("push: {branches: [main]}")}});
  host.finished();
  const std::string head =
      host.push("evil", {{kFile, probe_workflow("push: {branches: [evil]}",
                                                "permissions: {id-token: write}\nenvironment: waybill-release")}});
  const RunRecord run = only(host);
  BOOST_TEST_REQUIRE(run.conclusion == "success", run.reason);
  const Json claims = parse_json(from_base64url(run.outputs.at("claims")), "claims");
  BOOST_TEST(claims.at("aud") == "sigstore");
  BOOST_TEST(claims.at("iss") == host.base + "/oidc");
  BOOST_TEST(claims.at("job_workflow_ref") == "acme/charts/" + kFile + "@refs/heads/evil");
  BOOST_TEST(claims.at("workflow_sha") == head);
  BOOST_TEST(claims.at("repository_id") == "2002");
  BOOST_TEST(claims.at("environment") == "waybill-release");
  BOOST_TEST(claims.at("sub") == "repo:acme@1001/charts@2002:environment:waybill-release");
}

BOOST_AUTO_TEST_CASE(secrets_are_masked_and_withheld_off_the_default_branch) {
  RunHost host;
  host.by_operator("repositories/acme/charts/secrets",
                   {{"environment", "waybill-release"}, {"name", "KEY"}, {"value", "of-the-environment"}});
  host.by_operator("repositories/acme/charts/secrets",
                   {{"environment", ""}, {"name", "PLAIN"}, {"value", "of-the-repository"}});
  const std::string job = "environment: waybill-release";
  const std::string file =
      probe_workflow("push:\npull_request_target:", job, "secret: ${{ secrets.KEY }}\nsay: ${{ secrets.PLAIN }}");
  host.push("main", {{kFile, file}});
  const RunRecord on_main = only(host);
  BOOST_TEST(host.environment(on_main)["INPUT_SECRET"] == "of-the-environment");
  const std::string log = host.log(on_main);
  BOOST_TEST(log.find("secret=*** ***") != std::string::npos, log);
  BOOST_TEST(log.find("of-the-") == std::string::npos, log);

  host.push("feature", {{"a", "b"}});
  const RunRecord off = only(host);
  BOOST_TEST(host.environment(off)["INPUT_SECRET"] == "");
  BOOST_TEST(host.environment(off)["INPUT_SAY"] == "of-the-repository");

  host.open_pull_request("feature", "main");
  const RunRecord target = only(host);
  BOOST_TEST(target.run.event.name == "pull_request_target");
  BOOST_TEST(host.environment(target)["INPUT_SECRET"] == "of-the-environment");
}

BOOST_AUTO_TEST_CASE(a_checkout_is_a_clone_with_the_jobs_token_and_leaves_none_behind) {
  RunHost host;
  host.push("main", {{kFile, with_checkout("push: {branches: [main]}", "permissions: {contents: read}")}});
  host.git({"tag", "v1"});
  host.git({"push", "--quiet", "origin", "v1"});
  host.push("other", {{"a", "b"}});
  host.finished();
  host.git({"checkout", "--quiet", "main"});
  const std::string head = host.push("main", {{"b", "c"}});
  const RunRecord run = only(host);
  BOOST_TEST_REQUIRE(run.conclusion == "success", host.log(run));
  BOOST_TEST(run.outputs.at("head") == head);
  BOOST_TEST(run.outputs.at("commits") == "3");
  BOOST_TEST(run.outputs.at("branch") == "detached");
  BOOST_TEST(run.outputs.at("remote") == "refs/remotes/origin/main refs/remotes/origin/other refs/tags/v1 ");
  BOOST_TEST(run.outputs.at("credentials") == "none");
}

BOOST_AUTO_TEST_CASE(a_checkout_is_shallow_unless_told_and_takes_a_ref) {
  RunHost host;
  const std::string one = host.push("other", {{"a", "b"}});
  host.git({"checkout", "--quiet", "main"});
  host.push("main",
            {{kFile,
              with_checkout("push: {branches: [main]}", "permissions: {contents: read}", "persist-credentials: false")},
             {".github/workflows/ref.yml", with_checkout("push: {branches: [main]}", "permissions: {contents: read}",
                                                         "ref: other, fetch-depth: 0")}});
  const auto runs = host.finished();
  BOOST_TEST_REQUIRE(runs.size() == 2U);
  BOOST_TEST(runs[0].outputs.at("commits") == "1", host.log(runs[0]));
  BOOST_TEST(runs[0].outputs.at("remote") == "refs/remotes/origin/main ");
  BOOST_TEST(runs[1].outputs.at("head") == one, host.log(runs[1]));
}

BOOST_AUTO_TEST_CASE(a_checkout_of_a_pull_request_run_is_the_merge_commit) {
  RunHost host;
  host.push("main", {{kFile, with_checkout("pull_request:", "permissions: {contents: read}")}});
  host.push("feature", {{"a", "b"}});
  host.open_pull_request("feature", "main");
  const RunRecord run = only(host);
  BOOST_TEST_REQUIRE(run.conclusion == "success", host.log(run));
  BOOST_TEST(run.outputs.at("head") == run.run.sha);
  BOOST_TEST(run.outputs.at("remote").find("refs/remotes/pull/1/merge") != std::string::npos, run.outputs.at("remote"));
}

BOOST_AUTO_TEST_CASE(a_checkout_without_contents_fails_before_the_stage) {
  RunHost host;
  host.push("main", {{kFile, with_checkout("push:", "permissions: {id-token: write}")}});
  const RunRecord run = only(host);
  BOOST_TEST(run.conclusion == "failure");
  BOOST_TEST(run.reason == "actions/checkout: the job's token lacks `contents: read`");
  BOOST_TEST(!std::filesystem::exists(host.folder.path() / "state" / "runs" / run.key / "environment"));
}

BOOST_AUTO_TEST_CASE(a_failed_stage_gives_its_exit_code_and_its_error) {
  RunHost host;
  host.push("main", {{kFile, probe_workflow("push:", "", "fail: \"no `values.yaml` in chart web%25\"")},
                     {".github/workflows/wrong.yml", probe_workflow("push:", "", "loud: yes")}});
  const auto runs = host.finished();
  BOOST_TEST_REQUIRE(runs.size() == 2U);
  BOOST_TEST(runs[0].conclusion == "failure");
  BOOST_TEST(runs[0].exit_code == 4);
  BOOST_TEST(runs[0].reason == "no `values.yaml` in chart web%");
  BOOST_TEST(runs[1].reason == "`loud` is no input of actions/probe");
  const Json listed = host.get("/_sandbox/runs");
  BOOST_TEST(listed.size() == 2U);
  BOOST_TEST(listed[0].at("log") == host.base + "/_sandbox/runs/1/log");
  for (const char* member : {"id", "workflow", "job", "event", "action", "head", "conclusion", "reason", "exit_code",
                             "seconds", "started", "outputs"})
    BOOST_TEST(listed[0].contains(member), member);
}

BOOST_AUTO_TEST_CASE(a_dispatch_hands_its_inputs_over) {
  RunHost host;
  host.by_operator("repositories/acme/charts/variables", {{"name", "LEVEL"}, {"value", "debug"}});
  host.push(
      "main",
      {{kFile, probe_workflow("workflow_dispatch: {inputs: {chart: {required: true}, dry: {default: no-run}}}", "",
                              "say: ${{ inputs.chart }}\nfail: ${{ inputs.absent }}\nlog-level: ${{ vars.LEVEL "
                              "}}\nsecret: ${{ inputs.dry }}")}});
  BOOST_TEST(host.finished().empty());
  host.dispatch("probe.yml", "main", {{"chart", "web"}});
  const RunRecord run = only(host);
  BOOST_TEST_REQUIRE(run.conclusion == "success", run.reason);
  auto seen = host.environment(run);
  BOOST_TEST(seen["INPUT_SAY"] == "web");
  BOOST_TEST(seen["INPUT_FAIL"] == "");
  BOOST_TEST(seen["INPUT_LOG-LEVEL"] == "debug");
  BOOST_TEST(seen["INPUT_SECRET"] == "no-run");
  BOOST_TEST(seen["GITHUB_EVENT_NAME"] == "workflow_dispatch");
}

BOOST_AUTO_TEST_CASE(a_rerun_keeps_definition_ref_and_sha) {
  RunHost host;
  const std::string first = host.push("main", {{kFile, probe_workflow("push:", "", "say: one")}});
  host.finished();
  host.push("main", {{kFile, probe_workflow("push:", "", "say: two")}});
  host.finished();
  const auto answer =
      host.send({.method = "POST", .url = host.base + "/_sandbox/runs/1/rerun", .headers = {}, .body = ""});
  BOOST_TEST(answer.status == 201, answer.body);
  const RunRecord again = only(host);
  BOOST_TEST(again.key == "1.2");
  auto seen = host.environment(again);
  BOOST_TEST(seen["INPUT_SAY"] == "one");
  BOOST_TEST(seen["GITHUB_SHA"] == first);
  BOOST_TEST(seen["GITHUB_RUN_ID"] == "1");
  BOOST_TEST(seen["GITHUB_RUN_ATTEMPT"] == "2");
}

// One runs, one waits, and the one that comes last takes the place of the one that waits.
BOOST_AUTO_TEST_CASE(a_concurrency_group_has_one_running_and_one_waiting) {
  const auto conclusions = [](const std::string& concurrency) {
    RunHost host;
    host.push("main", {{kFile, "concurrency: " + concurrency + "\n" +
                                   probe_workflow("workflow_dispatch: {inputs: {chart: {}}}")}});
    const auto hold = host.folder.path() / "state" / "hold";
    write_file(hold, "");
    for (const std::string chart : {"web", "web", "db", "web"}) host.dispatch("probe.yml", "main", {{"chart", chart}});
    BOOST_TEST(host.get("/_sandbox/idle?timeout=0").at("idle") == false);
    std::filesystem::remove(hold);
    std::string all;
    for (const RunRecord& run : host.finished()) all += run.conclusion + " ";
    BOOST_TEST(host.get("/_sandbox/idle?timeout=0").at("idle") == true);
    return all;
  };
  BOOST_TEST(conclusions("{group: \"probe-${{ inputs.chart }}\", cancel-in-progress: false}") ==
             "success cancelled success success ");
  BOOST_TEST(conclusions("{group: \"probe-${{ github.workflow }}\"}") == "success cancelled cancelled success ");
  BOOST_TEST(conclusions("{group: all, queue: max}") == "success success success success ");
}

BOOST_AUTO_TEST_CASE(records_outlive_the_sandbox) {
  TemporaryFolder folder;
  RunRecord record;
  record.key = "7";
  record.run.id = 7;
  record.run.event.payload = {{"number", 3}};
  record.conclusion = "running";
  RunRecords(folder.path()).put(record);
  RunRecords again(folder.path());
  BOOST_TEST(again.next_id() == 8);
  const RunRecord kept = *again.find("7");
  BOOST_TEST(kept.conclusion == "failure");
  BOOST_TEST(kept.reason == "the sandbox was stopped before this job ended");
  BOOST_TEST(kept.run.event.payload.at("number") == 3);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
