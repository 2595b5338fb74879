#pragma once

// What the .cpp files of this folder share about OpenSSL. No other folder includes this header.

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <climits>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/handle.h"
#include "core/crypto/certificate.h"
#include "core/crypto/key.h"

namespace waybill::crypto {

using KeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using X509Handle = Handle<X509, X509_free>;
using BioHandle = Handle<BIO, BIO_free_all>;
using ObjectHandle = Handle<ASN1_OBJECT, ASN1_OBJECT_free>;

// Encoding a key takes OpenSSL longer than verifying with it: that is done once.
struct PublicKey::Impl {
  KeyHandle key;
  std::string der;
};

struct PrivateKey::Impl {
  KeyHandle key;
  PublicKey public_key;
};

struct Certificate::Impl {
  X509Handle x509;
};

// Everything in DER or PEM that this folder reads is smaller.
inline constexpr std::size_t kLargestInput = 64 * 1024;

// The newest reason in OpenSSL's error queue; empties the queue.
std::string drain_errors();

// Turns a failed call into an Error: "<what>: <OpenSSL's reason>".
void check(bool succeeded, std::string_view what, Fault fault = Fault::kInput);

// sha256, sha384 or sha512; anything else is Fault::kInput.
const EVP_MD* message_digest(std::string_view algorithm);
BioHandle reading(std::string_view bytes);
std::string content(BIO* memory);
// An object identifier in dotted form; names are not taken.
ObjectHandle object_identifier(std::string_view dotted);
Time to_time(const ASN1_TIME* time, std::string_view what);
// The key, if it is of a kind and size that key.h lists; else Fault::kInput.
KeyHandle accepted(KeyHandle key);
// The key that was read from `spki`, if it is accepted and has no other encoding; else Fault::kInput.
PublicKey as_encoded(KeyHandle key, std::string spki);
// PEM text holds one block and nothing else but white space; `left` is what was not read.
void require_nothing_left(BIO* left, std::string_view what);

inline const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

inline std::string_view text_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(::ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(::ASN1_STRING_length(string))};
}

inline void free_octets(unsigned char* bytes) {
  OPENSSL_free(bytes);
}

// The encoding by one of OpenSSL's i2d functions.
template <auto I2d, class T>
std::string encoded(T* object, std::string_view what) {
  unsigned char* bytes = nullptr;
  const int size = I2d(object, &bytes);
  check(size > 0, what, Fault::kInternal);
  const Handle<unsigned char, free_octets> owner(bytes);
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

// The value read by one of OpenSSL's d2i functions, null when the bytes are not one. Trailing bytes make it null too.
template <class H, auto D2i>
H decoded_or_null(std::string_view der) {
  if (der.size() > kLargestInput) return nullptr;
  const unsigned char* position = octets(der);
  H value(D2i(nullptr, &position, static_cast<long>(der.size())));
  if (value && position != octets(der) + der.size()) value.reset();
  return value;
}

// The same, an Error naming `what` instead of null.
template <class H, auto D2i>
H decoded(std::string_view der, std::string_view what) {
  if (der.size() > kLargestInput)
    throw Error(Fault::kInput, "{}: {} bytes of DER, at most {} are read", what, der.size(), kLargestInput);
  const unsigned char* position = octets(der);
  H value(D2i(nullptr, &position, static_cast<long>(der.size())));
  check(value != nullptr, what);
  const auto left = octets(der) + der.size() - position;
  if (left != 0) throw Error(Fault::kInput, "{}: {} bytes follow the end of its DER", what, left);
  return value;
}

}  // namespace waybill::crypto
