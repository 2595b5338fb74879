// Certificates and time-stamps of the real services, read from third-party data.

#include "core/base/encoding.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/crypto/timestamp.h"
#include "testing/data.h"
#include "tests/crypto/authority.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(crypto)
BOOST_AUTO_TEST_SUITE(sigstore_material)

namespace {

using Chains = std::vector<std::vector<Certificate>>;

Json read(const std::filesystem::path& path) {
  return parse_json(read_file(path, 1 << 20), path.filename().string());
}

Chains chains(const Json& trusted_root, const char* kind) {
  Chains found;
  for (const Json& authority : trusted_root.at(kind)) {
    std::vector<Certificate>& chain = found.emplace_back();
    for (const Json& certificate : authority.at("certChain").at("certificates"))
      chain.push_back(Certificate::from_der(from_base64(certificate.at("rawBytes").get<std::string>())));
  }
  return found;
}

struct Stamped {
  Timestamp stamp;
  std::string message;
  Certificate leaf;
};

// The first time-stamp of a bundle and the signature that it is over.
Stamped stamped(const Json& bundle) {
  const Json& material = bundle.at("verificationMaterial");
  const Json& stamp = material.at("timestampVerificationData").at("rfc3161Timestamps").at(0).at("signedTimestamp");
  const Json& signature = bundle.contains("messageSignature")
                              ? bundle.at("messageSignature").at("signature")
                              : bundle.at("dsseEnvelope").at("signatures").at(0).at("sig");
  const Json& leaf = material.contains("certificate")
                         ? material.at("certificate").at("rawBytes")
                         : material.at("x509CertificateChain").at("certificates").at(0).at("rawBytes");
  return {Timestamp::parse(from_base64(stamp.get<std::string>())), from_base64(signature.get<std::string>()),
          Certificate::from_der(from_base64(leaf.get<std::string>()))};
}

// Nothing when one chain holds, else every chain's failure.
std::string failures(const Stamped& bundle, const Chains& authorities) {
  std::string all;
  for (const auto& chain : authorities) {
    const auto failure = bundle.stamp.failure(bundle.message, chain);
    if (!failure) return "";
    all += *failure + "; ";
  }
  return all;
}

std::string path_failures(const Stamped& bundle, const Chains& authorities) {
  std::string all;
  for (const auto& chain : authorities) {
    const auto failure = path_failure(bundle.leaf, {chain.begin(), chain.end() - 1}, {chain.back()},
                                      bundle.stamp.time(), example::kCodeSigning);
    if (!failure) return "";
    all += *failure + "; ";
  }
  return all;
}

struct Case {
  Stamped bundle;
  Json trusted_root;
};

std::optional<Case> conformance_case(const std::string& name) {
  const auto folder = testing::data("sigstore/bundle-verify/" + name);
  if (!folder) return std::nullopt;
  return Case{stamped(read(*folder / "bundle.sigstore.json")), read(*folder / "trusted_root.json")};
}

}  // namespace

BOOST_AUTO_TEST_CASE(stamps_and_paths_hold) {
  for (const char* name : {"rekor2-happy-path", "rekor2-dsse-happy-path", "rekor2-timestamp-with-embedded-cert",
                           "rekor2-timestamp-without-embedded-cert"})
    if (const auto found = conformance_case(name)) {
      BOOST_TEST_CONTEXT(name) {
        BOOST_TEST(failures(found->bundle, chains(found->trusted_root, "timestampAuthorities")) == "");
        BOOST_TEST(path_failures(found->bundle, chains(found->trusted_root, "certificateAuthorities")) == "");
      }
    }
}

BOOST_AUTO_TEST_CASE(stamps_over_another_signature_fail) {
  const auto found = conformance_case("rekor2-timestamp-payload-mismatch_fail");
  if (!found) return;
  example::require_reason(failures(found->bundle, chains(found->trusted_root, "timestampAuthorities")),
                          "the message imprint is another message's");
}

BOOST_AUTO_TEST_CASE(stamps_by_a_stranger_fail) {
  const auto found = conformance_case("rekor2-timestamp-untrusted-tsa-without-embedded-cert_fail");
  if (!found) return;
  example::require_reason(failures(found->bundle, chains(found->trusted_root, "timestampAuthorities")),
                          "signed by another certificate than the trusted authority's");
}

BOOST_AUTO_TEST_CASE(stamps_and_paths_of_the_instance_of_github_hold) {
  const auto bundle = testing::data("sigstore/github/github_provenance_demo-0.0.12-py3-none-any-bundle.jsonl");
  const auto root = testing::data("sigstore/github/trusted_root_github.json");
  if (!bundle || !root) return;
  const std::string lines = read_file(*bundle, 1 << 20);
  const Stamped found = stamped(parse_json(lines.substr(0, lines.find('\n')), "bundle"));
  const Json trusted_root = read(*root);
  BOOST_TEST(failures(found, chains(trusted_root, "timestampAuthorities")) == "");
  BOOST_TEST(path_failures(found, chains(trusted_root, "certificateAuthorities")) == "");
}

BOOST_AUTO_TEST_CASE(certificates_of_the_public_good_instance_are_read) {
  const auto root = testing::data("sigstore/public-good.trusted_root.json");
  if (!root) return;
  const Json trusted_root = read(*root);
  for (const auto& chain : chains(trusted_root, "certificateAuthorities")) {
    BOOST_TEST(chain.back().is_self_issued());
    BOOST_TEST(chain.back().is_authority());
    BOOST_TEST(chain.back().issuer_organisation() == "sigstore.dev");
  }
  for (const Json& log : trusted_root.at("ctlogs")) {
    const std::string der = from_base64(log.at("publicKey").at("rawBytes").get<std::string>());
    BOOST_TEST(PublicKey::from_der(der).der() == der);
  }
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
