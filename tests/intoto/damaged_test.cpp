#include <boost/test/unit_test.hpp>

#include "core/intoto/statement.h"
#include "testing/mutation.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(intoto)

BOOST_AUTO_TEST_CASE(a_damaged_statement_is_refused_or_another_statement) {
  const Statement one{
      {{"chart", Digest::sha256(std::string(64, 'a'))}, {"content", Digest::sha256(std::string(64, 'b'))}},
      std::string(kProvenance),
      {{"buildDefinition", {{"internalParameters", {{"key", "tag"}}}, {"count", 3}}}}};
  const std::string several =
      R"({"_type":"https://in-toto.io/Statement/v1","predicateType":"t","subject":[{"digest":{"sha1":")" +
      std::string(40, 'c') + R"(","sha512":")" + std::string(128, 'd') + R"("},"uri":"pkg:x"}]})";
  testing::survives_damage({serialise(one), several}, parse_statement, [](const Statement& read, const std::string&) {
    BOOST_TEST(!read.subjects.empty());
    BOOST_TEST(read.subjects.size() <= 3U * 1024);
    if (read.subjects.size() > 1024) return;
    const Statement again = parse_statement(serialise(read));
    BOOST_TEST((again.subjects == read.subjects));
    BOOST_TEST(again.predicate_type == read.predicate_type);
    BOOST_TEST(again.predicate == read.predicate);
  });
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
