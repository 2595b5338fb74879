#define BOOST_TEST_MODULE waybill
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

// Nothing of the run that executes the tests may leak into what they test.
struct ScrubbedEnvironment {
  ScrubbedEnvironment() {
    std::vector<std::string> names;
    for (char** entry = ::environ; *entry != nullptr; ++entry) {
      const std::string variable = *entry;
      for (const char* prefix : {"GITHUB_", "ACTIONS_", "INPUT_", "RUNNER_", "STATE_"})
        if (variable.starts_with(prefix)) names.push_back(variable.substr(0, variable.find('=')));
    }
    for (const std::string& name : names) ::unsetenv(name.c_str());
  }
};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(ScrubbedEnvironment);
