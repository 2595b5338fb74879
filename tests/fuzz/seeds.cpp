// Writes what each fuzz target begins with: from a Sigstore and a TUF repository in memory, from the trust material in
// core/sigstore/instances, and from the folders that it is given. usage: fuzz_seeds FOLDER [DATA…]

#include <cstdio>

#include "core/base/encoding.h"
#include "core/crypto/hash.h"
#include "core/sigstore/keyless.h"
#include "core/sigstore/merkle.h"
#include "fuzz/input.h"
#include "fuzz/recorded.h"
#include "fuzz/seed_folder.h"
#include "testing/virtual_run.h"
#include "testing/virtual_sigstore.h"
#include "tests/tuf/repository.h"

namespace waybill::fuzz {
namespace {

// By both kinds of log.
void add_signed(SeedFolder& seeds) {
  testing::VirtualSigstore sigstore;
  const sigstore::Identity run = testing::virtual_run(".github/workflows/release.yml", "push");
  const sigstore::Artifact file = sigstore::Artifact::of_bytes(std::string(kSignedFile));
  const intoto::Statement statement{.subjects = {{"a.txt", file.digest("sha256")}},
                                    .predicate_type = std::string(intoto::kProvenance),
                                    .predicate = {{"buildDefinition", {{"buildType", "x"}}}}};
  for (const sigstore::SigningConfig& config : {sigstore.signing_config(), sigstore.new_signing_config()}) {
    const auto add = [&](const auto&... content) {
      seeds.add_document(sign_keyless(config, sigstore.client(), sigstore.token(run), content...).json());
    };
    add(file);
    add(intoto::serialise(statement), std::string(intoto::kPayloadType));
  }
  seeds.add_document(sigstore.trusted_root_json());
}

void add_metadata(SeedFolder& seeds) {
  tuf::Repository repository(parse_rfc3339("2026-11-21T12:00:00Z"));
  repository.lists_hashes = true;
  repository.delegate("targets", "team", {"a/*", "b/file-[0-9]?.txt"});
  repository.add_target("targets", "a/file", "content");
  repository.set_keys("timestamp", {tuf::Signer::p256(), tuf::Signer::ed25519()}, 2);
  repository.metadata["root"]["keys"]["unused"] = {
      {"keytype", "rsa"},
      {"scheme", "rsassa-pss-sha256"},
      {"keyval", {{"public", crypto::PrivateKey::generate_rsa2048().public_key().pem()}}}};
  repository.put_root();
  seeds.write_tuf_root(repository.sign("root"));
  repository.put_root();
  repository.release({"team", "targets"});
  for (const std::string role : {"root", "timestamp", "snapshot", "targets", "team"})
    seeds.add("tuf", repository.sign(role));
}

// Of every kind the one body that records what the target holds it against.
void add_bodies(const SeedFolder& seeds) {
  const Recorded recorded;
  const std::string signature = to_base64(recorded.envelope.signature);
  const std::string signer = to_base64(recorded.certificate.pem());
  const auto hash = [](std::string_view bytes) {
    return Json{{"algorithm", "sha256"}, {"value", crypto::sha256(bytes).hex()}};
  };
  const Digest content = recorded.content.digest("sha256");
  const Json specs[] = {{{"envelopeHash", hash("envelope")},
                         {"payloadHash", hash(recorded.envelope.payload)},
                         {"signatures", {{{"signature", signature}, {"verifier", signer}}}}},
                        {{"data", {{"hash", {{"algorithm", "sha256"}, {"value", content.hex()}}}}},
                         {"signature", {{"content", signature}, {"publicKey", {{"content", signer}}}}}},
                        {{"content",
                          {{"envelope",
                            {{"payloadType", recorded.envelope.payload_type},
                             {"signatures", {{{"publicKey", signer}, {"sig", to_base64(signature)}}}}}},
                           {"hash", hash("envelope")},
                           {"payloadHash", hash(recorded.envelope.payload)}}}},
                        {{"hashedRekordV002",
                          {{"data", {{"algorithm", "SHA2_256"}, {"digest", to_base64(content.bytes())}}},
                           {"signature",
                            {{"content", signature},
                             {"verifier",
                              {{"keyDetails", "PKIX_ECDSA_P384_SHA_384"},
                               {"x509Certificate", {{"rawBytes", to_base64(recorded.certificate.der())}}}}}}}}}}};
  for (std::size_t at = 0; at < std::size(kEntryKinds); ++at)
    seeds.add(
        "dsse",
        canonical({{"kind", kEntryKinds[at].kind}, {"apiVersion", kEntryKinds[at].version}, {"spec", specs[at]}}));
}

// Proofs of all leaves of small trees have no more hashes than these; what the hashes are says nothing.
void add_proofs(const SeedFolder& seeds) {
  for (const std::uint64_t size : {1U, 2U, 3U, 6U, 7U, 8U})
    for (std::uint64_t index = 0; index < size; ++index)
      for (std::size_t hashes = 0; hashes <= 3; ++hashes)
        if (sigstore::proven_root("", index, size, std::vector<std::string>(hashes)))
          seeds.add("checkpoint", written_number(index) + written_number(size) + std::string(32 * hashes, 'h'));
}

}  // namespace
}  // namespace waybill::fuzz

int main(int count, char** arguments) try {
  using namespace waybill;
  fuzz::SeedFolder seeds(arguments[1]);
  fuzz::add_signed(seeds);
  fuzz::add_metadata(seeds);
  fuzz::add_bodies(seeds);
  fuzz::add_proofs(seeds);
  for (const sigstore::Instance& instance : {sigstore::kPublicGood, sigstore::kGitHub})
    for (const std::string_view document : {instance.trusted_root, instance.tuf_root})
      seeds.add_document(std::string(document));
  for (int at = 2; at < count; ++at) seeds.add_folder(arguments[at]);
  seeds.write_trusted_root();
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "fuzz_seeds: {}\n", error.what());
  return 1;
}
