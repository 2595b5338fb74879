#include "stages/sound_repository.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/stages/protection.h"

namespace waybill::stages {
namespace {

constexpr std::int64_t kAppNumber = 77;
constexpr const char* kKey = "WAYBILL_APP_PRIVATE_KEY";
const std::string kCommit(40, '7');

std::string environment(const Stage& stage) {
  return "waybill-" + std::string(stage.name);
}

bool takes_key(const Stage& stage) {
  return stage.app_permissions.begin() != stage.app_permissions.end();
}

}  // namespace

SoundRepository::SoundRepository() {
  const lineage::Policy& policy = world.facts.policy;
  testing::Files files;
  for (const Stage* stage : workflow_stages(policy.pipeline)) {
    files.emplace(policy.workflow_of(stage->name), workflow(*stage));
    settings.files.push_back({policy.workflow_of(stage->name), "active"});
    if (!takes_key(*stage)) continue;
    settings.limits.emplace(environment(*stage), forge::Environment::For::kListed);
    settings.branches[environment(*stage)] = {{"main", "branch"}};
    settings.kept[environment(*stage)] = {kKey};
  }
  world.change("main", files, "ci: the workflows");
  settings.page = forge::App{kAppNumber, "waybill", app_permissions(policy.pipeline)};
  settings.page->permissions.emplace("metadata", "read");
  std::int64_t id = 0;
  for (const Protection& protection : protections(policy, kAppNumber))
    world.forge.rules.push_back({++id, protection.ruleset.at("name"), protection.ruleset});
  world.forge.knows_rulesets = true;
  world.forge.knows_releases = true;
  world.facts.policy.destinations = {{"registry.example/charts"}};
  world.ports.settings = &settings;
  world.ports.registry_tags = [](const std::string&) { return std::vector<std::string>{"1.0.0"}; };
  world.use_inputs(kDoctor, {});
}

std::string SoundRepository::workflow(const Stage& stage) const {
  std::string text = "name: x\non: push\njobs:\n  stage:\n    runs-on: ubuntu-latest\n";
  if (takes_key(stage)) text += "    environment: " + environment(stage) + "\n";
  text += "    steps:\n      - uses: actions/checkout@" + kCommit + " # v5\n      - uses: waybill/waybill/actions/" +
          std::string(stage.name) + "@" + kCommit + "\n";
  if (takes_key(stage)) text += "        with:\n          app-private-key: ${{ secrets." + std::string(kKey) + " }}\n";
  return text;
}

void SoundRepository::put_workflow(const Stage& stage, const std::string& text) {
  world.change("main", {{world.facts.policy.workflow_of(stage.name), text}}, "ci: a workflow");
}

void SoundRepository::check_sound() {
  const Plan plan = examined();
  BOOST_TEST(!plan.notes().empty());
  for (const Error& alarm : plan.alarms()) BOOST_ERROR(alarm.what());
  BOOST_TEST(plan.outputs().at("findings").empty());
}

void SoundRepository::check_wrong(std::string_view text, std::string_view cure, Fault fault) {
  const Plan plan = examined();
  for (const Error& alarm : plan.alarms()) BOOST_TEST_MESSAGE(alarm.what());
  BOOST_TEST_REQUIRE(plan.alarms().size() == 1U, text);
  const Error& alarm = plan.alarms().front();
  BOOST_TEST(std::string_view(alarm.what()).find(text) != std::string_view::npos, alarm.what());
  BOOST_TEST(alarm.hint().find(cure) != std::string::npos, alarm.hint());
  BOOST_TEST((alarm.fault() == fault), alarm.what());
  BOOST_TEST(plan.outputs().at("findings") == Json::array({alarm.what()}));
}

}  // namespace waybill::stages
