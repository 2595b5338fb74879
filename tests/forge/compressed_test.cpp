#include "core/forge/compressed.h"

#include <snappy.h>

#include <boost/test/unit_test.hpp>

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(compressed)

std::string block(const std::string& text) {
  std::string bytes;
  ::snappy::Compress(text.data(), text.size(), &bytes);
  return bytes;
}

BOOST_AUTO_TEST_CASE(a_block_gives_back_its_text) {
  for (const std::string& text : {std::string(), std::string("bundle"), std::string(100'000, 'x')})
    BOOST_TEST((decompressed(block(text)) == text));
}

BOOST_AUTO_TEST_CASE(a_block_of_the_most_bytes_is_read_and_one_byte_more_is_not) {
  BOOST_TEST((decompressed(block(std::string(kMostBytesOfBundle, 'x'))).value_or("").size() == kMostBytesOfBundle));
  BOOST_TEST(!decompressed(block(std::string(kMostBytesOfBundle + 1, 'x'))).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_whole_block_gives_nothing) {
  const std::string good = block("a bundle that is long enough to be cut");
  BOOST_TEST(!decompressed("").has_value());
  BOOST_TEST(!decompressed("{}").has_value());
  BOOST_TEST(!decompressed(good.substr(0, good.size() - 1)).has_value());
  BOOST_TEST(!decompressed(good + "x").has_value());
  BOOST_TEST(!decompressed("\xff\xff\xff\xff\x0f").has_value());  // announces 4 GiB
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
