#include "core/sigstore/instance.h"

#include <boost/test/unit_test.hpp>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/sigstore/signing_config.h"
#include "core/sigstore/trusted_root.h"
#include "testing/data.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sigstore)
BOOST_AUTO_TEST_SUITE(instance)

BOOST_AUTO_TEST_CASE(each_has_a_root_and_a_config_that_sign_and_verify_today) {
  const Time day = parse_rfc3339("2026-11-21T00:00:00Z");
  for (const Instance* known : {&kPublicGood, &kGitHub}) {
    BOOST_TEST_CONTEXT(known->name) {
      const TrustedRoot root = TrustedRoot::parse(known->trusted_root);
      BOOST_TEST(!root.certificate_authorities.empty());
      BOOST_TEST(!root.timestamp_authorities.empty());
      const SigningConfig config = SigningConfig::parse(known->signing_config, day);
      BOOST_TEST((config.logs.wanted == 0) == root.logs.empty());
      BOOST_CHECK_NO_THROW(parse_rfc3339(std::string(known->copied_on) + "T00:00:00Z"));
    }
  }
}

BOOST_AUTO_TEST_CASE(they_are_found_by_name_and_by_what_their_authorities_call_themselves) {
  BOOST_TEST(instance_named("public-good") == &kPublicGood);
  BOOST_TEST(instance_of("GitHub, Inc.") == &kGitHub);
  BOOST_TEST(instance_named("Public-Good") == nullptr);
  BOOST_TEST(instance_of("") == nullptr);
}

BOOST_AUTO_TEST_CASE(the_copies_say_what_was_published) {
  const std::pair<const char*, std::string_view> copies[] = {
      {"sigstore/public-good.trusted_root.json", kPublicGood.trusted_root},
      {"sigstore/public-good.signing_config.v0.2.json", kPublicGood.signing_config},
      {"sigstore/public-good.tuf_root.json", kPublicGood.tuf_root},
      {"sigstore/github/trusted_root_github.json", kGitHub.trusted_root},
      {"sigstore/github/tuf_github_root.json", kGitHub.tuf_root}};
  for (const auto& [file, copy] : copies)
    if (const auto published = testing::data(file))
      BOOST_TEST(canonical(parse_json(copy, file)) == canonical(parse_json(read_file(*published, 1 << 20), file)),
                 file);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
