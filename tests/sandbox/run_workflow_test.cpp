#include "core/sandbox/run_workflow.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/sandbox/run_expression.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(run_workflow)

constexpr std::string_view kWhole = R"(name: Validate
on:
  pull_request_target: {types: [opened, synchronize], branches: [integration, 'integrate/**']}
  workflow_dispatch:
    inputs:
      chart: {description: which, required: true, type: string}
      dry: {default: "false", type: boolean}
  schedule: [{cron: "0 3 * * *"}]
permissions: {}
concurrency: {group: "validate-${{ github.event.pull_request.number }}-${{ inputs.chart }}", cancel-in-progress: true}
jobs:
  stage:
    runs-on: ubuntu-latest
    environment: waybill-release
    permissions: {contents: read, id-token: write, pull-requests: none}
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567 # v4
        with: {fetch-depth: 0, persist-credentials: false}
      - name: Validate
        id: validate
        uses: acme/waybill/actions/validate-contribution@v1
        with: {chart: "${{ inputs.chart }}", key: "${{ secrets.APP_KEY }}", level: debug}
)";

Workflow read(const std::string& text) {
  return read_workflow(yaml::parse(text, "w.yml"));
}

// The text of the refusal of kWhole with `from` replaced by `to`.
std::string refusal(const std::string& from, const std::string& to) {
  std::string text(kWhole);
  const std::size_t at = text.find(from);
  BOOST_TEST_REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  try {
    read(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

Event event(const std::string& name, const std::string& action, const std::string& branch) {
  Event one;
  one.name = name;
  one.action = action;
  one.branch = branch;
  one.ref = "refs/heads/" + branch;
  return one;
}

BOOST_AUTO_TEST_CASE(the_whole_subset_is_read) {
  const Workflow workflow = read(std::string(kWhole));
  BOOST_TEST(workflow.name == "Validate");
  BOOST_TEST(workflow.permissions->empty());
  BOOST_TEST(workflow.concurrency->cancel_in_progress);
  BOOST_TEST_REQUIRE(workflow.jobs.size() == 1U);
  const WorkflowJob& job = workflow.jobs[0];
  BOOST_TEST(job.id == "stage");
  BOOST_TEST(job.environment == "waybill-release");
  BOOST_TEST(job.timeout.count() == 10);
  BOOST_TEST((*job.permissions == Permissions{{"contents", "read"}, {"id-token", "write"}}));
  BOOST_TEST_REQUIRE(job.steps.size() == 2U);
  BOOST_TEST(job.steps[0].action.empty());
  BOOST_TEST(job.steps[0].with.at("fetch-depth") == "0");
  BOOST_TEST(job.steps[1].action == "validate-contribution");
  BOOST_TEST(job.steps[1].id == "validate");
}

BOOST_AUTO_TEST_CASE(whatever_is_not_in_the_subset_is_refused_by_name) {
  const std::string why = " is not in the subset that the sandbox runs";
  BOOST_TEST(refusal("    timeout-minutes: 10", "    strategy: {matrix: {a: [1]}}") == "jobs.stage.strategy" + why);
  BOOST_TEST(refusal("    timeout-minutes: 10", "    if: always()\n    needs: [other]") ==
             "jobs.stage.if, jobs.stage.needs" + why);
  BOOST_TEST(refusal("permissions: {}", "env: {A: b}") == "env" + why);
  BOOST_TEST(refusal("permissions: {}", "permissions: read-all") == "permissions `read-all`" + why);
  BOOST_TEST(refusal("contents: read", "everything: read") == "jobs.stage.permissions.everything" + why);
  BOOST_TEST(refusal("contents: read", "contents: admin") == "jobs.stage.permissions.contents `admin`" + why);
  BOOST_TEST(refusal("runs-on: ubuntu-latest", "runs-on: self-hosted") == "jobs.stage.runs-on `self-hosted`" + why);
  BOOST_TEST(refusal("runs-on: ubuntu-latest", "runs-on: [ubuntu-latest]") == "jobs.stage.runs-on" + why);
  BOOST_TEST(refusal("types: [opened, synchronize]", "paths: [charts/**]") == "on.pull_request_target.paths" + why);
  BOOST_TEST(refusal("'integrate/**'", "'!main'") == "on.pull_request_target.branches `!main`" + why);
  BOOST_TEST(refusal("  workflow_dispatch:", "  release: {types: [published]}\n  workflow_dispatch:") ==
             "on.release" + why);
  BOOST_TEST(refusal("acme/waybill/actions/validate-contribution@v1", "other/tool@v1") ==
             "jobs.stage.steps[1].uses `other/tool@v1`" + why);
  BOOST_TEST(refusal("acme/waybill/actions/validate-contribution@v1", "./actions/x") ==
             "jobs.stage.steps[1].uses `./actions/x`" + why);
  BOOST_TEST(refusal("@v1", "@" + std::string(500'000, 'v')) == "jobs.stage.steps[1].uses of 500043 bytes" + why);
  BOOST_TEST(refusal("        id: validate", "        run: echo") == "jobs.stage.steps[1].run" + why);
  BOOST_TEST(refusal("persist-credentials: false", "persist-credentials: true") ==
             "jobs.stage.steps[0].with.persist-credentials `true`" + why);
  BOOST_TEST(refusal("persist-credentials: false", "submodules: true") == "jobs.stage.steps[0].with.submodules" + why);
  BOOST_TEST(refusal("environment: waybill-release", "environment: {name: x, url: y}") ==
             "jobs.stage.environment.url" + why);
}

BOOST_AUTO_TEST_CASE(an_expression_is_one_whole_known_name) {
  BOOST_TEST(refusal("level: debug", "level: \"${{ github.event.pull_request.title }}\"") ==
             "jobs.stage.steps[1].with.level: `${{ github.event.pull_request.title }}` is not in the subset that the "
             "sandbox runs");
  BOOST_TEST(
      refusal("level: debug", "level: \"x-${{ inputs.chart }}\"") ==
      "jobs.stage.steps[1].with.level: an expression inside of other text is not in the subset that the sandbox runs");
  BOOST_TEST(
      refusal("level: debug", "level: \"${{ inputs.a && inputs.b }}\"") ==
      "jobs.stage.steps[1].with.level: `${{ inputs.a && inputs.b }}` is not in the subset that the sandbox runs");
  BOOST_TEST(refusal("${{ inputs.chart }}\", cancel", "${{ hashFiles('x') }}\", cancel") ==
             "concurrency.group: `${{ hashFiles('x') }}` is not in the subset that the sandbox runs");
  BOOST_TEST(refusal("level: debug", "level: \"${{ github.token\"") ==
             "`${{ github.token` has a `${{` without its `}}`");
  BOOST_TEST(evaluate("a ${{ inputs.x }} b ${{vars.y}}", [](std::string_view name) {
               return "<" + std::string(name) + ">";
             }) == "a <inputs.x> b <vars.y>");
  const auto second = [](std::string_view name) { return std::string(name == "inputs.y" ? "second" : ""); };
  BOOST_TEST(evaluate("${{ github.ref || inputs.y || inputs.z }}-${{ inputs.x || inputs.z }}", second) == "second-");
}

BOOST_AUTO_TEST_CASE(triggers_filter_as_github_does) {
  const yaml::Node file = yaml::parse(kWhole, "w.yml");
  const Trigger target = *read_trigger(file, "pull_request_target");
  BOOST_TEST(passes(target, event("pull_request_target", "opened", "integration")));
  BOOST_TEST(passes(target, event("pull_request_target", "synchronize", "integrate/a/b")));
  BOOST_TEST(!passes(target, event("pull_request_target", "closed", "integration")));
  BOOST_TEST(!passes(target, event("pull_request_target", "opened", "main")));
  BOOST_TEST(!read_trigger(file, "push").has_value());
  BOOST_TEST(read_trigger(file, "workflow_dispatch")->inputs.at("dry") == "false");

  const Trigger plain = *read_trigger(yaml::parse("on: [push, pull_request]", "w.yml"), "pull_request");
  BOOST_TEST(passes(plain, event("pull_request", "reopened", "any")));
  BOOST_TEST(!passes(plain, event("pull_request", "closed", "any")));
  BOOST_TEST(!passes(plain, event("pull_request", "edited", "any")));

  const Trigger filtered = *read_trigger(yaml::parse("on: {push: {branches: [main]}}", "w.yml"), "push");
  Event tag = event("push", "", "");
  tag.ref = "refs/tags/v1";
  BOOST_TEST(passes(filtered, event("push", "", "main")));
  BOOST_TEST(!passes(filtered, tag));
  BOOST_TEST(passes(*read_trigger(yaml::parse("on: push", "w.yml"), "push"), tag));
}

BOOST_AUTO_TEST_CASE(one_star_stops_at_a_slash_and_two_do_not) {
  BOOST_TEST(matches_branch("integrate/*", "integrate/nginx"));
  BOOST_TEST(!matches_branch("integrate/*", "integrate/nginx/x"));
  BOOST_TEST(matches_branch("integrate/**", "integrate/nginx/x"));
  BOOST_TEST(matches_branch("**", "anything/at/all"));
  BOOST_TEST(!matches_branch("*", "a/b"));
  BOOST_TEST(matches_branch("rel*-v*", "release-v1"));
  BOOST_TEST(!matches_branch("main", "main2"));
  BOOST_TEST(!matches_branch("main", "mai"));
  BOOST_TEST(matches_branch("", ""));
  BOOST_TEST(!matches_branch("", "main"));
  BOOST_TEST(!matches_branch("main", ""));
}

BOOST_AUTO_TEST_CASE(many_stars_take_no_longer_than_few) {
  std::string pattern;
  for (int i = 0; i < 100; ++i) pattern += "**a";
  BOOST_TEST(!matches_branch(pattern + "b", std::string(200, 'a')));
  BOOST_TEST(matches_branch(pattern, std::string(200, 'a')));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
