#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/lineage/verify.h"
#include "lineage/journey.h"
#include "testing/refusal.h"

// Which verification summaries count.
namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage)

BOOST_AUTO_TEST_CASE(a_failed_summary_is_refused_directly_and_below) {
  Journey journey;
  journey.travel(keys::kSemver);
  Draft failed = journey.draft(keys::kOverall);
  failed.passed = false;
  journey.sign(failed);
  check_refused(journey.examine(keys::kOverall), "its newest result is FAILED");
  journey.sign(keys::kTag);
  check_refused(journey.examine(keys::kTag), "`workflow-5-overall`, on which it is built, is FAILED");
}

BOOST_AUTO_TEST_CASE(a_summary_without_what_it_sums_up_is_refused) {
  Journey journey;
  journey.travel(keys::kPublish);
  Draft empty = journey.draft(keys::kReleaseOverall);
  empty.links.clear();
  journey.sign(empty);
  check_refused(journey.examine(keys::kReleaseOverall), "it sums up nothing");
  journey.policy_digest_known = false;
  check_refused(journey.examine(keys::kReleaseOverall), "it sums up nothing");
}

BOOST_AUTO_TEST_CASE(a_summary_of_another_release_is_refused_wherever_it_is_read) {
  const std::string mine = "https://forge.example/octo/charts/releases/tag/web-v1.2.3";
  for (const char* other : {"https://forge.example/octo/charts/releases/tag/web-v1.2.30",
                            "https://forge.example/octo/charts/releases/tag/api-v1.2.3",
                            "https://FORGE.example/octo/charts/releases/tag/web-v1.2.3", ""}) {
    Journey journey;
    journey.travel(keys::kSemver);
    Draft foreign = journey.draft(keys::kOverall);
    foreign.resource = other;
    journey.sign(foreign);
    Requirement wanted = journey.requirement(keys::kOverall);
    wanted.resource = mine;
    check_refused(journey.examine({wanted}), fmt::format("it is about `{}`, `{}` is wanted", other, mine));

    for (const std::string_view key :
         {keys::kTag, keys::kPackage, keys::kBillOfMaterials, keys::kPublish, keys::kReleaseOverall})
      journey.sign(key);
    for (const std::string_view key : {keys::kTag, keys::kPackage, keys::kPublish, keys::kReleaseOverall}) {
      Requirement above = journey.requirement(key);
      above.resource = mine;
      check_refused(journey.examine({above}), fmt::format("it is about `{}`, `{}` is wanted", other, mine));
    }
  }
}

BOOST_AUTO_TEST_CASE(summaries_of_one_lineage_are_about_one_release) {
  Journey journey;
  journey.travel(keys::kPublish);
  Draft renamed = journey.draft(keys::kReleaseOverall);
  renamed.resource = "https://forge.example/octo/charts/releases/tag/web-v9.9.9";
  journey.sign(renamed);
  check_refused(journey.examine(keys::kReleaseOverall), "`workflow-5-overall`, on which `tag` is built: it is about `");
}

BOOST_AUTO_TEST_CASE(a_summary_with_other_levels_is_refused) {
  for (const std::vector<std::string>& levels :
       {std::vector<std::string>{}, {"SLSA_BUILD_LEVEL_1"}, {"SLSA_BUILD_LEVEL_2", "SLSA_BUILD_LEVEL_3"}}) {
    Journey journey;
    journey.travel(keys::kSemver);
    Draft boast = journey.draft(keys::kOverall);
    boast.levels = levels;
    journey.sign(boast);
    check_refused(journey.examine(keys::kOverall),
                  fmt::format("states the levels `{}`, `SLSA_BUILD_LEVEL_2` is wanted", fmt::join(levels, "`, `")));
  }
}

BOOST_AUTO_TEST_CASE(a_summary_by_another_policy_than_its_stamp_says_is_refused) {
  Journey journey;
  journey.travel(keys::kSemver);
  Draft draft = journey.draft(keys::kOverall);
  draft.summed_up_by = crypto::sha256("a kinder policy");
  journey.sign(draft);
  check_refused(journey.examine(keys::kOverall), "was summed up by policy " + draft.summed_up_by->text());
}

BOOST_AUTO_TEST_CASE(a_summary_that_leaves_out_a_demanded_key_is_refused) {
  Journey journey;
  journey.travel(keys::kPublish);
  Draft partial = journey.draft(keys::kReleaseOverall);
  std::erase_if(partial.links, [](const Link& link) { return link.key == keys::kBillOfMaterials; });
  journey.sign(partial);
  check_refused(journey.examine(keys::kReleaseOverall), "it does not sum up `sbom`");
}

BOOST_AUTO_TEST_CASE(a_release_has_the_bills_of_materials_of_its_own_policy_whatever_the_next_one_wants) {
  const std::string formats[]{"cyclonedx", "spdx", "[cyclonedx, spdx]"};
  for (const std::string& before : formats)
    for (const std::string& now : formats) {
      Journey journey("charts/web", kPolicyText + ("bill-of-materials: " + before + "\n"));
      journey.travel();
      BOOST_TEST_CONTEXT(before << ", then " << now) {
        check_verified(journey.examine(keys::kReleaseOverall));
        journey.policy = Policy::parse(kPolicyText + ("bill-of-materials: " + now + "\n"), ".waybill.yml");
        journey.policy_digest_known = false;
        check_verified(journey.examine(keys::kReleaseOverall));
      }
    }
}

BOOST_AUTO_TEST_CASE(every_bill_of_materials_of_the_policy_is_summed_up) {
  Journey journey("charts/web", kPolicyText + std::string("bill-of-materials: [cyclonedx, spdx]\n"));
  journey.travel(keys::kPublish);
  for (const std::string_view left_out : {keys::kBillOfMaterials, keys::kBillOfMaterialsSpdx}) {
    Draft partial = journey.draft(keys::kReleaseOverall);
    std::erase_if(partial.links, [&](const Link& link) { return link.key == left_out; });
    journey.sign(partial);
    check_refused(journey.examine(keys::kReleaseOverall), fmt::format("it does not sum up `{}`", left_out));
  }
}

BOOST_AUTO_TEST_CASE(a_release_that_nobody_reviewed_is_refused_where_the_policy_wants_reviews) {
  Journey journey;
  journey.travel(keys::kReleaseOverall);
  BOOST_TEST(journey.examine(keys::kReleaseOverall).failures.empty());
  journey.policy.reviews = 1;
  check_refused(journey.examine(keys::kReleaseOverall), "it does not sum up `reviewed`");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
