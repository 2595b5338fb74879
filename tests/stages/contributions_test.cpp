#include "core/stages/contributions.h"

#include <boost/test/unit_test.hpp>

#include "core/stages/release_plan.h"
#include "stages/files.h"
#include "stages/world.h"

// Which commits count for a chart's next version, by the policy's `versions.commits`.
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_contributions)

using stages::joined;
using stages::web_image;
using stages::World;
using Lines = std::vector<std::string>;

namespace {

struct Merged {
  World world;
  testing::Files files = joined({stages::chart_files("web"), stages::chart_files("api")});

  // A pull request into integration, merged with a merge commit.
  Oid merge(const Oid& head, const testing::Files& changes, const std::string& message) {
    files = joined({files, changes});
    return world.fixture.merge("refs/remotes/origin/integration", head, files, message);
  }

  Oid contribute(const std::string& image, const std::string& title, int number) {
    const std::string branch = "feature-" + std::to_string(number);
    world.branch(branch, world.tip("integration"));
    world.change(branch, web_image("wip"), "feat!: wip");
    return merge(world.change(branch, web_image(image), "wip again"), web_image(image),
                 fmt::format("Merge pull request #{} from ada/{}\n\n{}", number, branch, title));
  }

  lineage::Shipment shipment() const { return {"charts/web", world.tip("integration"), {}, {}}; }

  Lines subjects(lineage::Commits counted) {
    world.facts.policy.versions.commits = counted;
    Lines lines;
    for (const auto& reason : stages::contributions(world.job(), world.web(world.tip("integration")), shipment()))
      lines.push_back(reason.subject);
    return lines;
  }

  std::string planned(lineage::Commits counted) {
    world.facts.policy.versions.commits = counted;
    const auto consignment = world.web(world.tip("integration"));
    return stages::plan_release(world.job(), consignment, shipment(), world.main()).planned.version.text();
  }
};

constexpr auto kAll = lineage::Commits::kAll;
constexpr auto kFirstParent = lineage::Commits::kFirstParent;

}  // namespace

BOOST_FIXTURE_TEST_CASE(merged_pull_requests_count_by_their_commits_or_by_their_titles, Merged) {
  contribute("app:2", "fix: the second app", 5);
  world.change("integration", web_image("app:3"), "docs: squashed (#6)");
  files = joined({files, web_image("app:3")});
  BOOST_TEST(subjects(kAll) == (Lines{"docs: squashed (#6)", "wip again", "feat!: wip", "chore: two charts"}));
  BOOST_TEST(planned(kAll) == "2.0.0");
  BOOST_TEST(subjects(kFirstParent) == (Lines{"docs: squashed (#6)", "fix: the second app (#5)", "chore: two charts"}));
  BOOST_TEST(planned(kFirstParent) == "1.2.4");
}

BOOST_FIXTURE_TEST_CASE(who_contributed_is_told_by_every_commit_whatever_counts, Merged) {
  contribute("app:2", "fix: the second app", 5);
  world.facts.policy.versions.commits = kFirstParent;
  Lines messages;
  const auto consignment = world.web(world.tip("integration"));
  for (const auto& commit : stages::contributed_commits(world.job(), consignment, shipment()))
    messages.push_back(commit.message.substr(0, commit.message.find('\n')));
  BOOST_TEST(messages == (Lines{"wip again", "feat!: wip", "chore: two charts"}));
}

BOOST_FIXTURE_TEST_CASE(a_pull_request_that_does_not_touch_the_chart_says_nothing_of_it, Merged) {
  world.branch("api", world.main());
  const testing::Files api{{"charts/api/values.yaml", "image: registry.example/api:2\n"}};
  merge(world.change("api", api, "feat!: api"), api, "Merge pull request #7 from ada/api\n\nfeat!: the other chart");
  BOOST_TEST(subjects(kFirstParent) == Lines{"chore: two charts"});
}

BOOST_FIXTURE_TEST_CASE(what_comes_back_from_the_default_branch_says_what_that_one_received, Merged) {
  contribute("app:2", "fix: the second app", 5);
  const testing::Files hotfix{{"charts/web/templates/hotfix.yaml", "# hotfix\n"}};
  const Oid main = world.change("main", hotfix, "feat: hotfix (#8)");
  const Oid before = world.tip("integration");
  merge(main, hotfix, "Merge pull request #9 from octo/sync\n\nBring main back to integration");
  const Lines expected{"feat: hotfix (#8)", "fix: the second app (#5)", "chore: two charts"};
  BOOST_TEST(subjects(kFirstParent) == expected);

  // The same, laid over what integration has by waybill itself.
  world.branch("integration", before);
  world.branch("sync", before);
  const Oid composed = world.fixture.merge("refs/remotes/origin/sync", main, files, "Bring main back to integration");
  merge(composed, {}, "Bring main back (#9)");
  BOOST_TEST(subjects(kFirstParent) == expected);
  BOOST_TEST(planned(kFirstParent) == "1.3.0");
}

BOOST_FIXTURE_TEST_CASE(a_branch_that_took_the_default_branch_in_is_a_contribution_like_any_other, Merged) {
  const testing::Files hotfix{{"charts/web/templates/hotfix.yaml", "# hotfix\n"}};
  const Oid main = world.change("main", hotfix, "feat: hotfix (#8)");
  world.branch("feature", world.tip("integration"));
  world.change("feature", web_image("app:2"), "wip");
  files = joined({files, web_image("app:2"), hotfix});
  const Oid head = world.fixture.merge("refs/remotes/origin/feature", main, files, "Merge branch 'main' into feature");
  merge(head, {}, "Merge pull request #9 from ada/feature\n\nfix: with the hotfix");
  BOOST_TEST(subjects(kFirstParent) == (Lines{"fix: with the hotfix (#9)", "chore: two charts"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
