#include "core/sandbox/merkle_tree.h"

#include <bit>
#include <span>

#include "core/crypto/hash.h"

namespace waybill::sandbox {
namespace {

using Leaves = std::span<const std::string>;

std::string node(const std::string& left, const std::string& right) {
  return crypto::sha256("\x01" + left + right).bytes();
}

// "let k be the largest power of two smaller than n"
std::size_t split(Leaves leaves) {
  return std::bit_floor(leaves.size() - 1);
}

std::string root_of(Leaves leaves) {
  if (leaves.size() == 1) return leaves.front();
  const std::size_t k = split(leaves);
  return node(root_of(leaves.first(k)), root_of(leaves.subspan(k)));
}

void path_of(std::size_t index, Leaves leaves, std::vector<std::string>& path) {
  if (leaves.size() == 1) return;
  const std::size_t k = split(leaves);
  path_of(index < k ? index : index - k, index < k ? leaves.first(k) : leaves.subspan(k), path);
  path.push_back(root_of(index < k ? leaves.subspan(k) : leaves.first(k)));
}

}  // namespace

std::string MerkleTree::leaf(std::string_view entry) {
  return crypto::sha256(std::string(1, '\0').append(entry)).bytes();
}

std::string MerkleTree::root() const {
  return leaves_.empty() ? crypto::sha256("").bytes() : root_of(leaves_);
}

std::vector<std::string> MerkleTree::path(std::size_t index) const {
  std::vector<std::string> path;
  path_of(index, leaves_, path);
  return path;
}

}  // namespace waybill::sandbox
