#include <boost/test/unit_test.hpp>

#include "sandbox/run_host.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(run_trigger)

using testing::probe_workflow;
using testing::RunHost;

const std::string kFile = ".github/workflows/probe.yml";
const std::string kEvery =
    "push:\npull_request:\npull_request_target:\nworkflow_dispatch:\nrepository_dispatch:\nschedule: [{cron: '0 3 * * "
    "*'}]";

std::string named(const std::string& name) {
  return "name: " + name + probe_workflow(kEvery).substr(std::string("name: Probe").size());
}

// main and feature hold different definitions of one file; a pull request asks to merge feature.
struct Scene : RunHost {
  Scene() {
    main = push("main", {{kFile, named("on main")}});
    feature = push("feature", {{kFile, named("on feature")}});
    number = open_pull_request("feature", "main");
    finished();
  }

  Run only(const Event& event) {
    const auto planned = planned_jobs(setup(), event);
    BOOST_TEST_REQUIRE(planned.size() == 1U);
    return planned[0].run;
  }

  Event made(const std::string& name, const std::string& ref = "") {
    Event event;
    event.name = name;
    event.repository = "acme/charts";
    event.ref = ref;
    event.actor = "alice";
    if (name == "workflow_dispatch") event.workflow = "probe.yml";
    return event;
  }

  std::string main;
  std::string feature;
  long number = 0;
};

BOOST_AUTO_TEST_CASE(file_ref_sha_and_identity_come_from_where_github_takes_them) {
  Scene scene;
  const std::string path = "acme/charts/" + kFile + "@";
  const Event pull = scene.event("pull_request");
  const std::string merge_ref = "refs/pull/" + std::to_string(scene.number) + "/merge";
  struct Row {
    Event event;
    std::string name, ref, sha;
  };
  Event pushed = scene.made("push", "refs/heads/feature");
  pushed.sha = scene.feature;
  pushed.branch = "feature";
  for (const Row& row :
       {Row{pushed, "on feature", "refs/heads/feature", scene.feature}, Row{pull, "on feature", merge_ref, pull.sha},
        Row{scene.event("pull_request_target"), "on main", "refs/heads/main", scene.main},
        Row{scene.made("workflow_dispatch", "feature"), "on feature", "refs/heads/feature", scene.feature},
        Row{scene.made("workflow_dispatch", "refs/heads/main"), "on main", "refs/heads/main", scene.main},
        Row{scene.made("repository_dispatch"), "on main", "refs/heads/main", scene.main},
        Row{scene.made("schedule"), "on main", "refs/heads/main", scene.main}}) {
    BOOST_TEST_CONTEXT(row.event.name << " " << row.event.ref) {
      const Run run = scene.only(row.event);
      BOOST_TEST(run.workflow_name == row.name);
      BOOST_TEST(run.ref == row.ref);
      BOOST_TEST(run.sha == row.sha);
      BOOST_TEST(run.workflow_sha == row.sha);
      BOOST_TEST(run.workflow_ref == path + row.ref);
    }
  }
  BOOST_TEST(pull.sha != scene.feature);
  BOOST_TEST(pull.sha != scene.main);
}

BOOST_AUTO_TEST_CASE(a_jobs_token_starts_dispatches_alone) {
  Scene scene;
  Event pushed = scene.made("push", "refs/heads/main");
  pushed.sha = scene.main;
  pushed.by_job_token = true;
  BOOST_TEST(planned_jobs(scene.setup(), pushed).empty());
  Event target = scene.event("pull_request_target");
  target.by_job_token = true;
  BOOST_TEST(planned_jobs(scene.setup(), target).empty());
  Event dispatch = scene.made("workflow_dispatch", "main");
  dispatch.by_job_token = true;
  BOOST_TEST(planned_jobs(scene.setup(), dispatch).size() == 1U);
  dispatch = scene.made("repository_dispatch");
  dispatch.by_job_token = true;
  BOOST_TEST(planned_jobs(scene.setup(), dispatch).size() == 1U);
}

BOOST_AUTO_TEST_CASE(runs_for_a_pull_request_of_a_jobs_token_wait_for_approval) {
  Scene scene;
  Event opened = scene.event("pull_request");
  BOOST_TEST(!awaits_approval(opened));
  opened.by_job_token = true;
  BOOST_TEST(awaits_approval(opened));
  BOOST_TEST(planned_jobs(scene.setup(), opened).size() == 1U);
  opened.action = "closed";
  BOOST_TEST(!awaits_approval(opened));
  BOOST_TEST(planned_jobs(scene.setup(), opened).empty());
}

BOOST_AUTO_TEST_CASE(a_dispatch_starts_the_named_file_alone) {
  Scene scene;
  scene.push("main", {{".github/workflows/other.yml", probe_workflow("workflow_dispatch:")}});
  Event dispatch = scene.made("workflow_dispatch", "main");
  dispatch.workflow = "other.yml";
  BOOST_TEST(scene.only(dispatch).workflow == ".github/workflows/other.yml");
  dispatch.workflow = "absent.yml";
  BOOST_TEST(planned_jobs(scene.setup(), dispatch).empty());
}

BOOST_AUTO_TEST_CASE(deleted_refs_and_marked_messages_start_nothing) {
  Scene scene;
  Event pushed = scene.made("push", "refs/heads/feature");
  pushed.sha = std::string(40, '0');
  BOOST_TEST(planned_jobs(scene.setup(), pushed).empty());
  for (const std::string message : {"quiet [skip ci]", "quiet\n\n\nskip-checks: true"}) {
    pushed.sha = scene.push("feature", {}, message);
    BOOST_TEST(planned_jobs(scene.setup(), pushed).empty(), message);
  }
  // The default branch's definition does not ask the contribution.
  BOOST_TEST(planned_jobs(scene.setup(), scene.event("pull_request_target")).size() == 1U);
  BOOST_TEST(planned_jobs(scene.setup(), scene.event("pull_request")).empty());
}

BOOST_AUTO_TEST_CASE(a_fork_gets_no_identity_and_only_reads) {
  RunHost host;
  const std::string job = "permissions: {contents: write, id-token: write}";
  host.push("main", {{kFile, probe_workflow("pull_request:\npull_request_target:", job)}});
  host.push("feature", {{"a", "b"}});
  host.open_pull_request("feature", "main");
  Event pull = host.event("pull_request");
  const auto own = planned_jobs(host.setup(), pull);
  BOOST_TEST((own.at(0).run.permissions == Permissions{{"contents", "write"}, {"id-token", "write"}}));
  pull.payload["pull_request"]["head"]["repo"]["full_name"] = "mallory/charts";
  const auto foreign = planned_jobs(host.setup(), pull);
  BOOST_TEST(foreign.at(0).withheld);
  BOOST_TEST((foreign.at(0).run.permissions == Permissions{{"contents", "read"}}));
  Event target = host.event("pull_request_target");
  target.payload["pull_request"]["head"]["repo"]["full_name"] = "mallory/charts";
  BOOST_TEST((planned_jobs(host.setup(), target).at(0).run.permissions ==
              Permissions{{"contents", "write"}, {"id-token", "write"}}));
  host.finished();
}

BOOST_AUTO_TEST_CASE(a_pull_request_of_dependabot_s_gets_neither_even_from_the_default_branch) {
  RunHost host;
  host.push("main", {{kFile, probe_workflow("pull_request_target:", "permissions: {id-token: write, checks: write}")}});
  host.push("feature", {{"a", "b"}});
  host.open_pull_request("feature", "main");
  Event target = host.event("pull_request_target");
  BOOST_TEST(!planned_jobs(host.setup(), target).at(0).withheld);
  target.payload["pull_request"]["user"]["login"] = "dependabot[bot]";
  const auto planned = planned_jobs(host.setup(), target);
  BOOST_TEST(planned.at(0).withheld);
  BOOST_TEST((planned.at(0).run.permissions == Permissions{{"checks", "read"}}));
  host.finished();
}

BOOST_AUTO_TEST_CASE(a_workflow_out_of_the_subset_is_a_failed_run_that_says_why) {
  RunHost host;
  host.push("main", {{kFile, probe_workflow("push: {branches: [main]}", "strategy: {matrix: {a: [1, 2]}}")}});
  auto runs = host.finished();
  BOOST_TEST_REQUIRE(runs.size() == 1U);
  BOOST_TEST(runs[0].conclusion == "failure");
  BOOST_TEST(runs[0].reason == "jobs.probe.strategy is not in the subset that the sandbox runs");
  host.push("other", {{"a", "b"}});
  BOOST_TEST(host.finished().empty(), "a filter that does not match comes first");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
