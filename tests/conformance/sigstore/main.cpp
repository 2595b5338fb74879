// Speaks the client protocol of the public Sigstore conformance suite (facts: sigstore-conformance,
// docs/cli_protocol.md).

#include <fmt/core.h>

#include <cxxopts.hpp>
#include <filesystem>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/http/client.h"
#include "core/sigstore/instance.h"
#include "core/sigstore/keyless.h"
#include "core/sigstore/requirements.h"
#include "core/sigstore/verify.h"

namespace waybill {
namespace {

constexpr std::size_t kLimit = 32 * 1024 * 1024;

sigstore::TrustedRoot trusted_root(const cxxopts::ParseResult& options) {
  return sigstore::TrustedRoot::parse(options.count("trusted-root") != 0
                                          ? read_file(options["trusted-root"].as<std::string>(), kLimit)
                                          : std::string(sigstore::kPublicGood.trusted_root));
}

// "sha256:<64 hex>" that is no path on the disk; anything else is a file.
sigstore::Artifact artifact(const std::string& text, const sigstore::Bundle& bundle) {
  if (text.starts_with("sha256:") && !std::filesystem::exists(text))
    return sigstore::Artifact::of_digest(Digest::parse(text));
  return sigstore::Artifact::of_file(text, bundle.digest_algorithms());
}

std::vector<std::string> problems(const cxxopts::ParseResult& options) {
  const auto bundle = sigstore::Bundle::parse(read_file(options["bundle"].as<std::string>(), kLimit));
  std::optional<crypto::PublicKey> key;
  if (options.count("key") != 0) key = crypto::PublicKey::from_pem(read_file(options["key"].as<std::string>(), kLimit));
  const auto verdict = sigstore::Verifier(trusted_root(options))
                           .verify(bundle, artifact(options["file"].as<std::string>(), bundle), key);
  if (!verdict.artifact) return verdict.failures;
  if (key) return {};
  return unmet({.identity = options["certificate-identity"].as<std::string>(),
                .issuer = options["certificate-oidc-issuer"].as<std::string>()},
               verdict.artifact->identity().value(), verdict.artifact->statement());
}

void sign(const cxxopts::ParseResult& options) {
  const std::string file = options["file"].as<std::string>();
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto config = sigstore::SigningConfig::parse(
      options.count("signing-config") != 0 ? read_file(options["signing-config"].as<std::string>(), kLimit)
                                           : std::string(sigstore::kPublicGood.signing_config),
      now);
  const auto client = http::open();
  const std::string token = options["identity-token"].as<std::string>();
  const auto bundle =
      options.count("in-toto") != 0
          ? sign_keyless(config, *client, token, read_file(file, kLimit), std::string(intoto::kPayloadType))
          : sign_keyless(config, *client, token, sigstore::Artifact::of_file(file));
  const auto verdict =
      sigstore::Verifier(trusted_root(options))
          .verify(bundle, options.count("in-toto") != 0
                              ? sigstore::Artifact::of_digest(
                                    intoto::parse_statement(read_file(file, kLimit)).subjects.front().digest)
                              : sigstore::Artifact::of_file(file));
  if (!verdict.artifact) throw Error(Fault::kUntrusted, "{}", fmt::join(verdict.failures, "\n"));
  write_file(options["bundle"].as<std::string>(), bundle.json() + "\n");
}

int run(int argc, const char* const* argv) {
  cxxopts::Options known("sigstore-conformance-client");
  known.add_options()("command", "", cxxopts::value<std::string>())("file", "", cxxopts::value<std::string>());
  for (const char* name : {"bundle", "identity-token", "trusted-root", "signing-config", "certificate-identity",
                           "certificate-oidc-issuer", "key"})
    known.add_options()(name, "", cxxopts::value<std::string>());
  known.add_options()("staging", "")("in-toto", "");
  known.parse_positional({"command", "file"});
  const auto options = known.parse(argc, argv);
  if (options.count("staging") != 0) throw Error(Fault::kInput, "the staging instance is not known here");
  const std::string command = options["command"].as<std::string>();
  if (command == "sign-bundle") {
    sign(options);
  } else if (command == "verify-bundle") {
    if (const auto found = problems(options); !found.empty())
      throw Error(Fault::kUntrusted, "{}", fmt::join(found, "\n"));
  } else {
    throw Error(Fault::kInput, "`{}`: `sign-bundle` or `verify-bundle` is wanted", command);
  }
  return 0;
}

}  // namespace
}  // namespace waybill

int main(int argc, char** argv) {
  try {
    return waybill::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
