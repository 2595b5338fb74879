#pragma once

#include "core/sigstore/message.h"
#include "core/sigstore/trusted_root.h"

namespace waybill::sigstore {

// The member `validFor` of `holder`: `start` is mandatory, `end` absent = still valid.
Validity parse_validity(const Message& holder);

}  // namespace waybill::sigstore
