#include "core/crypto/hash.h"

#include "core/base/encoding.h"
#include "tests/crypto/authority.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(crypto)
BOOST_AUTO_TEST_SUITE(hashes)

// FIPS 180-2, appendix B.1, and its companions for the longer functions.
BOOST_AUTO_TEST_CASE(agree_with_the_standard) {
  BOOST_TEST(sha256("abc").text() == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(hash("sha384", "abc").hex() ==
             "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
  BOOST_TEST(hash("sha512", "abc").hex() ==
             "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423"
             "643ce80e2a9ac94fa54ca49f");
  BOOST_TEST(sha256("").hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

BOOST_AUTO_TEST_CASE(in_pieces_are_hashes_of_the_whole) {
  Hasher pieces;
  pieces.update("a");
  pieces.update("");
  Hasher moved = std::move(pieces);
  moved.update("bc");
  BOOST_CHECK(moved.finish() == sha256("abc"));
  example::require_error([&] { moved.finish(); }, "digest: it is taken twice", Fault::kInternal);
  example::require_error([&] { moved.update("d"); }, "bytes arrive after it was taken", Fault::kInternal);
}

BOOST_AUTO_TEST_CASE(of_unknown_algorithms_are_refused) {
  example::require_error([] { hash("sha1", "abc"); }, "hash algorithm `sha1` is not sha256, sha384 or sha512");
}

BOOST_AUTO_TEST_CASE(random_bytes_differ) {
  BOOST_TEST(random_bytes(0).empty());
  BOOST_TEST(random_bytes(32).size() == 32U);
  BOOST_TEST(random_bytes(32) != random_bytes(32));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
