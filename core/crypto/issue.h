#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/crypto/certificate.h"

namespace waybill::crypto {

// What an authority writes into a certificate. The other side of certificate.h, for tests and local authorities.
struct CertificateExtension {
  std::string oid = {};
  std::string der = {};
  bool critical = false;
};

struct CertificateRequest {
  std::string organisation = {};
  std::string common_name = {};
  Time not_before = {};
  Time not_after = {};
  bool authority = false;
  int path_length = -1;                           // for authorities; -1 = none
  std::vector<std::string> key_usages = {};       // "digitalSignature", "keyCertSign", "cRLSign"
  std::vector<std::string> extended_usages = {};  // dotted identifiers
  bool extended_usage_critical = false;
  std::vector<std::string> uris = {};  // subject alternative names
  std::vector<CertificateExtension> extensions = {};
};

// Self-signed when `issuer` is null. The serial is random.
Certificate issue(const CertificateRequest& request, const PublicKey& subject, const PrivateKey& key,
                  const Certificate* issuer);
// The same with an SCT list: `sct_list` is given the precertificate's to-be-signed bytes (without any SCT or poison)
// and returns the TLS-encoded SignedCertificateTimestampList.
Certificate issue_with_scts(const CertificateRequest& request, const PublicKey& subject, const PrivateKey& key,
                            const Certificate& issuer,
                            const std::function<std::string(std::string_view tbs)>& sct_list);
std::string utf8_string_der(std::string_view text);

// Answers an RFC 3161 request (DER TimeStampReq) with a DER TimeStampResp signed by an authority's leaf.
std::string timestamp_response(std::string_view request, const Certificate& leaf, const PrivateKey& key, Time at);
std::string timestamp_response_over_digest(std::string_view sha256_bytes, const Certificate& leaf,
                                           const PrivateKey& key, Time at);

}  // namespace waybill::crypto
