#include <boost/test/unit_test.hpp>
#include <ctime>
#include <random>

#include "archive/damage.h"
#include "core/archive/archive.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(archive)

namespace {

std::string record(const std::string& text) {
  for (std::size_t length = text.size() + 2;; ++length)
    if (std::to_string(length).size() + 1 + text.size() + 1 == length)
      return std::to_string(length) + " " + text + "\n";
}

const Limits kSmall{.members = 3, .member_bytes = 1000, .total_bytes = 8192};

}  // namespace

BOOST_AUTO_TEST_CASE(other_peoples_tars_are_read) {
  const std::string other = ended(raw({{"pax_global_header", 'g', record("comment=0123456789")},
                                       {"c/", '5'},
                                       {"c/a", '0', "first"},
                                       {"PaxHeader/b", 'x', record("mtime=1.5") + record("path=c/\xc3\xa9")},
                                       {"short", '0', "second"},
                                       {"././@LongLink", 'L', "c/" + std::string(150, 'l') + std::string(1, '\0')},
                                       {"c/lll", '\0', "third"}})) +
                            std::string(10240, '\0');
  const std::vector<Member> members = read_tar_gzip(gzip(other));
  BOOST_REQUIRE(members.size() == 3U);
  BOOST_TEST(members[0].path == "c/a");
  BOOST_TEST(members[1].path == "c/\xc3\xa9");
  BOOST_TEST(members[1].content == "second");
  BOOST_TEST(members[2].path == "c/" + std::string(150, 'l'));
  BOOST_TEST(members[2].content == "third");
}

BOOST_AUTO_TEST_CASE(only_regular_files_come_in) {
  BOOST_TEST(refused({{.name = "c/link", .type = '2', .link = "/etc/passwd"}}) ==
             "archive member `c/link` is a symbolic link, wanted a regular file");
  BOOST_TEST(holds(refused({{"a"}, {.name = "b", .type = '1', .link = "a"}}), "`b` is a hard link"));
  BOOST_TEST(holds(refused({{"null", '3'}}), "is a device"));
  BOOST_TEST(holds(refused({{"disk", '4'}}), "is a device"));
  BOOST_TEST(holds(refused({{"pipe", '6'}}), "is a pipe"));
  for (const char type : {'7', 'S', 'D', 'M', 'V', 'K', 'A', 'X', 'z'})
    BOOST_TEST(holds(refused({{"odd", type}}), "is an entry of tar type"), type);
}

BOOST_AUTO_TEST_CASE(paths_stay_inside) {
  for (const char* path : {"../x", "a/../../x", "a/..", ".."})
    BOOST_TEST(holds(refused({{path}}), "leads out of the archive"));
  BOOST_TEST(refused({{"/etc/passwd"}}) == "archive member `/etc/passwd` has an absolute path");
  BOOST_TEST(holds(refused({{""}}), "has no name"));
  for (const char* path : {"a\\b", "..\\x", "a\nb", "a\x1b[2J"})
    BOOST_TEST(holds(refused({{path}}), "has a backslash"));
  for (const char* path : {"./a", "a//b", "a/./b", "a/"}) BOOST_TEST(holds(refused({{path}}), "names nothing"));
  BOOST_TEST(holds(refused({{"../", '5'}}), "leads out of the archive"));
  BOOST_TEST(holds(refused({{"x", 'x', record("path=../x")}, {"a"}}), "leads out of the archive"));
  BOOST_TEST(holds(refused({{"L", 'L', "/x"}, {"a"}}), "has an absolute path"));
}

BOOST_AUTO_TEST_CASE(a_path_stands_once) {
  BOOST_TEST(refused({{"a", '0', "1"}, {"b"}, {"a", '0', "2"}}) == "archive member `a` stands twice");
  BOOST_TEST(holds(refused({{"a"}, {"x", 'x', record("path=a")}, {"b"}}), "`a` stands twice"));
  BOOST_TEST(holds(refused({{"a"}, {"a/b"}}), "`a` is a file here and a folder there"));
}

BOOST_AUTO_TEST_CASE(extensions_that_change_the_file_are_not_read) {
  for (const char* text : {"size=1", "GNU.sparse.major=1", "linkpath=/etc/passwd", "hdrcharset=BINARY", "unknown=1"})
    BOOST_TEST(holds(refused({{"x", 'x', record(text)}, {"a", '0', "12345"}}), "which is not read"));
  BOOST_TEST(holds(refused({{"g", 'g', record("path=evil")}, {"a"}}), "`path`, which is not read"));
  BOOST_TEST(holds(refused({{"x", 'x', record("path=b") + record("path=c")}, {"a"}}), "`path`, which is not read"));
  BOOST_TEST(holds(refused({{"x", 'x', record("path=b")}, {"L", 'L', "c"}, {"a"}}), "has two names"));
  for (const char* text : {"x", "99 path=a\n", "5 a=b\nx", "0 path=a\n", "-1 path=a\n", "11 path=a", "8 patha\n"})
    BOOST_TEST(holds(refused({{"x", 'x', text}, {"a"}}), "an extended header that is damaged"), text);
  BOOST_TEST(holds(refused({{"x", 'x', record(std::string("path=a\0b", 8))}, {"a"}}), "a name with a zero byte"));
  BOOST_TEST(holds(refused({{"a"}, {"x", 'x', record("path=b")}}), "it was cut off"));
}

BOOST_AUTO_TEST_CASE(everything_is_limited) {
  BOOST_CHECK_NO_THROW(read_tar_gzip(gzip(tar({{"a", std::string(1000, 'x')}, {"b", ""}, {"c", ""}})), kSmall));
  BOOST_TEST(refused({{"a", '0', std::string(1001, 'x')}}, kSmall) ==
             "archive member `a` has 1001 bytes, allowed are 1000");
  BOOST_TEST(refused({{"a"}, {"b"}, {"c"}, {"d"}}, kSmall) == "archive has more than 3 members");
  BOOST_TEST(
      holds(refused({{"a", '0', std::string(8000, 'x')}}, kSmall), "archive unpacks to 9728 bytes, allowed are 8192"));
  BOOST_TEST(holds(refused({{"x", 'x', std::string(70'000, 'x')}, {"a"}}), "allowed are 65536"));
  BOOST_TEST(holds(refused({{.name = "a", .size = "77777777777"}}), "allowed are 5242880"));
  BOOST_TEST(holds(refused({{.name = "a", .size = "00000004000"}}), "is cut off"));
  for (const char* size : {"-0000000001", "1x", "\x80\x01", "\xff\xff\xff\xff"})
    BOOST_TEST(holds(refused({{.name = "a", .size = size + std::string(12 - std::string(size).size(), ' ')}}),
                     "no readable size"));
}

BOOST_AUTO_TEST_CASE(a_bomb_is_not_unpacked) {
  std::string bomb = gzip(std::string(std::size_t(1) << 29, '\0'));
  BOOST_TEST(bomb.size() < 1'000'000U);
  const std::clock_t packed = std::clock();
  BOOST_TEST(refusal(bomb) == "archive unpacks to 536870912 bytes, allowed are 268435456");
  BOOST_TEST(std::clock() - packed < CLOCKS_PER_SEC / 5);
  bomb.replace(bomb.size() - 4, 4, std::string(4, '\1'));  // a smaller promise, not kept
  BOOST_TEST(refusal(bomb, kSmall) == "archive unpacks to 16843009 bytes, allowed are 8192");
  bomb.replace(bomb.size() - 4, 4, std::string(4, '\0'));
  BOOST_TEST(refusal(bomb, kSmall) == "archive unpacks to more than 8192 bytes");
}

BOOST_AUTO_TEST_CASE(one_gzip_member_and_nothing_behind_it) {
  const std::string packed = gzip(tar({{"a", "1"}}));
  const std::string second = gzip(ended(raw({{"b"}})));
  BOOST_TEST(refusal(packed + second) == fmt::format("archive has {} bytes behind its gzip member (a second member), "
                                                     "wanted one member and nothing else",
                                                     second.size()));
  BOOST_TEST(holds(refusal(packed + std::string(8, '\0')), "8 bytes behind its gzip member, wanted one"));
  BOOST_TEST(holds(refusal(packed.substr(0, packed.size() - 9)), "archive is damaged"));
  for (const char* bytes : {"", "PK\3\4 a zip file of some length", "not an archive at all, but long enough"})
    BOOST_TEST(refusal(bytes) == "archive is not in gzip form");
  std::string wrong = packed;
  wrong[wrong.size() - 6] ^= 1;  // the checksum
  BOOST_TEST(holds(refusal(wrong), "archive is damaged"));
}

BOOST_AUTO_TEST_CASE(nothing_stands_behind_the_end_mark) {
  const std::string whole = tar({{"a", "1"}});
  BOOST_TEST(refusal(gzip(whole + raw({{"b"}}))) == "archive has bytes behind its end mark");
  BOOST_TEST(holds(refusal(gzip(whole + "x")), "behind its end mark"));
  BOOST_TEST(holds(refusal(gzip(raw({{"a"}}) + std::string(512, '\0') + raw({{"b"}}))), "behind its end mark"));
  BOOST_TEST(holds(refusal(gzip(raw({{"a"}}))), "ends before its end mark"));
  BOOST_TEST(holds(refusal(gzip(raw({{"a"}}) + std::string(512, '\0'))), "ends before its end mark"));
  BOOST_TEST(holds(refusal(gzip("")), "ends before its end mark"));
}

BOOST_AUTO_TEST_CASE(a_wrong_checksum_is_damage) {
  std::string bytes = tar({{"a", "1"}, {"b", "2"}});
  bytes[1024 + 100] = '1';
  BOOST_TEST(holds(refusal(gzip(bytes)), "archive is damaged"));
}

BOOST_AUTO_TEST_CASE(any_changed_byte_is_read_safely) {
  const std::string good =
      ended(raw({{"d/", '5'}, {"d/a", '0', "first"}, {"x", 'x', record("path=d/b")}, {"b", '0', "2"}}));
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = good;
    for (int changes = 1 + static_cast<int>(random() % 3); changes > 0; --changes)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    if (random() % 8 == 0) bytes.resize(random() % bytes.size());
    try {
      for (const Member& member : read_tar_gzip(gzip(bytes))) BOOST_REQUIRE(!member.path.starts_with('/'));
    } catch (const Error& error) {
      BOOST_REQUIRE(error.fault() == Fault::kInput);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
