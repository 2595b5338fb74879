#pragma once

#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/crypto/certificate.h"
#include "core/crypto/issue.h"
#include "core/crypto/key.h"
#include "core/http/client.h"
#include "core/sigstore/verify.h"
#include "testing/virtual_faults.h"

namespace waybill::testing {

// A self-signed root and one certificate under it, with the key of the latter.
struct VirtualChain {
  crypto::PrivateKey key;
  std::vector<crypto::Certificate> certificates;  // root last
};

VirtualChain make_signing_chain(Time start);
VirtualChain make_timestamp_chain(Time start);

// Fulcio and the certificate log in front of it, and the issuer of the tokens that it takes.
class VirtualAuthority {
 public:
  VirtualAuthority(std::string issuer, Time start);

  const VirtualChain& chain() const { return chain_; }

  crypto::PublicKey certificate_log_key() const { return log_key_.public_key(); }

  // A token of an hour for a run with this identity. An empty issuer is this authority's.
  std::string token(const sigstore::Identity& identity, Time now) const;
  http::Response sign_certificate_v1(const http::Request& request, Time now, const VirtualFaults& faults) const;
  http::Response sign_certificate(const http::Request& request, Time now, const VirtualFaults& faults) const;

 private:
  Json claims_of(const std::string& token, Time now) const;
  crypto::Certificate certificate(const Json& claims, const crypto::PublicKey& key, Time now,
                                  const VirtualFaults& faults) const;

  std::string issuer_;
  crypto::PrivateKey token_key_ = crypto::PrivateKey::generate_p256();
  crypto::PrivateKey log_key_ = crypto::PrivateKey::generate_p256();
  Time start_;
  VirtualChain chain_;  // a foreign one has equal names
};

}  // namespace waybill::testing
