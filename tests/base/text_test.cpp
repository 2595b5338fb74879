#include "core/base/text.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(base_text)

BOOST_AUTO_TEST_CASE(characters_are_counted_as_forges_do) {
  BOOST_TEST(code_points("") == 0U);
  BOOST_TEST(code_points("näher: …") == 8U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_seen_is_written_out) {
  BOOST_TEST(printable("näher\t…\r\n😀") == "näher\t…\n😀");
  BOOST_TEST(printable("a\xE2\x80\xAE"
                       "b") == "a\\u{202e}b");
  BOOST_TEST(printable(std::string_view("a\0b\x1b[2J\r", 8)) == "a\\u{0}b\\u{1b}[2J\\u{d}");
  BOOST_TEST(printable("caf\xE9") == "caf\\x{e9}");
  BOOST_TEST(printable_line("a\nb") == "a\\u{a}b");
}

BOOST_AUTO_TEST_CASE(an_error_says_all_of_what_others_wrote_and_hides_nothing) {
  const Error error = Error(Fault::kInput, "`{}` is no name", std::string_view("a\0\xE2\x80\xAE", 5)).hint("x\x07");
  BOOST_TEST(error.what() == "`a\\u{0}\\u{202e}` is no name");
  BOOST_TEST(error.hint() == "x\\u{7}");
}

BOOST_AUTO_TEST_CASE(what_fits_stays_as_it_is) {
  BOOST_TEST(shortened("one\ntwo", 7) == "one\ntwo");
  BOOST_TEST(shortened(std::string(300, 'x'), 300).size() == 300U);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_cut_after_a_line_and_says_so) {
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += "- ä change with number " + std::to_string(i) + "\n";
  const std::string cut = shortened(lines, 500);
  BOOST_TEST(code_points(cut) <= 500U);
  BOOST_TEST(code_points(cut) > 450U);
  const std::size_t end = cut.find("\n\n… cut here");
  BOOST_TEST_REQUIRE(end != std::string::npos);
  BOOST_TEST(lines.starts_with(cut.substr(0, end) + "\n"));
}

BOOST_AUTO_TEST_CASE(one_long_line_is_cut_between_characters) {
  std::string line;
  for (int i = 0; i < 300; ++i) line += "ä";
  const std::string cut = shortened(line, 100);
  BOOST_TEST(code_points(cut) == 100U);
  BOOST_TEST(cut.starts_with("ääää"));
  BOOST_TEST(cut.find("ä\n\n… cut here") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(parts_are_taken_until_their_end_or_the_text_s) {
  std::string_view rest = "a::b";
  BOOST_TEST(take_until(':', rest) == "a");
  BOOST_TEST(take_until(':', rest) == "");
  BOOST_TEST(take_until(':', rest) == "b");
  BOOST_TEST(rest.empty());
  BOOST_TEST(take_until(':', rest) == "");
  rest = "a:";
  BOOST_TEST(take_until(':', rest) == "a");
  BOOST_TEST(rest.empty());
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
