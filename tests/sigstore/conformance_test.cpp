// The public conformance suite's cases, by file and by digest, real releases and real attestations by GitHub.

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/sigstore/verify.h"
#include "sigstore/signed_run.h"
#include "testing/data.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sigstore)
BOOST_AUTO_TEST_SUITE(conformance)

constexpr std::size_t kLimit = 8 * 1024 * 1024;

// Why each rejected case must be rejected; one that is not listed here fails.
const std::map<std::string, std::string> kReasons = {
    {"bundle-empty-certificate-chain_fail", "bundle: the certificate chain is empty"},
    {"bundle-invalid-base64-signature_fail", "bundle.messageSignature.signature: base64 text"},
    {"bundle-malformed-json_fail", "bundle: not JSON at byte "},
    {"bundle-unknown-version_fail", "is not a bundle of version 0.1, 0.2 or 0.3"},
    {"checkpoint-wrong-roothash_fail", "log entry 1: the checkpoint's root hash is "},
    {"dsse-invalid-sig_fail", "signature: the envelope's does not verify with the certificate's key"},
    {"dsse-mismatch-envelope_fail", "log entry 1: the log recorded the payload hash "},
    {"incorrect-public-key_fail", "log entry 1: the SET (signed entry timestamp) does not verify"},
    {"intoto-expired-certificate_fail", "certificate: no path to the trusted root at "},
    {"intoto-log-entry-mismatch_fail", "log entry 1: the log recorded the signature "},
    {"intoto-missing-inclusion-proof_fail", "log entry 1: an inclusion proof is missing"},
    {"invalid-checkpoint-signature_fail",
     "log entry 1: the checkpoint's signature by `rekor.sigstore.dev` does not verify"},
    {"invalid-inclusion-proof_fail", "log entry 1: the inclusion proof "},
    {"managed-key-no-key_fail", "bundle: signed with a managed key (`publicKey`), which has to be given"},
    {"rekor2-checkpoint-missing-log-signature_fail", "log entry 1: checkpoint: the checkpoint has no "},
    {"rekor2-checkpoint-missing-origin_fail", "a tree size is wanted"},
    {"rekor2-checkpoint-missing-size_fail", "a tree size is wanted"},
    {"rekor2-checkpoint-no-matching-signature_fail",
     "log entry 1: the checkpoint's signature by `log2025-alpha1.rekor.github.dev` does not verify"},
    {"rekor2-dsse-invalid-sig_fail", "signature: the envelope's does not verify with the certificate's key"},
    {"rekor2-dsse-mismatch-sig_fail", "log entry 1: the log recorded the signature "},
    {"rekor2-no-inclusion-proof_fail", "log entry 1: an inclusion proof is missing"},
    {"rekor2-timestamp-outside-trust-root-tsa-validity_fail",
     "when the trusted root holds no timestamp authority for valid"},
    {"rekor2-timestamp-payload-mismatch_fail", "the message imprint is another message's"},
    {"rekor2-timestamp-untrusted-tsa-without-embedded-cert_fail", "timestamp 1: "},
    {"set-invalid-signature_fail", "log entry 1: the SET (signed entry timestamp) does not verify"},
    {"signature-mismatch_fail", "signature: the artifact's does not verify with the certificate's key"},
    {"wrong-hashedrekord-artifact_fail", "log entry 1: the log recorded the digest "},
    {"wrong-hashedrekord-cert-and-sig_fail", "log entry 1: the log recorded the certificate "},
    {"wrong-material_fail", "artifact: the bundle was made for "},
};

constexpr std::string_view kBeacon =
    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/"
    "extremely-dangerous-oidc-beacon.yml@refs/heads/main";

TrustedRoot public_good_root() {
  return TrustedRoot::parse(read_file(testing::data("sigstore/public-good.trusted_root.json").value(), kLimit));
}

struct Case {
  explicit Case(std::filesystem::path its_folder) : folder(std::move(its_folder)) {
    if (const auto own = folder / "artifact"; std::filesystem::exists(own)) artifact = own;
  }

  std::string text(const char* file) const { return read_file(folder / file, kLimit); }

  bool has(const char* file) const { return std::filesystem::exists(folder / file); }

  // What is wrong with it; nothing when it is accepted.
  std::vector<std::string> problems(const Artifact& about) const {
    try {
      const TrustedRoot root =
          has("trusted_root.json") ? TrustedRoot::parse(text("trusted_root.json")) : public_good_root();
      std::optional<crypto::PublicKey> key;
      if (has("key.pub")) key = crypto::PublicKey::from_pem(text("key.pub"));
      const ArtifactVerdict verdict = Verifier(root).verify(Bundle::parse(text("bundle.sigstore.json")), about, key);
      BOOST_TEST(verdict.failures.empty() == verdict.artifact.has_value());
      if (verdict.artifact && verdict.artifact->identity())
        BOOST_TEST(verdict.artifact->identity()->subject ==
                   (has("identity") ? text("identity") : std::string(kBeacon)));
      return verdict.failures;
    } catch (const Error& error) {
      return {error.what()};
    }
  }

  std::filesystem::path folder;
  std::filesystem::path artifact = folder / "../../a.txt";
};

bool holds(const std::vector<std::string>& problems, std::string_view text) {
  return std::ranges::any_of(problems,
                             [&](const std::string& problem) { return problem.find(text) != std::string::npos; });
}

void check_case(const Case& tried, const Artifact& artifact) {
  const std::string name = tried.folder.filename().string();
  BOOST_TEST_CONTEXT(name) {
    const std::vector<std::string> problems = tried.problems(artifact);
    const std::string listed = fmt::format("{}", fmt::join(problems, "\n"));
    if (!name.ends_with("_fail")) {
      BOOST_CHECK_MESSAGE(problems.empty(), listed);
    } else {
      BOOST_CHECK_MESSAGE(!problems.empty(), "accepted " << name);
      BOOST_REQUIRE_MESSAGE(kReasons.contains(name), name << " has no reason here, found:\n" << listed);
      BOOST_CHECK_MESSAGE(holds(problems, kReasons.at(name)), listed);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_case_of_the_suite_is_accepted_or_rejected_for_its_reason_by_file_and_by_digest) {
  const auto cases = testing::data("sigstore/bundle-verify");
  if (!cases) return;
  std::size_t count = 0;
  for (const auto& folder : std::filesystem::directory_iterator(*cases)) {
    if (!folder.is_directory()) continue;
    const Case tried(folder.path());
    const Artifact file = Artifact::of_file(tried.artifact);
    check_case(tried, file);
    check_case(tried, Artifact::of_digest(file.digest("sha256")));
    count += 2;
  }
  BOOST_TEST(count == 80U);
}

BOOST_AUTO_TEST_CASE(releases_of_python_verify_by_the_digest_that_was_published) {
  const auto releases = testing::data("sigstore/cpython/releases.json");
  if (!releases) return;
  const Verifier verifier(public_good_root());
  std::size_t count = 0;
  for (const Json& release : parse_json(read_file(*releases, kLimit), "releases")) {
    const Bundle bundle = Bundle::parse(canonical(release["bundle"]));
    const auto digest = Artifact::of_digest(Digest::sha256(release["sha256"].get<std::string>()));
    const ArtifactVerdict verdict = verifier.verify(bundle, digest);
    BOOST_TEST(verdict.failures.empty(), fmt::format("{}", fmt::join(verdict.failures, "\n")));
    const ArtifactVerdict other = verifier.verify(bundle, Artifact::of_bytes("another archive"));
    BOOST_TEST(holds(other.failures, "signature: the artifact's does not verify with the certificate's key"));
    BOOST_TEST(!other.artifact.has_value());
    ++count;
  }
  BOOST_TEST(count == 10U);
}

BOOST_AUTO_TEST_CASE(an_attestation_by_a_reusable_workflow_on_public_good_verifies) {
  const auto file = testing::data("sigstore/github/reusable-workflow-attestation.sigstore.json");
  if (!file) return;
  const Verdict verdict = Verifier(public_good_root()).verify(Bundle::parse(read_file(*file, kLimit)));
  BOOST_TEST(verdict.failures.empty(), fmt::format("{}", fmt::join(verdict.failures, "\n")));
  BOOST_REQUIRE(verdict.statement.has_value());
  BOOST_TEST(verdict.statement->statement().is_about(
      Digest::sha256("49a3aa6075e0f49f82843e74b5baa614ad2a588e6675612bf108a0a008c5ac25")));
  const Identity& identity = verdict.statement->identity();
  BOOST_TEST(identity.issuer == "https://token.actions.githubusercontent.com");
  BOOST_TEST(identity.subject ==
             "https://github.com/github/artifact-attestations-workflows/.github/workflows/"
             "attest.yml@09b495c3f12c7881b3cc17209a327792065c1a1d");
  BOOST_TEST(identity.signer_uri == identity.subject);
  BOOST_TEST(identity.config_uri != identity.subject);
}

BOOST_AUTO_TEST_CASE(npm_provenance_verifies_by_its_sha512_digest_alone) {
  const auto file = testing::data("sigstore/github/sigstore-js-2.1.0-bundle.json");
  if (!file) return;
  const Bundle bundle = Bundle::parse(read_file(*file, kLimit));
  BOOST_TEST(bundle.digest_algorithms().contains("sha512"));
  const auto digest = Digest::parse(
      "sha512:90f223f992e4c88dd068cd2a5fc57f9d2b30798343dd6e38f29c240e04ba090ef831f84490847c4e82b9232c78e8a258463b1e55"
      "c0f7469f730265008fa6633f");
  const ArtifactVerdict verdict = Verifier(public_good_root()).verify(bundle, Artifact::of_digest(digest));
  BOOST_TEST(verdict.failures.empty(), fmt::format("{}", fmt::join(verdict.failures, "\n")));
  BOOST_TEST(holds(Verifier(public_good_root()).verify(bundle, Artifact::of_bytes("x")).failures,
                   "is no subject of the statement"));
}

BOOST_AUTO_TEST_CASE(an_attestation_by_github_s_own_instance_verifies_with_its_root_and_no_other) {
  const auto file = testing::data("sigstore/github/github_provenance_demo-0.0.12-py3-none-any-bundle.jsonl");
  const auto own = testing::data("sigstore/github/trusted_root_github.json");
  if (!file || !own) return;
  const Bundle bundle = Bundle::parse(read_file(*file, kLimit));
  const Verdict verdict = Verifier(TrustedRoot::parse(read_file(*own, kLimit))).verify(bundle);
  BOOST_TEST(verdict.failures.empty(), fmt::format("{}", fmt::join(verdict.failures, "\n")));
  BOOST_REQUIRE(verdict.statement.has_value());
  BOOST_TEST(verdict.statement->statement().is_about(
      Digest::sha256("ae57936def59bc4c75edd3a837d89bcefc6d3a5e31d55a6fa7a71624f92c3c3b")));
  const Verdict elsewhere = Verifier(public_good_root()).verify(bundle);
  check_failure(elsewhere, "log entry: the bundle has none, the trusted root has logs and demands one");
  check_failure(elsewhere, "time: neither a timestamp nor a log's promise says when this was signed");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
