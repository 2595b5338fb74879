#pragma once

// Private to this folder, as openssl.h is.

#include <openssl/x509_vfy.h>

#include <memory>
#include <string>
#include <vector>

#include "core/crypto/openssl.h"

namespace waybill::crypto {

inline constexpr std::string_view kTimeStamping = "1.3.6.1.5.5.7.3.8";

using StoreHandle = Handle<X509_STORE, X509_STORE_free>;

inline void free_certificates(STACK_OF(X509) * certificates) {
  sk_X509_pop_free(certificates, ::X509_free);
}
using CertificatesHandle = Handle<STACK_OF(X509), free_certificates>;

// Trusts these certificates at this moment and nothing else: no system store, no partial chains.
StoreHandle store_of(const std::vector<Certificate>& roots, Time at);
CertificatesHandle stack_of(const std::vector<Certificate>& certificates);

}  // namespace waybill::crypto
