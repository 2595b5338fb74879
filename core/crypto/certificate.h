#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/crypto/key.h"

namespace waybill::crypto {

// An X.509 certificate. A value; copies share it.
class Certificate {
 public:
  static Certificate from_der(std::string_view der);  // trailing bytes are Fault::kInput
  static Certificate from_pem(std::string_view pem);  // exactly one

  std::string der() const;
  std::string pem() const;
  PublicKey public_key() const;
  Time not_before() const;
  Time not_after() const;
  // The URI and e-mail names of the subject alternative name, in order.
  std::vector<std::string> alternative_names() const;
  // The organisation of the issuer's name, empty when it has none.
  std::string issuer_organisation() const;
  // The raw DER value of an extension by dotted identifier; an extension that stands twice is Fault::kInput.
  std::optional<std::string> extension(std::string_view oid) const;
  bool has_extended_key_usage(std::string_view oid) const;
  bool may_sign() const;      // KeyUsage has digitalSignature
  bool is_authority() const;  // basicConstraints CA:TRUE
  bool is_self_issued() const;

  struct Impl;
  explicit Certificate(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  const Impl& impl() const { return *impl_; }

 private:
  std::shared_ptr<const Impl> impl_;
};

// Builds and checks the path leaf → intermediates → one of `roots` at one moment (RFC 5280 §6); `usage` is the dotted
// extended key usage wanted of leaf and intermediates. Returns what is wrong, or nothing. `issuer` receives the leaf's
// issuer.
std::optional<std::string> path_failure(const Certificate& leaf, const std::vector<Certificate>& intermediates,
                                        const std::vector<Certificate>& roots, Time at, std::string_view usage,
                                        std::optional<Certificate>* issuer = nullptr);

// The DER UTF8String inside a Fulcio extension 1.3.6.1.4.1.57264.1.8 and up (facts: every one from .8 is 0x0C).
std::string der_utf8_string(std::string_view der);
std::string der_octet_string(std::string_view der);

// The precertificate's to-be-signed bytes: the leaf's without the SCT list extension (RFC 6962 §3.2).
std::string tbs_without_extension(const Certificate& leaf, std::string_view oid);

}  // namespace waybill::crypto
