#include "core/stages/completion.h"

#include <boost/test/unit_test.hpp>

#include "core/crypto/hash.h"
#include "core/lineage/keys.h"
#include "stages/voyage.h"

// What no release waits for comes after it, in this run or a later one, and holds nothing up.
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_completion)

using stages::check_steps;
using stages::kPublishCharts;
using stages::only;
using stages::steps;
using stages::Stop;
using stages::Voyage;
using stages::World;

namespace {

constexpr const char* kSpare = "spare.example/charts/web";

struct Classic : Voyage {
  Classic() : Voyage(Stop::kOnRelease) {
    world.facts.policy.destinations = {{"registry.example/charts"}, {"spare.example/charts", false}};
    world.facts.policy.branches.index = "gh-pages";
    world.ports.registry = [this](const std::string& repository, const std::string& tag) {
      if (repository == unreachable) throw Error(Fault::kRemote, "{} does not answer", repository);
      const auto found = registry.find(repository + ":" + tag);
      return found == registry.end() ? std::nullopt : std::optional(found->second);
    };
  }

  std::map<std::string, oci::Manifest> registry;
  std::string unreachable;

  stages::Plan plan() { return planned(kPublishCharts); }

  // Published by a run of which nothing came after the release was visible.
  stages::Plan published() {
    const stages::Plan plan = this->plan();
    carry_out(plan);
    has_page();
    registry.insert({"registry.example/charts/web:1.3.0", steps<stages::EnsureManifest>(plan).front().manifest});
    world.facts.event = "workflow_dispatch";
    world.facts.pull.reset();
    return plan;
  }

  void has_page() {
    world.forge.release_pages["web-v1.3.0"].tag = "web-v1.3.0";
    world.forge.release_pages["web-v1.3.0"].draft = false;
  }

  void has_index(const std::string& text) {
    world.branch("gh-pages", world.fixture.commit("pages", {{"index.yaml", text}}, "index"));
  }
};

std::vector<std::string> apart(const stages::Plan& plan) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < plan.steps().size(); ++i)
    if (!plan.apart(i).empty()) found.emplace_back(plan.apart(i));
  return found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_release_is_visible_before_it_comes_where_nothing_waits_for_it) {
  Classic chart;
  const auto plan = chart.plan();
  stages::check_golden(plan, "publish-charts-completion");
  const auto all = stages::titles(plan);
  const auto visible = std::ranges::find(all, "publish release web-v1.3.0");
  const std::vector<std::string> after(visible + 1, all.end());
  BOOST_REQUIRE(after.size() == 5U);
  BOOST_TEST(after.front().starts_with("push spare.example/charts/web@sha256:"));
  BOOST_TEST(after[3] == "registry tag spare.example/charts/web:1.3.0");
  BOOST_TEST(after[4] == "index of gh-pages: web 1.3.0");
  const std::vector<std::string> wanted{kSpare, kSpare, kSpare, kSpare, "index"};
  BOOST_TEST(apart(plan) == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_attested_names_only_what_the_release_waits_for) {
  Classic chart;
  for (const auto& claim : steps<stages::Claim>(chart.plan()))
    for (const auto& subject : claim.subjects) BOOST_TEST(subject.name.find("spare") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_index_gets_the_package_of_the_page_with_its_digest) {
  Classic chart;
  const auto entry = only<stages::EnsureIndex>(chart.plan()).listed.front();
  BOOST_TEST(entry.digest.text() == chart.world.journey.link(lineage::keys::kPackage).subject.text());
  BOOST_TEST(entry.text.find("https://forge.example/octo/charts/releases/download/web-v1.3.0/web-1.3.0.tgz") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_registry_that_does_not_answer_is_an_alarm_and_the_release_goes_on) {
  Classic chart;
  chart.unreachable = kSpare;
  const auto plan = chart.plan();
  BOOST_TEST(only<stages::EnsurePublished>(plan).tag == "web-v1.3.0");
  BOOST_TEST(steps<stages::EnsureRegistryTag>(plan).size() == 1U);
  BOOST_REQUIRE(plan.alarms().size() == 1U);
  BOOST_TEST(std::string(plan.alarms().front().what()).find("spare.example/charts/web does not answer") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(other_content_in_an_optional_registry_is_an_alarm_and_the_release_goes_on) {
  Classic chart;
  const Digest other = crypto::sha256("other");
  chart.registry.insert({std::string(kSpare) + ":1.3.0", {"", "", other}});
  const auto plan = chart.plan();
  BOOST_TEST(only<stages::EnsurePublished>(plan).tag == "web-v1.3.0");
  BOOST_REQUIRE(plan.alarms().size() == 1U);
  BOOST_TEST((plan.alarms().front().fault() == Fault::kConflict));
  BOOST_TEST(std::string(plan.alarms().front().what()).find(other.text()) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_package_of_this_version_in_the_index_is_a_conflict_before_anything) {
  Classic chart;
  chart.has_index("entries:\n  web:\n  - version: 1.3.0\n    digest: " + std::string(64, 'a') + "\n");
  chart.world.refuses(kPublishCharts, Fault::kConflict, {"index.yaml lists web 1.3.0 with sha256:aaaa"});
}

BOOST_AUTO_TEST_CASE(what_is_missing_after_a_release_comes_with_the_next_dispatch_and_its_own_statements) {
  Classic chart;
  chart.published();
  const auto plan = chart.plan();
  check_steps(plan, {"push spare.example/charts/web@sha256:", "attach publish to spare.example/charts/web@sha256:",
                     "attach release-overall to spare.example/charts/web@sha256:",
                     "registry tag spare.example/charts/web:1.3.0", "index of gh-pages: web 1.3.0"});
  for (const auto& step : steps<stages::EnsureReferrer>(plan)) {
    BOOST_REQUIRE(step.kept.has_value());
    BOOST_TEST(!step.kept->bundle.empty());
    BOOST_TEST(step.kept->predicate_type ==
               (step.key == lineage::keys::kPublish ? intoto::kProvenance : intoto::kSummary));
  }
}

BOOST_AUTO_TEST_CASE(what_is_complete_stays_as_it_is) {
  Classic chart;
  const auto plan = chart.published();
  chart.registry.insert({std::string(kSpare) + ":1.3.0", steps<stages::EnsureManifest>(plan).front().manifest});
  chart::RepositoryIndex index;
  index.add(only<stages::EnsureIndex>(plan).listed.front());
  chart.has_index(index.text());
  stages::check_idle(chart.plan(), "every tag on `release` is published");
}

BOOST_AUTO_TEST_CASE(with_optional_registries_alone_the_image_is_attested_all_the_same) {
  Classic chart;
  chart.world.facts.policy.destinations = {{"spare.example/charts", false}};
  const auto plan = chart.published();
  for (const auto& claim : steps<stages::Claim>(plan)) {
    BOOST_REQUIRE(claim.subjects.size() == 2U);
    BOOST_TEST(claim.subjects.back().name == kSpare);
    BOOST_TEST(claim.subjects.back().digest.text() ==
               steps<stages::EnsureManifest>(plan).front().manifest.digest.text());
  }
  BOOST_TEST(steps<stages::EnsureReferrer>(chart.plan()).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_release_from_before_there_was_a_registry_is_brought_to_none) {
  Classic chart;
  const auto destinations = chart.world.facts.policy.destinations;
  chart.world.facts.policy.destinations.clear();
  const auto plan = chart.plan();
  chart.carry_out(plan);
  chart.has_page();
  chart.world.facts.policy.destinations = destinations;
  chart.world.facts.event = "workflow_dispatch";
  chart.world.facts.pull.reset();
  check_steps(chart.plan(), {"index of gh-pages: web 1.3.0"});
}

BOOST_AUTO_TEST_CASE(a_release_without_a_verdict_is_brought_nowhere) {
  Classic chart;
  chart.has_page();
  chart.world.facts.event = "workflow_dispatch";
  chart.world.facts.pull.reset();
  BOOST_TEST(chart.plan().steps().empty());
}

BOOST_AUTO_TEST_CASE(the_event_of_another_release_does_not_look_back) {
  Classic chart;
  const auto pull = chart.world.facts.pull;
  chart.published();
  chart.world.facts.event = "pull_request_target";
  chart.world.facts.pull = pull;
  BOOST_TEST(chart.plan().steps().empty());
}

BOOST_AUTO_TEST_CASE(a_release_that_is_taken_back_is_listed_no_more) {
  Classic chart;
  const auto plan = chart.published();
  chart::RepositoryIndex index;
  index.add(only<stages::EnsureIndex>(plan).listed.front());
  chart.has_index(index.text());
  chart.world.inputs = {{"withdraw", "web-v1.3.0"}, {"reason", "renders a password"}};
  const auto step = only<stages::EnsureIndex>(chart.plan());
  BOOST_REQUIRE(step.unlisted.size() == 1U);
  BOOST_TEST(step.unlisted.front().version == "1.3.0");
  BOOST_TEST(step.listed.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
