#include "core/sigstore/merkle.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "core/base/encoding.h"
#include "core/crypto/hash.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sigstore)
BOOST_AUTO_TEST_SUITE(merkle)

using Hashes = std::vector<std::string>;

std::string sha(const std::string& bytes) {
  return crypto::sha256(bytes).bytes();
}

// MTH of RFC 6962 §2.1, written down from its definition.
std::string tree_head(const Hashes& entries) {
  if (entries.size() == 1) return sha(std::string(1, '\0') + entries.front());
  std::size_t k = 1;
  while (k * 2 < entries.size()) k *= 2;
  const Hashes left(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(k));
  const Hashes right(entries.begin() + static_cast<std::ptrdiff_t>(k), entries.end());
  return sha("\1" + tree_head(left) + tree_head(right));
}

// PATH of RFC 6962 §2.1.1.
Hashes path(std::size_t m, const Hashes& entries) {
  if (entries.size() == 1) return {};
  std::size_t k = 1;
  while (k * 2 < entries.size()) k *= 2;
  const Hashes left(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(k));
  const Hashes right(entries.begin() + static_cast<std::ptrdiff_t>(k), entries.end());
  Hashes hashes = m < k ? path(m, left) : path(m - k, right);
  hashes.push_back(tree_head(m < k ? right : left));
  return hashes;
}

Hashes entries(std::size_t count) {
  Hashes all;
  for (std::size_t i = 0; i < count; ++i) all.push_back("entry " + std::to_string(i));
  return all;
}

BOOST_AUTO_TEST_CASE(a_leaf_and_a_node_never_hash_alike) {
  // sha256 of the single byte 0x00: the leaf hash of the empty entry.
  BOOST_TEST(to_hex(leaf_hash("")) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  BOOST_TEST(leaf_hash("ab") != node_hash("a", "b"));
}

BOOST_AUTO_TEST_CASE(the_path_of_every_entry_of_every_small_tree_leads_to_its_head) {
  for (std::size_t size = 1; size <= 33; ++size) {
    const Hashes all = entries(size);
    const std::string head = tree_head(all);
    for (std::size_t i = 0; i < size; ++i) BOOST_TEST((proven_root(leaf_hash(all[i]), i, size, path(i, all)) == head));
  }
}

BOOST_AUTO_TEST_CASE(a_proof_of_any_other_length_index_or_size_does_not_lead_there) {
  for (std::size_t size = 1; size <= 12; ++size) {
    const Hashes all = entries(size);
    const std::string head = tree_head(all);
    for (std::size_t i = 0; i < size; ++i) {
      Hashes longer = path(i, all);
      longer.push_back(head);
      BOOST_TEST((!proven_root(leaf_hash(all[i]), i, size, longer).has_value()));
      Hashes shorter = path(i, all);
      if (!shorter.empty()) {
        shorter.pop_back();
        BOOST_TEST((!proven_root(leaf_hash(all[i]), i, size, shorter).has_value()));
      }
      for (std::size_t other = 0; other < size; ++other)
        if (other != i) BOOST_TEST((proven_root(leaf_hash(all[i]), other, size, path(i, all)) != head));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_entry_outside_the_tree_is_not_in_it) {
  BOOST_TEST(!proven_root(leaf_hash("a"), 0, 0, {}).has_value());
  BOOST_TEST(!proven_root(leaf_hash("a"), 1, 1, {}).has_value());
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  BOOST_TEST(!proven_root(leaf_hash("a"), kMost, kMost, {}).has_value());
}

BOOST_AUTO_TEST_CASE(the_largest_tree_does_not_overflow) {
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  BOOST_TEST(proven_root(leaf_hash("a"), 0, kMost, Hashes(64, leaf_hash("b"))).has_value());
  BOOST_TEST(!proven_root(leaf_hash("a"), 0, kMost, Hashes(65, leaf_hash("b"))).has_value());
  // The last entry of a tree of 2^64 - 1: every bit of its index but the lowest is set, so the path has 63 hashes.
  BOOST_TEST(proven_root(leaf_hash("a"), kMost - 1, kMost, Hashes(63, leaf_hash("b"))).has_value());
  BOOST_TEST(!proven_root(leaf_hash("a"), kMost - 1, kMost, Hashes(64, leaf_hash("b"))).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
