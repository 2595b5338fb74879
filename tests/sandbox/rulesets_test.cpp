#include <boost/test/unit_test.hpp>

#include "core/stages/protection.h"
#include "sandbox/forge_host.h"

// Rules bite as GitHub's do.
namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(rulesets)

using testing::Answer;
using testing::ForgeHost;
using testing::kRepository;

namespace {

constexpr const char* kPolicy =
    "version: 1\nanchor: {repository: o/r, repository-id: 1, owner-id: 1}\napp: a[bot]\ncharts: []\nkubernetes: "
    "[1.33.7]\n";

struct Ruled : ForgeHost {
  Ruled() {
    admin = by_operator("users",
                        {{"login", "adam"},
                         {"permissions", {{"administration", "write"}, {"contents", "write"}, {"metadata", "read"}}}})
                .body["token"];
  }
  std::string admin;

  Answer make(const Json& rules, const std::string& references, const Json& actors = Json::array(),
              const std::string& target = "branch") {
    return send("POST", kRepository + "/rulesets",
                {{"name", "rule for " + references},
                 {"target", target},
                 {"enforcement", "active"},
                 {"bypass_actors", actors},
                 {"conditions", {{"ref_name", {{"include", {references}}, {"exclude", Json::array()}}}}},
                 {"rules", rules}},
                admin);
  }
  Answer reference(const std::string& name, const std::string& by = "-") {
    return send("POST", kRepository + "/git/refs",
                {{"ref", name}, {"sha", get(kRepository + "/git/ref/heads/main").body["object"]["sha"]}}, by);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(they_are_made_listed_changed_and_taken_away_by_admins_alone) {
  Ruled host;
  const Json rules = Json::array({{{"type", "deletion"}}});
  BOOST_TEST(host.post(kRepository + "/rulesets", {{"name", "x"}, {"enforcement", "active"}}).status == 403);
  const Answer made = host.make(rules, "refs/heads/kept");
  BOOST_TEST(made.status == 201, made.text);
  BOOST_TEST(host.make(rules, "refs/heads/kept").status == 422);
  const Json listed = host.get(kRepository + "/rulesets").body;
  BOOST_TEST(listed.size() == 1U);
  BOOST_TEST(!listed[0].contains("rules"));
  const std::string one = kRepository + "/rulesets/" + made.body["id"].dump();
  BOOST_TEST(!host.get(one).body.contains("bypass_actors"));
  BOOST_TEST(host.send("GET", one, nullptr, host.admin).body.contains("bypass_actors"));
  const Json off{{"name", "off"}, {"enforcement", "disabled"}};
  BOOST_TEST(host.send("PUT", one, off, host.admin).body["enforcement"] == "disabled");
  BOOST_TEST(host.send("DELETE", one, nullptr, host.admin).status == 204);
  BOOST_TEST(host.get(one).status == 404);
}

BOOST_AUTO_TEST_CASE(what_waybill_makes_is_a_ruleset_to_github) {
  Ruled host;
  for (const std::string more : {"", "merge: {integrate: people}\n", "pipeline: direct\n"}) {
    const auto policy = lineage::Policy::parse(kPolicy + more, ".waybill.yml");
    for (const auto& protection : stages::protections(policy, 7)) {
      const Answer made = host.send("POST", kRepository + "/rulesets", protection.ruleset, host.admin);
      BOOST_TEST(made.status == 201, made.text);
      const Answer told = host.send("GET", kRepository + "/rulesets/" + made.body["id"].dump(), nullptr, host.admin);
      BOOST_TEST(stages::differences(protection.ruleset, told.body).empty());
      host.send("DELETE", kRepository + "/rulesets/" + made.body["id"].dump(), nullptr, host.admin);
    }
  }
}

BOOST_AUTO_TEST_CASE(names_are_matched_folder_by_folder) {
  Ruled host;
  host.make(Json::array({{{"type", "creation"}}}), "refs/heads/own/**/*");
  host.make(Json::array({{{"type", "creation"}}}), "refs/tags/*-v[0-9]*", Json::array(), "tag");
  for (const char* kept : {"refs/heads/own/a", "refs/heads/own/a/b/c", "refs/tags/web-v1.0.0"}) {
    const Answer refused = host.reference(kept);
    BOOST_TEST(refused.status == 422, kept);
    BOOST_TEST(refused.message() ==
               "Repository rule violations found\n\nCannot create ref due to creations being restricted.");
  }
  for (const char* free : {"refs/heads/owned", "refs/heads/x/own/a", "refs/tags/web-next", "refs/heads/web-v1.0.0"})
    BOOST_TEST(host.reference(free).status == 201, free);
}

BOOST_AUTO_TEST_CASE(an_actor_passes_as_its_mode_says) {
  Ruled host;
  const std::string app = host.app_token();
  const auto actor = [&](const char* mode) {
    return Json::array({{{"actor_id", host.app_id}, {"actor_type", "Integration"}, {"bypass_mode", mode}}});
  };
  host.make(Json::array({{{"type", "creation"}}}), "refs/heads/always/*", actor("always"));
  host.make(Json::array({{{"type", "creation"}}}), "refs/heads/merging/*", actor("pull_request"));
  BOOST_TEST(host.reference("refs/heads/always/a", app).status == 201);
  BOOST_TEST(host.reference("refs/heads/always/b").status == 422);
  BOOST_TEST(host.reference("refs/heads/always/b", host.admin).status == 422);
  BOOST_TEST(host.reference("refs/heads/merging/a", app).status == 422);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
