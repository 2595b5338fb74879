#include <boost/test/unit_test.hpp>

#include "core/lineage/keys.h"
#include "stages/voyage.h"

// What is released is validated as itself, and the bump is what planning gives, byte for byte (trust.md T2, T9, T12).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_validate_and_bump)

using stages::check_steps;
using stages::EnsureCommit;
using stages::joined;
using stages::kValidateAndBump;
using stages::only;
using stages::Plan;
using stages::Stop;
using stages::Voyage;
using stages::web_image;
using stages::World;
namespace keys = lineage::keys;

namespace {

struct Proposed : Voyage {
  explicit Proposed(const testing::Files& files = web_image("app:2"), const std::string& message = "feat: image")
      : Voyage(Stop::kProposed, files, message) {}

  Plan plan() { return planned(kValidateAndBump); }
  std::string version() { return plan().outputs().at("version"); }

  // The branch with waybill's bump, or with one that somebody edited.
  void gets_bump(const testing::Files& edits = {}, const std::string& message = "web: version 1.3.0") {
    const EnsureCommit bump = only<EnsureCommit>(plan());
    testing::Files files = edits;
    for (const auto& file : bump.files) files.emplace(file.path, stages::file_of(file.mode, file.content));
    world.change(release, files, message);
    world.pull(release, "main");
  }

  void refuses(Fault fault, const std::vector<std::string_view>& said) { world.refuses(kValidateAndBump, fault, said); }
};

testing::Files version(const std::string& text) {
  return joined(
      {web_image("app:2"), {{"charts/web/Chart.yaml", stages::chart_files("web", text).at("charts/web/Chart.yaml")}}});
}

}  // namespace

BOOST_AUTO_TEST_CASE(everything_is_verified_and_attested_about_the_final_tree) {
  Proposed proposed;
  const Plan plan = proposed.plan();
  stages::check_golden(plan, "validate-and-bump");
  const Oid final = proposed.world.make(only<EnsureCommit>(plan));
  const auto subjects = proposed.world.web(final).subjects();
  for (const auto& claim : stages::steps<stages::Claim>(plan)) {
    BOOST_TEST((claim.subjects == subjects), claim.key);
    BOOST_TEST(claim.stamp.version == "1.3.0");
    BOOST_TEST(claim.stamp.shipment.source->hex() == proposed.source.hex());
  }
  BOOST_TEST(std::get<std::string>(only<stages::EnsureCheck>(plan).head) == proposed.release);
}

BOOST_AUTO_TEST_CASE(the_release_changes_what_a_release_owns_and_nothing_else) {
  Proposed proposed;
  const auto commit = only<EnsureCommit>(proposed.plan());
  BOOST_TEST(!commit.subtree);
  BOOST_REQUIRE(commit.files.size() == 2U);
  BOOST_TEST(commit.files[0].path == "charts/web/CHANGELOG.md");
  BOOST_TEST(commit.files[1].content == stages::chart_files("web", "1.3.0").at("charts/web/Chart.yaml").content);
}

BOOST_AUTO_TEST_CASE(a_second_run_sees_the_bump_and_adds_nothing) {
  Proposed proposed;
  const Plan first = proposed.plan();
  proposed.gets_bump();
  const Plan second = proposed.plan();
  check_steps(second, {"attest workflow-5-verify", "attest workflow-5-semver", "attest workflow-5-overall",
                       "waybill of pull request #21", "check waybill/validate-and-bump"});
  BOOST_TEST(
      (stages::steps<stages::Claim>(first).back().subjects == stages::steps<stages::Claim>(second).back().subjects));
}

BOOST_AUTO_TEST_CASE(equal_bytes_alone_make_a_bump_whatever_its_message_says) {
  Proposed proposed;
  proposed.gets_bump({}, "Waybill-Source: somebody else's");
  BOOST_TEST(stages::steps<EnsureCommit>(proposed.plan()).empty());
}

BOOST_AUTO_TEST_CASE(an_edited_bump_is_refused_however_it_calls_itself) {
  for (const testing::Files& edits : {testing::Files{{"charts/web/CHANGELOG.md", "# Changelog\n\n- nothing to see\n"}},
                                      testing::Files{{"charts/web/Chart.yaml", version("9.9.9").begin()->second}},
                                      testing::Files{{"charts/web/values.yaml", "image: registry.example/evil:2\n"}},
                                      testing::Files{{"charts/web/.hidden", "x"}}}) {
    Proposed proposed;
    proposed.gets_bump(edits);
    const std::string head = proposed.world.tip(proposed.release).hex();
    proposed.refuses(Fault::kUntrusted,
                     {"commit ", head, " is not the release edit of charts/web that planning gives"});
  }
}

BOOST_AUTO_TEST_CASE(a_version_that_was_wished_for_is_a_floor) {
  BOOST_TEST(Proposed(version("2.0.0")).version() == "2.0.0");
  BOOST_TEST(Proposed(version("1.2.9")).version() == "1.3.0");
  BOOST_TEST(Proposed(web_image("app:2"), "fix: image\n\nRelease-As: 2.0.0").version() == "2.0.0");
  BOOST_TEST(Proposed(web_image("app:2"), "fix: image").version() == "1.2.4");
}

BOOST_AUTO_TEST_CASE(waybill_merges_only_what_is_complete_and_only_where_the_policy_says_so) {
  Proposed proposed;
  proposed.world.facts.policy.merging.main = true;
  BOOST_TEST(stages::steps<stages::EnsureMerged>(proposed.plan()).empty());
  proposed.gets_bump();
  const auto merge = only<stages::EnsureMerged>(proposed.plan());
  BOOST_TEST(merge.head.hex() == proposed.world.tip(proposed.release).hex());
  BOOST_TEST(merge.method == "squash");
}

BOOST_AUTO_TEST_CASE(two_harmless_halves_that_are_harmful_together_are_refused) {
  const testing::Files late{
      {"charts/web/templates/late.yaml",
       "{{ if semverCompare \">=1.3.0\" .Chart.Version }}{{ fail \"now it counts\" }}{{ end }}\n"}};
  Proposed proposed(late);
  proposed.refuses(Fault::kInput, {"charts/web did not pass its checks", "now it counts", "--kube-version 1.33.7"});
}

BOOST_AUTO_TEST_CASE(a_hotfix_that_nobody_attested_underneath_is_refused) {
  Proposed proposed;
  World& world = proposed.world;
  const Oid hotfix = world.change("main", {{"charts/web/templates/hotfix.yaml", "# hotfix\n"}}, "fix: at once");
  proposed.refuses(Fault::kStale, {"charts/web changed on `main` since this pull request was composed on"});
  // Composed on top of it, it brings the attested bytes and loses the hotfix.
  world.branch(proposed.release, hotfix);
  world.change(proposed.release, proposed.contribution, "web", {"charts/web/templates/hotfix.yaml"});
  world.pull(proposed.release, "main");
  proposed.refuses(Fault::kUntrusted, {"commit " + hotfix.hex() + " on `main` is not part of what was validated",
                                       "merge the sync pull request first"});
}

BOOST_AUTO_TEST_CASE(any_other_commit_on_the_branch_is_refused) {
  Proposed extra;
  extra.gets_bump();
  extra.world.change(extra.release, {{"charts/web/values.yaml", "image: x\n"}}, "web: version 1.3.0");
  extra.world.pull(extra.release, "main");
  extra.refuses(Fault::kUntrusted, {"brings 3 commits; one contribution and one bump are wanted"});

  Proposed merge;
  merge.world.fixture.merge("refs/remotes/origin/" + merge.release, merge.world.main(),
                            joined({stages::chart_files("web"), stages::chart_files("api")}), "merge");
  merge.world.pull(merge.release, "main");
  merge.refuses(Fault::kUntrusted, {" is a merge"});
}

BOOST_AUTO_TEST_CASE(a_file_beside_the_chart_is_refused_and_named) {
  for (const auto& [path, named] : {std::pair{"README.md", "README.md"},
                                    std::pair{".github/workflows/tag-charts.yml", ".github/workflows/tag-charts.yml"},
                                    std::pair{"charts/api/values.yaml", "charts/api"}}) {
    Proposed proposed;
    proposed.world.branch(proposed.release, proposed.world.main());
    proposed.world.change(proposed.release, joined({proposed.contribution, {{path, "x\n"}}}));
    proposed.world.pull(proposed.release, "main");
    proposed.refuses(Fault::kUntrusted, {"exactly one chart may change", named, "charts/web"});
  }
}

BOOST_AUTO_TEST_CASE(a_key_of_a_stage_before_that_is_missing_is_refused_and_named) {
  for (const char* key : {"validate", "lint-test-v1.33.7", "filter", "atomic", "format"}) {
    Proposed proposed;
    proposed.world.journey.without(key, [&] {
      proposed.refuses(Fault::kUntrusted, {"`", key, "` of charts/web: no statement about"});
    });
  }
}

BOOST_AUTO_TEST_CASE(other_content_than_what_stage_four_attested_is_refused) {
  Proposed proposed;
  proposed.world.branch(proposed.release, proposed.world.main());
  proposed.world.change(proposed.release, web_image("evil:2"));
  proposed.world.pull(proposed.release, "main");
  proposed.refuses(Fault::kUntrusted, {"`format` of charts/web: no statement about", "`validate` of charts/web"});
}

BOOST_AUTO_TEST_CASE(an_older_contribution_is_refused_after_a_newer_one_was_released) {
  Proposed older;
  World& world = older.world;
  const Oid newer = world.change("integration", web_image("app:3"), "fix: second");
  world.release(world.change("main", joined({web_image("app:3"), stages::release_files("web", "1.3.0")})), newer);
  older.refuses(Fault::kUntrusted, {"commit " + older.source.hex() + " does not come after " + newer.hex()});
}

BOOST_AUTO_TEST_CASE(a_release_is_composed_by_waybill_alone) {
  Proposed proposed;
  auto& pull = *proposed.world.facts.pull;
  pull.author = "mallory";
  proposed.refuses(Fault::kUntrusted,
                   {"pull request #32 is by `mallory`", "a release is composed by `waybill[bot]` alone"});
  pull.author = "waybill[bot]";
  pull.head_repository = "mallory/charts";
  proposed.refuses(Fault::kUntrusted, {"is by `waybill[bot]` from `mallory/charts`"});
  pull.head_repository = "octo/charts";
  pull.head_ref = "bump/api/01234567";
  proposed.refuses(Fault::kUntrusted, {"comes from branch `bump/api/01234567`; `bump/web/<sha8>` is wanted"});
  pull.base_ref = "release";
  proposed.refuses(Fault::kUntrusted, {"pull request #32 is into `release`; releases go into `main`"});
}

BOOST_AUTO_TEST_CASE(people_s_pull_requests_that_touch_no_chart_get_their_check_and_nothing_else) {
  World world;
  world.branch("docs", world.main());
  world.change("docs", {{"README.md", "# better\n"}});
  world.pull("docs", "main").author = "ada";
  const Plan plan = world.planned(kValidateAndBump);
  check_steps(plan, {"check waybill/validate-and-bump on " + world.tip("docs").shortened()});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
