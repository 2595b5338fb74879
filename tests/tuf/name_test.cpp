#include "core/tuf/name.h"

#include <boost/test/unit_test.hpp>

namespace waybill {
BOOST_AUTO_TEST_SUITE(tuf)
BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(never_leave_their_folder) {
  BOOST_TEST(metadata_name("?") == "%3F.json");
  BOOST_TEST(metadata_name("#", 3) == "3.%23.json");
  BOOST_TEST(metadata_name("/role") == "%2Frole.json");
  BOOST_TEST(metadata_name("../role", 1) == "1...%2Frole.json");
  BOOST_TEST(metadata_name("a b%20\xc3\xa4~_.-") == "a%20b%2520%C3%A4~_.-.json");
  BOOST_TEST(metadata_name("..") == "...json");
  BOOST_TEST(quoted_name(".") == "%2E");
  BOOST_TEST(quoted_name("..") == "%2E%2E");
  BOOST_TEST(quoted_name("dir/file") == "dir%2Ffile");
}

BOOST_AUTO_TEST_CASE(of_targets_become_urls) {
  BOOST_TEST(target_url("https://host/t", "file.txt", "") == "https://host/t/file.txt");
  BOOST_TEST(target_url("https://host/t/", "a/b/file.txt", "00ff") == "https://host/t/a/b/00ff.file.txt");
  BOOST_TEST(target_url("https://host/t/", "a b?c#d%20\"", "") == "https://host/t/a%20b%3Fc%23d%20%22");
}

BOOST_AUTO_TEST_CASE(match_patterns_segment_by_segment) {
  BOOST_TEST(matches("*", "file"));
  BOOST_TEST(matches("*.tgz", "a.tgz"));
  BOOST_TEST(matches("foo-version-?.tgz", "foo-version-2.tgz"));
  BOOST_TEST(matches("targets/*.tgz", "targets/foo.tgz"));
  BOOST_TEST(matches("a*b*c", "axxbyybzzc"));
  BOOST_TEST(matches("**", ""));
  BOOST_TEST(matches("v[0-9].[!a-c]", "v7.d"));
  BOOST_TEST(matches("[]]x", "]x"));
  BOOST_TEST(matches("[x", "[x"));
  BOOST_TEST(matches("?", "\xc3\xa4"));
  BOOST_TEST(!matches("*", "a/b"));
  BOOST_TEST(!matches("targets/*.tgz", "targets/foo.txt"));
  BOOST_TEST(!matches("targets/*.tgz", "foo.tgz"));
  BOOST_TEST(!matches("a/*", "a"));
  BOOST_TEST(!matches("a", "a/"));
  BOOST_TEST(!matches("?", ""));
  BOOST_TEST(!matches("foo-?", "foo-22"));
  BOOST_TEST(!matches("[!a-c]", "b"));
  BOOST_TEST(!matches("A", "a"));
  BOOST_TEST(!matches("", "a"));
}

BOOST_AUTO_TEST_CASE(match_hard_patterns_in_time) {
  std::string pattern;
  for (int star = 0; star < 2000; ++star) pattern += "*a";
  BOOST_TEST(!matches(pattern + "b", std::string(4000, 'a')));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
