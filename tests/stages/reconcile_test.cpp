#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/lineage/keys.h"
#include "stages/shipment.h"

// Every shipment's state is derived anew, and the stage that it waits for is started, once.
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_reconcile)

using stages::check_idle;
using stages::check_note;
using stages::kReconcile;
using stages::only;
using stages::ShipmentUnderWay;
using Texts = std::vector<std::string>;
namespace keys = lineage::keys;

namespace {

struct Watched : ShipmentUnderWay {
  Watched() {
    world.forge.knows_checks = true;
    world.forge.knows_runs = true;
    world.facts.event = "schedule";
    world.facts.policy.merging = {true, true, false, false};
    world.ports.registry = [this](const std::string& repository, const std::string& tag) {
      const auto found = registry.find(repository + ":" + tag);
      return found == registry.end() ? std::nullopt : std::optional(found->second);
    };
    world.ports.registry_tags = [this](const std::string&) { return registry_tags; };
    world.use_inputs(kReconcile, {});
  }

  std::map<std::string, oci::Manifest> registry;
  std::vector<std::string> registry_tags;

  stages::Plan plan() { return planned(kReconcile); }
  void check(const Texts& started) {
    const auto found = plan();
    BOOST_TEST(dispatched(found) == started, boost::test_tools::per_element());
    BOOST_TEST(found.alarms().empty());
  }
  void answered(std::int64_t number, const std::string& stage, const std::string& conclusion = "success",
                const std::string& app = "waybill") {
    const Oid head = pull(number).head;
    world.forge.checks[head].push_back({1, "waybill/" + stage, head.hex(), conclusion, "x", app});
  }
  void alarms(std::string_view said, std::string_view cure) {
    const auto found = plan();
    BOOST_REQUIRE(found.alarms().size() == 1U);
    const Error& alarm = found.alarms().front();
    BOOST_TEST((alarm.fault() == Fault::kUntrusted));
    BOOST_TEST(std::string_view(alarm.what()).find(said) != std::string_view::npos, alarm.what());
    BOOST_TEST(alarm.hint().find(cure) != std::string::npos, alarm.hint());
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(of_every_state_the_stage_that_comes_next_is_started_and_no_other) {
  const struct {
    void (ShipmentUnderWay::*travel)();
    Texts wanted;
  } rows[] = {
      {&ShipmentUnderWay::validated, {"filter-charts"}},      {&ShipmentUnderWay::split_off, {"enforce-atomic"}},
      {&ShipmentUnderWay::stands_alone, {"format-chart-pr"}}, {&ShipmentUnderWay::composed, {"validate-and-bump"}},
      {&ShipmentUnderWay::merged_to_main, {"tag-charts"}},    {&ShipmentUnderWay::sent, {"release-charts"}},
      {&ShipmentUnderWay::released, {"publish-charts"}}};
  for (const auto& row : rows) {
    BOOST_TEST_CONTEXT(row.wanted.front()) {
      Watched shipment;
      (shipment.*row.travel)();
      if (shipment.world.forge.pulls.size() == 3U) shipment.world.branch("integration", shipment.world.main());
      shipment.check(row.wanted);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_stage_that_is_on_its_way_is_left_alone) {
  Watched shipment;
  shipment.stands_alone();
  shipment.world.forge.runs["format-chart-pr.yml"] = {{7, "queued", "https://forge.example/runs/7"}};
  check_idle(shipment.plan(), "format-chart-pr is on its way already: queued https://forge.example/runs/7");
}

BOOST_AUTO_TEST_CASE(a_pull_request_without_an_answer_is_looked_at_by_number) {
  Watched shipment;
  forge::PullRequest& pull = shipment.world.pull("integration", "integration");
  pull.number = 40;
  pull.author = "dependabot[bot]";
  shipment.world.forge.pulls.push_back(pull);
  shipment.world.facts.pull.reset();
  shipment.world.facts.event = "schedule";
  shipment.validated();
  const auto dispatches = stages::steps<stages::EnsureDispatch>(shipment.plan());
  BOOST_REQUIRE(dispatches.size() == 2U);
  BOOST_TEST(dispatches[0].workflow == "validate-contribution");
  BOOST_TEST(dispatches[0].pull_request == 40);
  shipment.answered(40, "validate-contribution", "failure", "mallory");  // anybody's check is no answer
  BOOST_TEST(stages::steps<stages::EnsureDispatch>(shipment.plan()).size() == 2U);
  shipment.answered(40, "validate-contribution", "failure");  // a refusal is one
  shipment.check({"filter-charts"});
}

BOOST_AUTO_TEST_CASE(what_a_merge_queue_tries_is_looked_at_by_its_branch) {
  Watched shipment;
  shipment.bumped();
  shipment.answered(32, "validate-and-bump");
  shipment.check({});
  const std::string branch = "gh-readonly-queue/main/pr-9-0123";
  shipment.world.branch(branch, shipment.world.main());
  const auto dispatch = only<stages::EnsureDispatch>(shipment.plan());
  BOOST_TEST(dispatch.workflow == "validate-and-bump");
  BOOST_TEST(dispatch.merge_group == branch);
  const Oid head = shipment.world.main();
  shipment.world.forge.checks[head].push_back({1, "waybill/validate-and-bump", head.hex(), "failure", "x", "waybill"});
  shipment.check({});
}

BOOST_AUTO_TEST_CASE(what_waits_for_people_is_said_and_not_started) {
  Watched shipment;
  shipment.world.facts.policy.merging.integrate = false;
  shipment.split_off();
  shipment.world.attest(keys::kAtomic, shipment.source, shipment.source);
  shipment.check({"enforce-atomic"});  // its check is not there
  shipment.answered(31, "enforce-atomic");
  check_idle(shipment.plan(), "enforce-atomic: charts/web waits in pull request #31 for people to merge it");
}

BOOST_AUTO_TEST_CASE(what_waybill_merges_itself_is_merged_when_the_merge_was_lost) {
  Watched shipment;
  shipment.bumped();
  shipment.check({"validate-and-bump"});  // no check
  shipment.answered(32, "validate-and-bump");
  shipment.check({});
  shipment.world.facts.policy.merging.main = true;
  BOOST_TEST(only<stages::EnsureDispatch>(shipment.plan()).why == "pull request #32 is not merged");
}

BOOST_AUTO_TEST_CASE(what_would_stop_a_stage_is_an_alarm_and_the_others_go_on) {
  Watched shipment;
  shipment.split_off();
  shipment.world.change(shipment.split, {{"README.md", "smuggled\n"}}, "more");
  shipment.pull(31).head = shipment.world.tip(shipment.split);
  const auto plan = shipment.plan();
  BOOST_REQUIRE(plan.alarms().size() == 1U);
  BOOST_TEST(std::string_view(plan.alarms().front().what()).starts_with("enforce-atomic would stop: "));
}

BOOST_AUTO_TEST_CASE(visible_things_without_a_lineage_are_alarms) {
  Watched shipment;
  shipment.released();
  shipment.world.branch("integration", shipment.world.main());
  forge::Release& page = shipment.world.forge.release_pages["web-v1.3.0"];
  page.tag = "web-v1.3.0";
  shipment.alarms("release `web-v1.3.0` is visible, but its package `web-1.3.0.tgz` is not there",
                  "gh release delete web-v1.3.0");
  const chart::Package package = chart::package(shipment.world.web(shipment.world.main()).subtree, "charts/web");
  page.assets.push_back({1, "web-1.3.0.tgz", "uploaded", 1, package.digest.text(), ""});
  shipment.alarms("has no lineage that verifies", "gh release delete web-v1.3.0");
  shipment.world.attest(keys::kReleaseOverall, shipment.world.main(), shipment.source);
  shipment.check({});

  shipment.world.facts.policy.destinations = {{"registry.example/charts"}};
  shipment.registry_tags = {"1.3.0", "1.2.0", "latest", "1.9.0"};
  shipment.alarms("`registry.example/charts/web:1.9.0` is a version that no tag", "crane delete");
  shipment.registry_tags.pop_back();
  shipment.registry.emplace("registry.example/charts/web:1.3.0",
                            oci::Manifest{"", "{}", Digest::sha256(std::string(64, '7'))});
  shipment.alarms("`registry.example/charts/web:1.3.0` is sha256:7777", "crane delete");
  shipment.registry.clear();

  const auto answering = shipment.world.ports.registry;
  shipment.world.ports.registry = [](const std::string&, const std::string&) -> std::optional<oci::Manifest> {
    throw Error(Fault::kRemote, "the registry does not answer");
  };
  const auto unreachable = shipment.plan();
  BOOST_REQUIRE(unreachable.alarms().size() == 1U);
  BOOST_TEST((unreachable.alarms().front().fault() == Fault::kRemote));
  shipment.world.ports.registry = answering;

  shipment.world.fixture.tag("web-v9.0.0", shipment.world.main(), "by hand\n");
  shipment.alarms("tag `web-v9.0.0` is no release", "adopted");
  shipment.world.facts.policy.adopted.emplace("web-v9.0.0", shipment.world.main());
  shipment.check({});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
