#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/forge/client.h"

namespace waybill::adopt {

// What the forge says of a repository; nothing, and why not, when it says nothing: no such repository for this token,
// no network, a token it does not accept.
struct ForgeFacts {
  std::optional<forge::RepositoryInfo> repository;
  std::string unknown_because;
};
ForgeFacts ask_forge(const forge::Reader& forge);

// What a token is by GitHub's prefixes: "a fine-grained personal access token". Empty for no token.
std::string kind_of_token(std::string_view token);

// OWNER/NAME in a remote's address when it is one of `server` (https://github.com), over HTTPS or SSH; a repository
// elsewhere is none of that forge, and no token for the forge may go there.
std::optional<std::string> repository_in(std::string_view remote_url, std::string_view server);

}  // namespace waybill::adopt
