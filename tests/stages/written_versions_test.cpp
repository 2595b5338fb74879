#include <boost/test/unit_test.hpp>

#include "core/lineage/keys.h"
#include "stages/direct_world.h"
#include "stages/voyage.h"
#include "testing/refusal.h"

// `versions: {bump: written}`: people write the version, and waybill says early when it is too low.
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_written_versions)

using stages::claimed;
using stages::DirectWorld;
using stages::joined;
using stages::kFormatChartPr;
using stages::kValidateAndBump;
using stages::kValidateContribution;
using stages::web_image;
using stages::web_version;
using stages::World;

namespace {

testing::Files web(const std::string& image, const std::string& version) {
  return joined({web_image(image), web_version(version)});
}

// A pull request from a fork into integration.
struct Contribution {
  World world;

  Contribution() {
    world.facts.policy.versions.written = true;
    world.use_helm();
  }

  Contribution& brings(const testing::Files& files, const std::string& message, const std::string& title = "a title") {
    world.branch("feature", world.tip("integration"));
    world.change("feature", files, message);
    auto& pull = world.pull("feature", "integration");
    pull.author = "ada";
    pull.head_repository = "ada/charts";
    pull.title = title;
    return *this;
  }

  void passes() { BOOST_TEST(claimed(world.planned(kValidateContribution)).size() == 3U); }
  void refuses(const std::string& written, const std::string& wanted, const std::string& after) {
    world.refuses(kValidateContribution, Fault::kInput,
                  {fmt::format("version {} written in Chart.yaml for web: {} or a higher one is wanted after {}",
                               written, wanted, after),
                   fmt::format("version: {}   # in charts/web/Chart.yaml", wanted)});
  }
};

struct Proposed : stages::Voyage {
  explicit Proposed(const std::string& version, const std::string& message = "feat: image")
      : Voyage(stages::Stop::kProposed, web("app:2", version), message) {
    world.facts.policy.versions.written = true;
  }
};

struct Direct : DirectWorld {
  Direct() {
    use_helm();
    facts.policy.versions.written = true;
  }

  void passes(const testing::Files& files) {
    visit_contribution(files);
    BOOST_TEST(claimed(planned(kValidateContribution)).size() == 3U);
  }
  void refuses(const testing::Files& files, const std::string& said) {
    visit_contribution(files);
    World::refuses(kValidateContribution, Fault::kInput, {said});
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_contribution_whose_version_is_too_low_is_refused_on_its_own_pull_request) {
  Contribution contribution;
  contribution.brings(web_image("app:2"), "fix: image").refuses("1.2.3", "1.2.4", "1.2.3");
  contribution.brings(web("app:2", "1.2.4"), "feat: image").refuses("1.2.4", "1.3.0", "1.2.3");
  contribution.brings(web("app:2", "1.2.4"), "fix: image").passes();
  contribution.brings(web("app:2", "1.3.0"), "feat: image").passes();
  contribution.world.facts.policy.versions.written = false;
  contribution.brings(web_image("app:2"), "fix: image").passes();
}

BOOST_AUTO_TEST_CASE(what_else_is_wrong_is_said_with_it) {
  Contribution contribution;
  contribution.brings({{"charts/web/templates/bad.yaml", "{{ fail \"no more\" }}\n"}}, "fix: bad");
  contribution.world.refuses(kValidateContribution, Fault::kInput,
                             {"1.2.4 or a higher one is wanted", "charts/web did not pass its checks", "no more"});
}

BOOST_AUTO_TEST_CASE(the_title_of_the_pull_request_counts_for_what_it_may_become) {
  Contribution contribution;
  contribution.brings(web("app:2", "1.2.4"), "wip", "feat: image").refuses("1.2.4", "1.3.0", "1.2.3");
  contribution.brings(web("app:2", "1.2.4"), "feat!: wip", "fix: image").refuses("1.2.4", "2.0.0", "1.2.3");
  contribution.world.facts.policy.versions.commits = lineage::Commits::kFirstParent;
  contribution.brings(web("app:2", "1.2.4"), "wip", "feat: image").refuses("1.2.4", "1.3.0", "1.2.3");
  contribution.brings(web("app:2", "1.2.4"), "feat!: wip", "fix: image").passes();
}

BOOST_AUTO_TEST_CASE(a_version_that_waits_on_integration_is_taken) {
  Contribution contribution;
  contribution.world.change("integration", web("app:2", "1.3.0"), "feat: the second app");
  contribution.brings(web("app:3", "1.3.0"), "fix: the third app").refuses("1.3.0", "1.3.1", "1.3.0");
  contribution.brings(web("app:3", "1.3.1"), "fix: the third app").passes();
}

BOOST_AUTO_TEST_CASE(what_was_released_is_known) {
  Contribution contribution;
  World& world = contribution.world;
  const Oid source = world.change("integration", web("app:2", "1.3.0"), "feat: the second app");
  world.release(world.change("main", joined({web_image("app:2"), stages::release_files("web", "1.3.0")})), source);
  contribution.brings(web("app:3", "1.3.0"), "fix: the third app").refuses("1.3.0", "1.3.1", "1.3.0");
  contribution.brings(web("app:3", "1.3.1"), "fix: the third app").passes();
}

BOOST_AUTO_TEST_CASE(what_releases_nothing_needs_no_version_and_a_new_chart_has_its_own) {
  Contribution contribution;
  contribution.brings({{"charts/web/CHANGELOG.md", "# Changelog\n\n## 1.2.3\n\n- Better told\n"}}, "docs: changelog")
      .passes();
  contribution.brings(stages::chart_files("new", "0.1.0"), "feat: a chart").passes();
}

BOOST_AUTO_TEST_CASE(what_waybill_brings_back_is_not_asked) {
  Contribution contribution;
  World& world = contribution.world;
  world.branch("sync/01234567", world.change("main", web_image("hot:1"), "fix: hotfix"));
  world.pull("sync/01234567", "integration");
  contribution.passes();
}

BOOST_AUTO_TEST_CASE(a_release_keeps_the_version_that_was_written) {
  Proposed proposed("1.4.0");
  proposed.world.facts.policy.any_wish = true;
  const auto plan = proposed.planned(kValidateAndBump);
  BOOST_TEST(plan.outputs().at("version") == "1.4.0");
  const auto commit = stages::only<stages::EnsureCommit>(plan);
  BOOST_REQUIRE(commit.files.size() == 1U);
  BOOST_TEST(commit.files.front().path == "charts/web/CHANGELOG.md");
}

BOOST_AUTO_TEST_CASE(a_release_whose_version_is_too_low_is_refused) {
  for (const auto& [version, message, wanted] :
       {std::tuple{"1.2.3", "fix: image", "1.2.4"}, std::tuple{"1.2.9", "feat: image", "1.3.0"}}) {
    Proposed proposed(version, message);
    for (const stages::Stage* stage : {&kFormatChartPr, &kValidateAndBump}) {
      if (stage == &kFormatChartPr) proposed.world.facts.pull = proposed.pull(31);
      if (stage == &kValidateAndBump) proposed.world.facts.pull = proposed.pull(32);
      proposed.world.refuses(
          *stage, Fault::kInput,
          {fmt::format("version {} written in Chart.yaml for web: {} or a higher one is wanted", version, wanted)});
    }
  }
}

BOOST_AUTO_TEST_CASE(in_a_direct_pipeline_contributions_share_a_version_until_it_is_released) {
  Direct world;
  world.refuses(web_image("app:2"), "version 1.2.3 written in Chart.yaml for web: 1.3.0 or a higher one is wanted");
  world.passes(web("app:2", "1.3.0"));
  const Oid source = world.contribute(web("app:2", "1.3.0"));
  world.passes(web_image("app:3"));
  world.release("1.3.0", source);
  world.refuses(web_image("app:3"), "version 1.3.0 written in Chart.yaml for web: 1.4.0 or a higher one is wanted");
  world.passes(web("app:3", "1.4.0"));
}

BOOST_AUTO_TEST_CASE(a_version_that_is_too_low_holds_up_its_own_chart_alone) {
  Direct world;
  world.push({{"charts/api/values.yaml", "image: registry.example/api:2\n"}}, "fix: api");
  world.attest_stage("validate-contribution", world.main(), world.main(), "charts/api");
  const std::string said = "version 1.2.3 written in Chart.yaml for api: 1.2.4 or a higher one is wanted after 1.2.3";
  world.World::refuses(kFormatChartPr, Fault::kInput, {said, "version: 1.2.4   # in charts/api/Chart.yaml"});
  world.contribute(web("app:2", "1.3.0"));
  const auto plan = world.planned(kFormatChartPr);
  BOOST_REQUIRE(plan.alarms().size() == 1U);
  BOOST_TEST(plan.alarms().front().what() == said);
  BOOST_TEST(plan.outputs().at("charts") == Json::array({"charts/web"}));
}

BOOST_AUTO_TEST_CASE(what_was_pushed_with_too_low_a_version_is_not_validated) {
  Direct world;
  world.push(web_image("app:2"), "fix: pushed");
  world.facts.event = "workflow_dispatch";
  world.World::refuses(kValidateContribution, Fault::kInput, {"1.2.4 or a higher one is wanted after 1.2.3"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
