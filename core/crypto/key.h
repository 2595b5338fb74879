#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/digest.h"

namespace waybill::crypto {

// A public key: ECDSA P-256/P-384, RSA, Ed25519. A value; copies share the key.
class PublicKey {
 public:
  static PublicKey from_der(std::string_view spki);
  static PublicKey from_pem(std::string_view pem);
  // The 32 bytes of RFC 8032 section 5.1.5; any other number is Fault::kInput.
  static PublicKey from_ed25519(std::string_view raw);

  // "P-256", "P-384", "RSA" or "Ed25519".
  std::string_view kind() const;

  // DER of the SubjectPublicKeyInfo.
  std::string der() const;
  std::string pem() const;
  // True when `signature` (DER for ECDSA) over `message` was made with this key; `hash` is sha256 or sha384 and
  // ignored for Ed25519; an RSA key takes PKCS#1 v1.5. Malformed signatures are false, never an error.
  bool verifies(std::string_view message, std::string_view signature, std::string_view hash = "sha256") const;
  // The same for a message of which only the digest is known; Ed25519, which signs the message itself, is false.
  bool verifies(const Digest& digest, std::string_view signature) const;
  // The same for RSASSA-PSS (RFC 8017 section 8.1) with SHA-256, MGF1 with SHA-256 and a salt of any length, which the
  // signature itself tells. False for a key that is not RSA.
  bool verifies_pss(std::string_view message, std::string_view signature) const;

  struct Impl;
  explicit PublicKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  const Impl& impl() const { return *impl_; }

 private:
  std::shared_ptr<const Impl> impl_;
};

// A private key; its bytes never leave but by pem().
class PrivateKey {
 public:
  static PrivateKey generate_p256();
  static PrivateKey generate_p384();
  static PrivateKey generate_rsa2048();
  static PrivateKey generate_ed25519();
  static PrivateKey from_pem(std::string_view pem);  // PKCS#8 or the older forms, unencrypted

  PublicKey public_key() const;
  // Signs sha256(message): ECDSA (DER) or RSA PKCS#1 v1.5; with Ed25519 the message itself.
  std::string sign(std::string_view message) const;
  // The same signature of a message of which only the digest is known. Fault::kInternal for an Ed25519 key.
  std::string sign(const Digest& digest) const;
  std::string pem() const;

  struct Impl;
  explicit PrivateKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  const Impl& impl() const { return *impl_; }

 private:
  std::shared_ptr<const Impl> impl_;
};

}  // namespace waybill::crypto
