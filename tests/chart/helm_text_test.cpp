#include "core/chart/helm_text.h"

#include <boost/test/unit_test.hpp>

#include "core/base/unicode.h"

namespace waybill {
namespace {

std::string read(const std::string& value) {
  return chart::helm_text(yaml::parse("key: " + value + "\n", "Chart.yaml").at("key"));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_helm_text)

// What helm 3.22 made of `appVersion: …`.
BOOST_AUTO_TEST_CASE(plain_scalars_become_the_text_helm_makes_of_them) {
  const std::vector<std::pair<std::string, std::string>> table{{"1.10", "1.1"},
                                                               {"1e3", "1000"},
                                                               {"1e6", "1e+06"},
                                                               {"0x10", "16"},
                                                               {"0o17", "15"},
                                                               {"017", "15"},
                                                               {"08", "8"},
                                                               {"1_0", "10"},
                                                               {"yes", "true"},
                                                               {"n", "false"},
                                                               {"null", ""},
                                                               {"~", ""},
                                                               {"1.2.3", "1.2.3"},
                                                               {"+5", "5"},
                                                               {"-0", "0"},
                                                               {"1.", "1"},
                                                               {".5", "0.5"},
                                                               {"0b11", "3"},
                                                               {"0b2", "0b2"},
                                                               {"2001-01-01", "2001-01-01"},
                                                               {"123456789.5", "1.2345679e+08"},
                                                               {"0.00001", "1e-05"},
                                                               {"\"1.10\"", "1.10"},
                                                               {"18446744073709551616", "1.8446744e+19"},
                                                               {"1:20", "1:20"},
                                                               {"v1", "v1"}};
  for (const auto& [value, text] : table) BOOST_TEST(read(value) == text, value);
}

BOOST_AUTO_TEST_CASE(names_are_compared_as_systems_without_case_compare_them) {
  BOOST_TEST(case_folded("README.md") == case_folded("ReadMe.MD"));
  BOOST_TEST(case_folded("ÄÉΣЖŐ") == case_folded("äéσжő"));
  BOOST_TEST(case_folded("ver\xC5\xBFion\xE2\x84\xAA") == "versionk");
  BOOST_TEST(case_folded("a") != case_folded("b"));
}

BOOST_AUTO_TEST_CASE(broken_utf8_is_noticed) {
  BOOST_TEST(is_utf8("grün €😀"));
  for (const char* text : {"\x80", "\xC0\x80", "\xC3", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"})
    BOOST_TEST(!is_utf8(text));
  BOOST_TEST(trimmed("\xC2\xA0 a b \t") == "a b");
  BOOST_TEST(trimmed(" \n").empty());
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
