#include "archive/damage.h"
#include "core/archive/layout.h"
#include "testing/mutation.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(archive)
BOOST_AUTO_TEST_SUITE(damaged)

namespace {

constexpr Limits kLimits{.members = 20, .member_bytes = 64UL * 1024, .total_bytes = 256UL * 1024};

// What two readers agreed on is within the limits and reads the same once more.
void question(const std::vector<Member>& members, const std::string&) {
  BOOST_TEST(members.size() <= kLimits.members);
  std::size_t total = 0;
  for (const Member& member : members) {
    BOOST_TEST(member.content.size() <= kLimits.member_bytes);
    total += member.content.size();
    require_plain_path(member.path);
  }
  BOOST_TEST(total <= kLimits.total_bytes);
  const std::vector<Member> again = read_tar_gzip(gzip(tar(members)), kLimits);
  BOOST_TEST_REQUIRE(again.size() == members.size());
  for (std::size_t i = 0; i < members.size(); ++i)
    BOOST_TEST((again[i].path == members[i].path && again[i].content == members[i].content), members[i].path);
}

// Every header with the sum of its bytes again, so that what is damaged is read and not just the sum found wrong.
std::string with_right_sums(std::string tar) {
  for (std::size_t at = 0; at + 512 <= tar.size(); at += 512) {
    if (tar.compare(at + 257, 5, "ustar") != 0) continue;
    tar.replace(at + 148, 8, "        ");
    unsigned sum = 0;
    for (std::size_t i = at; i < at + 512; ++i) sum += static_cast<unsigned char>(tar[i]);
    tar.replace(at + 148, 8, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
  }
  return tar;
}

const std::vector<Member> kMembers = {{"web/Chart.yaml", "name: web\nversion: 1.0.0\n"},
                                      {"web/templates/" + std::string(120, 'n') + "/a.yaml", std::string(700, 'x')},
                                      {"web/templates/ä.yaml", ""}};

}  // namespace

BOOST_AUTO_TEST_CASE(a_damaged_package_is_refused_or_has_the_same_files_for_every_reader) {
  testing::survives_damage(
      {gzip(tar(kMembers)), gzip(tar({{"a", "b"}}))},
      [](const std::string& bytes) { return read_tar_gzip(bytes, kLimits); }, question);
}

BOOST_AUTO_TEST_CASE(a_damaged_tar_in_a_sound_package_is_too) {
  const std::string pax = "24 path=a/renamed/x.txt\n30 mtime=1700000000.123456789\n";
  testing::survives_damage(
      {tar(kMembers), tar({{"a", "b"}, {"b", std::string(512, 'c')}}), ended(raw({{"h", 'x', pax}, {"a", '0', "1"}})),
       ended(raw({{"d/", '5'}, {"d/a", '0', "1"}}))},
      [](const std::string& tar) { return read_tar_gzip(gzip(with_right_sums(tar)), kLimits); }, question);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
