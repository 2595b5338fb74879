#include "core/sigstore/verify.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "sigstore/signed_run.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sigstore)
BOOST_FIXTURE_TEST_SUITE(verify, SignedRun)

using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(a_signature_by_everybody_s_rules_yields_its_statement) {
  const Bundle bundle = sign();
  const Verdict verdict = verify(bundle);
  BOOST_TEST(verdict.failures.empty(), fmt::format("{}", fmt::join(verdict.failures, "\n")));
  BOOST_REQUIRE(verdict.statement.has_value());
  BOOST_TEST(intoto::serialise(verdict.statement->statement()) == intoto::serialise(statement));
  BOOST_CHECK(verdict.statement->time() == sigstore.now());
  BOOST_TEST(verdict.statement->link().text() == bundle.link().text());
}

BOOST_AUTO_TEST_CASE(the_whole_identity_is_read) {
  const Verdict verdict = verify();
  BOOST_REQUIRE(verdict.statement.has_value());
  const Identity& read = verdict.statement->identity();
  BOOST_TEST(read.subject == identity.subject);
  BOOST_TEST(read.issuer == "https://token.virtual.example");
  BOOST_TEST(read.signer_uri == identity.signer_uri);
  BOOST_TEST(read.signer_digest == identity.signer_digest);
  BOOST_TEST(read.runner == identity.runner);
  BOOST_TEST(read.repository_uri == identity.repository_uri);
  BOOST_TEST(read.source_digest == identity.source_digest);
  BOOST_TEST(read.source_ref == identity.source_ref);
  BOOST_TEST(read.repository_id == identity.repository_id);
  BOOST_TEST(read.owner_uri == identity.owner_uri);
  BOOST_TEST(read.owner_id == identity.owner_id);
  BOOST_TEST(read.config_uri == identity.config_uri);
  BOOST_TEST(read.config_digest == identity.config_digest);
  BOOST_TEST(read.trigger == identity.trigger);
  BOOST_TEST(read.invocation == identity.invocation);
  BOOST_TEST(read.visibility == identity.visibility);
  BOOST_TEST(read.environment == identity.environment);
}

BOOST_AUTO_TEST_CASE(the_earliest_trusted_time_counts) {
  sigstore.faults.timestamp_offset = 90s;
  const Verdict verdict = verify();
  BOOST_REQUIRE(verdict.statement.has_value());
  BOOST_CHECK(verdict.statement->time() == sigstore.now());
}

BOOST_AUTO_TEST_CASE(all_failures_are_listed_and_none_hides_another) {
  sigstore.faults.without_sct = true;
  sigstore.faults.foreign_timestamp_authority = true;
  sigstore.faults.log_body = [](Json& body) { body["spec"]["payloadHash"]["value"] = std::string(64, '0'); };
  const Verdict verdict = verify();
  check_failure(verdict, "timestamp 1: ");
  check_failure(verdict, "SCT: the certificate carries none");
  check_failure(verdict, "the log recorded the payload hash sha256:000");
  BOOST_TEST(verdict.failures.size() == 3U);
}

// The envelope and its statement.

BOOST_AUTO_TEST_CASE(a_changed_payload_breaks_the_signature) {
  const Bundle bundle = edited([&](Json& json) {
    statement.subjects.front().name = "charts/apache";
    json["dsseEnvelope"]["payload"] = to_base64(intoto::serialise(statement));
  });
  check_failure(verify(bundle), "signature: the envelope's does not verify with the certificate's key");
}

BOOST_AUTO_TEST_CASE(another_payload_type_is_refused) {
  check_only_failure(verify(sigstore.sign(intoto::serialise(statement), "application/json", identity)),
                     "statement: the payload type is `application/json`, `application/vnd.in-toto+json` is wanted");
}

BOOST_AUTO_TEST_CASE(a_payload_that_is_no_statement_is_refused) {
  check_only_failure(verify(sigstore.sign("{}", std::string(intoto::kPayloadType), identity)), "statement: ");
}

// The certificate.

BOOST_AUTO_TEST_CASE(a_certificate_of_a_foreign_authority_is_refused) {
  sigstore.faults.foreign_certificate_authority = true;
  check_failure(verify(), "certificate: no path to the trusted root at 2026-11-21T12:00:00Z");
}

BOOST_AUTO_TEST_CASE(a_certificate_must_hold_at_every_trusted_time) {
  sigstore.faults.timestamp_offset = 11min;
  check_only_failure(verify(),
                     "certificate: no path to the trusted root at 2026-11-21T12:11:00Z, the timestamp of "
                     "https://timestamp.virtual.example/api/v1/timestamp");
  sigstore.faults.timestamp_offset = 0s;
  sigstore.faults.integration_offset = -1s;
  check_only_failure(verify(),
                     "certificate: no path to the trusted root at 2026-11-21T11:59:59Z, the integrated time of "
                     "https://rekor.virtual.example");
}

BOOST_AUTO_TEST_CASE(a_certificate_authority_counts_in_its_window_only_and_the_window_is_closed) {
  TrustedRoot root = sigstore.trusted_root();
  root.certificate_authorities.front().validity.end = sigstore.now();
  BOOST_TEST(Verifier(root).verify(sign()).statement.has_value());
  root.certificate_authorities.front().validity.end = sigstore.now() - 1s;
  check_failure(Verifier(root).verify(sign()), "no authority is valid then");
  root.certificate_authorities.front().validity = {.start = sigstore.now(), .end = std::nullopt};
  BOOST_TEST(Verifier(root).verify(sign()).statement.has_value());
}

BOOST_AUTO_TEST_CASE(the_bundle_brings_no_roots) {
  const Bundle bundle = edited([&](Json& json) {
    Json& material = json["verificationMaterial"];
    material["x509CertificateChain"]["certificates"] = Json::array({material["certificate"]});
    material.erase("certificate");
    json["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=0.2";
    const auto root = sigstore.trusted_root().certificate_authorities.front().chain.back();
    material["x509CertificateChain"]["certificates"].push_back({{"rawBytes", to_base64(root.der())}});
  });
  check_only_failure(verify(bundle), "certificate: the bundle brings a root certificate");
}

BOOST_AUTO_TEST_CASE(a_certificate_must_be_for_code_signing) {
  sigstore.faults.certificate = [](auto& request) { request.extended_usages = {"1.3.6.1.5.5.7.3.2"}; };
  check_failure(verify(), "extended key usage");
  sigstore.faults.certificate = [](auto& request) { request.extended_usages.clear(); };
  check_failure(verify(), "extended key usage");
}

BOOST_AUTO_TEST_CASE(a_certificate_must_be_for_digital_signatures) {
  sigstore.faults.certificate = [](auto& request) { request.key_usages = {"cRLSign"}; };
  check_failure(verify(), "certificate: the key usage digitalSignature is missing");
}

BOOST_AUTO_TEST_CASE(an_authority_does_not_sign_statements) {
  sigstore.faults.certificate = [](auto& request) { request.authority = true; };
  check_failure(verify(), "the certificate is an authority's, an end entity's is wanted");
}

BOOST_AUTO_TEST_CASE(a_certificate_names_exactly_one_subject) {
  sigstore.faults.certificate = [](auto& request) { request.uris.push_back("https://forge.example/other"); };
  check_only_failure(verify(), "identity: the certificate has 2 subject alternative names, exactly one is wanted");
  sigstore.faults.certificate = [](auto& request) { request.uris.clear(); };
  check_only_failure(verify(), "identity: the certificate has 0 subject alternative names, exactly one is wanted");
}

BOOST_AUTO_TEST_CASE(older_certificates_name_the_issuer_as_raw_text) {
  sigstore.faults.certificate = [](auto& request) {
    std::erase_if(request.extensions, [](const auto& extension) { return extension.oid == "1.3.6.1.4.1.57264.1.8"; });
  };
  const Verdict verdict = verify();
  BOOST_REQUIRE(verdict.statement.has_value());
  BOOST_TEST(verdict.statement->identity().issuer == "https://token.virtual.example");
}

BOOST_AUTO_TEST_CASE(raw_text_stands_in_for_the_issuer_alone) {
  sigstore.faults.certificate = [](auto& request) {
    for (auto& extension : request.extensions)
      if (extension.oid == "1.3.6.1.4.1.57264.1.14") extension.oid = "1.3.6.1.4.1.57264.1.6";
  };
  const Verdict verdict = verify();
  BOOST_REQUIRE(verdict.statement.has_value());
  BOOST_TEST(verdict.statement->identity().source_ref.empty());
}

BOOST_AUTO_TEST_CASE(a_certificate_without_an_issuer_of_tokens_is_refused) {
  sigstore.faults.certificate = [](auto& request) {
    std::erase_if(request.extensions, [](const auto& extension) {
      return extension.oid == "1.3.6.1.4.1.57264.1.8" || extension.oid == "1.3.6.1.4.1.57264.1.1";
    });
  };
  check_only_failure(verify(), "identity: the certificate names no issuer of the identity token");
}

BOOST_AUTO_TEST_CASE(an_extension_of_another_form_is_refused) {
  sigstore.faults.certificate = [](auto& request) {
    for (auto& extension : request.extensions)
      if (extension.oid == "1.3.6.1.4.1.57264.1.14") extension.der = "refs/heads/main";
  };
  check_only_failure(verify(), "identity: extension 1.3.6.1.4.1.57264.1.14: ");
}

// The certificate's entry in a certificate log.

BOOST_AUTO_TEST_CASE(a_root_with_certificate_logs_demands_an_sct) {
  identity.visibility = "private";
  sigstore.faults.without_sct = true;
  check_only_failure(verify(), "SCT: the certificate carries none");
  TrustedRoot root = sigstore.trusted_root();
  root.certificate_logs.clear();
  BOOST_TEST(Verifier(root).verify(sign()).statement.has_value());
}

BOOST_AUTO_TEST_CASE(an_sct_signs_this_certificate) {
  sigstore.faults.sct_signed = [](Sct&, std::string&, std::string& tbs) {
    tbs.back() = static_cast<char>(~tbs.back());
  };
  check_only_failure(verify(), "SCT: the signature does not verify with the key of https://ctfe.virtual.example/2026");
}

BOOST_AUTO_TEST_CASE(an_sct_signs_the_issuer_s_key) {
  sigstore.faults.sct_signed = [](Sct&, std::string& issuer_key_hash, std::string&) {
    issuer_key_hash = crypto::sha256("x").bytes();
  };
  check_only_failure(verify(), "SCT: the signature does not verify with the key of https://ctfe.virtual.example/2026");
}

BOOST_AUTO_TEST_CASE(an_sct_signs_its_extensions) {
  sigstore.faults.sct_embedded = [](Sct& sct) { sct.extensions = "other leaf"; };
  check_only_failure(verify(), "SCT: the signature does not verify with the key of https://ctfe.virtual.example/2026");
}

BOOST_AUTO_TEST_CASE(an_sct_of_an_unknown_log_counts_for_nothing) {
  sigstore.faults.sct_embedded = [](Sct& sct) { sct.log_id = std::string(32, 'x'); };
  check_only_failure(verify(), "SCT: no certificate log of the trusted root made one, only unknown logs: eHh4");
}

BOOST_AUTO_TEST_CASE(a_certificate_log_s_key_must_be_valid_at_the_sct_s_time) {
  TrustedRoot root = sigstore.trusted_root();
  root.certificate_logs.front().validity.end = sigstore.now();
  BOOST_TEST(Verifier(root).verify(sign()).statement.has_value());
  root.certificate_logs.front().validity.end = sigstore.now() - 1s;
  check_only_failure(Verifier(root).verify(sign()),
                     "SCT: made at 2026-11-21T12:00:00Z, when the trusted root does not hold "
                     "the key of https://ctfe.virtual.example/2026 for valid");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
