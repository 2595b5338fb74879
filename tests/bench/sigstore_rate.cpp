// How many bundles one core verifies in a second, beside what the signatures in them alone would take.
// The bound: two P-384 verifications (leaf by intermediate, intermediate by root) and four by P-256 (signature, SCT,
// SET, checkpoint), which is what a bundle v0.3 of the public instance with one Rekor v1 entry holds. usage:
// sigstore_rate ROOT BUNDLE ARTIFACT

#include <fmt/core.h>

#include <chrono>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/crypto/key.h"
#include "core/sigstore/verify.h"

namespace waybill {
namespace {

constexpr std::size_t kLimit = 8 * 1024 * 1024;
constexpr std::chrono::seconds kLong{2};

template <class Work>
double per_second(Work&& work) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  int rounds = 0;
  while (Clock::now() - begin < kLong) {
    for (int i = 0; i < 10; ++i) work();
    rounds += 10;
  }
  return rounds / std::chrono::duration<double>(Clock::now() - begin).count();
}

void check(bool holds) {
  if (!holds) throw Error(Fault::kInternal, "a signature that was just made does not verify");
}

void run(char** paths) {
  const sigstore::Verifier verifier(sigstore::TrustedRoot::parse(read_file(paths[1], kLimit)));
  const std::string json = read_file(paths[2], kLimit);
  const auto artifact = sigstore::Artifact::of_file(paths[3]);
  const auto verified = verifier.verify(sigstore::Bundle::parse(json), artifact);
  if (!verified.artifact) throw Error(Fault::kUntrusted, "{}", fmt::join(verified.failures, "\n"));
  const double bundles = per_second([&] {
    if (!verifier.verify(sigstore::Bundle::parse(json), artifact).artifact)
      throw Error(Fault::kInternal, "a bundle that verified does not any more");
  });
  const auto p256 = crypto::PrivateKey::generate_p256();
  const auto p384 = crypto::PrivateKey::generate_p384();
  const std::string message(500, 'x');
  const std::string by_p256 = p256.sign(message);
  const std::string by_p384 = p384.sign(message);
  const double bound = per_second([&] {
    for (int i = 0; i < 2; ++i) check(p384.public_key().verifies(message, by_p384));
    for (int i = 0; i < 4; ++i) check(p256.public_key().verifies(message, by_p256));
  });
  fmt::print("{:.0f} bundles a second on one core; their signatures alone {:.0f}: {:.0f} %\n", bundles, bound,
             100 * bundles / bound);
}

}  // namespace
}  // namespace waybill

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  try {
    waybill::run(argv);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
