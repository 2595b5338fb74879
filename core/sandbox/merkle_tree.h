#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::sandbox {

// The append-only tree of RFC 6962 §2.1 over SHA-256, all of it in memory.
class MerkleTree {
 public:
  // "The hash of a list with one entry is: MTH({d(0)}) = SHA-256(0x00 || d(0))": raw bytes.
  static std::string leaf(std::string_view entry);

  void append(std::string leaf_hash) { leaves_.push_back(std::move(leaf_hash)); }

  std::size_t size() const { return leaves_.size(); }

  std::string root() const;
  // The audit path of a leaf, nearest sibling first (§2.1.1).
  std::vector<std::string> path(std::size_t index) const;

 private:
  std::vector<std::string> leaves_;
};

}  // namespace waybill::sandbox
