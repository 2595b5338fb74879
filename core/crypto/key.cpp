#include "core/crypto/key.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>

#include "core/crypto/openssl.h"

namespace waybill::crypto {
namespace {

constexpr int kSmallestRsa = 2048;
constexpr int kLargestRsa = 8192;
constexpr std::size_t kEd25519Bytes = 32;

using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;

DigestContext digest_context() {
  DigestContext context(::EVP_MD_CTX_new());
  check(context != nullptr, "signature", Fault::kInternal);
  return context;
}

bool hashes_itself(const EVP_PKEY* key) {
  return ::EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
}

std::string curve(const EVP_PKEY* key) {
  int is_explicit = 0;
  if (::EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &is_explicit) == 1 &&
      is_explicit != 0)
    return "spelled out in parameters";
  std::string name(80, '\0');
  std::size_t size = 0;
  if (::EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return "without a name";
  name.resize(size);
  return name;
}

std::string spki_of(EVP_PKEY* key) {
  return encoded<::i2d_PUBKEY>(key, "public key");
}

std::shared_ptr<const PrivateKey::Impl> with_public_key(KeyHandle key) {
  PublicKey public_key = PublicKey::from_der(spki_of(key.get()));
  return std::make_shared<const PrivateKey::Impl>(std::move(key), std::move(public_key));
}

// RFC 5480 section 2.2: the hybrid form, one more encoding of the same key, must not be used.
bool has_hybrid_point(const EVP_PKEY* key) {
  std::array<char, 32> form{};
  return ::EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, form.data(), form.size(),
                                          nullptr) != 1 ||
         std::string_view(form.data()) == OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_HYBRID;
}

// OpenSSL is asked for the greatest size first, then for the signature.
template <class Sign>
std::string signature_by(Sign&& sign) {
  std::size_t size = 0;
  check(sign(nullptr, &size) == 1, "signing", Fault::kInternal);
  std::string signature(size, '\0');
  check(sign(reinterpret_cast<unsigned char*>(signature.data()), &size) == 1, "signing", Fault::kInternal);
  signature.resize(size);
  return signature;
}

// Never asks anybody for a password: an encrypted key is refused.
int no_password(char*, int, int, void*) {
  return -1;
}

}  // namespace

KeyHandle accepted(KeyHandle key) {
  switch (::EVP_PKEY_get_base_id(key.get())) {
    case EVP_PKEY_ED25519:
      return key;
    case EVP_PKEY_EC:
      if (const std::string name = curve(key.get()); name != "prime256v1" && name != "secp384r1")
        throw Error(Fault::kInput, "a key on the curve `{}`, P-256 or P-384 is wanted", name);
      if (has_hybrid_point(key.get()))
        throw Error(Fault::kInput, "an ECDSA key in the hybrid form, which none may have");
      return key;
    case EVP_PKEY_RSA:
      if (const int bits = ::EVP_PKEY_get_bits(key.get()); bits < kSmallestRsa || bits > kLargestRsa)
        throw Error(Fault::kInput, "an RSA key of {} bits, {} to {} are wanted", bits, kSmallestRsa, kLargestRsa);
      return key;
    default:
      throw Error(Fault::kInput, "a key of the kind `{}`, ECDSA, RSA or Ed25519 is wanted",
                  ::EVP_PKEY_get0_type_name(key.get()) != nullptr ? ::EVP_PKEY_get0_type_name(key.get()) : "unknown");
  }
}

PublicKey as_encoded(KeyHandle key, std::string spki) {
  key = accepted(std::move(key));
  if (spki_of(key.get()) != spki) throw Error(Fault::kInput, "public key: its encoding is not DER");
  return PublicKey(std::make_shared<const PublicKey::Impl>(std::move(key), std::move(spki)));
}

PublicKey PublicKey::from_der(std::string_view spki) {
  return as_encoded(decoded<KeyHandle, ::d2i_PUBKEY>(spki, "public key"), std::string(spki));
}

PublicKey PublicKey::from_pem(std::string_view pem) {
  const BioHandle memory = reading(pem);
  KeyHandle key(::PEM_read_bio_PUBKEY(memory.get(), nullptr, no_password, nullptr));
  check(key != nullptr, "public key in PEM");
  require_nothing_left(memory.get(), "public key in PEM");
  key = accepted(std::move(key));
  std::string der = spki_of(key.get());
  return PublicKey(std::make_shared<const Impl>(std::move(key), std::move(der)));
}

PublicKey PublicKey::from_ed25519(std::string_view raw) {
  KeyHandle key(::EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets(raw), raw.size()));
  if (!key) drain_errors();
  if (!key || raw.size() != kEd25519Bytes)
    throw Error(Fault::kInput, "an Ed25519 key of {} bytes, {} are wanted", raw.size(), kEd25519Bytes);
  std::string der = spki_of(key.get());
  return PublicKey(std::make_shared<const Impl>(std::move(key), std::move(der)));
}

std::string_view PublicKey::kind() const {
  switch (::EVP_PKEY_get_base_id(impl_->key.get())) {
    case EVP_PKEY_ED25519:
      return "Ed25519";
    case EVP_PKEY_RSA:
      return "RSA";
    default:
      return curve(impl_->key.get()) == "prime256v1" ? "P-256" : "P-384";
  }
}

std::string PublicKey::der() const {
  return impl_->der;
}

std::string PublicKey::pem() const {
  const BioHandle memory(::BIO_new(::BIO_s_mem()));
  check(memory && ::PEM_write_bio_PUBKEY(memory.get(), impl_->key.get()) == 1, "public key", Fault::kInternal);
  return content(memory.get());
}

bool PublicKey::verifies(std::string_view message, std::string_view signature, std::string_view hash) const {
  EVP_PKEY* key = impl_->key.get();
  const EVP_MD* digest = hashes_itself(key) ? nullptr : message_digest(hash);
  const DigestContext context = digest_context();
  check(::EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1, "signature", Fault::kInternal);
  const bool holds =
      ::EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(message), message.size()) == 1;
  ::ERR_clear_error();
  return holds;
}

bool PublicKey::verifies(const Digest& digest, std::string_view signature) const {
  EVP_PKEY* key = impl_->key.get();
  if (hashes_itself(key)) return false;
  const Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(::EVP_PKEY_CTX_new(key, nullptr));
  check(context != nullptr && ::EVP_PKEY_verify_init(context.get()) == 1 &&
            ::EVP_PKEY_CTX_set_signature_md(context.get(), message_digest(digest.algorithm())) == 1,
        "signature", Fault::kInternal);
  const std::string bytes = digest.bytes();
  const bool holds =
      ::EVP_PKEY_verify(context.get(), octets(signature), signature.size(), octets(bytes), bytes.size()) == 1;
  ::ERR_clear_error();
  return holds;
}

bool PublicKey::verifies_pss(std::string_view message, std::string_view signature) const {
  EVP_PKEY* key = impl_->key.get();
  if (::EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return false;
  const DigestContext context = digest_context();
  EVP_PKEY_CTX* options = nullptr;  // the context's own
  check(::EVP_DigestVerifyInit(context.get(), &options, ::EVP_sha256(), nullptr, key) == 1 &&
            ::EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
            ::EVP_PKEY_CTX_set_rsa_mgf1_md(options, ::EVP_sha256()) == 1 &&
            ::EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_AUTO) == 1,
        "signature", Fault::kInternal);
  const bool holds =
      ::EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(message), message.size()) == 1;
  ::ERR_clear_error();
  return holds;
}

PrivateKey PrivateKey::generate_p256() {
  KeyHandle key(::EVP_EC_gen("P-256"));
  check(key != nullptr, "new P-256 key", Fault::kInternal);
  return PrivateKey(with_public_key(std::move(key)));
}

PrivateKey PrivateKey::generate_p384() {
  KeyHandle key(::EVP_EC_gen("P-384"));
  check(key != nullptr, "new P-384 key", Fault::kInternal);
  return PrivateKey(with_public_key(std::move(key)));
}

PrivateKey PrivateKey::generate_rsa2048() {
  KeyHandle key(::EVP_RSA_gen(static_cast<unsigned int>(kSmallestRsa)));
  check(key != nullptr, "new RSA key", Fault::kInternal);
  return PrivateKey(with_public_key(std::move(key)));
}

PrivateKey PrivateKey::generate_ed25519() {
  KeyHandle key(::EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  check(key != nullptr, "new Ed25519 key", Fault::kInternal);
  return PrivateKey(with_public_key(std::move(key)));
}

PrivateKey PrivateKey::from_pem(std::string_view pem) {
  const BioHandle memory = reading(pem);
  KeyHandle key(::PEM_read_bio_PrivateKey(memory.get(), nullptr, no_password, nullptr));
  check(key != nullptr, "private key in PEM");
  require_nothing_left(memory.get(), "private key in PEM");
  return PrivateKey(with_public_key(accepted(std::move(key))));
}

PublicKey PrivateKey::public_key() const {
  return impl_->public_key;
}

std::string PrivateKey::sign(std::string_view message) const {
  EVP_PKEY* key = impl_->key.get();
  const DigestContext context = digest_context();
  check(::EVP_DigestSignInit(context.get(), nullptr, hashes_itself(key) ? nullptr : ::EVP_sha256(), nullptr, key) == 1,
        "signing", Fault::kInternal);
  return signature_by([&](unsigned char* signature, std::size_t* size) {
    return ::EVP_DigestSign(context.get(), signature, size, octets(message), message.size());
  });
}

std::string PrivateKey::sign(const Digest& digest) const {
  const Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(::EVP_PKEY_CTX_new(impl_->key.get(), nullptr));
  check(context != nullptr && ::EVP_PKEY_sign_init(context.get()) == 1 &&
            ::EVP_PKEY_CTX_set_signature_md(context.get(), message_digest(digest.algorithm())) == 1,
        "signing", Fault::kInternal);
  const std::string bytes = digest.bytes();
  return signature_by([&](unsigned char* signature, std::size_t* size) {
    return ::EVP_PKEY_sign(context.get(), signature, size, octets(bytes), bytes.size());
  });
}

std::string PrivateKey::pem() const {
  const BioHandle memory(::BIO_new(::BIO_s_secmem()));
  check(memory &&
            ::PEM_write_bio_PKCS8PrivateKey(memory.get(), impl_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "private key", Fault::kInternal);
  return content(memory.get());
}

}  // namespace waybill::crypto
