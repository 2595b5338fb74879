#include "core/sigstore/artifact.h"

#include <fstream>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"

namespace waybill::sigstore {
namespace {

constexpr std::size_t kChunk = 256 * 1024;
constexpr std::size_t kMostBytes = 256 * 1024 * 1024;

}  // namespace

Artifact Artifact::of_file(const std::filesystem::path& path, const std::set<std::string>& algorithms) {
  std::ifstream file(path, std::ios::binary);
  if (!file || !std::filesystem::is_regular_file(path))
    throw Error(Fault::kInput, "{}: not a file that can be read", path.string());
  std::map<std::string, crypto::Hasher> hashers;
  for (const std::string& algorithm : algorithms) hashers.emplace(algorithm, crypto::Hasher(algorithm));
  std::string chunk(kChunk, '\0');
  while (file) {
    file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    const std::string_view read(chunk.data(), static_cast<std::size_t>(file.gcount()));
    for (auto& [algorithm, hasher] : hashers) hasher.update(read);
  }
  if (!file.eof()) throw Error(Fault::kInput, "{}: reading it stopped in its middle", path.string());
  Artifact artifact;
  for (auto& [algorithm, hasher] : hashers) artifact.digests_.emplace(algorithm, hasher.finish());
  artifact.path_ = path;
  return artifact;
}

Artifact Artifact::of_bytes(std::string bytes) {
  Artifact artifact;
  for (const char* algorithm : {"sha256", "sha384", "sha512"})
    artifact.digests_.emplace(algorithm, crypto::hash(algorithm, bytes));
  artifact.bytes_ = std::move(bytes);
  return artifact;
}

Artifact Artifact::of_digest(Digest digest) {
  Artifact artifact;
  artifact.digests_.emplace(digest.algorithm(), std::move(digest));
  return artifact;
}

Digest Artifact::digest(std::string_view algorithm) const {
  const auto found = digests_.find(std::string(algorithm));
  if (found == digests_.end())
    throw Error(Fault::kInput, "the artifact is known by {} alone, its {} digest is wanted", name(), algorithm);
  return found->second;
}

std::string Artifact::bytes() const {
  if (bytes_) return *bytes_;
  if (path_.empty())
    throw Error(Fault::kInput, "the artifact is known by {} alone, its bytes are wanted: give the file", name());
  std::string bytes = read_file(path_, kMostBytes);
  for (const auto& [algorithm, digest] : digests_)
    if (crypto::hash(algorithm, bytes) != digest)
      throw Error(Fault::kInput, "{}: it changed while it was looked at", path_.string());
  return bytes;
}

}  // namespace waybill::sigstore
