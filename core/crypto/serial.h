#pragma once

// Private to this folder, as openssl.h is.

#include "core/crypto/openssl.h"

namespace waybill::crypto {

using IntegerHandle = Handle<ASN1_INTEGER, ASN1_INTEGER_free>;

// A random positive integer of exactly 16 octets: serial numbers (at most 20, RFC 5280 §4.1.2.2) and nonces.
IntegerHandle random_integer();

}  // namespace waybill::crypto
