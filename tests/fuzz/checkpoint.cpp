// A log's signed note; the same bytes as an inclusion proof: index, size of the tree, hashes from leaf to root.

#include "core/sigstore/checkpoint.h"

#include <bit>
#include <span>

#include "core/sigstore/merkle.h"
#include "fuzz/trusted.h"

namespace waybill::fuzz {
namespace {

using sigstore::Checkpoint;

// The root by the definition of a path instead of the algorithm for verifying one: PATH(m, D[n]) of RFC 6962 §2.1.1.
std::optional<std::string> defined_root(const std::string& leaf, std::uint64_t index, std::uint64_t size,
                                        std::span<const std::string> hashes) {
  if (index >= size) return std::nullopt;
  if (size == 1) return hashes.empty() ? std::optional(leaf) : std::nullopt;
  if (hashes.empty()) return std::nullopt;
  const std::uint64_t left = std::bit_floor(size - 1);
  const auto below = hashes.first(hashes.size() - 1);
  const auto subtree =
      index < left ? defined_root(leaf, index, left, below) : defined_root(leaf, index - left, size - left, below);
  if (!subtree) return std::nullopt;
  return index < left ? sigstore::node_hash(*subtree, hashes.back()) : sigstore::node_hash(hashes.back(), *subtree);
}

void read_proof(std::string_view input) {
  const std::uint64_t index = take_number(input);
  const std::uint64_t size = take_number(input);
  std::vector<std::string> hashes;
  while (!input.empty()) hashes.emplace_back(take(input, 32));
  const std::string leaf = sigstore::leaf_hash("entry");
  require(sigstore::proven_root(leaf, index, size, hashes) == defined_root(leaf, index, size, hashes),
          "a proof leads to the root that the definition of a path gives");
}

}  // namespace

void read(std::string_view input) {
  static const std::vector<sigstore::TrustedRoot> roots = trusted_roots();
  read_proof(input);
  const Checkpoint checkpoint = Checkpoint::parse(input);
  require(input.starts_with(checkpoint.text + "\n"), "what is signed is the note up to its blank line");
  require(checkpoint.root_hash.size() == 32, "a root hash has 32 bytes");
  for (const sigstore::TrustedRoot& root : roots)
    for (const sigstore::LogKey& log : root.logs)
      if (!signature_failure(checkpoint, log))
        require_genuine(checkpoint.text, "a signed checkpoint is one that the log made");
}

}  // namespace waybill::fuzz
