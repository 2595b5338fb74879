#include "core/app/trust_material.h"

#include <boost/test/unit_test.hpp>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/sigstore/instance.h"
#include "core/sigstore/signing_config.h"

// Which Sigstore a repository signs with and trusts (trust.md T23).
namespace waybill {

BOOST_AUTO_TEST_SUITE(app_trust_material)

namespace {

struct Choosing {
  lineage::Policy policy = lineage::Policy::standard("https://github.com", "octo/charts", "main");
  std::vector<std::string> asked;

  app::TrustMaterial chosen(std::string_view visibility) {
    return app::trust_material(
        policy, visibility,
        [this](const lineage::PinnedFile& file, std::string_view key) {
          asked.push_back(fmt::format("{} {}", key, file.path));
          return "of " + file.path;
        },
        [this](std::string_view organisation) {
          asked.emplace_back(organisation);
          return stages::KnownRoot{"root of " + std::string(organisation), "in words"};
        });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_public_repository_has_the_public_instance_and_any_other_githubs, Choosing) {
  BOOST_TEST(chosen("public").trusted_root == "root of sigstore.dev");
  BOOST_TEST(chosen("public").signing_config == sigstore::kPublicGood.signing_config);
  BOOST_TEST(chosen("public").described == "in words");
  for (const char* other : {"private", "internal"}) {
    BOOST_TEST(chosen(other).trusted_root == "root of GitHub, Inc.");
    BOOST_TEST(chosen(other).signing_config == sigstore::kGitHub.signing_config);
  }
}

BOOST_FIXTURE_TEST_CASE(the_policy_may_name_the_instance, Choosing) {
  policy.instance = "public-good";
  BOOST_TEST(chosen("private").trusted_root == "root of sigstore.dev");
}

BOOST_FIXTURE_TEST_CASE(pinned_files_are_all_that_counts, Choosing) {
  policy.trusted_root = lineage::PinnedFile{"root.json", Digest::sha256(std::string(64, 'a'))};
  policy.signing_config = lineage::PinnedFile{"config.json", Digest::sha256(std::string(64, 'a'))};
  const auto trust = chosen("public");
  BOOST_TEST(trust.trusted_root == "of root.json");
  BOOST_TEST(trust.signing_config == "of config.json");
  BOOST_TEST(asked == (std::vector<std::string>{"trusted-root root.json", "signing-config config.json"}));
}

BOOST_AUTO_TEST_CASE(the_configs_of_both_instances_name_services_for_today) {
  const Time now = SystemClock().now();
  for (const sigstore::Instance* instance : {&sigstore::kPublicGood, &sigstore::kGitHub})
    BOOST_CHECK_NO_THROW(sigstore::SigningConfig::parse(instance->signing_config, now));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
