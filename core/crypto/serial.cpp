#include "core/crypto/serial.h"

#include <openssl/bn.h>

namespace waybill::crypto {

IntegerHandle random_integer() {
  const Handle<BIGNUM, BN_free> number(::BN_new());
  check(number && ::BN_rand(number.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1, "random integer",
        Fault::kInternal);
  IntegerHandle integer(::BN_to_ASN1_INTEGER(number.get(), nullptr));
  check(integer != nullptr, "random integer", Fault::kInternal);
  return integer;
}

}  // namespace waybill::crypto
