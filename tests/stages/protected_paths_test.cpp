#include "core/stages/protected_paths.h"

#include <boost/test/unit_test.hpp>

#include "stages/world.h"
#include "testing/refusal.h"

// What is never carried to the default branch (trust.md T16).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_protected_paths)

using stages::World;

namespace {

const std::string kChart = "apiVersion: v2\nname: all\nversion: 1.0.0\n";

struct Protected : World {
  Protected() { facts.policy.protected_paths = {"charts/*/SECURITY.md", "charts/web/policies"}; }

  void passes(const Oid& commit, const std::string& path = "charts/web") {
    stages::require_nothing_protected_changed(job(), chart(commit, path));
  }
  void stops(const Oid& commit, const std::vector<std::string_view>& said, const std::string& path = "charts/web") {
    testing::refuses_saying(Fault::kInput, said, [&] { passes(commit, path); });
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(other_files_of_a_chart_may_change) {
  Protected world;
  world.passes(world.change("integration", {{"charts/web/values.yaml", "a: 1\n"},
                                            {"charts/web/docs/SECURITY.md", "x"},
                                            {"charts/web/.github", "none of the repository's"}}));
}

BOOST_AUTO_TEST_CASE(no_contribution_adds_changes_or_removes_what_is_protected) {
  Protected world;
  world.stops(world.change("integration", {{"charts/web/SECURITY.md", "us\n"}}), {"charts/web/SECURITY.md", "`main`"});
  world.change("main", {{"charts/web/SECURITY.md", "us\n"}});
  world.passes(world.tip("integration"));
  world.stops(world.change("integration", {{"charts/web/SECURITY.md", "them\n"}, {"charts/web/policies/a", "x"}}),
              {"charts/web/SECURITY.md", "charts/web/policies/a"});
  world.stops(world.change("integration", {}, "feat: no word", {"charts/web/SECURITY.md", "charts/web/policies/a"}),
              {"charts/web/SECURITY.md"});
}

BOOST_AUTO_TEST_CASE(what_says_who_releases_is_protected_under_every_policy) {
  for (const auto& [chart, file] :
       {std::pair{".github", "workflows/tag-charts.yml"}, std::pair{"docs", "CODEOWNERS"}}) {
    const std::string path = chart;
    Protected world;
    world.facts.policy.protected_paths.clear();
    world.facts.policy.charts = {"*"};
    world.change("main", {{path + "/Chart.yaml", kChart}, {path + "/" + file, "ours"}});
    const Oid same = world.change("integration", {{path + "/Chart.yaml", kChart}, {path + "/" + file, "ours"}});
    world.passes(same, path);
    world.stops(world.change("integration", {{path + "/" + file, "theirs"}}), {path + "/" + file}, path);
  }
}

BOOST_AUTO_TEST_CASE(a_folder_of_definitions_is_no_chart) {
  Protected world;
  world.facts.policy.charts = {"*"};
  world.stops(world.change("integration", {{".github/Chart.yaml", kChart}}), {".github/Chart.yaml"}, ".github");
}

BOOST_AUTO_TEST_CASE(in_a_direct_pipeline_people_bring_them) {
  Protected world;
  world.facts.policy.pipeline = lineage::Pipeline::kDirect;
  world.passes(world.change("integration", {{"charts/web/SECURITY.md", "us\n"}}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
