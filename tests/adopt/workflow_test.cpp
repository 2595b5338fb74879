#include "core/adopt/workflow.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/yaml/document.h"
#include "testing/refusal.h"

// A stage's workflow file says what its row and the policy say, and nothing more.
namespace waybill {

BOOST_AUTO_TEST_SUITE(adopt_workflow)

using lineage::Pipeline;
using lineage::Policy;
using stages::Stage;

namespace {

Policy policy(const std::string& more = "") {
  return Policy::parse(
      "version: 1\nanchor: {repository: o/r, repository-id: 1, owner-id: 1, branch: trunk}\napp: a\ncharts: []\n"
      "kubernetes: [1.33.7]\n" +
          more,
      ".waybill.yml");
}

std::string text(std::string_view stage, const Policy& policy, const adopt::WorkflowStyle& style = {}) {
  return adopt::workflow(stages::stage_named(stage), policy, style);
}

std::vector<const Stage*> stages_in(Pipeline pipeline) {
  std::vector<const Stage*> all;
  for (const std::string_view name : lineage::stages_of(pipeline)) all.push_back(&stages::stage_named(name));
  return all;
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(without_an_app_the_job_may_do_what_the_app_would) {
  Policy rules = policy();
  rules.app = "github-actions[bot]";
  for (const Stage* stage : stages_in(Pipeline::kFull)) {
    BOOST_TEST_CONTEXT(stage->name) {
      const std::string yaml = adopt::workflow(*stage, rules);
      BOOST_TEST(!says(yaml, "WAYBILL_APP"));
      const yaml::Node job = yaml::parse(yaml, "w.yml").at("jobs").members().front().second;
      std::map<std::string, std::string> held;
      for (const auto& [name, level] : job.at("permissions").members())
        BOOST_TEST(held.emplace(name, level.text()).second, name);
      BOOST_TEST(held["actions"] == "write");
      for (const auto& permission : stage->job_permissions)
        BOOST_TEST(held.contains(std::string(permission.name)), permission.name);
      BOOST_TEST(held.contains("pull-requests"));
      for (const char* wanted : {"contents", "id-token"}) BOOST_TEST(held[wanted] == "write", wanted);
      const yaml::Node step = job.at("steps").items()[1];
      if (const auto inputs = step.find("with")) BOOST_TEST(!inputs->members().empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_workflow_has_one_job_with_the_stages_permissions_and_a_pinned_checkout) {
  for (const std::string pipeline : {"full", "direct"}) {
    const Policy rules = policy("pipeline: " + pipeline + "\n");
    for (const Stage* stage : stages_in(rules.pipeline)) {
      BOOST_TEST_CONTEXT(stage->name << " in " << pipeline) {
        const yaml::Node file = yaml::parse(adopt::workflow(*stage, rules), "w.yml");
        file.require_only({"name", "on", "permissions", "concurrency", "jobs"});
        BOOST_TEST(file.at("name").text() == stage->name);
        BOOST_TEST(file.at("permissions").members().empty());
        BOOST_REQUIRE(file.at("jobs").members().size() == 1U);
        const yaml::Node job = file.at("jobs").members().front().second;
        job.require_only({"runs-on", "environment", "permissions", "steps"});
        BOOST_TEST(job.at("environment").text() == "waybill-" + std::string(stage->name));
        std::vector<std::pair<std::string_view, std::string_view>> wanted;
        for (const auto& permission : stage->job_permissions) wanted.emplace_back(permission.name, permission.level);
        BOOST_REQUIRE(job.at("permissions").members().size() == wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
          BOOST_TEST(job.at("permissions").members()[i].first == wanted[i].first);
          BOOST_TEST(job.at("permissions").members()[i].second.text() == wanted[i].second);
        }
        const auto& steps = job.at("steps").items();
        BOOST_REQUIRE(steps.size() == 2U);
        const std::string checkout = steps[0].at("uses").text();
        BOOST_TEST(checkout.starts_with("actions/checkout@"));
        BOOST_CHECK_NO_THROW(Oid::parse(checkout.substr(checkout.find('@') + 1)));
        BOOST_TEST(steps[0].at("with").at("fetch-depth").text() == "0");
        BOOST_TEST(!steps[0].at("with").at("persist-credentials").as_boolean());
        std::set<std::string_view> handed{"app-id", "app-private-key"};
        for (const stages::Input& input : stage->inputs)
          if (input.asked) handed.insert(input.name);
        for (const auto& [name, value] : steps[1].at("with").members()) {
          BOOST_TEST(handed.erase(name) == 1U, name);
          if (!name.starts_with("app-")) BOOST_TEST(value.text() == "${{ inputs." + name + " }}");
        }
        BOOST_TEST(handed.empty());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_stage_starts_on_its_own_event_on_the_policys_branches_and_by_hand) {
  const Policy full = policy("branches: {integration: develop, chart: one/<chart>, release: prod}\n");
  BOOST_TEST(says(text("validate-contribution", full),
                  "on:\n  pull_request_target:\n    types: [opened, synchronize, reopened]\n    branches: [develop]\n"
                  "  workflow_dispatch:\n    inputs:\n      pull-request:\n        description: "));
  BOOST_TEST(says(text("filter-charts", full), "    types: [closed]\n    branches: [develop]\n"));
  BOOST_TEST(says(text("enforce-atomic", full), "    branches: ['one/**']\n"));
  BOOST_TEST(says(text("format-chart-pr", full), "    types: [closed]\n    branches: ['one/**']\n"));
  BOOST_TEST(says(text("validate-and-bump", full), "reopened]\n    branches: [trunk]\n"));
  BOOST_TEST(says(text("tag-charts", full), "on:\n  push:\n    branches: [trunk]\n  workflow_dispatch:\n"));
  BOOST_TEST(says(text("release-charts", full), "reopened]\n    branches: [prod]\n"));
  BOOST_TEST(says(text("publish-charts", full), "    types: [closed]\n    branches: [prod]\n"));
  BOOST_TEST(
      says(text("publish-charts", full), "  workflow_dispatch:\n    inputs:\n      withdraw:\n        description: "));

  const Policy direct = policy("pipeline: direct\n");
  BOOST_TEST(says(text("validate-contribution", direct), "reopened]\n    branches: [trunk]\n"));
  BOOST_TEST(says(text("format-chart-pr", direct), "on:\n  push:\n    branches: [trunk]\n"));
  testing::refuses(Fault::kInternal, "`filter-charts` is no stage of `pipeline: direct`",
                   [&] { static_cast<void>(text("filter-charts", direct)); });
}

BOOST_AUTO_TEST_CASE(what_watches_over_the_stages_runs_by_the_clock_without_the_apps_key) {
  for (const std::string pipeline : {"full", "direct"}) {
    const Policy rules = policy("pipeline: " + pipeline + "\n");
    const yaml::Node file = yaml::parse(text("reconcile", rules), "w.yml");
    BOOST_TEST(file.at("on").find("schedule").has_value());
    BOOST_TEST(!file.at("jobs").at("reconcile").find("environment").has_value());
    BOOST_TEST(text("reconcile", rules).find("secrets.") == std::string::npos);
  }
  BOOST_TEST(adopt::workflow(stages::kReconcile, policy(""), {.only_plans = true})
                 .ends_with("        with:\n          mode: plan\n"));
}

BOOST_AUTO_TEST_CASE(a_branch_name_means_itself_in_a_filter) {
  BOOST_TEST(says(text("publish-charts", policy("branches: {release: 'prod+1]'}\n")), R"(branches: ['prod\+1\]'])"));
  BOOST_TEST(says(text("publish-charts", policy("branches: {release: '!prod'}\n")), R"(branches: ['\!prod'])"));
  BOOST_TEST(says(text("publish-charts", policy("branches: {release: 'on'}\n")), "branches: ['on']"));
}

BOOST_AUTO_TEST_CASE(runs_about_one_pull_request_queue_up_and_pushes_have_none) {
  for (const std::string pipeline : {"full", "direct"}) {
    const Policy rules = policy("pipeline: " + pipeline + "\n");
    for (const Stage* stage : stages_in(rules.pipeline)) {
      const yaml::Node concurrency = yaml::parse(adopt::workflow(*stage, rules), "w.yml").at("concurrency");
      const stages::Trigger& trigger = *stage->triggers.of(rules.pipeline);
      const std::string asked = stages::is_proposal(trigger) ? " || inputs.pull-request" : "";
      const std::string tried = stage->answers_groups ? " || inputs.merge-group" : "";
      const std::string number =
          trigger.event == "push" ? "" : "-${{ github.event.pull_request.number" + asked + tried + " }}";
      BOOST_TEST(concurrency.at("group").text() == std::string(stage->name) + number);
      BOOST_TEST(!concurrency.at("cancel-in-progress").as_boolean());
    }
  }
}

BOOST_AUTO_TEST_CASE(the_environment_is_the_one_that_the_policy_demands) {
  const Policy rules = policy("signers: {tag-charts: {environment: tags of ours}}\n");
  BOOST_TEST(says(text("tag-charts", rules), "    environment: 'tags of ours'\n"));
}

BOOST_AUTO_TEST_CASE(a_release_is_pinned_by_commit_and_without_one_the_file_says_so) {
  const std::string commit = "0123456789abcdef0123456789abcdef01234567";
  const auto release = adopt::ActionsRelease::parse("v1.2.3@" + commit);
  BOOST_TEST(says(text("tag-charts", policy(), {.release = release}),
                  "uses: waybill/waybill/actions/tag-charts@" + commit + " # v1.2.3\n"));
  BOOST_TEST(says(text("tag-charts", policy()), "uses: waybill/waybill/actions/tag-charts@main # not released yet"));
  for (const char* wrong : {"", "v1.2.3", "1.2.3@0123456789abcdef0123456789abcdef01234567", "v1.2@main", "v1.2.3@main",
                            "v1.2.3@0123456", "v1@0123456789abcdef0123456789abcdef01234567"})
    testing::refuses(Fault::kInput, "", [&] { static_cast<void>(adopt::ActionsRelease::parse(wrong)); });
}

BOOST_AUTO_TEST_CASE(only_who_plans_says_so_and_only_who_publishes_gets_another_registrys_password) {
  for (const Stage* stage : stages_in(Pipeline::kFull)) {
    BOOST_TEST(!says(adopt::workflow(*stage, policy()), "mode:"));
    BOOST_TEST(says(adopt::workflow(*stage, policy(), {.only_plans = true}), "        with:\n          mode: plan\n"));
    const std::string foreign = adopt::workflow(*stage, policy("destinations: [{registry: registry.example/x}]\n"));
    BOOST_TEST(says(foreign, "registry-password: ${{ secrets.WAYBILL_REGISTRY_PASSWORD }}\n") ==
               (stage->name == "publish-charts"));
    Policy own = policy("destinations: [{registry: ghcr.io/o/charts}]\n");
    BOOST_TEST(!says(adopt::workflow(*stage, own), "registry-password"));
    own.anchor.server = "https://forge.example:8443";
    own.destinations = {{"forge.example:8443/o/charts"}, {"containers.forge.example:8443/o/charts"}};
    BOOST_TEST(!says(adopt::workflow(*stage, own), "registry-password"));
    own.destinations = {{"ghcr.io/o/charts"}};
    BOOST_TEST(says(adopt::workflow(*stage, own), "registry-password") == (stage->name == "publish-charts"));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
