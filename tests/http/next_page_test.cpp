#include <boost/test/unit_test.hpp>

#include "core/http/url.h"
#include "testing/refusal.h"

// Lists in pages: the Link header as RFC 8288 writes it, and as somebody hostile would.
namespace waybill {
BOOST_AUTO_TEST_SUITE(http)

namespace {

const std::string kPage = "https://api.example/repos/octo/charts/pulls?per_page=100";

std::string after(std::string_view link) {
  return next_page(kPage, link).value_or("none");
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_next_link_is_found_among_others) {
  const std::string next = "https://api.example/pulls?page=2";
  BOOST_TEST(after("<" + next + ">; rel=\"next\"") == next);
  BOOST_TEST(after("<https://api.example/1>; rel=\"prev\", <" + next + ">; rel=\"next\", <https://api.example/9>") ==
             next);
  BOOST_TEST(after("<" + next + ">;title=\"a, b; <c>\"; REL=Next") == next);
  BOOST_TEST(after("<" + next + "> ; rel = \"last next\"") == next);
  BOOST_TEST(after(" , ,<" + next + ">; rel=next,") == next);
  BOOST_TEST(after("<https://api.example/a,b;c>; rel=next") == "https://api.example/a,b;c");
}

BOOST_AUTO_TEST_CASE(a_relative_target_belongs_to_its_page) {
  BOOST_TEST(after("</pulls?page=2>; rel=next") == "https://api.example/pulls?page=2");
  BOOST_TEST(after("<?page=2>; rel=next") == "https://api.example/repos/octo/charts/pulls?page=2");
}

BOOST_AUTO_TEST_CASE(what_only_looks_like_a_next_link_is_none) {
  for (const char* link : {"", "next", "<https://api.example/2>", "<https://api.example/2>; rel=\"prev\"",
                           "<https://api.example/2>; title=\"rel=next\"", "<https://api.example/2>; rel=\"nextest\"",
                           "<https://api.example/2>; xrel=next", "<https://api.example/2>; rel=prev; rel=next",
                           "<https://api.example/2>; rel=next; anchor=\"#other\"",
                           "<https://api.example/2>; title=\"<https://api.example/3>; rel=next",
                           "<https://api.example/2> junk; rel=next", "<https://api.example/2; rel=next"})
    BOOST_TEST(after(link) == "none", link);
}

BOOST_AUTO_TEST_CASE(a_next_page_on_another_host_is_refused) {
  for (const char* target : {"https://evil.example/x", "//evil.example/x", "https://api.example:8443/x",
                             "https://api.example@evil.example/x", "https://api.example.evil.example/x"})
    testing::refuses(Fault::kRemote, "https://api.example/repos/octo/charts/pulls names https://",
                     [&] { static_cast<void>(after("<" + std::string(target) + ">; rel=\"next\"")); });
  for (const char* target : {"http://api.example/x", "file:///etc/passwd", "javascript:x"})
    testing::refuses(Fault::kRemote, "https://api.example/repos/octo/charts/pulls redirects",
                     [&] { static_cast<void>(after("<" + std::string(target) + ">; rel=next")); });
}

BOOST_AUTO_TEST_CASE(a_long_hostile_header_is_read_once) {
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "<>;rel=\"\\\\\",";
  BOOST_TEST(after(many) == "none");
  BOOST_TEST(after(std::string(200'000, '<')) == "none");
  BOOST_TEST(after("<x>" + std::string(200'000, ';')) == "none");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
