#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/crypto/key.h"
#include "core/tuf/fields.h"

namespace waybill::tuf {

// A key as metadata lists it (specification 4.2, KEY): rsassa-pss-sha256, ecdsa-sha2-nistp256 or ed25519. One of
// another type or scheme, or whose bytes are no such key, is kept and verifies nothing: a repository may list what
// others read. Key identifiers are names.
// Specification 4.3 wants them computed from the keys; that is left out knowingly, GitHub's root would not pass, and no
// signature counts more or less for it.
class Key {
 public:
  static Key parse(const Fields& fields);

  // `signature` in the raw bytes that `sig` spells in hexadecimal.
  bool verifies(std::string_view message, std::string_view signature) const;
  // Equal for the same public key under two names; nothing for a key that is not read.
  std::optional<std::string> material() const;

 private:
  std::optional<crypto::PublicKey> key_;
};

}  // namespace waybill::tuf
