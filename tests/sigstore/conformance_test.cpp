// The public conformance suite's cases that hold DSSE envelopes, and real attestations by GitHub.

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

// Why each rejected case with an envelope must be rejected; a case that is not listed here fails.
const std::map<std::string, std::string> kReasons = {
    {"dsse-invalid-sig_fail", "signature: the envelope's does not verify with the certificate's key"},
    {"dsse-mismatch-envelope_fail", "log entry 1: the log recorded the payload hash "},
    {"intoto-expired-certificate_fail", "certificate: no path to the trusted root at "},
    {"intoto-log-entry-mismatch_fail", "log entry 1: body: the kind `intoto` version `0.0.2` is not read"},
    {"intoto-missing-inclusion-proof_fail", "log entry 1: an inclusion proof is missing"},
    {"rekor2-dsse-invalid-sig_fail", "signature: the envelope's does not verify with the certificate's key"},
    {"rekor2-dsse-mismatch-sig_fail", "log entry 1: the log recorded the signature "},
};

// Why a case's bundle is not read at all.
const std::map<std::string, std::string> kUnread = {
    {"bundle-malformed-json_fail", "bundle: not JSON at byte "},
    {"bundle-unknown-version_fail", "is not a bundle of version 0.1, 0.2 or 0.3"},
};

TrustedRoot root_of(const std::filesystem::path& folder) {
  const auto own = folder / "trusted_root.json";
  return TrustedRoot::parse(
      read_file(std::filesystem::exists(own) ? own : folder / "../../public-good.trusted_root.json", kLimit));
}

void check_case(const std::filesystem::path& folder) {
  const std::string name = folder.filename().string();
  BOOST_TEST_CONTEXT(name) {
    try {
      const Bundle bundle = Bundle::parse(read_file(folder / "bundle.sigstore.json", kLimit));
      const Verdict verdict = Verifier(root_of(folder)).verify(bundle);
      if (!name.ends_with("_fail")) {
        BOOST_TEST(verdict.failures.empty(), fmt::format("{}", fmt::join(verdict.failures, "\n")));
        BOOST_TEST(verdict.statement.has_value());
      } else {
        BOOST_REQUIRE_MESSAGE(kReasons.contains(name), name << " has no reason here");
        check_failure(verdict, kReasons.at(name));
      }
    } catch (const Error& error) {
      const std::string_view text = error.what();
      if (text.find("holds a `messageSignature`") != std::string_view::npos) {
        BOOST_TEST_MESSAGE("out of scope, a message signature: " << name);
      } else {
        BOOST_REQUIRE_MESSAGE(kUnread.contains(name), name << ": " << text);
        BOOST_TEST(text.find(kUnread.at(name)) != std::string_view::npos, text);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_case_of_the_suite_is_accepted_or_rejected_for_its_reason) {
  const auto cases = testing::data("sigstore/bundle-verify");
  if (!cases) return;
  std::size_t count = 0;
  for (const auto& folder : std::filesystem::directory_iterator(*cases)) {
    if (!folder.is_directory()) continue;
    check_case(folder.path());
    ++count;
  }
  BOOST_TEST(count == 40U);
}

BOOST_AUTO_TEST_CASE(an_attestation_by_a_reusable_workflow_on_public_good_verifies) {
  const auto file = testing::data("sigstore/github/reusable-workflow-attestation.sigstore.json");
  const auto root = testing::data("sigstore/public-good.trusted_root.json");
  if (!file || !root) return;
  const Verdict verdict =
      Verifier(TrustedRoot::parse(read_file(*root, kLimit))).verify(Bundle::parse(read_file(*file, kLimit)));
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

BOOST_AUTO_TEST_CASE(an_attestation_by_github_s_own_instance_verifies_with_its_root_and_no_other) {
  const auto file = testing::data("sigstore/github/github_provenance_demo-0.0.12-py3-none-any-bundle.jsonl");
  const auto own = testing::data("sigstore/github/trusted_root_github.json");
  const auto public_good = testing::data("sigstore/public-good.trusted_root.json");
  if (!file || !own || !public_good) return;
  const Bundle bundle = Bundle::parse(read_file(*file, kLimit));
  const Verdict verdict = Verifier(TrustedRoot::parse(read_file(*own, kLimit))).verify(bundle);
  BOOST_TEST(verdict.failures.empty(), fmt::format("{}", fmt::join(verdict.failures, "\n")));
  BOOST_REQUIRE(verdict.statement.has_value());
  BOOST_TEST(verdict.statement->statement().is_about(
      Digest::sha256("ae57936def59bc4c75edd3a837d89bcefc6d3a5e31d55a6fa7a71624f92c3c3b")));
  const Verdict elsewhere = Verifier(TrustedRoot::parse(read_file(*public_good, kLimit))).verify(bundle);
  check_failure(elsewhere, "log entry: the bundle has none, the trusted root has logs and demands one");
  check_failure(elsewhere, "time: neither a timestamp nor a log's promise says when this was signed");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
