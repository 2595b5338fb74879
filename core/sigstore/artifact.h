#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/base/digest.h"

namespace waybill::sigstore {

// What a signature is about: a file, or the digest of one that is elsewhere.
class Artifact {
 public:
  // Hashed in one pass as it is read, by each of `algorithms`. Fault::kInput when it cannot be read.
  static Artifact of_file(const std::filesystem::path& path, const std::set<std::string>& algorithms = {"sha256"});
  static Artifact of_bytes(std::string bytes);
  static Artifact of_digest(Digest digest);

  // Any of the known digests, for messages.
  std::string name() const { return digests_.begin()->second.text(); }

  const std::map<std::string, Digest>& digests() const { return digests_; }

  // By this algorithm; Fault::kInput naming what is known when it is not.
  Digest digest(std::string_view algorithm) const;

  // The bytes themselves, which Ed25519 alone needs: at most 256 MiB, and still those that were hashed. Fault::kInput
  // when only a digest is known.
  std::string bytes() const;

 private:
  Artifact() = default;
  std::map<std::string, Digest> digests_;  // never empty
  std::filesystem::path path_;             // of a file
  std::optional<std::string> bytes_;       // given as such
};

}  // namespace waybill::sigstore
