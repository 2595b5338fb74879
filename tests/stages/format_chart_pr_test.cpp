#include <boost/test/unit_test.hpp>

#include "core/lineage/keys.h"
#include "stages/voyage.h"

// A chart is brought before main only with everything behind it, and only when nothing of main would be lost.
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_format_chart_pr)

using stages::check_idle;
using stages::check_steps;
using stages::EnsureCommit;
using stages::EnsurePullRequest;
using stages::joined;
using stages::kFormatChartPr;
using stages::only;
using stages::Stop;
using stages::Voyage;
using stages::web_image;
using stages::World;
namespace keys = lineage::keys;

namespace {

struct Gathered : Voyage {
  Gathered() : Voyage(Stop::kGathered) {}

  stages::Plan plan() { return planned(kFormatChartPr); }

  void waits(std::string_view note) {
    const auto plan = this->plan();
    check_idle(plan, note);
    BOOST_TEST(plan.outputs().at("charts") == Json::array());
  }

  // A pull request into main that stands open already.
  forge::PullRequest& open(const std::string& head) {
    const auto event = world.facts.pull;
    world.branch(head, world.main());
    world.forge.pulls.push_back(world.pull(head, "main"));
    world.facts.pull = event;
    world.forge.pulls.back().number = 40;
    return world.forge.pulls.back();
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(main_with_one_subtree_replaced_is_proposed_with_changelog_and_provenance) {
  Gathered gathered;
  const auto plan = gathered.plan();
  stages::check_golden(plan, "format-chart-pr");
  const Oid made = gathered.world.make(only<EnsureCommit>(plan));
  BOOST_TEST(stages::only_changed_chart(gathered.world.job(), gathered.world.main(), made) == "charts/web");
  const auto carried = only<EnsurePullRequest>(plan).carried.at("charts/web");
  for (const char* key : {"validate", "lint-test-v1.32.11", "lint-test-v1.33.7", "filter", "atomic"})
    BOOST_TEST(carried.at(key).statement->text() == gathered.world.journey.link(key).statement.text());
}

BOOST_AUTO_TEST_CASE(a_dispatched_run_finds_the_chart_by_itself) {
  Gathered gathered;
  gathered.world.facts.pull.reset();
  BOOST_TEST(only<EnsurePullRequest>(gathered.plan()).title == "web: release 1.3.0");
}

BOOST_AUTO_TEST_CASE(a_hotfix_on_main_comes_back_first) {
  Gathered gathered;
  gathered.world.change("main", {{"charts/web/templates/hotfix.yaml", "# hotfix\n"}}, "fix: at once");
  gathered.waits("charts/web waits for `main` to come back to `integration`");
}

BOOST_AUTO_TEST_CASE(a_hotfix_of_another_chart_holds_nothing_up_and_is_kept) {
  Gathered gathered;
  const testing::Files hotfix{{"charts/api/values.yaml", "image: registry.example/api:hotfix\n"}};
  const Oid main = gathered.world.change("main", hotfix, "fix: at once");
  const auto commit = only<EnsureCommit>(gathered.plan());
  BOOST_TEST(commit.parent.hex() == main.hex());
  BOOST_TEST(stages::only_changed_chart(gathered.world.job(), main, gathered.world.make(commit)) == "charts/web");
}

BOOST_AUTO_TEST_CASE(a_contribution_waits_behind_the_one_that_is_open) {
  Gathered gathered;
  gathered.open("bump/web/01234567");
  gathered.waits("charts/web waits behind pull request #40");
}

BOOST_AUTO_TEST_CASE(a_person_s_pull_request_of_that_name_holds_nothing_up) {
  for (const bool fork : {true, false}) {
    Gathered gathered;
    auto& squatter = gathered.open("bump/web/01234567");
    (fork ? squatter.head_repository : squatter.author) = fork ? "mallory/charts" : "mallory";
    check_steps(gathered.plan(), {"attest format", "commit to bump/web/", "pull request bump/web/"});
  }
}

BOOST_AUTO_TEST_CASE(a_second_run_composes_nothing_on_top_of_what_stands) {
  Gathered gathered;
  gathered.open(gathered.release);
  check_steps(gathered.plan(), {"attest format of charts/web", "pull request bump/web/", "dispatch validate-and-bump"});
}

BOOST_AUTO_TEST_CASE(a_chart_waits_for_the_one_that_it_depends_on) {
  World world;
  const auto files = joined({web_image("app:2"), stages::dependent_files("api", "web")});
  const Oid source = world.change("integration", files);
  for (const char* stage : {"validate-contribution", "filter-charts", "enforce-atomic"})
    world.attest_stage(stage, source, source, "charts/api");
  world.branch("integrate/api", world.main());
  world.change("integrate/api", stages::dependent_files("api", "web"));
  world.forge.knows_pulls = true;
  check_idle(world.planned(kFormatChartPr), "charts/api waits for charts/web, which it depends on");
  // With the dependency on main and back on integration it goes on.
  const Oid released = world.change("main", joined({web_image("app:2"), stages::release_files("web", "1.3.0")}));
  world.release(released, source);
  check_steps(world.planned(kFormatChartPr), {"attest format of charts/api", "commit to bump/api/", "pull request"});
}

BOOST_AUTO_TEST_CASE(a_key_of_a_stage_before_that_is_missing_is_refused_and_named) {
  for (const char* key : {"validate", "lint-test-v1.33.7", "filter", "atomic"}) {
    Gathered gathered;
    gathered.world.journey.without(key, [&] {
      gathered.world.refuses(kFormatChartPr, Fault::kUntrusted, {"`", key, "` of charts/web: no statement about"});
    });
  }
}

BOOST_AUTO_TEST_CASE(content_that_came_to_the_chart_s_branch_another_way_is_refused) {
  Gathered gathered;
  gathered.world.change("integrate/web", web_image("evil:2"));
  gathered.world.refuses(kFormatChartPr, Fault::kUntrusted, {"`atomic` of charts/web: no statement about"});
  // Nobody sent this run: nothing of integration stands there.
  gathered.world.facts.pull.reset();
  check_idle(gathered.plan(), "nothing waits for a release");
}

BOOST_AUTO_TEST_CASE(what_is_released_is_not_proposed_again) {
  Voyage shipped(Stop::kTagged);
  World& world = shipped.world;
  world.merged(shipped.split, "integrate/web", world.tip(shipped.split));
  check_idle(world.planned(kFormatChartPr), "nothing waits for a release");
}

BOOST_AUTO_TEST_CASE(an_older_contribution_is_refused_after_a_newer_one_was_released) {
  Gathered older;
  World& world = older.world;
  const Oid newer = world.change("integration", web_image("app:3"), "fix: second");
  world.release(world.change("main", joined({web_image("app:3"), stages::release_files("web", "1.3.0")})), newer);
  // Its evidence is signed anew, nothing is missing but the order.
  for (const char* stage : {"validate-contribution", "filter-charts", "enforce-atomic"})
    world.attest_stage(stage, older.source, older.source);
  world.refuses(kFormatChartPr, Fault::kUntrusted,
                {"commit " + older.source.hex() + " does not come after " + newer.hex()});
}

BOOST_AUTO_TEST_CASE(two_charts_or_another_chart_s_branch_are_refused) {
  Gathered two;
  World& world = two.world;
  const Oid merged =
      world.change("integrate/web", joined({web_image("x"), {{"charts/api/values.yaml", "image: y\n"}}}));
  world.merged(two.split, "integrate/web", merged);
  world.refuses(kFormatChartPr, Fault::kUntrusted, {"exactly one chart may change", "charts/api charts/web"});

  Gathered elsewhere;
  elsewhere.world.facts.pull->base_ref = "integrate/api";
  elsewhere.world.refuses(kFormatChartPr, Fault::kUntrusted,
                          {"was merged into `integrate/api`; `charts/web` belongs into `integrate/web`"});
}

BOOST_AUTO_TEST_CASE(a_pull_request_that_is_not_merged_is_refused) {
  Gathered gathered;
  gathered.world.pull(gathered.split, "integrate/web");
  gathered.world.refuses(kFormatChartPr, Fault::kInput, {"pull request #21 is not merged"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
