#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/crypto/key.h"
#include "core/http/client.h"
#include "testing/virtual_faults.h"

namespace waybill::testing {

// A log in memory. As Rekor v1 it takes `dsse` and `hashedrekord` 0.0.1 entries and answers with promises, inclusion
// proofs, signed checkpoints, and 409 with a Location for an entry it has; as Rekor v2 it takes `hashedrekord` 0.0.2.
class VirtualLog {
 public:
  explicit VirtualLog(std::string host);

  crypto::PublicKey key() const { return key_.public_key(); }

  http::Response post(const http::Request& request, Time now, const VirtualFaults& faults);
  http::Response get(const std::string& id) const;
  http::Response post_v2(const http::Request& request, Time now, const VirtualFaults& faults);

 private:
  Json entry_of(const Json& body, Time now, const VirtualFaults& faults);
  Json promised(const std::string& body, Time at, std::size_t index) const;
  std::size_t append(const std::string& body);
  std::string checkpoint(const VirtualFaults& faults) const;

  std::string host_;
  crypto::PrivateKey key_ = crypto::PrivateKey::generate_p256();
  std::vector<std::string> leaves_;  // hashes
  std::map<std::string, Json> entries_;
};

}  // namespace waybill::testing
