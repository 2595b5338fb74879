#include "core/base/encoding.h"

#include <boost/test/unit_test.hpp>
#include <utility>

#include "testing/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(base_encoding)

BOOST_AUTO_TEST_CASE(base64_holds_the_vectors_of_rfc_4648) {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    BOOST_TEST(to_base64(bytes) == text);
    BOOST_TEST(from_base64(text) == bytes);
  }
}

BOOST_AUTO_TEST_CASE(every_byte_survives_each_encoding) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (; !bytes.empty(); bytes.erase(0, 37)) {
    BOOST_TEST(from_base64(to_base64(bytes)) == bytes);
    BOOST_TEST(from_base64url(to_base64url(bytes)) == bytes);
    BOOST_TEST(from_hex(to_hex(bytes)) == bytes);
  }
}

BOOST_AUTO_TEST_CASE(the_url_safe_alphabet_has_no_padding) {
  BOOST_TEST(to_base64url("\xfb\xff") == "-_8");
  BOOST_TEST(to_base64("\xfb\xff") == "+/8=");
  BOOST_TEST(from_base64url("-_8") == "\xfb\xff");
}

BOOST_AUTO_TEST_CASE(loose_base64_is_refused) {
  const auto refused = [](const std::string& text, std::string_view why) {
    testing::refuses(Fault::kInput, why, [&] { from_base64(text); });
  };
  refused("Zg", "is not padded");
  refused("Zg=", "is not padded");
  refused("Zh==", "ends inside a byte");
  refused("Zm9=", "ends inside a byte");
  refused("====", "foreign byte 0x3d");
  refused("Z===", "foreign byte 0x3d");
  refused("Zm9v\n===", "foreign byte");
  refused("Zg==Zg==", "foreign byte 0x3d");
  refused("-_8=", "foreign byte 0x2d");
  testing::refuses(Fault::kInput, "foreign byte 0x2b", [] { from_base64url("+/8"); });
  testing::refuses(Fault::kInput, "foreign byte 0x3d", [] { from_base64url("Zg=="); });
  testing::refuses(Fault::kInput, "ends inside a byte", [] { from_base64url("Zm9vY"); });
}

BOOST_AUTO_TEST_CASE(hexadecimal_is_lower_case_and_whole) {
  BOOST_TEST(to_hex(std::string("\x00\xfe", 2)) == "00fe");
  testing::refuses(Fault::kInput, "not lower-case hexadecimal", [] { from_hex("FE"); });
  testing::refuses(Fault::kInput, "not whole bytes", [] { from_hex("abc"); });
  testing::refuses(Fault::kInput, "not lower-case hexadecimal", [] { from_hex("0x"); });
}

BOOST_AUTO_TEST_CASE(percent_encoding_leaves_only_the_unreserved) {
  BOOST_TEST(percent_encode("aZ09-._~") == "aZ09-._~");
  BOOST_TEST(percent_encode("a b/c+d%") == "a%20b%2Fc%2Bd%25");
  BOOST_TEST(percent_encode("\xc3\xbc") == "%C3%BC");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
