#include "core/stages/workflow_text.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "testing/refusal.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_workflow_text)

using stages::used_actions;

namespace {

bool is_pinned(const std::string& uses) {
  return stages::UsedAction{uses, {}, {}, {}}.is_pinned();
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_action_of_every_job_is_found_with_its_environment_and_key) {
  const auto found = used_actions(R"(on: push
jobs:
  one:
    environment: {name: a, url: https://example.org}
    steps:
      - run: "true"
      - uses: waybill/waybill/actions/tag-charts@main
        with:
          app-private-key: ${{ secrets.KEY }}
  two:
    environment: b
    steps:
      - uses: waybill/waybill@main
        with: {stage: doctor, app-private-key: "${{secrets.OTHER}}"}
  three:
    uses: octo/shared/.github/workflows/x.yml@v1
)",
                                  "x.yml");
  BOOST_TEST_REQUIRE(found.size() == 3U);
  BOOST_TEST(found[0].environment == "a");
  BOOST_TEST(found[0].key_secret == "KEY");
  BOOST_TEST(found[0].runs("tag-charts"));
  BOOST_TEST(!found[0].runs("charts"));
  BOOST_TEST(found[1].environment == "b");
  BOOST_TEST(found[1].key_secret == "OTHER");
  BOOST_TEST(found[1].runs("doctor"));
  BOOST_TEST(found[2].uses == "octo/shared/.github/workflows/x.yml@v1");
}

BOOST_AUTO_TEST_CASE(a_commit_a_digest_and_the_repositorys_own_folder_are_exact) {
  const std::string commit = "0123456789abcdef0123456789abcdef01234567";
  BOOST_TEST(is_pinned("a/b@" + commit));
  BOOST_TEST(is_pinned("docker://a/b:1@sha256:" + std::string(64, 'a')));
  BOOST_TEST(is_pinned("./actions/x"));
  for (const std::string loose :
       {"a/b@main", "a/b@v1", "a/b", "a/b@0123456", "docker://a/b:1", "docker://a/b@sha256:1"})
    BOOST_TEST(!is_pinned(loose), loose);
  BOOST_TEST(!is_pinned("a/b@" + commit + "0"));
  BOOST_TEST(!is_pinned("a/b@" + std::string(40, 'g')));
  BOOST_TEST(!is_pinned("docker://a/b@" + commit));
}

BOOST_AUTO_TEST_CASE(what_is_no_workflow_is_refused) {
  testing::refuses(Fault::kInput, "jobs", [] { static_cast<void>(used_actions("on: push\n", "x.yml")); });
  testing::refuses(Fault::kInput, "x.yml", [] { static_cast<void>(used_actions("jobs: [a]\n", "x.yml")); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
