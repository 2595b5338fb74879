#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <optional>
#include <sstream>

#include "archive/damage.h"
#include "core/archive/archive.h"
#include "core/base/encoding.h"
#include "core/base/file.h"
#include "core/base/process.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(archive)

namespace {

std::string long_name(std::size_t folders, std::size_t file) {
  std::string path;
  for (std::size_t i = 0; i < folders; ++i) path += "folder-" + std::to_string(10 + i) + "/";
  return path + std::string(file, 'f');
}

// Names of every form: short, of exactly 100 bytes, split, too long to be split, outside ASCII.
std::vector<Member> members() {
  return {{"c/Chart.yaml", "name: c\n"},
          {"c/empty", ""},
          {"c/" + std::string(98, 'n'), std::string(512, 'x')},
          {long_name(10, 40), std::string(513, 'y')},
          {long_name(15, 100), "split at 150"},
          {long_name(2, 120), "last part too long"},
          {long_name(30, 20), "all too long"},
          {"c/\xc3\xa9.yaml", "not ASCII"},
          {"c/\xe6\x97\xa5\xe6\x9c\xac", "nothing of the last part is ASCII"},
          {"c/binary", std::string("\0\xff\n\r", 4)}};
}

// What a program prints; nothing when this machine has no such program.
std::optional<std::string> printed(const std::vector<std::string>& arguments, const std::string& input) {
  const char* path = std::getenv("PATH");
  try {
    const Exit exit = run({.arguments = arguments,
                           .environment = {{"PATH", path == nullptr ? "/usr/bin:/bin" : path}, {"LC_ALL", "C.UTF-8"}},
                           .folder = std::filesystem::temp_directory_path(),
                           .input = input});
    BOOST_TEST(exit.code == 0, exit.errors);
    return exit.output;
  } catch (const Error& error) {
    BOOST_TEST_MESSAGE("not checked: " << error.what());
    return std::nullopt;
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_tar_of_one_file_has_these_bytes) {
  const std::string bytes = tar({{"a/b", "hello"}});
  BOOST_REQUIRE(bytes.size() == 2048U);
  BOOST_TEST(bytes.substr(0, 4) == std::string("a/b\0", 4));
  BOOST_TEST(bytes.substr(100, 57) == std::string("0000644\0"
                                                  "0000000\0"
                                                  "0000000\0"
                                                  "00000000005\0"
                                                  "00000000000\0"
                                                  "007564\0 "
                                                  "0",
                                                  57));
  BOOST_TEST(bytes.substr(157, 100) == std::string(100, '\0'));
  BOOST_TEST(bytes.substr(257, 8) == std::string("ustar\00000", 8));
  BOOST_TEST(bytes.substr(265, 64) == std::string(64, '\0'));
  BOOST_TEST(bytes.substr(329, 16) == std::string("0000000\0"
                                                  "0000000\0",
                                                  16));
  BOOST_TEST(bytes.substr(512, 6) == std::string("hello\0", 6));
  BOOST_TEST(bytes.substr(1024) == std::string(1024, '\0'));
  BOOST_TEST(tar({}) == std::string(1024, '\0'));
}

BOOST_AUTO_TEST_CASE(only_names_that_need_it_get_a_pax_record) {
  const std::string bytes = tar(members());
  std::size_t records = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 512)
    if (bytes[at + 156] == 'x' && bytes.substr(at + 257, 5) == "ustar") ++records;
  BOOST_TEST(records == 4U);
  BOOST_TEST(holds(bytes, "PaxHeaders.0/.yaml"));
  BOOST_TEST(holds(bytes, "18 path=c/\xc3\xa9.yaml\n"));
  const std::string split = tar({{long_name(15, 100), ""}});
  BOOST_TEST(split.substr(0, 100) == std::string(100, 'f'));
  BOOST_TEST(split.substr(345, 9) == "folder-10");
  BOOST_TEST(split.size() == 1536U);
}

BOOST_AUTO_TEST_CASE(a_gzip_says_nothing_about_time_name_and_system) {
  const std::string packed = gzip("some text");
  BOOST_TEST(to_hex(packed.substr(0, 10)) == "1f8b08000000000000ff");
  BOOST_TEST(gzip("some text") == packed);
}

BOOST_AUTO_TEST_CASE(what_was_written_is_read_back) {
  const std::vector<Member> back = read_tar_gzip(gzip(tar(members())));
  BOOST_REQUIRE(back.size() == members().size());
  for (std::size_t i = 0; i < back.size(); ++i) {
    BOOST_TEST(back[i].path == members()[i].path);
    BOOST_TEST(back[i].content == members()[i].content);
  }
  BOOST_TEST(read_tar_gzip(gzip(tar({}))).empty());
}

BOOST_AUTO_TEST_CASE(tar_lists_it) {
  const auto listing = printed({"tar", "tvzf", "-", "--quoting-style=literal", "--utc"}, gzip(tar(members())));
  if (!listing) return;
  std::istringstream lines(*listing);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line); ++number) {
    BOOST_REQUIRE(number < members().size());
    BOOST_TEST(line.starts_with("-rw-r--r-- 0/0 "));
    BOOST_TEST(holds(line, " 1970-01-01 00:00 "));
    BOOST_TEST(line.ends_with(" " + members()[number].path));
  }
  BOOST_TEST(number == members().size());
}

BOOST_AUTO_TEST_CASE(python_reads_it) {
  const std::string script =
      "import io, sys, tarfile, hashlib\n"
      "t = tarfile.open(fileobj=io.BytesIO(sys.stdin.buffer.read()), mode='r:gz')\n"
      "for m in t: print(m.isreg(), oct(m.mode), m.uid, m.gid, m.uname, m.gname, int(m.mtime), m.name, "
      "t.extractfile(m).read().hex())\n";
  const auto output = printed({"python3", "-c", script}, gzip(tar(members())));
  if (!output) return;
  std::string expected;
  for (const Member& member : members())
    expected += "True 0o644 0 0   0 " + member.path + " " + to_hex(member.content) + "\n";
  BOOST_TEST(*output == expected);
}

BOOST_AUTO_TEST_CASE(what_would_not_be_read_is_not_written) {
  for (const char* path : {"", "/etc/passwd", "a/../b", "./a", "a//b", "a\\b", "a\nb", "a/"})
    BOOST_CHECK_THROW(tar({{path, ""}}), Error);
  BOOST_CHECK_THROW(tar({{"a", ""}, {"a", ""}}), Error);
  BOOST_CHECK_THROW(tar({{"a", ""}, {"a/b", ""}}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
