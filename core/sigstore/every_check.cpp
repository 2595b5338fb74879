#include "core/sigstore/failures.h"

namespace waybill::sigstore {

bool is_on(Check) {
  return true;
}

}  // namespace waybill::sigstore
