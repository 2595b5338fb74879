#include <boost/test/unit_test.hpp>

#include "chart/charts.h"
#include "core/base/error.h"
#include "core/chart/package.h"
#include "core/lineage/keys.h"
#include "stages/world.h"
#include "testing/refusal.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_verify)

using stages::World;
namespace keys = lineage::keys;

namespace {

// web 1.2.3 as it was released on a forge of its own, and the files that somebody downloaded.
struct Downloaded {
  World world;
  chart::Package package = chart::package(testing::small_chart("web"), "charts/web");

  Downloaded() {
    for (const std::string& key : lineage::Journey::all_keys()) {
      lineage::Draft draft = world.journey.draft(key);
      if (draft.subjects.front().name.ends_with(".tgz")) draft.subjects = {{package.file_name, package.digest}};
      world.journey.sign(draft);
    }
    const std::string key(keys::kReleaseOverall);
    const auto released = world.journey.examine({{key, "", package.digest, std::nullopt}});
    BOOST_TEST_REQUIRE(released.upstream.has_value());
    const std::string lineage = lineage::lineage_lines(released.upstream->lineage(""));
    world.ports.file = [this, lineage](const std::string& path) {
      return path == "root.json"        ? world.journey.sigstore.trusted_root_json()
             : path.ends_with(".jsonl") ? lineage
                                        : package.bytes;
    };
    world.inputs = {{"subject-path", "dist/" + package.file_name},
                    {"lineage", ""},
                    {"repo", "octo/charts"},
                    {"repository-id", "2002"},
                    {"policy", ""},
                    {"server", "https://forge.example"},
                    {"issuer", "https://token.virtual.example"},
                    {"branch", "main"},
                    {"trusted-root", "root.json"}};
  }

  stages::Plan plan() { return stages::kVerify.plan(world.job()); }

  void refused(Fault fault, std::string_view text) {
    testing::refuses(fault, text, [this] { static_cast<void>(plan()); });
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_release_of_another_forge_verifies_by_its_repository_server_and_issuer) {
  Downloaded downloaded;
  const auto plan = downloaded.plan();
  BOOST_TEST(plan.outputs().at("verdict") == "verified");
  BOOST_TEST(plan.outputs().at("version") == "1.2.3");
}

BOOST_AUTO_TEST_CASE(who_issued_the_identities_is_an_expectation_and_not_what_the_lineage_says) {
  Downloaded downloaded;
  downloaded.world.inputs["issuer"] = "https://token.actions.githubusercontent.com";
  downloaded.refused(Fault::kUntrusted, "its certificate's issuer (.8) is `https://token.virtual.example`");
}

BOOST_AUTO_TEST_CASE(another_repository_server_or_branch_is_not_the_one_that_is_expected) {
  const auto refused_with = [](const std::string& input, const std::string& value, std::string_view text) {
    Downloaded downloaded;
    downloaded.world.inputs[input] = value;
    downloaded.refused(Fault::kUntrusted, text);
  };
  refused_with("repo", "octo/other", "repository (.12)");
  refused_with("repository-id", "77", "repository id (.15)");
  refused_with("server", "https://github.com", "repository (.12)");
  refused_with("branch", "release", "source ref (.14)");
  refused_with("subject-path", "dist/web-9.9.9.tgz", "`web-9.9.9.tgz` holds web 1.2.3");
}

BOOST_AUTO_TEST_CASE(nobody_expected_is_not_verified) {
  Downloaded downloaded;
  downloaded.world.inputs["repo"] = "";
  downloaded.refused(Fault::kUnbound, "nothing says who should have signed it");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
