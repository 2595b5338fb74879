#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/sigstore/fulcio.h"
#include "core/sigstore/keyless.h"
#include "core/sigstore/rekor.h"
#include "core/sigstore/timestamp_authority.h"
#include "sigstore/signed_run.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sigstore)
BOOST_FIXTURE_TEST_SUITE(verify_log, SignedRun)

Json& entry_of(Json& bundle) {
  return bundle["verificationMaterial"]["tlogEntries"][0];
}

std::string flipped(std::string base64) {
  std::string bytes = from_base64(base64);
  bytes.back() = static_cast<char>(~bytes.back());
  return to_base64(bytes);
}

BOOST_AUTO_TEST_CASE(a_root_with_logs_demands_an_entry) {
  identity.visibility = "private";
  const Bundle bundle = edited([](Json& json) { json["verificationMaterial"].erase("tlogEntries"); });
  check_only_failure(verify(bundle), "log entry: the bundle has none, the trusted root has logs and demands one");
  TrustedRoot root = sigstore.trusted_root();
  root.logs.clear();
  BOOST_TEST(Verifier(root).verify(bundle).statement.has_value());
}

BOOST_AUTO_TEST_CASE(every_entry_must_hold_not_one_alone) {
  const Bundle bundle = edited([](Json& json) {
    Json second = entry_of(json);
    second["logId"]["keyId"] = to_base64(std::string(32, 'x'));
    json["verificationMaterial"]["tlogEntries"].push_back(second);
  });
  check_only_failure(verify(bundle), "log entry 2: the trusted root has no log with the id eHh4");
}

BOOST_AUTO_TEST_CASE(an_entry_without_a_proof_is_refused) {
  check_only_failure(verify(edited([](Json& json) { entry_of(json).erase("inclusionProof"); })),
                     "log entry 1: an inclusion proof is missing");
}

BOOST_AUTO_TEST_CASE(an_old_bundle_does_without_a_proof_but_not_without_a_promise) {
  const auto old = [](Json& json) {
    json["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=0.1";
    Json& material = json["verificationMaterial"];
    material["x509CertificateChain"]["certificates"] = Json::array({material["certificate"]});
    material.erase("certificate");
    entry_of(json).erase("inclusionProof");
  };
  BOOST_TEST(verify(edited(old)).statement.has_value());
  check_only_failure(verify(edited([&](Json& json) {
                       old(json);
                       entry_of(json).erase("inclusionPromise");
                     })),
                     "log entry 1: a SET is missing, which bundles of version 0.1 must have");
}

BOOST_AUTO_TEST_CASE(a_proof_without_a_checkpoint_is_refused) {
  check_only_failure(verify(edited([](Json& json) { entry_of(json)["inclusionProof"].erase("checkpoint"); })),
                     "log entry 1: the inclusion proof has no checkpoint");
}

BOOST_AUTO_TEST_CASE(a_corrupted_proof_leads_elsewhere) {
  check_only_failure(verify(edited([](Json& json) {
                       Json& hash = entry_of(json)["inclusionProof"]["hashes"][0];
                       hash = flipped(hash);
                     })),
                     "log entry 1: the inclusion proof leads to the root hash ");
}

BOOST_AUTO_TEST_CASE(a_proof_of_another_place_is_refused) {
  check_only_failure(verify(edited([](Json& json) { entry_of(json)["inclusionProof"]["logIndex"] = "4"; })),
                     "log entry 1: the inclusion proof ");
  check_only_failure(
      verify(edited([](Json& json) { entry_of(json)["inclusionProof"]["logIndex"] = "9223372036854775807"; })),
      "log entry 1: the inclusion proof of 2 hashes is not one of entry 9223372036854775807 in a tree of 7");
}

BOOST_AUTO_TEST_CASE(a_checkpoint_is_of_the_proof_s_tree) {
  sigstore.faults.checkpoint_signed = [](std::string& text) { text.replace(text.find("\n6\n"), 3, "\n7\n"); };
  check_only_failure(verify(),
                     "log entry 1: the checkpoint is of a tree of 7 entries, the inclusion proof of one of 6");
}

BOOST_AUTO_TEST_CASE(a_checkpoint_is_of_the_proof_s_root) {
  sigstore.faults.checkpoint_signed = [](std::string& text) {
    const std::size_t line = text.find("\n6\n") + 3;
    text.replace(line, 44, to_base64(crypto::sha256("another root").bytes()));
  };
  check_only_failure(verify(), "log entry 1: the checkpoint's root hash is ");
}

BOOST_AUTO_TEST_CASE(a_checkpoint_is_signed_by_the_log) {
  check_only_failure(verify(edited([](Json& json) {
                       auto& note = entry_of(json)["inclusionProof"]["checkpoint"]["envelope"].get_ref<std::string&>();
                       const std::size_t start = note.rfind(' ') + 1;
                       note.replace(start, note.size() - 1 - start,
                                    flipped(note.substr(start, note.size() - 1 - start)));
                     })),
                     "log entry 1: the checkpoint's signature by `rekor.virtual.example` does not verify");
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_another_form_is_refused) {
  sigstore.faults.checkpoint_signed = [](std::string& text) { text.erase(0, text.find('\n') + 1); };
  check_only_failure(verify(), "log entry 1: checkpoint: the checkpoint's second line is ");
}

BOOST_AUTO_TEST_CASE(the_body_is_of_the_kind_that_the_bundle_says) {
  check_only_failure(verify(edited([](Json& json) {
                       entry_of(json)["kindVersion"] = {{"kind", "rekord"}, {"version", "0.0.1"}};
                     })),
                     "log entry 1: body: the kind `rekord` version `0.0.1` is not read");
  check_failure(verify(edited([](Json& json) {
                  entry_of(json)["kindVersion"] = {{"kind", "hashedrekord"}, {"version", "0.0.2"}};
                })),
                "log entry 1: body: the bundle says kind `hashedrekord` version `0.0.2`, the log recorded `dsse` "
                "version `0.0.1`");
}

BOOST_AUTO_TEST_CASE(a_log_of_version_2_makes_no_promise) {
  check_failure(verify(edited([](Json& json) {
                  entry_of(json)["kindVersion"] = {{"kind", "hashedrekord"}, {"version", "0.0.2"}};
                })),
                "log entry 1: the kind `hashedrekord` version `0.0.2` has no SET, the bundle brings one");
}

BOOST_AUTO_TEST_CASE(the_body_records_this_payload) {
  sigstore.faults.log_body = [](Json& body) { body["spec"]["payloadHash"]["value"] = crypto::sha256("another").hex(); };
  check_only_failure(verify(), "log entry 1: the log recorded the payload hash " + crypto::sha256("another").text());
}

BOOST_AUTO_TEST_CASE(the_body_records_this_signature_byte_for_byte) {
  sigstore.faults.log_body = [](Json& body) {
    Json& signature = body["spec"]["signatures"][0]["signature"];
    signature = flipped(signature);
  };
  check_only_failure(verify(), "log entry 1: the log recorded the signature ");
}

BOOST_AUTO_TEST_CASE(a_second_valid_signature_by_the_same_key_is_not_the_recorded_one) {
  const auto key = crypto::PrivateKey::generate_p256();
  const auto certificate =
      request_certificate(sigstore.client(), "https://fulcio.virtual.example", sigstore.token(identity), key);
  const std::string payload = intoto::serialise(statement);
  const std::string type(intoto::kPayloadType);
  const std::string encoding = intoto::pre_authentication_encoding(type, payload);
  const Envelope logged{payload, type, key.sign(encoding)};
  const std::string shown = key.sign(encoding);
  const LogEntry entry = record(sigstore.client(), {"https://rekor.virtual.example"}, content_of(logged, certificate));
  check_only_failure(
      verify(Bundle::assemble({.certificates = {certificate}, .entries = {entry}}, Envelope{payload, type, shown})),
      "log entry 1: the log recorded the signature ");
}

BOOST_AUTO_TEST_CASE(a_signature_by_another_key_than_the_certificate_s_is_refused) {
  sigstore.faults.log_checks_signatures = false;
  const auto key = crypto::PrivateKey::generate_p256();
  const auto certificate =
      request_certificate(sigstore.client(), "https://fulcio.virtual.example", sigstore.token(identity), key);
  const std::string payload = intoto::serialise(statement);
  const std::string type(intoto::kPayloadType);
  const Envelope logged{payload, type,
                        crypto::PrivateKey::generate_p256().sign(intoto::pre_authentication_encoding(type, payload))};
  const LogEntry entry = record(sigstore.client(), {"https://rekor.virtual.example"}, content_of(logged, certificate));
  check_only_failure(verify(Bundle::assemble({.certificates = {certificate}, .entries = {entry}}, logged)),
                     "signature: the envelope's does not verify with the certificate's key");
}

BOOST_AUTO_TEST_CASE(the_body_records_this_certificate) {
  sigstore.faults.log_body = [&](Json& body) {
    const auto other = sigstore.trusted_root().certificate_authorities.front().chain.front();
    body["spec"]["signatures"][0]["verifier"] = to_base64(other.pem());
  };
  check_only_failure(verify(), "log entry 1: the log recorded the certificate ");
}

BOOST_AUTO_TEST_CASE(the_body_names_its_own_kind) {
  sigstore.faults.log_body = [](Json& body) { body["kind"] = "rekord"; };
  check_only_failure(verify(edited([](Json& json) { entry_of(json)["kindVersion"]["kind"] = "dsse"; })),
                     "body: the bundle says kind `dsse` version `0.0.1`, the log recorded `rekord` version `0.0.1`");
}

BOOST_AUTO_TEST_CASE(an_entry_of_rekor_v2_has_no_promise) {
  const auto signed_anew = [&] {
    return sign_keyless(sigstore.new_signing_config(), sigstore.client(), sigstore.token(identity),
                        intoto::serialise(statement), std::string(intoto::kPayloadType));
  };
  BOOST_TEST(verify(signed_anew()).statement.has_value());
  sigstore.faults.new_log_promises = true;
  check_only_failure(verify(signed_anew()),
                     "the kind `hashedrekord` version `0.0.2` has no SET, the bundle brings one");
}

BOOST_AUTO_TEST_CASE(the_body_records_exactly_one_signature) {
  sigstore.faults.log_body = [](Json& body) {
    Json& signatures = body["spec"]["signatures"];
    signatures.push_back(Json(signatures[0]));
  };
  check_only_failure(verify(), "log entry 1: body: the log recorded 2 signatures, exactly one is wanted");
}

BOOST_AUTO_TEST_CASE(an_unreadable_body_is_refused) {
  sigstore.faults.log_body = [](Json& body) { body["spec"]["signatures"][0]["surprise"] = true; };
  check_only_failure(verify(),
                     "log entry 1: body: the entry's body.spec.signatures[0] has the unknown member `surprise`");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
