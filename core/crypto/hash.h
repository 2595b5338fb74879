#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/digest.h"

namespace waybill::crypto {

Digest sha256(std::string_view bytes);
// `algorithm` is sha256, sha384 or sha512.
Digest hash(std::string_view algorithm, std::string_view bytes);
std::string random_bytes(std::size_t count);

// Hashes what arrives in pieces.
class Hasher {
 public:
  explicit Hasher(std::string_view algorithm = "sha256");  // sha256, sha384 or sha512
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  void update(std::string_view bytes);
  Digest finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace waybill::crypto
