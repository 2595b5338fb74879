#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::sigstore {

// Raw SHA-256 hashes of RFC 6962 §2.1: of a leaf "0x00 || entry", of a node "0x01 || left || right".
std::string leaf_hash(std::string_view entry);
std::string node_hash(std::string_view left, std::string_view right);

// The root that an inclusion proof leads to (RFC 9162 §2.1.3.2); nothing when the index is not inside the tree or the
// proof is longer or shorter than the path of that index.
std::optional<std::string> proven_root(std::string_view leaf, std::uint64_t index, std::uint64_t tree_size,
                                       const std::vector<std::string>& hashes);

}  // namespace waybill::sigstore
