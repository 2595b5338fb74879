// The public conformance suite's cases that sign a message: everything in them but the message. An envelope with the
// same raw signature stands in for it, so certificate, SCT, timestamps and log are judged exactly as in the case.

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/sigstore/verify.h"
#include "sigstore/signed_run.h"
#include "testing/data.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sigstore)
BOOST_AUTO_TEST_SUITE(conformance_material)

constexpr std::size_t kLimit = 8 * 1024 * 1024;

const std::map<std::string, std::string> kReasons = {
    {"bundle-empty-certificate-chain_fail", "bundle: the certificate chain is empty"},
    {"bundle-invalid-base64-signature_fail", "bundle.dsseEnvelope.signatures[0].sig: base64 text"},
    {"checkpoint-wrong-roothash_fail", "log entry 1: the checkpoint's root hash is "},
    {"incorrect-public-key_fail", "log entry 1: the SET (signed entry timestamp) does not verify"},
    {"invalid-checkpoint-signature_fail",
     "log entry 1: the checkpoint's signature by `rekor.sigstore.dev` does not verify"},
    {"invalid-inclusion-proof_fail", "log entry 1: the inclusion proof "},
    {"managed-key-happy-path", "bundle: signed with a managed key"},
    {"managed-key-no-key_fail", "bundle: signed with a managed key"},
    {"rekor2-checkpoint-missing-log-signature_fail", "log entry 1: checkpoint: the checkpoint has no "},
    {"rekor2-checkpoint-missing-origin_fail", "a tree size is wanted"},
    {"rekor2-checkpoint-missing-size_fail", "a tree size is wanted"},
    {"rekor2-checkpoint-no-matching-signature_fail",
     "log entry 1: the checkpoint's signature by `log2025-alpha1.rekor.github.dev` does not verify"},
    {"rekor2-no-inclusion-proof_fail", "log entry 1: an inclusion proof is missing"},
    {"rekor2-timestamp-outside-trust-root-tsa-validity_fail",
     "when the trusted root holds no timestamp authority for valid"},
    {"rekor2-timestamp-payload-mismatch_fail", "timestamp 1: "},
    {"rekor2-timestamp-untrusted-tsa-without-embedded-cert_fail", "timestamp 1: "},
    {"set-invalid-signature_fail", "log entry 1: the SET (signed entry timestamp) does not verify"},
};

// Wrong in the message or in what the log recorded of it.
constexpr std::string_view kAboutTheMessage[] = {"signature-mismatch_fail", "wrong-hashedrekord-artifact_fail",
                                                 "wrong-hashedrekord-cert-and-sig_fail", "wrong-material_fail"};

bool is_about_the_stand_in(std::string_view failure) {
  for (const std::string_view start :
       {"signature: ", "statement: ", "log entry 1: body: the kind `hashedrekord` version `0.0.1`",
        "log entry 1: the log recorded the envelope digest "})
    if (failure.starts_with(start)) return true;
  return false;
}

std::string with_envelope(Json bundle) {
  bundle["dsseEnvelope"] = {{"payload", "e30="},
                            {"payloadType", "application/vnd.in-toto+json"},
                            {"signatures", Json::array({{{"sig", bundle["messageSignature"]["signature"]}}})}};
  bundle.erase("messageSignature");
  return canonical(bundle);
}

std::vector<std::string> problems(const std::filesystem::path& folder, const Json& bundle) {
  const auto own = folder / "trusted_root.json";
  const auto root = std::filesystem::exists(own) ? own : folder / "../../public-good.trusted_root.json";
  try {
    std::vector<std::string> failures =
        Verifier(TrustedRoot::parse(read_file(root, kLimit))).verify(Bundle::parse(with_envelope(bundle))).failures;
    std::erase_if(failures, is_about_the_stand_in);
    return failures;
  } catch (const Error& error) {
    return {error.what()};
  }
}

BOOST_AUTO_TEST_CASE(certificate_sct_timestamps_and_log_are_accepted_or_rejected_for_the_case_s_reason) {
  const auto cases = testing::data("sigstore/bundle-verify");
  if (!cases) return;
  for (const auto& folder : std::filesystem::directory_iterator(*cases)) {
    const std::string name = folder.path().filename().string();
    if (!folder.is_directory() || name == "bundle-malformed-json_fail" || name == "bundle-unknown-version_fail")
      continue;
    const Json bundle = parse_json(read_file(folder.path() / "bundle.sigstore.json", kLimit), name);
    if (!bundle.contains("messageSignature")) continue;
    const std::vector<std::string> found = problems(folder.path(), bundle);
    const std::string listed = fmt::format("{}: {}", name, fmt::join(found, "\n"));
    if (std::ranges::find(kAboutTheMessage, name) != std::end(kAboutTheMessage)) {
      BOOST_TEST_MESSAGE("out of scope, about the message: " << name);
    } else if (const auto reason = kReasons.find(name); reason != kReasons.end()) {
      BOOST_CHECK_MESSAGE(
          std::ranges::any_of(found,
                              [&](const std::string& text) { return text.find(reason->second) != std::string::npos; }),
          listed);
    } else {
      BOOST_CHECK_MESSAGE(!name.ends_with("_fail"), name << " has no reason here");
      BOOST_CHECK_MESSAGE(found.empty(), listed);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
