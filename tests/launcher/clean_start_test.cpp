#include "core/launcher/clean_start.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

// trust.md T21: what an earlier step of a job wrote into the environment does not reach a stage.
namespace waybill {

BOOST_AUTO_TEST_SUITE(launcher)

BOOST_AUTO_TEST_CASE(inputs_and_what_the_runner_says_are_kept) {
  for (const char* variable : {"INPUT_MODE=plan", "INPUT_APP-ID=7", "INPUT_=", "GITHUB_SHA=abc", "GITHUB_OUTPUT=/x=y",
                               "ACTIONS_ID_TOKEN_REQUEST_TOKEN=t", "RUNNER_TEMP=/github/runner_temp", "CI=true"})
    BOOST_TEST(kept(variable), variable);
}

BOOST_AUTO_TEST_CASE(what_changes_loader_allocator_tls_git_or_network_is_not_kept) {
  for (const char* variable : {"LD_PRELOAD=/w/x.so",
                               "LD_LIBRARY_PATH=/w",
                               "LD_AUDIT=/w/x.so",
                               "GLIBC_TUNABLES=glibc.malloc.check=3",
                               "MALLOC_CHECK_=3",
                               "OPENSSL_CONF=/w/o.cnf",
                               "OPENSSL_MODULES=/w",
                               "SSL_CERT_FILE=/w/ca.pem",
                               "SSL_CERT_DIR=/w",
                               "SSLKEYLOGFILE=/w/keys",
                               "GIT_DIR=/w",
                               "GIT_CONFIG_GLOBAL=/w/config",
                               "GIT_SSL_NO_VERIFY=1",
                               "HOME=/github/home",
                               "http_proxy=http://w",
                               "HTTPS_PROXY=http://w",
                               "ALL_PROXY=http://w",
                               "no_proxy=*",
                               "CURL_CA_BUNDLE=/w",
                               "HELM_PLUGINS=/w",
                               "PATH=/w",
                               "LC_ALL=C",
                               "TZ=:/w",
                               "LOCPATH=/w",
                               "GCONV_PATH=/w",
                               "RES_OPTIONS=debug",
                               "HOSTALIASES=/w",
                               "TMPDIR=/w",
                               "GITHUB_ENV=/x",
                               "GITHUB_PATH=/x",
                               "ACTIONS_RUNTIME_TOKEN=t"})
    BOOST_TEST(!kept(variable), variable);
}

BOOST_AUTO_TEST_CASE(names_are_compared_whole) {
  for (const char* variable : {"GITHUB_SHA_X=1", "XGITHUB_SHA=1", "github_sha=1", "INPUTS=1", "CI", "", "=CI"})
    BOOST_TEST(!kept(variable), variable);
}

BOOST_AUTO_TEST_CASE(cleaning_keeps_the_order_and_ends_after_the_last_kept) {
  std::array<std::string, 4> variables{"LD_PRELOAD=/w/x.so", "CI=true", "HOME=/w", "INPUT_MODE=plan"};
  std::vector<char*> environment;
  for (std::string& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);
  BOOST_TEST(clean(environment.data()) == 2U);
  BOOST_TEST(environment[0] == std::string("CI=true"));
  BOOST_TEST(environment[1] == std::string("INPUT_MODE=plan"));
  BOOST_TEST(environment[2] == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
