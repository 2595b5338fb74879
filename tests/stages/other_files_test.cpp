#include "core/stages/other_files.h"

#include <boost/test/unit_test.hpp>

#include "stages/plans.h"
#include "stages/world.h"
#include "testing/refusal.h"

// Files of no chart go to the default branch as one pull request that people merge; what says who releases does not
// (trust.md T16).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_other_files)

using stages::check_note;
using stages::check_steps;
using stages::kFilterCharts;
using stages::kValidateAndBump;
using stages::kValidateContribution;
using stages::only;
using stages::World;
using Texts = std::vector<std::string>;

namespace {

struct Carrying : World {
  Carrying() {
    facts.policy.carries_other_files = true;
    forge.knows_pulls = true;
  }

  // As integration's newest commit, merged from a contributor's branch; what filter-charts makes of it.
  stages::Plan contributed(const testing::Files& files, const Texts& removed = {}) {
    const Oid commit = change("integration", files, "docs: more", removed);
    branch("feature", commit);
    merged("feature", "integration", commit);
    return planned(kFilterCharts);
  }

  // Stage 1 of a pull request that brings these.
  stages::Plan proposed(const testing::Files& files) {
    branch("feature", tip("integration"));
    change("feature", files);
    pull("feature", "integration").author = "alice";
    return planned(kValidateContribution);
  }

  forge::PullRequest& open(std::int64_t number, const std::string& head) {
    forge::PullRequest known = pull(head, "main");
    known.number = number;
    return forge.pulls.emplace_back(std::move(known));
  }

  std::string carry_branch() const { return "carry/" + tip("integration").shortened(); }
};

std::vector<std::string> paths(const stages::Plan& plan) {
  std::vector<std::string> found;
  for (const auto& entry : only<stages::EnsureMergeCommit>(plan).entries)
    found.push_back((entry.object ? "" : "-") + entry.path);
  return found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(they_are_laid_over_the_default_branch_as_integration_has_them) {
  Carrying world;
  world.change("main", {{"OLD.md", "old"}, {"KEPT.md", "kept"}});
  world.branch("integration", world.main());
  const auto plan = world.contributed({{"README.md", "new"}, {"docs/a.md", "a"}}, {"OLD.md"});
  check_steps(plan, {"commit to carry/", "pull request carry/"});
  const Texts wanted{"-OLD.md", "README.md", "docs/a.md"};
  BOOST_TEST(paths(plan) == wanted, boost::test_tools::per_element());
  const auto commit = only<stages::EnsureMergeCommit>(plan);
  BOOST_TEST(commit.parent.hex() == world.main().hex());
  BOOST_TEST(!commit.merged.has_value());
  const auto git = git::Repository::open(world.fixture.path());
  BOOST_TEST(commit.tree.hex() == git.commit(world.tip("integration")).tree.hex());
  BOOST_TEST(commit.branch == world.carry_branch());
}

BOOST_AUTO_TEST_CASE(a_second_run_makes_the_same_plan_until_the_pull_request_is_there) {
  Carrying world;
  const auto first = world.contributed({{"README.md", "new"}});
  BOOST_TEST(stages::to_json(world.planned(kFilterCharts)).dump() == stages::to_json(first).dump());
  world.branch(world.carry_branch(), world.main());
  world.open(41, world.carry_branch());
  world.facts.pull.reset();
  world.facts.event = "workflow_dispatch";
  const auto second = world.planned(kFilterCharts);
  BOOST_TEST(second.steps().empty());
  check_note(second, "1 files of no chart wait in pull request #41");
}

BOOST_AUTO_TEST_CASE(once_the_default_branch_has_them_nothing_is_left) {
  Carrying world;
  world.contributed({{"README.md", "new"}});
  world.change("main", {{"README.md", "new"}}, "1 files of no chart");
  BOOST_TEST(world.planned(kFilterCharts).steps().empty());
}

BOOST_AUTO_TEST_CASE(what_the_default_branch_changed_too_waits_for_the_sync) {
  Carrying world;
  world.change("main", {{"README.md", "hotfix"}});
  const auto plan = world.contributed({{"README.md", "new"}, {"OTHER.md", "x"}});
  const Texts wanted{"OTHER.md"};
  BOOST_TEST(paths(plan) == wanted, boost::test_tools::per_element());
  check_note(plan, "README.md waits for `main` to come back to `integration`");
}

BOOST_AUTO_TEST_CASE(a_pull_request_with_older_content_is_closed) {
  Carrying world;
  world.contributed({{"README.md", "new"}});
  const std::string before = world.carry_branch();
  world.branch(before, world.main());
  world.open(41, before);
  const auto plan = world.contributed({{"README.md", "newer"}});
  check_steps(plan, {"close pull request #41", "commit to carry/", "pull request carry/"});
  BOOST_TEST(only<stages::EnsureMergeCommit>(plan).branch != before);
}

BOOST_AUTO_TEST_CASE(files_of_charts_are_not_among_them) {
  Carrying world;
  const auto plan = world.contributed({{"README.md", "new"}});
  const Texts wanted{"README.md"};
  BOOST_TEST(paths(plan) == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_says_who_releases_links_and_submodules_are_never_carried) {
  Carrying world;
  world.facts.policy.protected_paths = {"SECURITY.md"};
  const testing::Files never{
      {".github/workflows/x.yml", "x"}, {".waybill.yml", "x"}, {"CODEOWNERS", "x"},
      {".gitattributes", "x"},          {"SECURITY.md", "x"},  {"link", testing::link_to("README.md")}};
  for (const auto& [path, file] : never) BOOST_TEST_CONTEXT(path)
  testing::refuses_saying(Fault::kInput, {"1 files that no contribution brings", path},
                          [&, &path = path, &file = file] {
                            world.proposed({{path, file}});
                          });
  BOOST_TEST(world.contributed(never).steps().empty());
}

BOOST_AUTO_TEST_CASE(without_the_policy_they_are_refused_with_the_line_to_add) {
  Carrying world;
  world.facts.policy.carries_other_files = false;
  testing::refuses_saying(Fault::kInput, {"1 files that belong to no chart", "README.md", "other-files: carry"}, [&] {
    world.proposed({{"README.md", "x"}});
  });
  BOOST_TEST(world.contributed({{"README.md", "x"}}).steps().empty());
}

BOOST_AUTO_TEST_CASE(with_it_a_contribution_of_them_alone_passes) {
  Carrying world;
  world.proposed({{"README.md", "x"}});
  const auto plan = world.planned(kValidateContribution);
  check_steps(plan, {"check waybill/validate-contribution"});
}

BOOST_AUTO_TEST_CASE(their_pull_request_releases_nothing_and_brings_no_chart) {
  Carrying world;
  world.branch("carry/01234567", world.main());
  world.change("carry/01234567", {{"README.md", "new"}});
  world.pull("carry/01234567", "main");
  check_steps(world.planned(kValidateAndBump), {"check waybill/validate-and-bump"});
  world.change("carry/01234567", {{"charts/web/values.yaml", "evil: true\n"}});
  world.pull("carry/01234567", "main");
  world.refuses(kValidateAndBump, Fault::kUntrusted, {"exactly one chart may change"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
