#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "stages/files.h"
#include "stages/world.h"
#include "testing/refusal.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_detect_changes)

using stages::kDetectChanges;
using stages::World;

namespace {

Json output(const stages::Plan& plan, const std::string& name) {
  return plan.outputs().at(name);
}

void look_at(World& world, const std::string& base, const std::string& head, const std::string& charts = "charts/*",
             const std::string& since = "merge-base", const std::string& shards = "0") {
  world.inputs = {{"base", base}, {"head", head}, {"charts", charts}, {"since", since}, {"shards", shards}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(charts_that_differ_are_listed_and_deleted_ones_apart) {
  World world;
  world.branch("feature", world.main());
  auto files = stages::chart_files("new");
  files.emplace("charts/web/values.yaml", "image: registry.example/app:2.0\n");
  files.emplace("README.md", "# other\n");
  std::vector<std::string> gone;
  for (const auto& [path, file] : stages::chart_files("api")) gone.push_back(path);
  world.change("feature", files, "feat: three at once", gone);
  world.change("main", {{"charts/web/templates/late.yaml", "# main went on\n"}});
  look_at(world, "origin/main", "origin/feature");
  const auto plan = kDetectChanges.plan(world.job());
  BOOST_TEST(output(plan, "charts") == Json::array({"charts/new", "charts/web"}));
  BOOST_TEST(output(plan, "deleted") == Json::array({"charts/api"}));
  BOOST_TEST(output(plan, "matrix") == R"({"chart":["charts/new","charts/web"]})");
  BOOST_TEST(plan.steps().empty());
  const std::string left = world.before(world.tip("feature")).hex();
  BOOST_TEST(plan.notes().back() == "charts/web: modified since " + left + ", 1 file differs, first values.yaml");
  const Json reasons = Json::parse(output(plan, "reasons").get<std::string>());
  BOOST_TEST(reasons["charts/web"] ==
             (Json{{"change", "modified"}, {"since", left}, {"files", 1}, {"first", "values.yaml"}}));
  BOOST_TEST(reasons["charts/new"]["change"] == "added");
  BOOST_TEST(reasons["charts/api"]["change"] == "deleted");
}

BOOST_AUTO_TEST_CASE(what_is_compared_is_the_merge_base_or_the_base_itself_or_each_charts_release) {
  World world;
  world.branch("feature", world.main());
  world.change("feature", {{"charts/web/values.yaml", "image: registry.example/app:2.0\n"}});
  world.change("main", {{"charts/api/templates/late.yaml", "# main went on\n"}});
  look_at(world, "origin/main", "origin/feature");
  BOOST_TEST(output(kDetectChanges.plan(world.job()), "charts") == Json::array({"charts/web"}));
  look_at(world, "origin/main", "origin/feature", "charts/*", "base");
  BOOST_TEST(output(kDetectChanges.plan(world.job()), "charts") == Json::array({"charts/api", "charts/web"}));
  world.fixture.tag("web-v1.2.3", world.tip("feature"));
  look_at(world, "", "origin/feature", "charts/web", "release");
  BOOST_TEST(output(kDetectChanges.plan(world.job()), "charts") == Json::array());
}

BOOST_AUTO_TEST_CASE(a_matrix_has_at_most_256_jobs) {
  World world;
  const std::string before = world.main().hex();
  testing::Files files;
  for (int i = 0; i < 257; ++i)
    files.emplace(fmt::format("charts/x{:03}/Chart.yaml", i), fmt::format("apiVersion: v2\nname: x{:03}\n", i));
  world.change("main", files);
  look_at(world, before, "origin/main");
  const auto refuses = [](const stages::Job& job, std::string_view said) {
    testing::refuses(Fault::kInput, said, [&] { static_cast<void>(kDetectChanges.plan(job)); });
  };
  refuses(world.job(), "a matrix has at most 256 jobs, here there are 257");
  look_at(world, before, "origin/main", "charts/*", "merge-base", "257");
  refuses(world.job(), "a matrix has at most 256 jobs, here there are 257");
  look_at(world, before, "origin/main", "charts/*", "merge-base", "two");
  refuses(world.job(), "the input `shards` is `two`; a number of jobs is wanted");
  look_at(world, before, "origin/main", "charts/*", "merge-base", "2");
  const Json matrix = Json::parse(output(kDetectChanges.plan(world.job()), "matrix").get<std::string>());
  BOOST_TEST(matrix["include"].size() == 2U);
  BOOST_TEST(matrix["include"][1]["shard"] == 2);
  BOOST_TEST(matrix["include"][0]["charts"].size() + matrix["include"][1]["charts"].size() == 257U);
}

BOOST_AUTO_TEST_CASE(nothing_that_differs_is_an_empty_matrix) {
  World world;
  look_at(world, "origin/main", world.main().hex());
  const auto plan = kDetectChanges.plan(world.job());
  BOOST_TEST(output(plan, "charts") == Json::array());
  BOOST_TEST(output(plan, "matrix") == R"({"chart":[]})");
}

BOOST_AUTO_TEST_CASE(a_tag_may_be_compared_with) {
  World world;
  world.fixture.tag("web-v1.2.3", world.main());
  world.branch("feature", world.main());
  world.change("feature", {{"charts/web/values.yaml", "image: registry.example/app:2.0\n"}});
  look_at(world, "web-v1.2.3", "origin/feature", "charts/*, more/*");
  BOOST_TEST(output(kDetectChanges.plan(world.job()), "charts") == Json::array({"charts/web"}));
}

BOOST_AUTO_TEST_CASE(a_branch_that_was_not_fetched_is_named_with_what_to_do) {
  World world;
  look_at(world, "origin/nowhere", "origin/main");
  const auto job = world.job();
  testing::refuses(Fault::kInput, "`origin/nowhere` is no commit, branch or tag here",
                   [&] { static_cast<void>(kDetectChanges.plan(job)); });
  testing::refuses(Fault::kInput, "fetch-depth: 0", [&] { static_cast<void>(kDetectChanges.plan(job)); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
