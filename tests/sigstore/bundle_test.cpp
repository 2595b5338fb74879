#include "core/sigstore/bundle.h"

#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "sigstore/signed_run.h"
#include "testing/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sigstore)
BOOST_FIXTURE_TEST_SUITE(bundle, SignedRun)

using Edit = std::function<void(Json&)>;

Json& material(Json& bundle) {
  return bundle["verificationMaterial"];
}
Json& entry(Json& bundle) {
  return material(bundle)["tlogEntries"][0];
}

void make_rekor_v2(Json& json) {
  entry(json)["kindVersion"] = {{"kind", "hashedrekord"}, {"version", "0.0.2"}};
  entry(json)["integratedTime"] = "0";
  entry(json).erase("inclusionPromise");
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_back_the_same) {
  const std::string json = sign().json();
  BOOST_TEST(Bundle::parse(json).json() == json);
  BOOST_TEST(json.find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(zeros_are_written) {
  const LogEntry empty{
      .log_index = 0,
      .log_id = "log",
      .kind = "dsse",
      .version = "0.0.1",
      .integrated_time = 0,
      .promise = std::nullopt,
      .proof = InclusionProof{.log_index = 0, .tree_size = 1, .root_hash = "r", .hashes = {}, .checkpoint = "c"},
      .canonical_body = "b"};
  const auto certificate = sigstore.trusted_root().certificate_authorities.front().chain.front();
  const Json json = parse_json(
      Bundle::assemble({.certificates = {certificate}, .entries = {empty}}, Envelope{"p", "t", "s"}).json(), "bundle");
  const Json& written = json["verificationMaterial"]["tlogEntries"][0];
  BOOST_TEST(written["logIndex"] == "0");
  BOOST_TEST(written["integratedTime"] == "0");
  BOOST_TEST(written["inclusionProof"]["logIndex"] == "0");
  BOOST_TEST(written["inclusionProof"]["hashes"] == Json::array());
}

BOOST_AUTO_TEST_CASE(zeros_left_out_are_read) {
  BOOST_CHECK_NO_THROW(edited([](Json& json) {
    entry(json).erase("logIndex");
    entry(json)["integratedTime"] = nullptr;
    entry(json)["inclusionProof"].erase("hashes");
  }));
}

BOOST_AUTO_TEST_CASE(every_spelling_of_the_three_versions_is_read_and_no_other) {
  for (const std::string known :
       {"application/vnd.dev.sigstore.bundle+json;version=0.2", "application/vnd.dev.sigstore.bundle+json;version=0.3",
        "application/vnd.dev.sigstore.bundle.v0.3+json", "application/vnd.dev.sigstore.bundle.v0.1+json"})
    BOOST_CHECK_NO_THROW(edited([&](Json& json) { json["mediaType"] = known; }));
  testing::refuses(
      Fault::kInput,
      "bundle: the media type `application/vnd.dev.sigstore.bundle+json;version=99.9` is not a bundle of version 0.1, "
      "0.2 or 0.3",
      [&] { edited([](Json& json) { json["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=99.9"; }); });
}

BOOST_AUTO_TEST_CASE(the_link_is_of_what_was_signed_not_of_how_it_is_stored) {
  const Bundle signed_bundle = sign();
  Json json = parse_json(signed_bundle.json(), "bundle");
  json["dsseEnvelope"]["signatures"][0]["keyid"] = "";
  json["verificationMaterial"].erase("timestampVerificationData");
  BOOST_TEST(Bundle::parse(json.dump(2)).link().text() == signed_bundle.link().text());
}

BOOST_AUTO_TEST_CASE(what_is_not_read_is_refused_by_name) {
  const std::vector<std::pair<Edit, std::string>> cases = {
      {[](Json& json) { json["messageSignature"] = Json::object(); },
       "bundle: exactly one of `dsseEnvelope` and `messageSignature` is wanted"},
      {[](Json& json) { json.erase("dsseEnvelope"); },
       "bundle: exactly one of `dsseEnvelope` and `messageSignature` is wanted"},
      {[](Json& json) { json["surprise"] = 1; }, "bundle has the unknown member `surprise`"},
      {[](Json& json) { material(json)["tlog_entries"] = Json::array(); },
       "bundle.verificationMaterial has the unknown member `tlog_entries`"},
      {[](Json& json) {
         material(json)["publicKey"] = {{"hint", "x"}};
       },
       "bundle: exactly one of `certificate`, `x509CertificateChain` and `publicKey` is wanted"},
      {[](Json& json) { material(json).erase("certificate"); },
       "bundle: exactly one of `certificate`, `x509CertificateChain` and `publicKey` is wanted"},
      {[](Json& json) {
         material(json).erase("certificate");
         material(json)["x509CertificateChain"] = {{"certificates", Json::array()}};
         json["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=0.2";
       },
       "bundle: the certificate chain is empty"},
      {[](Json& json) {
         material(json)["x509CertificateChain"]["certificates"] = {material(json)["certificate"]};
         material(json).erase("certificate");
       },
       "bundle: `x509CertificateChain` in version 0.3, which has `certificate` alone"},
      {[](Json& json) { material(json)["tlogEntries"].push_back(entry(json)); }, "stands twice"},
      {[](Json& json) {
         Json& timestamps = material(json)["timestampVerificationData"]["rfc3161Timestamps"];
         timestamps.push_back(timestamps[0]);
       },
       "bundle: a timestamp stands twice"},
      {[](Json& json) {
         make_rekor_v2(json);
         entry(json)["integratedTime"] = "1795262400";
       },
       "tlogEntries[0]: `integratedTime` is 1795262400, entries of version 0.0.2 have none"},
      {[](Json& json) {
         make_rekor_v2(json);
         entry(json)["logIndex"] = "77";
       },
       "tlogEntries[0]: `logIndex` is 77, that of the proof is "},
      {[](Json& json) { material(json)["certificate"]["rawBytes"] = to_base64("no certificate"); },
       "bundle.verificationMaterial.certificate: "},
      {[](Json& json) { entry(json)["logIndex"] = "-1"; },
       "tlogEntries[0].logIndex is `-1`, a whole number from 0 is wanted"},
      {[](Json& json) { entry(json)["logIndex"] = -1; },
       "tlogEntries[0].logIndex is `-1`, a whole number from 0 is wanted"},
      {[](Json& json) { entry(json)["logIndex"] = "1 "; },
       "tlogEntries[0].logIndex is `1 `, a whole number from 0 is wanted"},
      {[](Json& json) { entry(json)["logIndex"] = 1.5; },
       "tlogEntries[0].logIndex is a number, a whole number is wanted"},
      {[](Json& json) { entry(json)["logIndex"] = "9223372036854775808"; },
       "tlogEntries[0].logIndex is `9223372036854775808`"},
      {[](Json& json) { entry(json)["integratedTime"] = "253402300800"; },
       "tlogEntries[0].integratedTime is 253402300800, at most "},
      {[](Json& json) { entry(json)["inclusionProof"]["treeSize"] = "-6"; }, "inclusionProof.treeSize is `-6`"},
      {[](Json& json) { entry(json)["canonicalizedBody"] = "a-_b"; },
       "tlogEntries[0].canonicalizedBody: base64 text holds the foreign byte"},
      {[](Json& json) { entry(json)["canonicalizedBody"] = ""; }, "tlogEntries[0].canonicalizedBody is empty"},
      {[](Json& json) { entry(json).erase("logId"); }, "tlogEntries[0].logId is missing"},
      {[](Json& json) { entry(json)["inclusionPromise"] = Json::object(); },
       "inclusionPromise.signedEntryTimestamp is missing"},
      {[](Json& json) { json["dsseEnvelope"]["signatures"] = Json::array(); },
       "the envelope has 0 signatures, exactly one is wanted"},
      {[](Json& json) {
         Json& signatures = json["dsseEnvelope"]["signatures"];
         signatures.push_back(Json(signatures[0]));
       },
       "the envelope has 2 signatures, exactly one is wanted"},
      {[](Json& json) { json["dsseEnvelope"]["signatures"][0]["sig"] = "AAA"; },
       "signatures[0].sig: base64 text of 3 characters"},
      {[](Json& json) { material(json)["tlogEntries"] = Json(33, entry(json)); },
       "tlogEntries has 33 elements, at most 32 are read"},
  };
  for (const auto& [edit, text] : cases) testing::refuses(Fault::kInput, text, [&] { edited(edit); });
}

BOOST_AUTO_TEST_CASE(no_two_readers_can_disagree_on_the_json) {
  std::string json = sign().json();
  json.insert(1, R"("mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",)");
  testing::refuses(Fault::kInput, "bundle: the key `mediaType` stands twice", [&] { Bundle::parse(json); });
  testing::refuses(Fault::kInput, "bundle: not JSON", [&] { Bundle::parse(sign().json() + "{}"); });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
