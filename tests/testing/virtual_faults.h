#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/crypto/issue.h"
#include "core/sigstore/sct.h"

namespace waybill::testing {

// How the virtual authorities misbehave, one thing at a time: each function may change what it is given just before it
// is signed or sent. Nothing set = they behave.
struct VirtualFaults {
  // The certificate authority and its certificate log.
  std::function<void(crypto::CertificateRequest&)> certificate;
  std::function<void(sigstore::Sct& sct, std::string& issuer_key_hash, std::string& tbs)> sct_signed;
  std::function<void(sigstore::Sct&)> sct_embedded;
  bool without_sct = false;
  bool foreign_certificate_authority = false;
  bool first_api_only = false;  // Fulcio's of before v2
  // The timestamp authority.
  std::chrono::seconds timestamp_offset{0};
  std::function<void(std::string& request)> timestamp_request;
  bool foreign_timestamp_authority = false;
  // The log.
  bool log_checks_signatures = true;
  std::chrono::seconds integration_offset{0};
  std::function<void(Json& body)> log_body;
  std::function<void(Json& promised)> promise_signed;
  std::function<void(std::string& checkpoint)> checkpoint_signed;
  std::function<void(Json& entry)> log_entry;
  bool new_log_promises = false;  // a SET, which Rekor v2 has none of
  // Each service answers 503 so many times first.
  int unavailable = 0;
  // The beginnings of URLs that answer nothing but 503.
  std::vector<std::string> down;
};

}  // namespace waybill::testing
