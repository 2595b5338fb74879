#include "core/stages/bring_back.h"

#include <boost/test/unit_test.hpp>

#include "stages/files.h"
#include "stages/world.h"

// The default branch comes back to integration without a conflict that nobody made (design.md, Trees, not merges).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_bring_back)

using stages::composed_return;
using stages::joined;
using stages::only_brings_back;
using stages::web_image;
using stages::World;

namespace {

const std::string kChart = "charts/web/Chart.yaml";

// charts/web/Chart.yaml with another application: the line beside the version.
testing::Files web_app(const std::string& app, const std::string& version = "1.2.3") {
  std::string text = stages::chart_files("web", version).at(kChart).content;
  const std::size_t at = text.find("\"1.0\"");
  return {{kChart, text.replace(at, 5, "\"" + app + "\"")}};
}

testing::Files changelog(const std::string& version) {
  return {{"charts/web/CHANGELOG.md", stages::release_files("web", version).at("charts/web/CHANGELOG.md")}};
}

testing::Files files_at(const World& world, const Oid& commit) {
  const auto repository = git::Repository::open(world.fixture.path());
  testing::Files files;
  for (const auto& entry : repository.files(repository.commit(commit).tree))
    files.insert_or_assign(entry.path, stages::file_of(entry.mode, repository.blob(entry.id, 1024 * 1024)));
  return files;
}

// web with application 2.0 lies on integration, and on main as version 1.3.0.
struct Released {
  World world;
  Oid source = world.change("integration", web_app("2.0"), "feat: app 2.0");
  Oid main = world.change("main", joined({web_app("2.0", "1.3.0"), changelog("1.3.0")}), "web: release 1.3.0");

  std::optional<stages::EnsureMergeCommit> planned() {
    return composed_return(world.job(), world.tip("integration"), {{"charts/web", source}});
  }

  // What the planned commit holds, made by the real git: its tree must be the planned one.
  Oid made(const testing::Files& over = {}) {
    const auto step = planned();
    BOOST_REQUIRE(step.has_value());
    const auto repository = git::Repository::open(world.fixture.path());
    testing::Files files = files_at(world, step->parent);
    for (const auto& [path, object, content] : step->entries) {
      files.erase(path);
      if (object)
        files.emplace(path,
                      stages::file_of(object->mode, content ? *content : repository.blob(object->id, 1024 * 1024)));
    }
    for (const auto& [path, file] : over) files.insert_or_assign(path, file);
    const Oid commit = world.fixture.commit("refs/remotes/origin/" + step->branch, files, step->message,
                                            {step->parent, *step->merged});
    const Oid tree = git::Repository::open(world.fixture.path()).commit(commit).tree;
    if (over.empty()) BOOST_TEST(tree.hex() == step->tree.hex());
    return commit;
  }

  std::string text(const Oid& commit, const std::string& path) {
    return git::Repository::open(world.fixture.path()).file(commit, path, 1024 * 1024).value_or("absent");
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_released_contribution_beside_the_version_comes_back_as_it_was_released) {
  Released released;
  const Oid commit = released.made();
  BOOST_TEST(released.text(commit, kChart) == released.text(released.main, kChart));
  BOOST_TEST(released.text(commit, "charts/web/CHANGELOG.md").find("[1.3.0]") != std::string::npos);
  BOOST_TEST(only_brings_back(released.world.job(), commit));
  const auto step = released.planned();
  BOOST_TEST(step->parent.hex() == released.source.hex());
  BOOST_TEST(step->merged->hex() == released.main.hex());
  BOOST_TEST(step->branch == "sync/" + released.main.shortened());
}

BOOST_AUTO_TEST_CASE(a_new_chart_comes_back_as_it_was_released) {
  World world;
  const Oid source = world.change("integration", stages::chart_files("cron", "0.1.0"), "feat: cron");
  const Oid main = world.change("main", stages::chart_files("cron", "0.1.1"), "cron: release 0.1.1");
  const auto step = composed_return(world.job(), source, {{"charts/cron", source}});
  BOOST_REQUIRE(step.has_value());
  const auto git = git::Repository::open(world.fixture.path());
  BOOST_TEST(step->tree.hex() == git.commit(main).tree.hex());
  BOOST_REQUIRE(step->entries.size() == 1U);
  BOOST_TEST(step->entries.front().path == "charts/cron/Chart.yaml");
}

BOOST_AUTO_TEST_CASE(what_came_to_integration_since_is_kept_and_gets_the_released_version) {
  Released released;
  released.world.change("integration", web_app("3.0"), "feat: app 3.0");
  const Oid commit = released.made();
  BOOST_TEST(released.text(commit, kChart) == web_app("3.0", "1.3.0").at(kChart).content);
  BOOST_TEST(released.text(commit, "charts/web/CHANGELOG.md").find("[1.3.0]") != std::string::npos);
  BOOST_TEST(only_brings_back(released.world.job(), commit));
}

BOOST_AUTO_TEST_CASE(a_higher_version_that_somebody_wishes_for_is_kept) {
  Released released;
  released.world.change("integration", web_app("3.0", "2.0.0"), "feat: app 3.0");
  BOOST_TEST(released.text(released.made(), kChart) == web_app("3.0", "2.0.0").at(kChart).content);
}

BOOST_AUTO_TEST_CASE(what_else_came_to_main_comes_along_and_what_it_lost_goes) {
  Released released;
  released.world.change("main", {{"docs/new.md", "new\n"}}, "docs: new", {"charts/api/README.md"});
  const Oid commit = released.made();
  BOOST_TEST(released.text(commit, "docs/new.md") == "new\n");
  BOOST_TEST(released.text(commit, "charts/api/README.md") == "absent");
  BOOST_TEST(only_brings_back(released.world.job(), commit));
}

BOOST_AUTO_TEST_CASE(where_nothing_is_contested_the_forge_merges) {
  World world;
  world.change("integration", web_image("app:2"));
  world.change("main", {{"charts/api/values.yaml", "image: registry.example/api:2\n"}}, "fix: api");
  BOOST_TEST(!composed_return(world.job(), world.tip("integration"), {}).has_value());
  BOOST_TEST(only_brings_back(world.job(), world.main()));
}

BOOST_AUTO_TEST_CASE(a_hotfix_and_a_contribution_in_one_file_are_for_people) {
  Released released;
  released.world.change("integration", web_image("app:3"), "feat: app 3");
  released.world.change("main", web_image("app:2-hotfix"), "fix: at once");
  BOOST_TEST(!released.planned().has_value());
}

BOOST_AUTO_TEST_CASE(without_a_known_source_people_decide) {
  Released released;
  const Oid tip = released.world.tip("integration");
  BOOST_TEST(!composed_return(released.world.job(), tip, {}).has_value());
  // The newest release knows its source.
  released.world.release(released.main, released.source);
  BOOST_TEST(composed_return(released.world.job(), tip, {}).has_value());
}

BOOST_AUTO_TEST_CASE(a_commit_with_anything_of_its_own_is_a_contribution) {
  Released released;
  for (const testing::Files& over : {web_image("app:evil"), web_app("9.9", "1.3.0"), testing::Files{{"x", "y"}}})
    BOOST_TEST(!only_brings_back(released.world.job(), released.made(over)));
}

BOOST_AUTO_TEST_CASE(its_parents_are_integration_and_main_in_this_order) {
  Released released;
  World& world = released.world;
  const Oid good = released.made();
  const testing::Files files = files_at(world, good);
  world.branch("elsewhere", world.main());
  const Oid elsewhere = world.change("elsewhere", web_app("9.9"), "mine");
  for (const std::vector<Oid>& parents :
       {std::vector{released.main, released.source}, std::vector{released.source},
        std::vector{released.source, elsewhere}, std::vector{elsewhere, released.main},
        std::vector{released.source, released.main, elsewhere}})
    BOOST_TEST(!only_brings_back(world.job(), world.fixture.commit("refs/remotes/origin/x", files, "m", parents)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
