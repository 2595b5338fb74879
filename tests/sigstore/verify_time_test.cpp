#include <boost/test/unit_test.hpp>
#include <chrono>

#include "core/base/encoding.h"
#include "core/crypto/timestamp.h"
#include "core/sigstore/verify.h"
#include "sigstore/signed_run.h"

// When something was signed, and who says so.
namespace waybill {
BOOST_AUTO_TEST_SUITE(sigstore)
BOOST_FIXTURE_TEST_SUITE(verify_time, SignedRun)

using namespace std::chrono_literals;

Json& first_entry(Json& bundle) {
  return bundle["verificationMaterial"]["tlogEntries"][0];
}

BOOST_AUTO_TEST_CASE(a_timestamp_is_over_this_signature) {
  sigstore.faults.timestamp_request = [](std::string& request) {
    request = crypto::timestamp_request("another signature");
  };
  check_only_failure(verify(), "timestamp 1: https://timestamp.virtual.example/api/v1/timestamp: ");
}

BOOST_AUTO_TEST_CASE(a_timestamp_of_a_foreign_authority_is_refused) {
  sigstore.faults.foreign_timestamp_authority = true;
  check_only_failure(verify(), "timestamp 1: https://timestamp.virtual.example/api/v1/timestamp: ");
}

BOOST_AUTO_TEST_CASE(a_timestamp_authority_counts_in_its_window_only_and_the_window_is_closed) {
  TrustedRoot root = sigstore.trusted_root();
  root.timestamp_authorities.front().validity.end = sigstore.now();
  BOOST_TEST(Verifier(root).verify(sign()).statement.has_value());
  root.timestamp_authorities.front().validity.end = sigstore.now() - 1s;
  check_only_failure(
      Verifier(root).verify(sign()),
      "timestamp 1: made at 2026-11-21T12:00:00Z, when the trusted root holds no timestamp authority for valid");
}

BOOST_AUTO_TEST_CASE(a_timestamp_that_is_none_is_refused) {
  check_only_failure(
      verify(edited([](Json& json) {
        json["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"][0]["signedTimestamp"] =
            to_base64("no timestamp");
      })),
      "timestamp 1: ");
}

BOOST_AUTO_TEST_CASE(a_public_repository_s_signature_is_looked_for_in_the_logs) {
  sigstore.faults.without_sct = true;
  const Bundle bundle = edited([](Json& json) { json["verificationMaterial"].erase("tlogEntries"); });
  for (const bool without_entries : {true, false}) {
    TrustedRoot root = sigstore.trusted_root();
    root.certificate_logs.clear();
    if (without_entries) root.logs.clear();
    check_only_failure(Verifier(root).verify(without_entries ? bundle : sign()),
                       "identity: the repository was public, and the trusted root demands no log entry and no SCT");
  }
}

BOOST_AUTO_TEST_CASE(some_trusted_time_is_always_demanded) {
  identity.visibility = "private";
  const Bundle bundle = edited([](Json& json) {
    json["verificationMaterial"].erase("timestampVerificationData");
    first_entry(json).erase("inclusionPromise");
  });
  const Verdict verdict = verify(bundle);
  check_failure(verdict, "SCT: not checked, as no path says who issued the certificate");
  check_failure(verdict, "time: neither a timestamp nor a log's promise says when this was signed");
  TrustedRoot root = sigstore.trusted_root();
  root.certificate_logs.clear();
  check_only_failure(Verifier(root).verify(bundle), "time: neither a timestamp nor a log's promise says when");
}

BOOST_AUTO_TEST_CASE(a_timestamp_alone_is_time_enough_and_so_is_a_promise) {
  BOOST_TEST(verify(edited([](Json& json) { first_entry(json).erase("inclusionPromise"); })).statement.has_value());
  BOOST_TEST(verify(edited([](Json& json) {
               json["verificationMaterial"].erase("timestampVerificationData");
             })).statement.has_value());
}

BOOST_AUTO_TEST_CASE(an_integrated_time_without_a_promise_is_nobody_s_word) {
  const Bundle bundle = edited([](Json& json) {
    first_entry(json).erase("inclusionPromise");
    first_entry(json)["integratedTime"] = "1";
  });
  const Verdict verdict = verify(bundle);
  BOOST_REQUIRE(verdict.statement.has_value());
  BOOST_CHECK(verdict.statement->time() == sigstore.now());
}

BOOST_AUTO_TEST_CASE(a_promise_binds_body_time_log_and_index) {
  constexpr std::string_view kWrong =
      "log entry 1: the SET (signed entry timestamp) does not verify with the key of https://rekor.virtual.example";
  for (const std::string field : {"body", "logID"}) {
    sigstore.faults.promise_signed = [&](Json& promised) { promised[field] = "other"; };
    check_only_failure(verify(), kWrong);
  }
  for (const std::string field : {"integratedTime", "logIndex"}) {
    sigstore.faults.promise_signed = [&](Json& promised) { promised[field] = promised[field].get<int>() + 1; };
    check_only_failure(verify(), kWrong);
  }
  sigstore.faults.promise_signed = nullptr;
  check_only_failure(verify(edited([](Json& json) { first_entry(json)["logIndex"] = "1"; })), kWrong);
}

BOOST_AUTO_TEST_CASE(a_promise_of_no_time_is_refused) {
  sigstore.faults.integration_offset = -sigstore.now().time_since_epoch();
  check_only_failure(verify(), "log entry 1: the SET promises no integrated time");
}

BOOST_AUTO_TEST_CASE(a_log_s_key_must_be_valid_when_it_promises_and_the_window_is_closed) {
  TrustedRoot root = sigstore.trusted_root();
  root.logs.front().validity.end = sigstore.now();
  BOOST_TEST(Verifier(root).verify(sign()).statement.has_value());
  root.logs.front().validity.end = sigstore.now() - 1s;
  check_only_failure(Verifier(root).verify(sign()),
                     "log entry 1: integrated at 2026-11-21T12:00:00Z, when the trusted root "
                     "does not hold the key of https://rekor.virtual.example for valid");
}

BOOST_AUTO_TEST_CASE(a_log_that_promises_no_time_must_have_been_valid_at_the_others_times) {
  TrustedRoot root = sigstore.trusted_root();
  root.logs.front().validity.end = sigstore.now() - 1s;
  check_only_failure(
      Verifier(root).verify(edited([](Json& json) { first_entry(json).erase("inclusionPromise"); })),
      "log entry 1: the trusted root does not hold the key of https://rekor.virtual.example for valid at "
      "2026-11-21T12:00:00Z");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
