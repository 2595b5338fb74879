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

std::string urls_of(const Selection& selection) {
  std::string urls;
  for (const Service& service : selection.candidates) urls += fmt::format("{} v{} ", service.url, service.api_version);
  return fmt::format("{}of {}", selection.wanted, urls);
}

BOOST_AUTO_TEST_CASE(the_newest_valid_service_of_each_operator_is_offered_and_the_selector_says_how_many_are_wanted) {
  const auto logs = [&](const Json& rule) {
    return urls_of(edited_config(*this, [&](Json& json) {
                     two_logs(json);
                     json["rekorTlogConfig"] = rule;
                   }).logs);
  };
  BOOST_TEST(logs({{"selector", "ANY"}}) == "1of https://new.example v1 https://old.example v1 ");
  BOOST_TEST(logs({{"selector", "ALL"}}) == "2of https://new.example v1 https://old.example v1 ");
  BOOST_TEST(logs({{"selector", "EXACT"}, {"count", 1}}) == "1of https://new.example v1 https://old.example v1 ");
  testing::refuses(Fault::kInput,
                   "signing config: rekorTlogConfig wants 3 of rekorTlogUrls, 2 of API version 1 to 2 are valid at "
                   "2026-11-21T12:00:00Z",
                   [&] {
                     logs({{"selector", "EXACT"}, {"count", 3}});
                   });
  testing::refuses(Fault::kInput, "rekorTlogConfig.selector is `SOME`", [&] { logs({{"selector", "SOME"}}); });
}

BOOST_AUTO_TEST_CASE(the_highest_api_version_that_is_known_comes_first) {
  const SigningConfig config = edited_config(*this, [](Json& json) {
    two_logs(json);
    json["rekorTlogUrls"][0]["majorApiVersion"] = 2;
    json["rekorTlogUrls"][2]["majorApiVersion"] = 3;
  });
  BOOST_TEST(urls_of(config.logs) == "1of https://old.example v2 https://new.example v1 ");
  testing::refuses(Fault::kInput, "rekorTlogConfig wants 1 of rekorTlogUrls, 0 of API version 1 to 2 are valid",
                   [&] { edited_config(*this, [](Json& json) { json["rekorTlogUrls"][0]["majorApiVersion"] = 3; }); });
  testing::refuses(Fault::kInput, "no certificate authority of API version 1 to 2 is valid",
                   [&] { edited_config(*this, [](Json& json) { json["caUrls"][0]["majorApiVersion"] = 3; }); });
}

BOOST_AUTO_TEST_CASE(an_instance_may_have_no_log_or_no_timestamp_authority_but_not_neither) {
  BOOST_TEST(edited_config(*this, [](Json& json) { json.erase("rekorTlogUrls"); }).logs.wanted == 0U);
  BOOST_TEST(edited_config(*this, [](Json& json) { json.erase("tsaUrls"); }).timestamp_authorities.wanted == 0U);
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
  BOOST_TEST(config.certificate_authorities.candidates.front().url == "https://fulcio.sigstore.dev");
  BOOST_TEST(config.logs.candidates.front().url == "https://rekor.sigstore.dev");
  BOOST_TEST(config.timestamp_authorities.candidates.front().url == "https://timestamp.sigstore.dev/api/v1/timestamp");
  BOOST_TEST(config.issuer == "https://oauth2.sigstore.dev/auth");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
