#include "core/app/version.h"

namespace waybill::app {

std::string_view version() {
  return WAYBILL_VERSION;
}

}  // namespace waybill::app
