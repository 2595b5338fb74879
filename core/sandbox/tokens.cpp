#include "core/sandbox/tokens.h"

#include "core/base/encoding.h"
#include "core/crypto/hash.h"

namespace waybill::sandbox {
namespace {

std::string_view prefix(TokenKind kind) {
  return kind == TokenKind::kUser ? "ghp_" : "ghs_";
}

}  // namespace

bool Token::may(std::string_view permission, std::string_view level) const {
  const auto granted = permissions.find(std::string(permission));
  if (granted == permissions.end()) return permission == "metadata" && level == "read";
  return granted->second == "write" || (granted->second == "read" && level == "read");
}

std::string Tokens::issue(const Token& token) {
  std::string value = std::string(prefix(token.kind)) + to_hex(crypto::random_bytes(18));
  restore(value, token);
  return value;
}

void Tokens::restore(const std::string& value, const Token& token) {
  const std::lock_guard lock(mutex_);
  tokens_[value] = token;
}

std::optional<Token> Tokens::find(const std::string& value) const {
  const std::lock_guard lock(mutex_);
  const auto found = tokens_.find(value);
  return found == tokens_.end() ? std::nullopt : std::optional(found->second);
}

void Tokens::revoke(const std::string& value) {
  const std::lock_guard lock(mutex_);
  tokens_.erase(value);
}

}  // namespace waybill::sandbox
