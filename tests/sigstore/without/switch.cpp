#include <cstdlib>
#include <string>

#include "core/sigstore/failures.h"

namespace waybill::sigstore {

// In place of the layer's own: every check but the one whose number stands in WAYBILL_WITHOUT_CHECK.
bool is_on(Check check) {
  static const char* const off = std::getenv("WAYBILL_WITHOUT_CHECK");
  return off == nullptr || std::to_string(static_cast<int>(check)) != off;
}

}  // namespace waybill::sigstore
