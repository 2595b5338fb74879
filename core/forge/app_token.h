#pragma once

#include <map>
#include <string>

#include "core/base/clock.h"
#include "core/forge/client.h"
#include "core/http/client.h"

namespace waybill::forge {

// A GitHub App's installation token for one repository, narrowed to `permissions` ({"contents": "write"}); revoked at
// the end of its life. The App's slug names the bot whose work waybill recognises (trust.md T2).
class AppToken {
 public:
  // Signs an RS256 JWT (iat - 60 s, 9 minutes), finds the repository's installation, asks for the token.
  static AppToken mint(http::Client& http, const Address& address, const std::string& app_id,
                       const std::string& private_key_pem, const std::map<std::string, std::string>& permissions,
                       Time now);
  AppToken(AppToken&&) noexcept;
  ~AppToken();

  const std::string& value() const { return value_; }

  // "<slug>[bot]"
  const std::string& login() const { return login_; }

 private:
  AppToken(http::Client& http, std::string api_url, std::string value, std::string login);
  http::Client* http_;
  std::string api_url_;
  std::string value_;
  std::string login_;
};

}  // namespace waybill::forge
