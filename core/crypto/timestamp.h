#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/crypto/certificate.h"

namespace waybill::crypto {

// A parsed RFC 3161 time-stamp token (a TimeStampResp or a bare token); nothing in it is trusted yet.
class Timestamp {
 public:
  static Timestamp parse(std::string_view der);

  Time time() const;  // genTime, second precision
  // What is wrong with the token as a stamp over `message` by an authority under `chain` (leaf first, root last),
  // judged at genTime; nothing when it holds. Checks imprint, signature, signed attributes, ESS certificate id, EKU
  // timeStamping.
  std::optional<std::string> failure(std::string_view message, const std::vector<Certificate>& chain) const;

 private:
  explicit Timestamp(std::string der, Time time) : der_(std::move(der)), time_(time) {}
  std::string der_;
  Time time_;
};

// DER of a TimeStampReq over sha256(message), with a nonce and certReq = false.
std::string timestamp_request(std::string_view message);

}  // namespace waybill::crypto
