#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "stages/sound_repository.h"

// Of everything around a pipeline that has to be so, each thing that is not is named with its cure, all at once.
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_doctor)

using Limit = forge::Environment::For;
using stages::kDoctor;
using stages::kReconcile;
using stages::kTagCharts;
using stages::SoundRepository;

namespace {

constexpr const char* kKey = "WAYBILL_APP_PRIVATE_KEY";
const std::string kCommit(40, '7');

std::string replaced(std::string text, const std::string& part, const std::string& by) {
  const std::size_t at = text.find(part);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, part);
  return text.replace(at, part.size(), by);
}

}  // namespace

BOOST_AUTO_TEST_CASE(of_a_sound_repository_everything_is_noted_and_nothing_is_wrong) {
  SoundRepository repository;
  repository.check_sound();
  const auto notes = repository.examined().notes();
  for (const std::string note :
       {".waybill.yml is of this repository, and what it pins is there; `main` is the default branch",
        "squash merges are allowed, into `main`", "merge commits are allowed, into `integration` and `release`",
        "Actions are on", "releases are immutable",
        ".github/workflows/tag-charts.yml: there, on, its actions pinned by commit",
        ".github/workflows/reconcile.yml: there, on, its actions pinned by commit",
        "the environment `waybill-tag-charts` is for `main` alone and has the App's key",
        "the App's key is no secret of the repository", "the App's key is no secret of the organisation",
        "the App's key is no secret of Dependabot", "the App `waybill` may do what the stages need, and nothing else",
        "`registry.example/charts/web` answers: 1 tags"})
    BOOST_TEST((std::ranges::find(notes, note) != notes.end()), note);
  BOOST_TEST(std::ranges::any_of(notes, [](const auto& note) { return note.starts_with("ruleset `waybill: main`"); }));
}

BOOST_AUTO_TEST_CASE(where_there_is_no_app_nobody_asks_for_its_key_and_rules) {
  SoundRepository repository;
  repository.world.facts.policy.app = "github-actions[bot]";
  repository.world.forge.knows_rulesets = false;
  repository.check_sound();
  const auto notes = repository.examined().notes();
  BOOST_TEST(std::ranges::any_of(notes, [](const auto& note) { return note.ends_with("assurance is reduced"); }));
  BOOST_TEST(std::ranges::none_of(notes, [](const auto& note) { return note.find("the App") != note.npos; }));
}

BOOST_AUTO_TEST_CASE(nothing_is_changed) {
  SoundRepository repository;
  repository.settings.immutable = false;
  BOOST_TEST(repository.examined().steps().empty());
}

BOOST_AUTO_TEST_CASE(settings_of_the_repository) {
  SoundRepository repository;
  auto& settings = repository.settings;
  settings.merges.squash = false;
  repository.check_wrong("squash merges are not allowed; into `main` they are needed",
                         "gh api -X PATCH repos/octo/charts -F allow_squash_merge=true");
  settings.merges.squash = true;
  settings.merges.merge_commit = false;
  repository.check_wrong("merge commits are not allowed", "-F allow_merge_commit=true");
  settings.merges.merge_commit = true;
  settings.merges.archived = true;
  repository.check_wrong("the repository is archived", "archived=false");
  settings.merges.archived = false;
  settings.actions_settings = {.enabled = false, .allowed = ""};
  repository.check_wrong("Actions are off", "gh api -X PUT repos/octo/charts/actions/permissions -F enabled=true");
  settings.actions_settings = {.enabled = true, .allowed = "local_only"};
  repository.check_wrong("only actions of this repository's owner may run", "allowed_actions=all");
  settings.actions_settings.allowed = "selected";
  settings.usual = "write";
  repository.check_wrong("gets to `write`", "default_workflow_permissions=read");
  settings.usual = "read";
  settings.immutable = false;
  repository.check_wrong("releases are not immutable", "gh api -X PUT repos/octo/charts/immutable-releases");
}

BOOST_AUTO_TEST_CASE(a_workflow_is_there_on_pinned_and_in_its_environment) {
  SoundRepository repository;
  const std::string sound = repository.workflow(kTagCharts);
  const auto put = [&](const std::string& part, const std::string& by) {
    repository.put_workflow(kTagCharts, replaced(sound, part, by));
  };
  put("tag-charts@" + kCommit, "tag-charts@main");
  repository.check_wrong("`.github/workflows/tag-charts.yml` uses `waybill/waybill/actions/tag-charts@main`",
                         "uses: waybill/waybill/actions/tag-charts@");
  put("checkout@" + kCommit, "checkout@v5");
  repository.check_wrong("uses `actions/checkout@v5`, which others can move", "uses: actions/checkout@");
  put("actions/tag-charts@", "actions/release-charts@");
  repository.check_wrong("does not use waybill's action `tag-charts`", "waybill init --write");
  put("    environment: waybill-tag-charts\n", "");
  repository.check_wrong("names no environment", "environment: waybill-tag-charts");
  repository.put_workflow(kTagCharts, "jobs: [");
  repository.check_wrong("cannot be read: ", "waybill init --write");
  repository.put_workflow(kTagCharts, sound);

  auto& files = repository.settings.files;
  const auto state = std::ranges::find(files, ".github/workflows/tag-charts.yml", &forge::Workflow::path);
  state->state = "disabled_inactivity";
  repository.check_wrong("is off: the forge says `disabled_inactivity`",
                         "gh workflow enable tag-charts.yml --repo octo/charts");
  files.erase(state);
  repository.check_wrong("`.github/workflows/tag-charts.yml` is not known to the forge", "push a commit to `main`");
  files.push_back({".github/workflows/tag-charts.yml", "active"});
  repository.check_sound();

  repository.world.change("main", {}, "ci: no reconcile", {".github/workflows/reconcile.yml"});
  repository.check_wrong("`.github/workflows/reconcile.yml` is not on `main`: nothing runs `reconcile`",
                         "waybill init --write");
}

BOOST_AUTO_TEST_CASE(the_policys_environment_decides) {
  SoundRepository repository;
  auto& signers = repository.world.facts.policy.signers;
  std::ranges::find(signers, "tag-charts", &lineage::Signer::stage)->environment = "releases";
  const stages::Plan plan = repository.examined();
  BOOST_TEST_REQUIRE(plan.alarms().size() == 2U);
  BOOST_TEST(std::string(plan.alarms()[0].what()) ==
             "`.github/workflows/tag-charts.yml` runs in the environment `waybill-tag-charts`, the policy wants "
             "`releases`");
  BOOST_TEST(plan.alarms()[0].hint() == "environment: releases");
  BOOST_TEST(std::string(plan.alarms()[1].what()).starts_with("there is no environment `releases`"));
}

BOOST_AUTO_TEST_CASE(the_key_lies_in_environments_of_the_default_branch_alone) {
  SoundRepository repository;
  auto& settings = repository.settings;
  const std::string name = "waybill-tag-charts";
  settings.limits.erase(name);
  repository.check_wrong("there is no environment `waybill-tag-charts`",
                         "gh api -X PUT repos/octo/charts/environments/waybill-tag-charts");
  settings.limits[name] = Limit::kAll;
  repository.check_wrong("is for every branch and tag, `main` alone is wanted",
                         "environments/waybill-tag-charts/deployment-branch-policies -f name=main");
  settings.limits[name] = Limit::kProtected;
  repository.check_wrong("is for every protected branch", "custom_branch_policies]=true");
  settings.limits[name] = Limit::kListed;
  for (const auto& policies : std::vector<std::vector<forge::BranchPolicy>>{
           {}, {{"*", "branch"}}, {{"main", "branch"}, {"release", "branch"}}, {{"main", "tag"}}}) {
    settings.branches[name] = policies;
    repository.check_wrong("the environment `waybill-tag-charts` is for ", "Settings, Environments");
  }
  settings.branches[name] = {{"main", "branch"}};
  settings.kept[name] = {"ANOTHER"};
  repository.check_wrong("the environment `waybill-tag-charts` has no secret `WAYBILL_APP_PRIVATE_KEY`",
                         "gh secret set WAYBILL_APP_PRIVATE_KEY --repo octo/charts --env waybill-tag-charts");
  settings.kept[name] = {kKey};
  settings.limits["staging"] = Limit::kAll;
  repository.check_sound();  // it has no key
  settings.kept["staging"] = {kKey};
  repository.check_wrong("the environment `staging` is for every branch and tag", "environments/staging");
  settings.limits.erase("staging");

  using forge::SecretsOf;
  for (const auto& [whose, cure] : std::map<SecretsOf, std::string>{{SecretsOf::kRepository, "--repo octo/charts"},
                                                                    {SecretsOf::kOrganisation, "--org octo"},
                                                                    {SecretsOf::kDependabot, "--app dependabot"}}) {
    settings.others = {{whose, {kKey}}};
    repository.check_wrong("the App's key `WAYBILL_APP_PRIVATE_KEY` is a secret of",
                           "gh secret delete WAYBILL_APP_PRIVATE_KEY " + cure);
  }
}

BOOST_AUTO_TEST_CASE(a_key_by_another_name_is_followed) {
  SoundRepository repository;
  repository.put_workflow(kTagCharts, replaced(repository.workflow(kTagCharts), kKey, "OUR_KEY"));
  repository.check_wrong("the environment `waybill-tag-charts` has no secret `OUR_KEY`", "gh secret set OUR_KEY");
  repository.settings.kept["waybill-tag-charts"] = {"OUR_KEY"};
  repository.check_sound();
  repository.settings.others = {{forge::SecretsOf::kRepository, {"OUR_KEY"}}};
  repository.check_wrong("the App's key `OUR_KEY` is a secret of the repository", "gh secret delete OUR_KEY");
}

BOOST_AUTO_TEST_CASE(the_app_may_do_what_the_stages_need_and_nothing_else) {
  SoundRepository repository;
  auto& may = repository.settings.page->permissions;
  may["checks"] = "read";
  repository.check_wrong("the App `waybill` lacks `checks: write`", "Permissions: grant `checks: write`");
  may.erase("checks");
  repository.check_wrong("the App `waybill` lacks `checks: write`", "accept it where the App is installed");
  may["checks"] = "write";
  may["workflows"] = "write";
  repository.check_wrong("may do more than any stage needs: `workflows: write`", "take `workflows` away");
  may.erase("workflows");
  repository.world.use_inputs(kDoctor, {{"waybill-app-id", "78"}});
  const stages::Plan plan = repository.examined();
  BOOST_TEST_REQUIRE(!plan.alarms().empty());
  BOOST_TEST(std::string(plan.alarms().front().what()) ==
             "the App `waybill` has the number 77, `waybill-app-id` is 78");
}

BOOST_AUTO_TEST_CASE(rulesets_are_compared_as_their_own_stage_does) {
  SoundRepository repository;
  auto& rules = repository.world.forge.rules;
  const auto main = std::ranges::find(rules, "waybill: main", &forge::Ruleset::name);
  main->body["enforcement"] = "disabled";
  repository.check_wrong("ruleset `waybill: main`: enforcement is \"disabled\"",
                         "waybill rulesets --waybill-app-id 77 --mode apply");
  rules.erase(main);
  repository.check_wrong("ruleset `waybill: main`: it is not there", "waybill rulesets");
}

BOOST_AUTO_TEST_CASE(what_may_not_be_seen_does_not_count_as_right) {
  for (const char* question :
       {"actions", "usual_job_permissions", "has_immutable_releases", "workflows", "environments"}) {
    SoundRepository repository;
    repository.settings.hidden = {question};
    repository.check_wrong("could not be looked at: " + std::string(question), "of somebody who administers",
                           Fault::kPermission);
  }
  SoundRepository repository;
  repository.settings.merges.squash.reset();
  repository.check_wrong("whether squash merges are allowed could not be looked at", "token:", Fault::kPermission);
  repository.settings.merges.squash = true;
  repository.settings.hidden = {"environment_secrets"};  // what one does not show, none does: said once
  repository.check_wrong("has the App's key could not be looked at", "token:", Fault::kPermission);
  repository.settings.hidden.clear();
  repository.settings.page.reset();
  repository.world.use_inputs(kDoctor, {{"waybill-app-id", "77"}});
  repository.check_wrong("it is private, or there is none", "of the App's owner", Fault::kPermission);
}

BOOST_AUTO_TEST_CASE(a_registry_that_does_not_answer_is_named) {
  SoundRepository repository;
  repository.world.ports.registry_tags = [](const std::string& name) -> std::vector<std::string> {
    if (name.ends_with("/web")) return {};
    throw Error(Fault::kRemote, "no answer");
  };
  repository.check_wrong("`registry.example/charts/api` could not be looked at: no answer", "", Fault::kRemote);
}

BOOST_AUTO_TEST_CASE(everything_wrong_is_said_at_once) {
  SoundRepository repository;
  repository.settings.immutable = false;
  repository.settings.usual = "write";
  repository.settings.page->permissions["workflows"] = "write";
  repository.world.forge.rules.clear();
  BOOST_TEST(repository.examined().alarms().size() == 3U + 6U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
