#include "core/base/digest.h"

#include <boost/test/unit_test.hpp>

#include "testing/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(base_digest)

const std::string kHex(64, 'a');

BOOST_AUTO_TEST_CASE(a_digest_is_written_as_it_was_read) {
  const Digest digest = Digest::parse("sha256:" + kHex);
  BOOST_TEST(digest.algorithm() == "sha256");
  BOOST_TEST(digest.hex() == kHex);
  BOOST_TEST(digest.text() == "sha256:" + kHex);
  BOOST_TEST(digest.bytes() == std::string(32, '\xaa'));
  BOOST_CHECK(digest == Digest::sha256(kHex));
  BOOST_TEST(Digest::parse("sha512:" + std::string(128, '0')).bytes().size() == 64U);
  BOOST_TEST(Digest::parse("sha384:" + std::string(96, '0')).bytes().size() == 48U);
}

BOOST_AUTO_TEST_CASE(equal_digits_of_two_algorithms_are_not_equal) {
  BOOST_CHECK(Digest::parse("sha256:" + kHex) != Digest::sha256(std::string(64, 'b')));
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused_with_the_reason) {
  const auto refused = [](const std::string& text, std::string_view why) {
    testing::refuses(Fault::kInput, why, [&] { Digest::parse(text); });
  };
  refused(kHex, "`sha256:<64 hexadecimal digits>` is wanted");
  refused("sha1:" + std::string(40, 'a'), "`sha1` is not sha256, sha384 or sha512");
  refused("sha256:" + kHex + "a", "64 lower-case hexadecimal digits are wanted");
  refused("sha256:" + std::string(64, 'A'), "64 lower-case hexadecimal digits are wanted");
  refused("sha256:" + std::string(63, 'a') + "\n", "64 lower-case hexadecimal digits are wanted");
  refused("sha256:", "64 lower-case hexadecimal digits are wanted");
  refused("SHA256:" + kHex, "`SHA256` is not");
  testing::refuses(Fault::kInput, "is not a sha256 digest", [] { Digest::sha256("sha256:" + kHex); });
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
