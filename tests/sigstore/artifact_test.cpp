// Signatures over files and digests, by certificates and by managed keys.

#include "core/sigstore/artifact.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/sigstore/keyless.h"
#include "core/sigstore/timestamp_authority.h"
#include "sigstore/signed_run.h"
#include "testing/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sigstore)

struct SignedFile : SignedRun {
  Artifact artifact = Artifact::of_bytes("a chart");
  crypto::PrivateKey key = crypto::PrivateKey::generate_p256();

  ArtifactVerdict judged(const Bundle& bundle, const Artifact& about) const {
    return Verifier(sigstore.trusted_root()).verify(bundle, about);
  }

  ArtifactVerdict judged(const Bundle& bundle) const { return judged(bundle, artifact); }

  // By the managed key, witnessed by the timestamp authority alone.
  Bundle by_key(Bundle::Content content) {
    const std::string& signature =
        std::visit([](const auto& form) -> const std::string& { return form.signature; }, content);
    return Bundle::assemble({.certificates = {},
                             .key_hint = "release",
                             .timestamps = {request_timestamp(
                                 sigstore.client(), "https://timestamp.virtual.example/api/v1/timestamp", signature)}},
                            content);
  }

  Bundle statement_by_key(std::string key_id = {}) {
    Envelope envelope{intoto::serialise(statement), std::string(intoto::kPayloadType), "", std::move(key_id)};
    envelope.signature = key.sign(intoto::pre_authentication_encoding(envelope.payload_type, envelope.payload));
    return by_key(envelope);
  }

  ArtifactVerdict judged_by(const crypto::PrivateKey& trusted, const Bundle& bundle) const {
    TrustedRoot root = sigstore.trusted_root();
    root.logs.clear();
    return Verifier(root).verify(bundle, artifact, trusted.public_key());
  }
};

void check_refused(const ArtifactVerdict& verdict, std::string_view text) {
  BOOST_CHECK_MESSAGE(!verdict.artifact.has_value(), "accepted");
  BOOST_CHECK_MESSAGE(
      std::ranges::any_of(verdict.failures,
                          [&](const std::string& failure) { return failure.find(text) != std::string::npos; }),
      "no failure says `" << text << "`, but:\n"
                          << fmt::format("{}", fmt::join(verdict.failures, "\n")));
}

void check_accepted(const ArtifactVerdict& verdict) {
  BOOST_CHECK_MESSAGE(verdict.artifact.has_value(), fmt::format("{}", fmt::join(verdict.failures, "\n")));
}

BOOST_FIXTURE_TEST_SUITE(artifact, SignedFile)

BOOST_AUTO_TEST_CASE(a_message_verifies_by_its_bytes_and_by_its_digest) {
  const Bundle bundle = Bundle::parse(sigstore.sign(artifact, identity).json());
  const ArtifactVerdict verdict = judged(bundle);
  check_accepted(verdict);
  BOOST_TEST(verdict.artifact->digest().text() == crypto::sha256("a chart").text());
  BOOST_TEST(verdict.artifact->identity()->subject == identity.subject);
  BOOST_TEST(!verdict.artifact->statement().has_value());
  BOOST_CHECK(verdict.artifact->time() == sigstore.now());
  check_accepted(judged(bundle, Artifact::of_digest(crypto::sha256("a chart"))));
  check_refused(judged(bundle, Artifact::of_bytes("another")),
                "signature: the artifact's does not verify with the certificate's key");
  check_refused(judged(bundle, Artifact::of_digest(crypto::hash("sha512", "a chart"))),
                "the artifact is known by sha512:");
}

BOOST_AUTO_TEST_CASE(a_message_may_be_recorded_by_either_log) {
  check_accepted(
      judged(sign_keyless(sigstore.new_signing_config(), sigstore.client(), sigstore.token(identity), artifact)));
}

BOOST_AUTO_TEST_CASE(a_message_s_own_digest_is_a_hint_that_has_to_agree) {
  Json json = parse_json(sigstore.sign(artifact, identity).json(), "bundle");
  json["messageSignature"]["messageDigest"]["digest"] = to_base64(crypto::sha256("another").bytes());
  check_refused(judged(Bundle::parse(canonical(json))), "artifact: the bundle was made for sha256:");
  json["messageSignature"].erase("messageDigest");
  check_accepted(judged(Bundle::parse(canonical(json))));
}

BOOST_AUTO_TEST_CASE(a_statement_is_about_the_artifact_by_any_of_its_digests) {
  check_accepted(judged(sign()));
  check_accepted(judged(sign(), Artifact::of_digest(crypto::sha256("a chart"))));
  statement.subjects = {{"charts/nginx", crypto::hash("sha512", "a chart")}};
  check_accepted(judged(sign()));
  BOOST_TEST(sign().digest_algorithms().contains("sha512"));
  check_refused(judged(sign(), Artifact::of_digest(crypto::sha256("a chart"))), "is no subject of the statement");
  check_refused(judged(sign(), Artifact::of_bytes("another")), "is no subject of the statement");
}

BOOST_AUTO_TEST_CASE(a_statement_is_no_message_and_a_message_no_statement) {
  const Verdict verdict = verify(sigstore.sign(artifact, identity));
  check_only_failure(verdict, "bundle: holds a `messageSignature`, a `dsseEnvelope` is wanted");
  testing::refuses(Fault::kInput, "no envelope to link to", [&] { sigstore.sign(artifact, identity).link(); });
}

BOOST_AUTO_TEST_CASE(a_managed_key_counts_when_the_caller_names_it) {
  const Bundle message = by_key(MessageSignature{crypto::sha256("a chart"), key.sign("a chart")});
  const Bundle read = Bundle::parse(message.json());
  BOOST_TEST(read.json() == message.json());
  const ArtifactVerdict verdict = judged_by(key, read);
  check_accepted(verdict);
  BOOST_TEST(!verdict.artifact->identity().has_value());
  check_refused(judged_by(crypto::PrivateKey::generate_p256(), read),
                "signature: the artifact's does not verify with the given key");
  check_refused(judged(read), "signed with a managed key (`publicKey`), which has to be given to be trusted");
  check_refused(judged_by(key, sign()), "signed with a certificate, a signature with the given key is wanted");
  check_only_failure(verify(statement_by_key()), "signed with a managed key (`publicKey`), a certificate is wanted");
}

BOOST_AUTO_TEST_CASE(a_managed_key_needs_a_log_where_the_root_has_one) {
  check_refused(Verifier(sigstore.trusted_root()).verify(statement_by_key(), artifact, key.public_key()),
                "log entry: the bundle has none, the trusted root has logs and demands one");
}

BOOST_AUTO_TEST_CASE(the_key_s_hint_and_the_envelope_s_key_id_are_the_same) {
  const ArtifactVerdict verdict = judged_by(key, statement_by_key("release"));
  check_accepted(verdict);
  BOOST_TEST(verdict.artifact->statement()->is_about(crypto::sha256("a chart")));
  check_accepted(judged_by(key, statement_by_key()));
  check_refused(judged_by(key, statement_by_key("another")),
                "bundle: the envelope's key id is `another`, the key's hint `release`");
}

BOOST_AUTO_TEST_CASE(rsa_keys_sign_messages_too) {
  const crypto::PrivateKey rsa = crypto::PrivateKey::generate_rsa2048();
  check_accepted(judged_by(rsa, by_key(MessageSignature{std::nullopt, rsa.sign("a chart")})));
}

BOOST_AUTO_TEST_CASE(ed25519_signs_the_message_itself_which_has_to_be_there) {
  // RFC 8032 section 7.1, test 2: one byte, 0x72.
  const auto ed25519 =
      crypto::PublicKey::from_der(from_hex("302a300506032b6570032100") +
                                  from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
  const std::string signature = from_hex(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
      "b00d291612bb0c00");
  TrustedRoot root = sigstore.trusted_root();
  root.logs.clear();
  const Bundle bundle = by_key(MessageSignature{std::nullopt, signature});
  check_accepted(Verifier(root).verify(bundle, Artifact::of_bytes("\x72"), ed25519));
  check_refused(Verifier(root).verify(bundle, Artifact::of_digest(crypto::sha256("\x72")), ed25519),
                "its bytes are wanted: give the file");
  const TemporaryFolder folder;
  write_file(folder.path() / "byte", "\x72");
  const Artifact file = Artifact::of_file(folder.path() / "byte");
  check_accepted(Verifier(root).verify(bundle, file, ed25519));
  write_file(folder.path() / "byte", "\x73");
  check_refused(Verifier(root).verify(bundle, file, ed25519), "it changed while it was looked at");
}

BOOST_AUTO_TEST_CASE(a_file_is_hashed_by_what_is_asked) {
  const TemporaryFolder folder;
  const std::string large(3'000'001, 'x');
  write_file(folder.path() / "large", large);
  const Artifact file = Artifact::of_file(folder.path() / "large", {"sha256", "sha512"});
  BOOST_TEST(file.digest("sha256").text() == crypto::sha256(large).text());
  BOOST_TEST(file.digest("sha512").text() == crypto::hash("sha512", large).text());
  testing::refuses(Fault::kInput, "its sha384 digest is wanted", [&] { static_cast<void>(file.digest("sha384")); });
  testing::refuses(Fault::kInput, "not a file that can be read", [&] { Artifact::of_file(folder.path() / "none"); });
  testing::refuses(Fault::kInput, "not a file that can be read", [&] { Artifact::of_file(folder.path()); });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
