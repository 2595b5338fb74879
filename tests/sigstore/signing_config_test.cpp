#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/sigstore/sign.h"
#include "sigstore/signed_run.h"
#include "testing/data.h"
#include "testing/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sigstore)
BOOST_FIXTURE_TEST_SUITE(signing_config, SignedRun)

Json service(std::string_view url, std::string_view service_operator, std::string_view start) {
  return {{"url", url}, {"majorApiVersion", 1}, {"operator", service_operator}, {"validFor", {{"start", start}}}};
}

SigningConfig edited_config(const SignedRun& run, const std::function<void(Json&)>& edit) {
  Json json = parse_json(run.sigstore.signing_config_json(), "signing config");
  edit(json);
  return SigningConfig::parse(canonical(json), run.sigstore.now());
}

void two_logs(Json& json) {
  json["rekorTlogUrls"] = Json::array({service("https://old.example", "a", "2025-01-01T00:00:00Z"),
                                       service("https://new.example/", "b", "2026-01-01T00:00:00Z"),
                                       service("https://older.example", "b", "2024-01-01T00:00:00Z"),
                                       service("https://future.example", "c", "2027-01-01T00:00:00Z")});
}

BOOST_AUTO_TEST_CASE(the_newest_valid_service_of_each_operator_is_taken_as_the_selector_says) {
  using Urls = std::vector<std::string>;
  const auto logs = [&](const Json& rule) {
    return edited_config(*this,
                         [&](Json& json) {
                           two_logs(json);
                           json["rekorTlogConfig"] = rule;
                         })
        .logs;
  };
  BOOST_TEST(logs({{"selector", "ANY"}}) == Urls{"https://new.example"}, boost::test_tools::per_element());
  BOOST_TEST(logs({{"selector", "ALL"}}) == (Urls{"https://new.example", "https://old.example"}),
             boost::test_tools::per_element());
  BOOST_TEST(logs({{"selector", "EXACT"}, {"count", 1}}) == Urls{"https://new.example"},
             boost::test_tools::per_element());
  testing::refuses(
      Fault::kInput,
      "signing config: rekorTlogConfig wants 3 of rekorTlogUrls, 2 of API version 1 are valid at 2026-11-21T12:00:00Z",
      [&] {
        logs({{"selector", "EXACT"}, {"count", 3}});
      });
  testing::refuses(Fault::kInput, "rekorTlogConfig.selector is `SOME`", [&] { logs({{"selector", "SOME"}}); });
}

BOOST_AUTO_TEST_CASE(services_of_another_api_version_are_not_taken) {
  testing::refuses(Fault::kInput, "rekorTlogConfig wants 1 of rekorTlogUrls, 0 of API version 1 are valid",
                   [&] { edited_config(*this, [](Json& json) { json["rekorTlogUrls"][0]["majorApiVersion"] = 2; }); });
  testing::refuses(Fault::kInput, "no certificate authority of API version 1 is valid",
                   [&] { edited_config(*this, [](Json& json) { json["caUrls"][0]["majorApiVersion"] = 2; }); });
}

BOOST_AUTO_TEST_CASE(an_instance_may_have_no_log_or_no_timestamp_authority_but_not_neither) {
  BOOST_TEST(edited_config(*this, [](Json& json) { json.erase("rekorTlogUrls"); }).logs.empty());
  BOOST_TEST(edited_config(*this, [](Json& json) { json.erase("tsaUrls"); }).timestamp_authorities.empty());
  testing::refuses(Fault::kInput, "signing config: neither a log nor a timestamp authority", [&] {
    edited_config(*this, [](Json& json) {
      json.erase("rekorTlogUrls");
      json.erase("tsaUrls");
    });
  });
}

BOOST_AUTO_TEST_CASE(another_version_of_the_config_is_refused) {
  testing::refuses(
      Fault::kInput, "signing config: the media type is `application/vnd.dev.sigstore.signingconfig.v0.1+json`", [&] {
        edited_config(*this,
                      [](Json& json) { json["mediaType"] = "application/vnd.dev.sigstore.signingconfig.v0.1+json"; });
      });
}

BOOST_AUTO_TEST_CASE(the_public_good_config_is_read) {
  const auto file = testing::data("sigstore/public-good.signing_config.v0.2.json");
  if (!file) return;
  const SigningConfig config = SigningConfig::parse(read_file(*file, 1 << 20), parse_rfc3339("2026-11-21T00:00:00Z"));
  BOOST_TEST(config.certificate_authority == "https://fulcio.sigstore.dev");
  BOOST_TEST(config.logs.front() == "https://rekor.sigstore.dev");
  BOOST_TEST(config.timestamp_authorities.front() == "https://timestamp.sigstore.dev/api/v1/timestamp");
  BOOST_TEST(config.issuer == "https://oauth2.sigstore.dev/auth");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
