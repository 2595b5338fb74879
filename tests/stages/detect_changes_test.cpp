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

void look_at(World& world, const std::string& base, const std::string& head, const std::string& charts = "charts/*") {
  world.inputs = {{"base", base}, {"head", head}, {"charts", charts}};
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
  BOOST_TEST(plan.notes().back() == "charts/web: 1 files differ, first values.yaml");
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
