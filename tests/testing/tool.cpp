#include "testing/tool.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>

namespace waybill::testing {

std::filesystem::path tool(const std::string& name) {
  std::string folders = "/usr/local/bin:/usr/bin:/bin";
  if (const char* path = std::getenv("PATH")) folders = std::string(path) + ":" + folders;
  if (const char* home = std::getenv("HOME")) folders += fmt::format(":{0}/.cache/waybill/tools/bin:{0}/go/bin", home);
  for (std::size_t at = 0; at < folders.size();) {
    const std::size_t end = std::min(folders.find(':', at), folders.size());
    const std::filesystem::path program = std::filesystem::path(folders.substr(at, end - at)) / name;
    if (std::filesystem::is_regular_file(program)) return program;
    at = end + 1;
  }
  BOOST_FAIL("these tests need " << name << " on PATH or in ~/go/bin; tests/prepare builds it");
  return {};
}

}  // namespace waybill::testing
