#include "core/base/file.h"

#include <boost/test/unit_test.hpp>

#include "testing/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(base_file)

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "f";
  const std::string content("\0\r\n\xff", 4);
  write_file(path, "longer, and replaced as a whole");
  write_file(path, content);
  BOOST_TEST(read_file(path, 4) == content);
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

BOOST_AUTO_TEST_CASE(a_file_over_the_limit_is_refused_with_its_name) {
  const TemporaryFolder folder;
  write_file(folder.path() / "big", std::string(200'000, 'x'));
  BOOST_TEST(read_file(folder.path() / "big", 200'000).size() == 200'000U);
  testing::refuses(Fault::kInput, "big` holds more than the 199999 bytes",
                   [&] { read_file(folder.path() / "big", 199'999); });
  testing::refuses(Fault::kInput, "holds more than", [] { read_file("/dev/zero", 1000); });
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_or_written_is_named) {
  const TemporaryFolder folder;
  testing::refuses(Fault::kInput, "absent` cannot be read", [&] { read_file(folder.path() / "absent", 10); });
  testing::refuses(Fault::kInput, "cannot be read", [&] { read_file(folder.path(), 10); });
  testing::refuses(Fault::kInput, "no/such` cannot be written", [&] { write_file(folder.path() / "no/such", "x"); });
  std::filesystem::create_directories(folder.path() / "taken/by");
  testing::refuses(Fault::kInput, "taken` cannot be written", [&] { write_file(folder.path() / "taken", "x"); });
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

BOOST_AUTO_TEST_CASE(a_temporary_folder_goes_with_its_content) {
  std::filesystem::path path;
  {
    const TemporaryFolder folder;
    path = folder.path();
    std::filesystem::create_directories(path / "a/b");
    write_file(path / "a/b/c", "x");
    const TemporaryFolder inner(path);
    BOOST_CHECK(inner.path().parent_path() == path);
  }
  BOOST_TEST(!std::filesystem::exists(path));
  testing::refuses(Fault::kInput, "no folder can be made in", [] { TemporaryFolder folder("/no/such/parent"); });
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
