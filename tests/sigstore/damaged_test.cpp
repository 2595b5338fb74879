#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/sigstore/checkpoint.h"
#include "core/sigstore/sct.h"
#include "sigstore/signed_run.h"
#include "testing/mutation.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sigstore)
BOOST_FIXTURE_TEST_SUITE(damaged, SignedRun)

using testing::survives_damage;

BOOST_AUTO_TEST_CASE(a_damaged_bundle_verifies_only_as_what_was_signed) {
  const Bundle good = sign();
  const Verifier verifier(sigstore.trusted_root());
  survives_damage({good.json()}, Bundle::parse, [&](const Bundle& read, const std::string&) {
    BOOST_TEST(Bundle::parse(read.json()).json() == read.json());
    const Verdict verdict = verifier.verify(read);
    BOOST_TEST(verdict.statement.has_value() == verdict.failures.empty());
    if (!verdict.statement) return;
    BOOST_TEST(verdict.statement->link().text() == good.link().text());
    BOOST_TEST((verdict.statement->statement().subjects == statement.subjects));
  });
}

// What is damaged is below the encoding: the certificate, the timestamp, the log's body, the promise, the payload.
BOOST_AUTO_TEST_CASE(a_bundle_of_damaged_parts_verifies_only_as_what_was_signed) {
  const Bundle good = sign();
  const Verifier verifier(sigstore.trusted_root());
  for (const std::string place :
       {"/verificationMaterial/certificate/rawBytes", "/verificationMaterial/tlogEntries/0/canonicalizedBody",
        "/verificationMaterial/tlogEntries/0/inclusionPromise/signedEntryTimestamp",
        "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp",
        "/dsseEnvelope/payload"}) {
    Json json = parse_json(good.json(), "bundle");
    Json& part = json.at(Json::json_pointer(place));
    BOOST_TEST_CONTEXT(place)
    survives_damage({from_base64(part.get<std::string>())}, [&](const std::string& bytes) {
      part = to_base64(bytes);
      const Verdict verdict = verifier.verify(Bundle::parse(canonical(json)));
      BOOST_TEST(verdict.statement.has_value() == verdict.failures.empty());
      if (!verdict.statement) throw Error(Fault::kUntrusted, "{}", verdict.failures.front());
      BOOST_TEST(verdict.statement->link().text() == good.link().text());
    });
  }
}

BOOST_AUTO_TEST_CASE(a_damaged_root_or_configuration_is_refused_or_another_one) {
  const Bundle good = sign();
  const std::string root = sigstore.trusted_root_json();
  survives_damage({root}, TrustedRoot::parse, [&](const TrustedRoot& read, const std::string& text) {
    BOOST_TEST((read.digest.text() == crypto::sha256(text).text()));
    static_cast<void>(Verifier(read).verify(good));
  });
  survives_damage({sigstore.signing_config_json()}, [&](const std::string& text) {
    const SigningConfig read = SigningConfig::parse(text, sigstore.now());
    BOOST_TEST((read.logs.wanted != 0 || read.timestamp_authorities.wanted != 0));
  });
}

BOOST_AUTO_TEST_CASE(a_damaged_checkpoint_is_refused_or_not_the_logs) {
  const Json json = parse_json(sign().json(), "bundle");
  const std::string note =
      json.at("/verificationMaterial/tlogEntries/0/inclusionProof/checkpoint/envelope"_json_pointer);
  const LogKey log = sigstore.trusted_root().logs.front();
  const Checkpoint good = Checkpoint::parse(note);
  survives_damage({note}, Checkpoint::parse, [&](const Checkpoint& read, const std::string&) {
    if (!signature_failure(read, log)) BOOST_TEST(read.text == good.text);
  });
}

BOOST_AUTO_TEST_CASE(a_damaged_list_of_certificate_timestamps_is_refused_or_read) {
  const std::string sct = std::string(1, '\0') + std::string(32, 'i') +
                          from_hex(
                              "0000019a00000000"
                              "0000"
                              "0403"
                              "0004") +
                          "sign";
  const std::string entry = from_hex("0033") + sct;
  survives_damage({from_hex("0035") + entry, from_hex("006a") + entry + entry}, parse_sct_list,
                  [](const std::vector<Sct>& list, const std::string&) {
                    for (const Sct& read : list) BOOST_TEST(sct_signed_bytes(read, "hash", "tbs").size() > 20U);
                  });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
