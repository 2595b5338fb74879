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

// A Rekor v1 log in memory that takes `dsse` 0.0.1 entries: promises, inclusion proofs, signed checkpoints, 409 with a
// Location for an entry it has.
class VirtualLog {
 public:
  static constexpr std::string_view kHost = "rekor.virtual.example";

  VirtualLog();

  crypto::PublicKey key() const { return key_.public_key(); }

  http::Response post(const http::Request& request, Time now, const VirtualFaults& faults);
  http::Response get(const std::string& id) const;

 private:
  Json entry_of(const Json& body, Time now, const VirtualFaults& faults);
  std::string checkpoint(const VirtualFaults& faults) const;

  crypto::PrivateKey key_ = crypto::PrivateKey::generate_p256();
  std::vector<std::string> leaves_;  // hashes
  std::map<std::string, Json> entries_;
};

}  // namespace waybill::testing
