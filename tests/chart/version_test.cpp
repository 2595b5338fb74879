#include "core/chart/version.h"

#include <boost/test/unit_test.hpp>

#include "chart/charts.h"
#include "core/base/error.h"

namespace waybill {
namespace {

using chart::Level;
using chart::Version;

std::string text(std::string_view version) {
  return Version::parse(version).text();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_version)

BOOST_AUTO_TEST_CASE(strict_versions_are_those_of_semver) {
  for (const char* version : {"0.0.0", "1.2.3", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-0A.is.legal",
                              "1.2.3----RC-SNAPSHOT.12.9.1--.12", "1.0.0+0.build.1-rc.10000aaa-kk-0.1",
                              "6.1.0-weekly.394+dev.0", "99999999999999999999999.999999999999999999.99999999999999999"})
    BOOST_TEST(text(version) == version);
  for (const char* version : {"", "1", "1.2", "v1.2.3", "01.2.3", "1.02.3", "1.2.3-01", "1.2.3-", "1.2.3+",
                              "1.2.3-a..b", "1.46.", "1.2.3.4", "-1.0.0", "1.2.3-é", "1.2.3 ", "0.46.00", "x.y.z"})
    BOOST_CHECK_EXCEPTION(Version::parse(version), Error, [](const Error& e) {
      return e.fault() == Fault::kInput && testing::says(e, "is not a version");
    });
}

BOOST_AUTO_TEST_CASE(loose_versions_are_those_of_helm) {
  BOOST_TEST(Version::parse_loose("v1.2")->text() == "1.2.0");
  BOOST_TEST(Version::parse_loose("0.46.00")->text() == "0.46.0");
  BOOST_TEST(Version::parse_loose("v1.2.3-rc.1+b")->text() == "1.2.3-rc.1+b");
  BOOST_TEST(!Version::parse_loose("latest"));
  BOOST_TEST(!Version::parse_loose("1.2.3.4"));
}

BOOST_AUTO_TEST_CASE(precedence_is_that_of_semver) {
  const std::vector<std::string> rising{"1.0.0-alpha",
                                        "1.0.0-alpha.1",
                                        "1.0.0-alpha.beta",
                                        "1.0.0-beta",
                                        "1.0.0-beta.2",
                                        "1.0.0-beta.11",
                                        "1.0.0-rc.1",
                                        "1.0.0",
                                        "1.0.1",
                                        "1.1.0",
                                        "2.0.0",
                                        "18446744073709551616.0.0",
                                        "99999999999999999999.0.0"};
  for (std::size_t i = 0; i + 1 < rising.size(); ++i)
    BOOST_TEST((Version::parse(rising[i]) < Version::parse(rising[i + 1])), rising[i] << " < " << rising[i + 1]);
  BOOST_TEST((Version::parse("1.0.0+one") == Version::parse("1.0.0+two")));
}

BOOST_AUTO_TEST_CASE(the_next_version_carries_and_ends_a_pre_release) {
  BOOST_TEST(Version::parse("1.2.9").next_patch().text() == "1.2.10");
  BOOST_TEST(Version::parse("1.99.9").next_minor().text() == "1.100.0");
  BOOST_TEST(Version::parse("99999999999999999999.1.1").next_major().text() == "100000000000000000000.0.0");
  BOOST_TEST(Version::parse("2.0.0-rc.1").next_patch().text() == "2.0.0");
  BOOST_TEST(Version::parse("2.0.0-rc.1").next_major().text() == "2.0.0");
  BOOST_TEST(Version::parse("2.0.1-rc.1").next_minor().text() == "2.1.0");
  BOOST_TEST(Version::parse("1.2.3+build").next_patch().text() == "1.2.4");
}

BOOST_AUTO_TEST_CASE(the_step_between_versions_has_a_level) {
  const auto step = [](const char* one, const char* other) {
    return level_name(step_between(Version::parse(one), Version::parse(other)));
  };
  BOOST_TEST(step("1.2.3", "1.2.9") == "patch");
  BOOST_TEST(step("1.2.3", "1.4.0") == "minor");
  BOOST_TEST(step("1.2.3", "3.0.0") == "major");
  BOOST_TEST(step("1.2.3", "1.2.3") == "none");
  BOOST_TEST(step("1.2.3", "1.0.0") == "none");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
