#pragma once

#include <string>
#include <string_view>

#include "core/http/client.h"

namespace waybill::sigstore {

// An RFC 3161 timestamp over `signature` from the authority at `url` (POST of a TimeStampReq in DER, §3.4), as it came:
// DER of a TimeStampResp. Fault::kRemote when it is refused or is none.
std::string request_timestamp(http::Client& client, std::string_view url, std::string_view signature);

}  // namespace waybill::sigstore
