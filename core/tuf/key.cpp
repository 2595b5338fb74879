#include "core/tuf/key.h"

#include "core/base/encoding.h"
#include "core/base/error.h"

namespace waybill::tuf {
namespace {

struct Scheme {
  std::string_view key_type;
  std::string_view name;
  std::string_view kind;  // what the key must be, lest one scheme's key verifies by another's rules
};

constexpr Scheme kSchemes[] = {
    {"rsa", "rsassa-pss-sha256", "RSA"},
    {"ecdsa", "ecdsa-sha2-nistp256", "P-256"},
    {"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", "P-256"},
    {"ed25519", "ed25519", "Ed25519"},
};

constexpr std::size_t kWholeP256 = 91;  // DER with both coordinates: a compressed point would be a second spelling

std::optional<crypto::PublicKey> read(const Scheme& scheme, std::string_view text) {
  try {
    const crypto::PublicKey key =
        scheme.kind == "Ed25519" ? crypto::PublicKey::from_ed25519(from_hex(text)) : crypto::PublicKey::from_pem(text);
    if (key.kind() != scheme.kind || (scheme.kind == "P-256" && key.der().size() != kWholeP256)) return std::nullopt;
    return key;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

Key Key::parse(const Fields& fields) {
  const std::string type = fields.text("keytype");
  const std::string name = fields.text("scheme");
  const Fields value = fields.object("keyval");
  Key key;
  for (const Scheme& scheme : kSchemes)
    if (scheme.key_type == type && scheme.name == name) key.key_ = read(scheme, value.text("public"));
  return key;
}

bool Key::verifies(std::string_view message, std::string_view signature) const {
  if (!key_) return false;
  return key_->kind() == "RSA" ? key_->verifies_pss(message, signature) : key_->verifies(message, signature);
}

std::optional<std::string> Key::material() const {
  return key_ ? std::optional(key_->der()) : std::nullopt;
}

}  // namespace waybill::tuf
