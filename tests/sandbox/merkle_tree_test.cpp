#include "core/sandbox/merkle_tree.h"

#include <boost/test/unit_test.hpp>

#include "core/crypto/hash.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(merkle_tree)

// RFC 6962 §2.1.3's example tree of seven leaves.
BOOST_AUTO_TEST_CASE(audit_paths_lead_to_the_root) {
  MerkleTree tree;
  std::vector<std::string> leaves;
  for (const char name : std::string("abcdefg")) {
    leaves.push_back(MerkleTree::leaf(std::string(1, name)));
    tree.append(leaves.back());
  }
  const auto node = [](const std::string& left, const std::string& right) {
    return crypto::sha256("\x01" + left + right).bytes();
  };
  const std::string g = node(leaves[0], leaves[1]);
  const std::string h = node(leaves[2], leaves[3]);
  const std::string i = node(leaves[4], leaves[5]);
  const std::string k = node(g, h);
  const std::string l = node(i, leaves[6]);
  BOOST_TEST((tree.root() == node(k, l)));
  BOOST_TEST((tree.path(0) == std::vector<std::string>{leaves[1], h, l}));
  BOOST_TEST((tree.path(3) == std::vector<std::string>{leaves[2], g, l}));
  BOOST_TEST((tree.path(4) == std::vector<std::string>{leaves[5], leaves[6], k}));
  BOOST_TEST((tree.path(6) == std::vector<std::string>{i, k}));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
