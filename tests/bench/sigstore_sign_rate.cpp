// What signing one statement costs the signer itself: everything but the time that certificate authority, timestamp
// authority and log take, which are in memory here and stopped by the clock around each request.

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "sigstore/signed_run.h"

namespace waybill {
namespace {

using Stopwatch = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

class Stopped final : public http::Client {
 public:
  explicit Stopped(http::Client& services) : services_(services) {}

  http::Response send(const http::Request& request) override {
    const auto begin = Stopwatch::now();
    http::Response response = services_.send(request);
    waited += Stopwatch::now() - begin;
    return response;
  }

  Stopwatch::duration waited{};

 private:
  http::Client& services_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(sigstore_sign_rate) {
  constexpr int kRounds = 200;
  sigstore::SignedRun run;
  Stopped client(run.sigstore.client());
  const sigstore::Verifier verifier(run.sigstore.trusted_root());
  const sigstore::Signer signer(run.sigstore.signing_config(), verifier, client,
                                [&] { return run.sigstore.token(run.identity); });
  const auto begin = Stopwatch::now();
  for (int i = 0; i < kRounds; ++i) signer.sign(run.statement);
  const Milliseconds all = Stopwatch::now() - begin;
  const Milliseconds own = all - client.waited;
  std::printf("signing one statement: %.2f ms of the signer's own, verification of the result included\n",
              own.count() / kRounds);
}

}  // namespace waybill
