#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace waybill::sandbox {

enum class TokenKind { kUser, kInstallation, kJob };

struct Token {
  TokenKind kind = TokenKind::kUser;
  std::string login;                               // alice, waybill-release[bot], github-actions[bot]
  std::string repository;                          // empty = all that the user may reach
  std::map<std::string, std::string> permissions;  // contents → read|write; of users: what their role gives
  bool may(std::string_view permission, std::string_view level) const;  // write includes read
};

// Every token that was ever issued; revoked ones are unknown.
class Tokens {
 public:
  std::string issue(const Token& token);
  void restore(const std::string& value, const Token& token);
  std::optional<Token> find(const std::string& value) const;
  void revoke(const std::string& value);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Token> tokens_;
};

}  // namespace waybill::sandbox
