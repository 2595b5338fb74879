#include "testing/data.h"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

namespace waybill::testing {

std::optional<std::filesystem::path> data(std::string_view relative) {
  const std::filesystem::path path = std::filesystem::path(WAYBILL_DATA) / relative;
  if (std::filesystem::exists(path)) return path;
  const char* required = std::getenv("WAYBILL_DATA_REQUIRED");
  if (required != nullptr && std::string_view(required) == "1") BOOST_FAIL("required test data is missing: " << path);
  BOOST_TEST_MESSAGE("no data, not checked: " << path);
  return std::nullopt;
}

std::filesystem::path source_folder() {
  return SOURCE_DIR;
}

std::filesystem::path layers_file() {
  return LAYERS;
}

}  // namespace waybill::testing
