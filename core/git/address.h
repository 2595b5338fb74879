#pragma once

#include <string_view>

namespace waybill::git {

// What waybill fetches from: `https://`, `http://`, or a path or `file://` on this machine. Fault::kInput for any
// other scheme, for a URL that carries a user, password, query or control characters, and for a token that would
// travel in the clear: plain `http://` takes one on the loopback only. The texts repeat no secret.
void require_address(std::string_view url, std::string_view token);

}  // namespace waybill::git
