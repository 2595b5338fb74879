#include "core/crypto/hash.h"

#include <openssl/rand.h>

#include "core/base/encoding.h"
#include "core/crypto/openssl.h"

namespace waybill::crypto {

Digest sha256(std::string_view bytes) {
  return hash("sha256", bytes);
}

Digest hash(std::string_view algorithm, std::string_view bytes) {
  std::string value(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  check(::EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(value.data()), &size,
                     message_digest(algorithm), nullptr) == 1,
        algorithm, Fault::kInternal);
  return Digest::parse(fmt::format("{}:{}", algorithm, to_hex(std::string_view(value).substr(0, size))));
}

std::string random_bytes(std::size_t count) {
  if (count > INT_MAX) throw Error(Fault::kInternal, "{} random bytes at once, at most {}", count, INT_MAX);
  std::string bytes(count, '\0');
  check(::RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) == 1, "random bytes",
        Fault::kInternal);
  return bytes;
}

struct Sha256::State {
  Handle<EVP_MD_CTX, EVP_MD_CTX_free> context{::EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  check(state_->context != nullptr && ::EVP_DigestInit_ex(state_->context.get(), ::EVP_sha256(), nullptr) == 1,
        "sha256", Fault::kInternal);
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
  if (!state_) throw Error(Fault::kInternal, "sha256: bytes arrive after the digest was taken");
  check(::EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1, "sha256", Fault::kInternal);
}

Digest Sha256::finish() {
  if (!state_) throw Error(Fault::kInternal, "sha256: the digest is taken twice");
  std::string value(32, '\0');
  check(::EVP_DigestFinal_ex(state_->context.get(), reinterpret_cast<unsigned char*>(value.data()), nullptr) == 1,
        "sha256", Fault::kInternal);
  state_.reset();
  return Digest::sha256(to_hex(value));
}

}  // namespace waybill::crypto
