#include "core/adopt/forge_facts.h"

#include <boost/test/unit_test.hpp>

namespace waybill {

BOOST_AUTO_TEST_SUITE(adopt_forge_facts)

BOOST_AUTO_TEST_CASE(a_token_is_told_by_its_prefix) {
  BOOST_TEST(adopt::kind_of_token("").empty());
  BOOST_TEST(adopt::kind_of_token("github_pat_1") == "a fine-grained personal access token");
  BOOST_TEST(adopt::kind_of_token("ghp_1") == "a classic personal access token");
  BOOST_TEST(adopt::kind_of_token("ghs_1") == "a token of an App's installation or of a job");
  BOOST_TEST(adopt::kind_of_token("x") == "a token of no form that GitHub documents");
}

BOOST_AUTO_TEST_CASE(a_remote_names_a_repository_of_its_own_forge_only) {
  const std::string server = "https://github.com";
  for (const char* url : {"https://github.com/octo/charts", "https://github.com/octo/charts.git",
                          "https://github.com/octo/charts/", "https://user:word@github.com/octo/charts.git",
                          "git@github.com:octo/charts.git", "ssh://git@github.com/octo/charts"})
    BOOST_TEST(adopt::repository_in(url, server).value_or("") == "octo/charts", url);
  BOOST_TEST(adopt::repository_in("git@github.com:octo/my.charts", server).value_or("") == "octo/my.charts");
  for (const char* url : {"", "/srv/charts.git", "https://elsewhere.example/octo/charts", "https://github.com/octo",
                          "https://github.com.evil.example/octo/charts", "https://github.com/octo/charts/tree/main",
                          "git@elsewhere.example:octo/charts"})
    BOOST_TEST(!adopt::repository_in(url, server).has_value(), url);
  BOOST_TEST(adopt::repository_in("https://forge.example/octo/charts", "https://forge.example").value_or("") ==
             "octo/charts");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
