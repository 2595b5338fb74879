#include "core/sigstore/sign.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/sigstore/fulcio.h"
#include "core/sigstore/keyless.h"
#include "core/sigstore/rekor.h"
#include "core/sigstore/timestamp_authority.h"
#include "sigstore/signed_run.h"
#include "testing/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sigstore)

struct SigningRun : SignedRun {
  Verifier verifier{sigstore.trusted_root()};
  int tokens = 0;
  Signer signer{sigstore.signing_config(), verifier, sigstore.client(), [this] {
                  ++tokens;
                  return sigstore.token(identity);
                }};
};

// Answers everything alike.
struct OneAnswer final : http::Client {
  explicit OneAnswer(http::Response always) : answer(std::move(always)) {}

  http::Response send(const http::Request& request) override {
    requests.push_back(request);
    return answer;
  }

  http::Response answer;
  std::vector<http::Request> requests;
};

std::string token_with(const Json& claims) {
  return "e30." + to_base64url(canonical(claims)) + ".c2ln";
}

BOOST_FIXTURE_TEST_SUITE(sign, SigningRun)

using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(what_is_signed_verifies_and_is_handed_out_verified) {
  const Signer::Signed done = signer.sign(statement);
  BOOST_TEST(done.statement.statement().predicate_type == statement.predicate_type);
  BOOST_TEST(done.statement.identity().subject == identity.subject);
  BOOST_TEST(done.statement.link().text() == done.bundle.link().text());
  BOOST_TEST(verifier.verify(Bundle::parse(done.bundle.json())).statement.has_value());
}

BOOST_AUTO_TEST_CASE(certificate_then_timestamp_then_log) {
  signer.sign(statement);
  const std::vector<std::string> wanted = {"POST https://fulcio.virtual.example/api/v2/signingCert",
                                           "POST https://timestamp.virtual.example/api/v1/timestamp",
                                           "POST https://rekor.virtual.example/api/v1/log/entries"};
  BOOST_TEST(sigstore.requests == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_certificate_authority_of_before_v2_is_asked_as_it_wants) {
  sigstore.faults.first_api_only = true;
  const Signer::Signed done = signer.sign(statement);
  BOOST_TEST(done.statement.identity().subject == identity.subject);
  BOOST_TEST(sigstore.requests.at(1) == "POST https://fulcio.virtual.example/api/v1/signingCert");
  sigstore.faults.foreign_certificate_authority = true;
  BOOST_CHECK_THROW(signer.sign(statement), Error);
}

BOOST_AUTO_TEST_CASE(every_signature_has_a_token_and_a_key_of_its_own) {
  const Signer::Signed first = signer.sign(statement);
  const Signer::Signed second = signer.sign(statement);
  BOOST_TEST(tokens == 2);
  const auto certificate = [](const Signer::Signed& done) {
    return parse_json(done.bundle.json(), "bundle")["verificationMaterial"]["certificate"]["rawBytes"]
        .get<std::string>();
  };
  BOOST_TEST(certificate(first) != certificate(second));
  BOOST_TEST(first.bundle.link().text() == second.bundle.link().text());
}

BOOST_AUTO_TEST_CASE(an_instance_without_log_and_sct_signs_with_a_timestamp_alone) {
  identity.visibility = "private";
  sigstore.faults.without_sct = true;
  TrustedRoot root = sigstore.trusted_root();
  root.logs.clear();
  root.certificate_logs.clear();
  const Verifier private_verifier(root);
  SigningConfig config = sigstore.signing_config();
  config.logs = {};
  const Signer private_signer(config, private_verifier, sigstore.client(), [this] { return sigstore.token(identity); });
  BOOST_CHECK(private_signer.sign(statement).statement.time() == sigstore.now());
}

BOOST_AUTO_TEST_CASE(an_own_bundle_that_does_not_verify_is_never_handed_out) {
  sigstore.faults.foreign_timestamp_authority = true;
  testing::refuses(Fault::kUntrusted,
                   "the bundle just signed does not verify against the trusted root " +
                       sigstore.trusted_root().digest.text() + ": timestamp 1: ",
                   [&] { signer.sign(statement); });
}

BOOST_AUTO_TEST_CASE(a_service_that_is_busy_for_a_moment_is_asked_again) {
  sigstore.faults.unavailable = 1;
  BOOST_CHECK_NO_THROW(signer.sign(statement));
  BOOST_TEST(sigstore.requests.size() == 6U);
}

BOOST_AUTO_TEST_CASE(the_newer_log_is_asked_first_and_the_other_stands_in_for_it) {
  const SigningConfig config = sigstore.new_signing_config();
  const Signer two_logs(config, verifier, sigstore.client(), [this] { return sigstore.token(identity); });
  two_logs.sign(statement);
  BOOST_TEST(sigstore.requests.back() == "POST https://log2026.virtual.example/api/v2/log/entries");
  sigstore.faults.down = {"https://log2026.virtual.example"};
  const Signer::Signed done = two_logs.sign(statement);
  BOOST_TEST(sigstore.requests.back() == "POST https://rekor.virtual.example/api/v1/log/entries");
  sigstore.faults.down.emplace_back("https://rekor.virtual.example");
  testing::refuses(Fault::kRemote,
                   "0 of the 1 logs wanted answered: Rekor: POST https://log2026.virtual.example/api/v2",
                   [&] { two_logs.sign(statement); });
}

BOOST_AUTO_TEST_CASE(an_authority_that_is_down_is_replaced_by_the_next_of_its_kind) {
  SigningConfig config = sigstore.signing_config();
  for (Selection* selection : {&config.certificate_authorities, &config.timestamp_authorities})
    selection->candidates.insert(selection->candidates.begin(), {"https://down.example"});
  sigstore.faults.down = {"https://down.example"};
  const Signer patient(config, verifier, sigstore.client(), [this] { return sigstore.token(identity); });
  BOOST_CHECK_NO_THROW(patient.sign(statement));
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_service_and_its_words) {
  sigstore.set_time(sigstore.now() + 2h);
  const std::string stale = sigstore.token(identity);
  sigstore.set_time(sigstore.now() - 2h);
  testing::refuses(
      Fault::kRemote,
      "Fulcio: POST https://fulcio.virtual.example/api/v2/signingCert answered 401: {\"code\":401,\"message\":\"the "
      "identity token is for "
      "another audience or time\"}",
      [&] {
        request_certificate(sigstore.client(), "https://fulcio.virtual.example", stale,
                            crypto::PrivateKey::generate_p256());
      });
}

BOOST_AUTO_TEST_CASE(a_token_that_an_answer_repeats_is_not_shown) {
  const std::string token = token_with({{"sub", "run 7"}});
  OneAnswer client({.status = 400, .headers = {}, .body = "bad token " + token});
  try {
    request_certificate(client, "https://fulcio.example", token, crypto::PrivateKey::generate_p256());
    BOOST_ERROR("no error");
  } catch (const Error& error) {
    BOOST_TEST(std::string_view(error.what()).find(token) == std::string_view::npos);
    BOOST_TEST(std::string_view(error.what()).find("answered 400") != std::string_view::npos);
  }
}

BOOST_AUTO_TEST_CASE(possession_is_proven_over_the_verified_e_mail_address_else_the_subject) {
  const auto challenge = [](const Json& claims) { return proof_of_possession_challenge(token_with(claims)); };
  BOOST_TEST(challenge({{"sub", "repo:octo/charts"}}) == "repo:octo/charts");
  BOOST_TEST(challenge({{"sub", "1"}, {"email", "a@example"}, {"email_verified", true}}) == "a@example");
  BOOST_TEST(challenge({{"sub", "1"}, {"email", "a@example"}, {"email_verified", false}}) == "1");
  BOOST_TEST(challenge({{"sub", "1"}, {"email", "a@example"}}) == "1");
  testing::refuses(Fault::kInput, "identity token: `sub` is missing", [&] { challenge(Json::object()); });
  testing::refuses(Fault::kInput, "not a JSON Web Token of three parts",
                   [&] { proof_of_possession_challenge("abc.def"); });
  testing::refuses(Fault::kInput, "not a JSON Web Token of three parts",
                   [&] { proof_of_possession_challenge("a.b.c.d"); });
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_key_is_refused) {
  const auto other = request_certificate(sigstore.client(), "https://fulcio.virtual.example", sigstore.token(identity),
                                         crypto::PrivateKey::generate_p256());
  OneAnswer client({.status = 200,
                    .headers = {},
                    .body = canonical({{"signedCertificateEmbeddedSct",
                                        {{"chain", {{"certificates", Json::array({other.pem()})}}}}}})});
  testing::refuses(Fault::kRemote, "the certificate is for another key than the one sent", [&] {
    request_certificate(client, "https://fulcio.example", sigstore.token(identity),
                        crypto::PrivateKey::generate_p256());
  });
  client.answer.body = "{}";
  testing::refuses(Fault::kRemote, "Fulcio's answer: `signedCertificateDetachedSct` is missing", [&] {
    request_certificate(client, "https://fulcio.example", sigstore.token(identity),
                        crypto::PrivateKey::generate_p256());
  });
}

struct RecordedEnvelope : SigningRun {
  crypto::PrivateKey key = crypto::PrivateKey::generate_p256();
  crypto::Certificate certificate =
      request_certificate(sigstore.client(), "https://fulcio.virtual.example", sigstore.token(identity), key);
  std::string type{intoto::kPayloadType};
  std::string payload = intoto::serialise(statement);
  const Envelope envelope{payload, type, key.sign(intoto::pre_authentication_encoding(type, payload))};

  LogEntry record(http::Client& client) {
    return sigstore::record(client, {"https://rekor.virtual.example"}, content_of(envelope, certificate));
  }

  LogEntry record() { return record(sigstore.client()); }
};

BOOST_FIXTURE_TEST_CASE(an_entry_that_the_log_has_already_is_fetched, RecordedEnvelope) {
  const LogEntry first = record();
  sigstore.requests.clear();
  const LogEntry second = record();
  BOOST_TEST(second.canonical_body == first.canonical_body);
  BOOST_TEST(second.log_index == first.log_index);
  BOOST_REQUIRE(sigstore.requests.size() == 2U);
  BOOST_TEST(sigstore.requests.back().starts_with("GET https://rekor.virtual.example/api/v1/log/entries/"));
}

BOOST_FIXTURE_TEST_CASE(a_log_sends_nobody_to_another_host, RecordedEnvelope) {
  OneAnswer client({.status = 409, .headers = {{"location", "https://elsewhere.example/entry"}}, .body = ""});
  testing::refuses(Fault::kRemote,
                   "https://rekor.virtual.example answered 409 as it holds an equal entry, and names "
                   "`https://elsewhere.example/entry` as its place",
                   [&] { record(client); });
  BOOST_TEST(client.requests.size() == 1U);
  client.answer.headers.clear();
  testing::refuses(Fault::kRemote, "names `` as its place", [&] { record(client); });
}

BOOST_FIXTURE_TEST_CASE(an_answer_that_is_no_entry_is_refused, RecordedEnvelope) {
  for (const std::string answer :
       {"", "[]", "{}", R"({"a":{}})", R"({"a":1,"b":2})", R"({"a":{"body":"e30=","verification":{}}})"}) {
    OneAnswer client({.status = 201, .headers = {}, .body = answer});
    testing::refuses(Fault::kRemote,
                     "Rekor: POST https://rekor.virtual.example/api/v1/log/entries: ", [&] { record(client); });
  }
}

BOOST_AUTO_TEST_CASE(a_timestamp_that_is_none_is_refused) {
  OneAnswer client({.status = 201, .headers = {}, .body = "no timestamp"});
  testing::refuses(Fault::kRemote, "timestamp authority: POST https://timestamp.example/path: ", [&] {
    request_timestamp(client, "https://timestamp.example/path", "signature");
  });
  BOOST_TEST(client.requests.front().headers.at("content-type") == "application/timestamp-query");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
