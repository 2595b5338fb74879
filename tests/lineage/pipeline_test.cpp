#include "core/lineage/pipeline.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "lineage/journey.h"
#include "testing/refusal.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage_pipeline)

using lineage::Journey;
using lineage::Pipeline;
using lineage::Policy;
namespace keys = lineage::keys;

namespace {

const std::string kDirect = std::string(lineage::kPolicyText) + "pipeline: direct\n";

// The journey's statements, held against another policy than the one they were made under.
void change_policy(Journey& journey, const Policy& policy) {
  journey.policy = policy;
  journey.policy_digest_known = false;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_direct_pipeline_is_the_full_one_without_two_stages) {
  BOOST_TEST(lineage::stages_of(Pipeline::kFull).size() == 8U);
  BOOST_TEST(lineage::stages_of(Pipeline::kDirect).size() == 6U);
  for (const auto stage : lineage::stages_of(Pipeline::kFull))
    BOOST_TEST(lineage::has_stage(Pipeline::kDirect, stage) ==
                   (stage != std::string_view("filter-charts") && stage != std::string_view("enforce-atomic")),
               stage);
  for (const Pipeline pipeline : {Pipeline::kFull, Pipeline::kDirect})
    BOOST_TEST((lineage::parse_pipeline(lineage::name_of(pipeline)) == pipeline));
  testing::refuses(Fault::kInput, "`Full` is neither `full` nor `direct`",
                   [] { static_cast<void>(lineage::parse_pipeline("Full")); });
}

BOOST_AUTO_TEST_CASE(a_direct_lineage_verifies_without_the_keys_of_the_other_stages) {
  Journey journey("charts/web", kDirect);
  for (const std::string& key : Journey::all_keys())
    if (key != keys::kFilter && key != keys::kAtomic) journey.sign(key);
  lineage::check_verified(journey.examine(keys::kReleaseOverall));
  change_policy(journey, Policy::standard("https://forge.example", "octo/charts", "main"));
  journey.policy.anchor.issuer = "https://token.virtual.example";
  lineage::check_verified(journey.examine(keys::kReleaseOverall));
}

BOOST_AUTO_TEST_CASE(what_one_pipeline_released_stays_released_under_the_other) {
  Policy full = Policy::parse(lineage::kPolicyText, "full");
  Policy direct = Policy::parse(kDirect, "direct");
  Journey before;
  before.travel(keys::kTag);
  Journey after("charts/web", kDirect);
  for (const std::string& key : Journey::all_keys()) {
    if (key == keys::kPackage) break;
    if (key != keys::kFilter && key != keys::kAtomic) after.sign(key);
  }
  change_policy(before, direct);
  lineage::check_verified(before.examine(keys::kTag));
  change_policy(after, full);
  lineage::check_verified(after.examine(keys::kTag));

  // The policy in force knows its own pipeline alone.
  std::swap(full.digest, direct.digest);
  change_policy(before, direct);
  lineage::check_refused(before.examine(keys::kTag), "the policy names no signer of the key `filter`");
  change_policy(after, full);
  lineage::check_refused(after.examine(keys::kTag), "its certificate's event (.20) is `push`");
}

BOOST_AUTO_TEST_CASE(signers_that_the_policy_names_stay_what_they_are) {
  Policy policy = Policy::parse(kDirect, ".waybill.yml");
  policy.signers.push_back({"scan", ".github/workflows/scan.yml", {"push"}, "", {"scan"}});
  const Policy across = policy.across_pipelines();
  BOOST_TEST(across.signer_of("scan").events == (std::vector<std::string>{"push"}), boost::test_tools::per_element());
  BOOST_TEST(across.signer_of(keys::kPublish).environment == "waybill-publish-charts");
  BOOST_TEST(across.signers.size() == 9U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
