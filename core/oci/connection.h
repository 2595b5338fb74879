#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/http/client.h"
#include "core/oci/registry.h"

namespace waybill::oci {

// Requests to one repository: its address, its tokens, its errors.
class Connection {
 public:
  Connection(http::Client& http, const Repository& repository, std::optional<Credentials> credentials);

  // `path` below "/v2/<name>/", or a whole URL; `actions` is what a token must allow: pull, or pull,push.
  // Any answer but 401 and 403; what the method allows is tried again.
  http::Response send(http::Request request, std::string_view path, std::string_view actions, int attempts = 4);

  std::string url(std::string_view path) const;
  bool is_own(std::string_view url) const;
  // An answer's body; what is not JSON is Fault::kRemote.
  Json json(const http::Response& response, std::string_view what) const;
  // Sets `path` to the answer's next page; false when there is none. Another host's is Fault::kRemote.
  bool turn_page(const http::Response& response, std::string& path) const;
  // The answer says no: Fault::kRemote, kPermission or kConflict with the registry's own words.
  Error refusal(const http::Request& request, const http::Response& response, std::string_view what) const;

 private:
  void authorize(const http::Response& challenge, std::string_view actions);
  std::string fetch_token(const std::map<std::string, std::string>& challenge, std::string_view actions) const;

  http::Client& http_;
  Repository repository_;
  std::optional<Credentials> credentials_;
  std::string base_;
  std::map<std::string, std::string, std::less<>> authorization_;  // by actions
};

// The registry's codes and messages (distribution specification 1.1, Error Codes).
std::string words(const http::Response& response);
// `Bearer realm="…",service="…"`: the scheme in lower case under "", parameters by name. RFC 9110 section 11.6.1.
std::map<std::string, std::string> parse_challenge(std::string_view header);

}  // namespace waybill::oci
