#include "core/crypto/path.h"

#include <openssl/x509v3.h>

namespace waybill::crypto {
namespace {

constexpr int kLongestPath = 8;
constexpr int kSecurityBits112 = 2;  // OpenSSL's level: RSA from 2048 bits, no SHA-1

using ContextHandle = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;

// "The validity period for a certificate is the period of time from notBefore through notAfter, inclusive" (RFC 5280
// §4.1.2.5); OpenSSL leaves out the last second.
int allow_last_second(int valid, X509_STORE_CTX* context) {
  if (valid == 1 || ::X509_STORE_CTX_get_error(context) != X509_V_ERR_CERT_HAS_EXPIRED) return valid;
  std::time_t at = ::X509_VERIFY_PARAM_get_time(::X509_STORE_CTX_get0_param(context));
  const ASN1_TIME* end = ::X509_get0_notAfter(::X509_STORE_CTX_get_current_cert(context));
  if (::ASN1_TIME_cmp_time_t(end, at) != 0) return 0;
  ::X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}

std::string subject_of(X509* x509) {
  const BioHandle memory(::BIO_new(::BIO_s_mem()));
  check(memory && ::X509_NAME_print_ex(memory.get(), ::X509_get_subject_name(x509), 0, XN_FLAG_RFC2253) >= 0,
        "name of a certificate", Fault::kInternal);
  const std::string name = content(memory.get());
  return name.empty() ? "without a subject" : name;
}

Certificate shared(X509* x509) {
  ::X509_up_ref(x509);
  return Certificate(std::make_shared<const Certificate::Impl>(X509Handle(x509)));
}

bool is_readable(const Certificate& certificate) {
  return (::X509_get_extension_flags(certificate.impl().x509.get()) & EXFLAG_INVALID) == 0;
}

// OpenSSL asks neither a root for basicConstraints nor, for any purpose, anybody for an extended key usage.
std::optional<std::string> extension_failure(const std::vector<Certificate>& path, std::string_view usage) {
  if (!path.front().has_extended_key_usage(usage))
    return fmt::format("the certificate's extended key usage lacks {}", usage);
  if (!path.back().is_authority())
    return fmt::format("the trusted root ({}) is not an authority's", subject_of(path.back().impl().x509.get()));
  for (std::size_t i = 1; i + 1 < path.size(); ++i)
    if (path[i].extension("2.5.29.37") && !path[i].has_extended_key_usage(usage))
      return fmt::format("the extended key usage of the intermediate ({}) lacks {}",
                         subject_of(path[i].impl().x509.get()), usage);
  return std::nullopt;
}

}  // namespace

CertificatesHandle stack_of(const std::vector<Certificate>& certificates) {
  CertificatesHandle stack(sk_X509_new_null());
  check(stack != nullptr, "certificates", Fault::kInternal);
  for (const Certificate& certificate : certificates)
    check(::X509_add_cert(stack.get(), certificate.impl().x509.get(), X509_ADD_FLAG_UP_REF) == 1, "certificates",
          Fault::kInternal);
  return stack;
}

StoreHandle store_of(const std::vector<Certificate>& roots, Time at) {
  StoreHandle store(::X509_STORE_new());
  check(store != nullptr, "trusted roots", Fault::kInternal);
  for (const Certificate& root : roots)
    check(::X509_STORE_add_cert(store.get(), root.impl().x509.get()) == 1, "trusted root", Fault::kInternal);
  X509_VERIFY_PARAM* parameters = ::X509_STORE_get0_param(store.get());
  ::X509_VERIFY_PARAM_set_time(parameters, at.time_since_epoch().count());
  ::X509_VERIFY_PARAM_set_depth(parameters, kLongestPath);
  ::X509_VERIFY_PARAM_set_auth_level(parameters, kSecurityBits112);
  ::X509_STORE_set_verify_cb(store.get(), allow_last_second);
  return store;
}

std::optional<std::string> path_failure(const Certificate& leaf, const std::vector<Certificate>& intermediates,
                                        const std::vector<Certificate>& roots, Time at, std::string_view usage,
                                        std::optional<Certificate>* issuer) {
  if (!is_readable(leaf)) return "the certificate has an extension that cannot be read or stands twice";
  if (leaf.is_authority()) return "the certificate is an authority's, an end entity's is wanted";
  if (roots.empty()) return "no trusted root is given";
  for (const Certificate& root : roots)
    if (!root.is_self_issued())
      return fmt::format("the trusted root ({}) is not self-issued", subject_of(root.impl().x509.get()));
  const StoreHandle store = store_of(roots, at);
  const CertificatesHandle untrusted = stack_of(intermediates);
  const ContextHandle context(::X509_STORE_CTX_new());
  check(context && ::X509_STORE_CTX_init(context.get(), store.get(), leaf.impl().x509.get(), untrusted.get()) == 1,
        "certificate path", Fault::kInternal);
  check(::X509_VERIFY_PARAM_set_purpose(::X509_STORE_CTX_get0_param(context.get()), X509_PURPOSE_ANY) == 1,
        "certificate path", Fault::kInternal);
  const bool valid = ::X509_verify_cert(context.get()) == 1;
  ::ERR_clear_error();
  if (!valid) {
    X509* at_fault = ::X509_STORE_CTX_get_current_cert(context.get());
    return fmt::format("{} at {} (certificate {}: {})",
                       ::X509_verify_cert_error_string(::X509_STORE_CTX_get_error(context.get())), to_rfc3339(at),
                       ::X509_STORE_CTX_get_error_depth(context.get()),
                       at_fault != nullptr ? subject_of(at_fault) : "unknown");
  }
  std::vector<Certificate> path;
  const STACK_OF(X509)* built = ::X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; i < sk_X509_num(built); ++i) path.push_back(shared(sk_X509_value(built, i)));
  if (path.size() < 2) return "the certificate is its own root";
  for (const Certificate& certificate : path)
    if (!is_readable(certificate))
      return fmt::format("the certificate ({}) has an extension that cannot be read or stands twice",
                         subject_of(certificate.impl().x509.get()));
  if (auto failure = extension_failure(path, usage)) return failure;
  if (issuer != nullptr) *issuer = path[1];
  return std::nullopt;
}

}  // namespace waybill::crypto
