#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "core/http/client.h"

namespace waybill::sigstore {

// One request to a Sigstore service, with retries: none of them harms when it arrives twice. A status outside
// `expected` is Fault::kRemote naming the service and the beginning of its answer; `secret` is never shown, even when
// the answer repeats it.
http::Response exchange(http::Client& client, const http::Request& request, std::string_view service,
                        std::initializer_list<int> expected, std::string_view secret = {});

}  // namespace waybill::sigstore
