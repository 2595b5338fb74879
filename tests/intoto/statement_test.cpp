#include "core/intoto/statement.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(intoto)
BOOST_AUTO_TEST_SUITE(statements)

namespace {

const std::string kA(64, 'a');
const std::string kB(64, 'b');

Statement statement() {
  return {.subjects = {{"chart", Digest::sha256(kA)}, {"content", Digest::sha256(kB)}},
          .predicate_type = std::string(kProvenance),
          .predicate = {{"z", 1}, {"a", "text"}}};
}

Json json() {
  return Json::parse(serialise(statement()));
}

void require_refused(const Json& changed, std::string_view reason) {
  BOOST_CHECK_EXCEPTION(parse_statement(changed.dump()), Error, [&](const Error& error) {
    BOOST_TEST_MESSAGE(error.what());
    return error.fault() == Fault::kInput && std::string_view(error.what()).find(reason) != std::string_view::npos;
  });
}

}  // namespace

BOOST_AUTO_TEST_CASE(are_canonical_json) {
  BOOST_TEST(serialise(statement()) ==
             R"({"_type":"https://in-toto.io/Statement/v1","predicate":{"a":"text","z":1},)"
             R"("predicateType":"https://slsa.dev/provenance/v1","subject":[{"digest":{"sha256":")" +
                 kA + R"("},"name":"chart"},{"digest":{"sha256":")" + kB + R"("},"name":"content"}]})");
}

BOOST_AUTO_TEST_CASE(read_back_as_written) {
  const Statement read = parse_statement(serialise(statement()));
  BOOST_CHECK(read.subjects == statement().subjects);
  BOOST_TEST(read.predicate_type == kProvenance);
  BOOST_TEST(read.predicate == statement().predicate);
  BOOST_TEST(serialise(read) == serialise(statement()));
}

BOOST_AUTO_TEST_CASE(are_about_their_subjects_only) {
  BOOST_TEST(statement().is_about(Digest::sha256(kA)));
  BOOST_TEST(statement().is_about(Digest::sha256(kB)));
  BOOST_TEST(!statement().is_about(Digest::sha256(std::string(64, 'c'))));
}

BOOST_AUTO_TEST_CASE(keep_every_digest_that_waybill_computes) {
  Json several = json();
  several["subject"] = {
      {{"name", "x"}, {"digest", {{"sha256", kA}, {"sha512", std::string(128, 'd')}, {"gitCommit", "1234"}}}},
      {{"uri", "pkg:github/example"}, {"digest", {{"sha1", std::string(40, 'e')}}}}};
  const Statement read = parse_statement(several.dump());
  BOOST_TEST(read.subjects.size() == 2U);
  BOOST_TEST(read.is_about(Digest::sha256(kA)));
  BOOST_TEST(read.is_about(Digest::parse("sha512:" + std::string(128, 'd'))));
}

BOOST_AUTO_TEST_CASE(of_other_forms_are_refused) {
  Json changed = json();
  changed["_type"] = "https://in-toto.io/Statement/v0.1";
  require_refused(changed,
                  "`_type` is `https://in-toto.io/Statement/v0.1`, `https://in-toto.io/Statement/v1` is wanted");
  for (const char* key : {"_type", "subject", "predicateType"}) {
    changed = json();
    changed.erase(key);
    require_refused(changed, std::string("`") + key + "` is missing");
  }
  changed = json();
  changed["predicate"] = "text";
  require_refused(changed, "`predicate` is a string, an object is wanted");
  changed = json();
  changed["predicateType"] = "";
  require_refused(changed, "`predicateType` is empty");
  require_refused(Json::array(), "a array stands where an object is wanted");
}

BOOST_AUTO_TEST_CASE(with_unsound_subjects_are_refused) {
  Json changed = json();
  changed["subject"] = Json::array();
  require_refused(changed, "it has no subject");
  changed["subject"] = "chart";
  require_refused(changed, "`subject` is not an array");
  changed["subject"] = {{{"name", "a"}, {"digest", {{"sha1", std::string(40, 'e')}}}}};
  require_refused(changed, "no subject has a sha256, sha384 or sha512 digest");
  changed["subject"] = {{{"name", "a"}, {"digest", "sha256"}}};
  require_refused(changed, "`digest` is not an object");
  changed["subject"] = {{{"name", "a"}, {"digest", {{"sha256", std::string(64, 'A')}}}}};
  require_refused(changed, "is not a sha256 digest");
  changed["subject"] = {json()["subject"][0], json()["subject"][0]};
  require_refused(changed, "the subject `chart` with sha256:" + kA + " stands twice");
  changed["subject"] = Json::array();
  for (int i = 0; i < 1025; ++i)
    changed["subject"].push_back({{"name", std::to_string(i)}, {"digest", {{"sha256", kA}}}});
  require_refused(changed, "1025 subjects, at most 1024 are taken");
  changed["subject"].erase(1024);
  BOOST_TEST(parse_statement(changed.dump()).subjects.size() == 1024U);
}

BOOST_AUTO_TEST_CASE(with_a_key_twice_are_refused) {
  std::string text = serialise(statement());
  text.insert(text.find("\"predicateType\""), R"("predicateType":"https://example.test",)");
  BOOST_CHECK_EXCEPTION(parse_statement(text), Error, [](const Error& error) {
    return std::string_view(error.what()).find("the key `predicateType` stands twice") != std::string_view::npos;
  });
}

BOOST_AUTO_TEST_CASE(that_are_unsound_are_not_written) {
  Statement none = statement();
  none.subjects.clear();
  BOOST_CHECK_THROW(serialise(none), Error);
  Statement twice = statement();
  twice.subjects.push_back(twice.subjects.front());
  BOOST_CHECK_THROW(serialise(twice), Error);
  Statement garbled = statement();
  garbled.subjects.front().name = "\xff";
  BOOST_CHECK_THROW(serialise(garbled), Error);
}

BOOST_AUTO_TEST_CASE(without_predicate_have_an_empty_one) {
  Json changed = json();
  changed.erase("predicate");
  BOOST_TEST(parse_statement(changed.dump()).predicate == Json::object());
  changed["predicate"] = nullptr;
  BOOST_TEST(parse_statement(changed.dump()).predicate == Json::object());
}

// The example of the DSSE protocol document.
BOOST_AUTO_TEST_CASE(are_signed_in_the_pre_authentication_encoding) {
  BOOST_TEST(pre_authentication_encoding("http://example.com/HelloWorld", "hello world") ==
             "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  // Lengths are in bytes, not characters.
  BOOST_TEST(pre_authentication_encoding("", "\xc3\xa9") == "DSSEv1 0  2 \xc3\xa9");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
