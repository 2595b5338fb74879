#include "core/sigstore/merkle.h"

#include "core/crypto/hash.h"

namespace waybill::sigstore {

std::string leaf_hash(std::string_view entry) {
  return crypto::sha256(std::string(1, '\0').append(entry)).bytes();
}

std::string node_hash(std::string_view left, std::string_view right) {
  return crypto::sha256(std::string(1, '\1').append(left).append(right)).bytes();
}

std::optional<std::string> proven_root(std::string_view leaf, std::uint64_t index, std::uint64_t tree_size,
                                       const std::vector<std::string>& hashes) {
  // "Compare leaf_index from the inclusion_proof_v2 structure against tree_size. If leaf_index is greater than or equal
  // to tree_size, then fail the proof verification."
  if (index >= tree_size) return std::nullopt;
  std::uint64_t fn = index;
  std::uint64_t sn = tree_size - 1;
  std::string root(leaf);
  for (const std::string& hash : hashes) {
    // "If sn is 0, then stop the iteration and fail the proof verification."
    if (sn == 0) return std::nullopt;
    if ((fn & 1U) != 0 || fn == sn) {
      root = node_hash(hash, root);
      // "If LSB(fn) is not set, then right-shift both fn and sn equally until either LSB(fn) is set or fn is 0."
      while ((fn & 1U) == 0 && fn != 0) {
        fn >>= 1U;
        sn >>= 1U;
      }
    } else {
      root = node_hash(root, hash);
    }
    fn >>= 1U;
    sn >>= 1U;
  }
  // "Compare sn to 0. Compare r against the root_hash."
  if (sn != 0) return std::nullopt;
  return root;
}

}  // namespace waybill::sigstore
