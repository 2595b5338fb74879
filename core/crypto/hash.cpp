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

struct Hasher::State {
  Handle<EVP_MD_CTX, EVP_MD_CTX_free> context{::EVP_MD_CTX_new()};
  std::string algorithm;
};

Hasher::Hasher(std::string_view algorithm) : state_(std::make_unique<State>()) {
  state_->algorithm = algorithm;
  check(
      state_->context != nullptr && ::EVP_DigestInit_ex(state_->context.get(), message_digest(algorithm), nullptr) == 1,
      algorithm, Fault::kInternal);
}

Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(std::string_view bytes) {
  if (!state_) throw Error(Fault::kInternal, "digest: bytes arrive after it was taken");
  check(::EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1, state_->algorithm,
        Fault::kInternal);
}

Digest Hasher::finish() {
  if (!state_) throw Error(Fault::kInternal, "digest: it is taken twice");
  std::string value(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  check(::EVP_DigestFinal_ex(state_->context.get(), reinterpret_cast<unsigned char*>(value.data()), &size) == 1,
        state_->algorithm, Fault::kInternal);
  const std::string algorithm = std::move(state_->algorithm);
  state_.reset();
  return Digest::parse(fmt::format("{}:{}", algorithm, to_hex(std::string_view(value).substr(0, size))));
}

}  // namespace waybill::crypto
