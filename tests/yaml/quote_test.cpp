#include "core/yaml/quote.h"

#include <boost/test/unit_test.hpp>

#include "core/yaml/document.h"

// What is written is read back as the same text, by every reader.
namespace waybill {

BOOST_AUTO_TEST_SUITE(yaml_quote)

BOOST_AUTO_TEST_CASE(plain_is_what_every_reader_takes_as_a_text) {
  for (const char* text : {"main", "release/v2", "waybill-tag-charts", "web-1.2.3", "a", "Yesterday", "e5"})
    BOOST_TEST(yaml::scalar(text) == text);
  for (const char* text : {"",         "1password-1.0.0",
                           "0x1f",     "1e3",
                           ".inf",     "-",
                           "yes",      "No",
                           "ON",       "off",
                           "y",        "n",
                           "True",     "null",
                           "~",        "integrate/**",
                           "app[bot]", "https://github.com",
                           "a b",      "a: b",
                           "a#b",      "#a",
                           "@a",       "!a",
                           "it's",     "a,b",
                           "{a}"})
    BOOST_TEST(yaml::scalar(text) == yaml::single_quoted(text));
  BOOST_TEST(yaml::single_quoted("it's") == "'it''s'");
}

BOOST_AUTO_TEST_CASE(what_was_written_is_read_back) {
  for (const char* text : {"", "main", "yes", "1e3", "it's", "a: b # c", "integrate/**", "[x]", "\\n", "\"q\""}) {
    const std::string scalar = yaml::scalar(text);
    const auto document = yaml::parse("block: " + scalar + "\nflow: [" + scalar + ", x]\n" + scalar + ": key\n", "t");
    BOOST_TEST(document.at("block").text() == text);
    BOOST_TEST(document.at("flow").items().front().text() == text);
    BOOST_TEST(document.at(text).text() == "key");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
