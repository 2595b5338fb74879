#include "core/forge/settings.h"

#include <boost/test/unit_test.hpp>

#include "forge/forge_under_test.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(settings)

Json attempt_json() {
  return {{"id", 7},
          {"path", ".github/workflows/tag-charts.yml@main"},
          {"event", "push"},
          {"head_sha", kHead.hex()},
          {"repository", {{"id", 2002}}},
          {"status", "completed"},
          {"conclusion", "success"},
          {"run_started_at", "2026-11-21T12:00:00Z"},
          {"updated_at", "2026-11-21T12:01:00Z"},
          {"html_url", "https://github.com/octo/charts/actions/runs/7"}};
}

BOOST_AUTO_TEST_CASE(ways_to_merge_are_known_only_where_they_are_shown) {
  ForgeUnderTest t;
  Json repository = {{"archived", false}, {"owner", {{"type", "Organization"}}}};
  t.http.expect("GET", kRepo, json_answer(200, repository));
  BOOST_TEST(!t.client.merging().squash.has_value());
  repository.update({{"allow_squash_merge", true}, {"allow_merge_commit", false}, {"archived", true}});
  t.http.expect("GET", kRepo, json_answer(200, repository));
  const MergeSettings shown = t.client.merging();
  BOOST_TEST(shown.squash.value());
  BOOST_TEST(!shown.merge_commit.value());
  BOOST_TEST(shown.archived);
  BOOST_TEST(shown.owner_type == "Organization");
}

BOOST_AUTO_TEST_CASE(what_actions_may_do) {
  ForgeUnderTest t;
  t.http.expect("GET", kRepo + "/actions/permissions",
                json_answer(200, {{"enabled", true}, {"allowed_actions", "selected"}}));
  t.http.expect("GET", kRepo + "/actions/permissions/workflow",
                json_answer(200, {{"default_workflow_permissions", "write"}}));
  BOOST_TEST(t.client.actions().allowed == "selected");
  BOOST_TEST(t.client.usual_job_permissions() == "write");
  t.http.expect("GET", kRepo + "/actions/permissions", json_answer(200, {{"enabled", false}}));
  BOOST_TEST(!t.client.actions().enabled);
}

BOOST_AUTO_TEST_CASE(what_a_token_may_not_see_is_a_missing_permission_however_it_is_hidden) {
  ForgeUnderTest t;
  for (const int status : {403, 404}) {
    t.http.expect("GET", kRepo + "/actions/permissions", json_answer(status, message("no")));
    BOOST_CHECK_EXCEPTION(t.client.actions(), Error, fails(Fault::kPermission, "administration: read"));
    t.http.expect("GET", kRepo + "/actions/secrets?per_page=100", json_answer(status, message("no")));
    BOOST_CHECK_EXCEPTION(t.client.secrets(SecretsOf::kRepository), Error, fails(Fault::kPermission, "secrets: read"));
    t.http.expect("GET", kRepo + "/environments/a%20b/secrets?per_page=100", json_answer(status, message("no")));
    BOOST_CHECK_EXCEPTION(t.client.environment_secrets("a b"), Error, fails(Fault::kPermission, "environments: read"));
  }
}

BOOST_AUTO_TEST_CASE(immutable_releases_are_off_where_the_forge_knows_nothing_of_them) {
  ForgeUnderTest t;
  const std::string path = kRepo + "/immutable-releases";
  t.http.expect("GET", path, json_answer(200, {{"enabled", true}, {"enforced_by_owner", false}}));
  BOOST_TEST(t.client.has_immutable_releases());
  t.http.expect("GET", path, json_answer(404, message("Not Found")));
  BOOST_TEST(!t.client.has_immutable_releases());
  t.http.expect("GET", path, json_answer(403, message("no")));
  BOOST_CHECK_EXCEPTION(t.client.has_immutable_releases(), Error, fails(Fault::kPermission, "administration: read"));
}

BOOST_AUTO_TEST_CASE(workflows_are_told_with_their_state) {
  ForgeUnderTest t;
  const Json one = {{"path", ".github/workflows/x.yml"}, {"state", "disabled_manually"}};
  t.http.expect("GET", kRepo + "/actions/workflows?per_page=100",
                json_answer(200, {{"total_count", 1}, {"workflows", {one}}}));
  const auto found = t.client.workflows();
  BOOST_TEST_REQUIRE(found.size() == 1U);
  BOOST_TEST(found[0].path == ".github/workflows/x.yml");
  BOOST_TEST(found[0].state == "disabled_manually");
}

BOOST_AUTO_TEST_CASE(environments_and_the_branches_that_they_are_for) {
  ForgeUnderTest t;
  const auto environment = [](const std::string& name, const Json& policy) {
    return Json{{"name", name}, {"deployment_branch_policy", policy}};
  };
  const Json all = Json::array({environment("a", nullptr),
                                environment("b", {{"protected_branches", true}, {"custom_branch_policies", false}}),
                                environment("c", {{"protected_branches", false}, {"custom_branch_policies", true}})});
  t.http.expect("GET", kRepo + "/environments?per_page=100",
                json_answer(200, {{"total_count", 3}, {"environments", all}}));
  const auto found = t.client.environments();
  BOOST_TEST_REQUIRE(found.size() == 3U);
  BOOST_TEST((found[0].limit == Environment::For::kAll));
  BOOST_TEST((found[1].limit == Environment::For::kProtected));
  BOOST_TEST((found[2].limit == Environment::For::kListed));
  const Json policies = Json::array({{{"name", "main"}}, {{"name", "v*"}, {"type", "tag"}}});
  t.http.expect("GET", kRepo + "/environments/c/deployment-branch-policies?per_page=100",
                json_answer(200, {{"total_count", 2}, {"branch_policies", policies}}));
  const auto branches = t.client.branch_policies("c");
  BOOST_TEST_REQUIRE(branches.size() == 2U);
  BOOST_TEST(branches[0].type == "branch");
  BOOST_TEST(branches[1].type == "tag");
}

BOOST_AUTO_TEST_CASE(secrets_are_names_by_whose_they_are) {
  ForgeUnderTest t;
  const auto answer = json_answer(200, {{"total_count", 1}, {"secrets", {{{"name", "KEY"}}}}});
  const std::map<SecretsOf, std::string> places{{SecretsOf::kRepository, "/actions/secrets"},
                                                {SecretsOf::kOrganisation, "/actions/organization-secrets"},
                                                {SecretsOf::kDependabot, "/dependabot/secrets"}};
  for (const auto& [whose, place] : places) {
    t.http.expect("GET", kRepo + place + "?per_page=100", answer);
    BOOST_TEST(t.client.secrets(whose).contains("KEY"));
  }
}

BOOST_AUTO_TEST_CASE(an_app_is_its_number_and_what_it_may_do) {
  ForgeUnderTest t;
  t.http.expect("GET", kApi + "/apps/waybill",
                json_answer(200, {{"id", 9}, {"slug", "waybill"}, {"permissions", {{"contents", "write"}}}}));
  const auto app = t.client.app("waybill");
  BOOST_TEST_REQUIRE(app.has_value());
  BOOST_TEST(app->id == 9);
  BOOST_TEST(app->permissions.at("contents") == "write");
  t.http.expect("GET", kApi + "/apps/waybill", json_answer(404, message("Not Found")));
  BOOST_TEST(!t.client.app("waybill").has_value());
}

BOOST_AUTO_TEST_CASE(an_attempt_of_a_run_is_told_or_there_is_none) {
  ForgeUnderTest t;
  const std::string path = kRepo + "/actions/runs/7/attempts/2";
  t.http.expect("GET", path, json_answer(200, attempt_json()));
  const auto run = t.client.run_attempt(7, 2);
  BOOST_TEST_REQUIRE(run.has_value());
  BOOST_TEST(run->path == ".github/workflows/tag-charts.yml");
  BOOST_TEST(run->repository_id == 2002);
  BOOST_TEST((run->updated - run->started == std::chrono::minutes(1)));
  t.http.expect("GET", path, json_answer(404, message("Not Found")));
  BOOST_TEST(!t.client.run_attempt(7, 2).has_value());
  t.http.expect("GET", path, json_answer(403, message("no")));
  BOOST_CHECK_EXCEPTION(t.client.run_attempt(7, 2), Error, fails(Fault::kPermission, "actions: read"));
  Json broken = attempt_json();
  broken.erase("run_started_at");
  t.http.expect("GET", path, json_answer(200, broken));
  BOOST_CHECK_EXCEPTION(t.client.run_attempt(7, 2), Error, fails(Fault::kRemote, "run_started_at"));
}

BOOST_AUTO_TEST_CASE(the_last_success_of_a_workflow_is_one_question) {
  ForgeUnderTest t;
  const std::string path = kRepo + "/actions/workflows/x.yml/runs?status=success&per_page=1";
  t.http.expect("GET", path, json_answer(200, {{"total_count", 9}, {"workflow_runs", {attempt_json()}}}));
  BOOST_TEST(t.client.last_success("x.yml")->event == "push");
  t.http.expect("GET", path, json_answer(200, {{"total_count", 0}, {"workflow_runs", Json::array()}}));
  BOOST_TEST(!t.client.last_success("x.yml").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
