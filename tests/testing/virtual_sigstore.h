#pragma once

#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/http/client.h"
#include "core/intoto/statement.h"
#include "core/sigstore/artifact.h"
#include "core/sigstore/bundle.h"
#include "core/sigstore/sign.h"
#include "core/sigstore/trusted_root.h"
#include "testing/virtual_authority.h"
#include "testing/virtual_faults.h"
#include "testing/virtual_log.h"

namespace waybill::testing {

// A whole Sigstore in memory: token issuer, Fulcio with a certificate log, timestamp authority, Rekor v1 and v2. A
// strict reader: a request that none of the real services takes is an Error. It stamps with a clock that stands at noon
// of 2026-11-21 until it is set.
class VirtualSigstore final : private http::Client {
 public:
  static constexpr const char* kIssuer = "https://token.virtual.example";

  VirtualSigstore();
  VirtualSigstore(const VirtualSigstore&) = delete;
  VirtualSigstore& operator=(const VirtualSigstore&) = delete;

  VirtualFaults faults;
  std::vector<std::string> requests;  // "POST https://…", in order

  void set_time(Time now) { now_ = now; }

  Time now() const { return now_; }

  std::string trusted_root_json() const;
  sigstore::TrustedRoot trusted_root() const;
  std::string signing_config_json() const;
  sigstore::SigningConfig signing_config() const;
  // The same with a Rekor v2 log before the other one.
  sigstore::SigningConfig new_signing_config() const;

  http::Client& client() { return *this; }

  // An identity token for a run with this identity; an empty issuer is kIssuer.
  std::string token(const sigstore::Identity& claims) const { return authority_.token(claims, now_); }

  // One keyless signature by that run, as a bundle that nobody verified yet.
  sigstore::Bundle sign(const intoto::Statement& statement, const sigstore::Identity& claims);
  sigstore::Bundle sign(const sigstore::Artifact& artifact, const sigstore::Identity& claims);
  sigstore::Bundle sign(std::string payload, std::string payload_type, const sigstore::Identity& claims);

 private:
  http::Response send(const http::Request& request) override;
  http::Response answer(const http::Request& request);
  http::Response stamp(const http::Request& request) const;

  Time now_;
  Time start_;
  int refused_ = 0;
  VirtualAuthority authority_;
  VirtualChain timestamp_chain_;
  VirtualLog log_;
  VirtualLog new_log_;
};

}  // namespace waybill::testing
