#include "core/base/oid.h"

#include <boost/test/unit_test.hpp>

#include "testing/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(base_oid)

BOOST_AUTO_TEST_CASE(an_id_is_forty_digits) {
  const Oid id = Oid::parse("0123456789abcdef0123456789abcdef01234567");
  BOOST_TEST(id.hex() == "0123456789abcdef0123456789abcdef01234567");
  BOOST_TEST(id.shortened() == "01234567");
  BOOST_CHECK(id < Oid::parse(std::string(40, 'f')));
}

BOOST_AUTO_TEST_CASE(ids_are_ordered_as_their_digits_and_have_twenty_bytes) {
  const Oid low = Oid::parse("7f" + std::string(38, '0'));
  const Oid high = Oid::parse("80" + std::string(38, '0'));
  BOOST_CHECK(low < high);
  BOOST_TEST(low.bytes().size() == Oid::kSize);
  BOOST_CHECK(Oid::from_bytes(high.bytes()) == high);
  testing::refuses(Fault::kInput, "19 bytes are not a git object id", [&] { Oid::from_bytes(low.bytes().substr(1)); });
}

BOOST_AUTO_TEST_CASE(abbreviated_upper_case_and_sha256_ids_are_refused) {
  for (const std::string& text : {std::string("01234567"), std::string(40, 'A'), std::string(64, 'a'), std::string(),
                                  std::string(39, 'a') + " ", std::string(40, 'g')})
    testing::refuses(Fault::kInput, "is not a git object id: 40 lower-case", [&] { Oid::parse(text); });
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
