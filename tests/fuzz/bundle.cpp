// A bundle from its JSON to the verdicts.

#include "core/crypto/hash.h"
#include "core/sigstore/identity.h"
#include "fuzz/trusted.h"

namespace waybill::fuzz {
namespace {

using namespace sigstore;

// Of the public conformance suite, where one bundle has no certificate.
constexpr std::string_view kKey =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAExRRST79+PsrRBnGAI4cMu6Omz2Jh\n"
    "fwlMW+gIutNKVRaMyS4rQKvgngc5p8UbLj55pVHhIoAxi/SRgURZI0J3Xw==\n"
    "-----END PUBLIC KEY-----\n";

std::string all_of(const Identity& identity) {
  std::string all = identity.subject;
  for (const IdentityExtension& extension : kIdentityExtensions) all += '\n' + identity.*extension.member;
  return all;
}

std::vector<Verifier> verifiers() {
  std::vector<Verifier> all;
  for (TrustedRoot& root : trusted_roots()) all.emplace_back(std::move(root));
  return all;
}

void judge(const Bundle& bundle, const Verifier& verifier) {
  const Verdict verdict = verifier.verify(bundle);
  require(verdict.statement.has_value() == verdict.failures.empty(), "a statement is handed out without failures only");
  if (!verdict.statement) return;
  require(verdict.statement->link() == bundle.link(), "a verified statement has its own link");
  require_genuine(bundle.link().text() + '\n' + all_of(verdict.statement->identity()),
                  "a statement verifies as it was signed");
  require(verifier.verify(Bundle::parse(bundle.json())).failures.empty(), "a verified bundle verifies as written anew");
}

void judge(const ArtifactVerdict& verdict) {
  require(verdict.artifact.has_value() == verdict.failures.empty(), "an artifact is verified without failures only");
  if (!verdict.artifact) return;
  require_genuine(crypto::sha256(verdict.artifact->signature()).hex() + '\n' + verdict.artifact->digest().text() +
                      '\n' + (verdict.artifact->identity() ? all_of(*verdict.artifact->identity()) : "by the key"),
                  "an artifact verifies as it was signed");
}

}  // namespace

void read(std::string_view input) {
  static const std::vector<Verifier> known = verifiers();
  static const crypto::PublicKey key = crypto::PublicKey::from_pem(kKey);
  static const Artifact file = Artifact::of_bytes(std::string(kSignedFile));

  const Bundle bundle = Bundle::parse(input);
  const std::string json = bundle.json();
  require(Bundle::parse(json).json() == json, "a bundle written and read again is the same");
  asked([&] { require(Bundle::parse(json).link() == bundle.link(), "a bundle read again has the same link"); });
  static_cast<void>(bundle.certificate_organisation());
  static_cast<void>(bundle.digest_algorithms());
  for (const Verifier& verifier : known) {
    judge(bundle, verifier);
    judge(verifier.verify(bundle, file));
    judge(verifier.verify(bundle, file, key));
  }
}

}  // namespace waybill::fuzz
