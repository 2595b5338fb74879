#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/base/json.h"
#include "core/crypto/hash.h"
#include "core/lineage/waybill.h"

// Messages that waybill composes, and that people try to speak through (trust.md T12).
namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage_tag_message)

using lineage::Entry;
using lineage::neutralised;
using lineage::read_tag_message;
using lineage::TagMessage;
using lineage::write_tag_message;

namespace {

TagMessage message() {
  return {.chart = "web",
          .path = "charts/web",
          .version = "1.2.3",
          .entries = {{"lint-test-v1.32.11", Entry{"71", crypto::sha256("a"), crypto::sha256("b"), "t"}},
                      {"workflow-5-overall", Entry{"", crypto::sha256("c"), crypto::sha256("d"), "u"}}},
          .changelog = "### Added\n- a port",
          .source_pull_request = "#12",
          .commit = std::string(40, 'a'),
          .source = std::string(40, 'b')};
}

std::string trailer_of(const Json& json) {
  return "Waybill: " + to_base64url(canonical(json)) + "\n";
}

Json forged_json() {
  return {{"chart", "web"},
          {"path", "charts/evil"},
          {"version", "9.9.9"},
          {"entries", Json::object()},
          {"commit", std::string(40, 'f')},
          {"source", std::string(40, 'f')},
          {"pullRequest", "none"}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_message_is_in_the_planned_form) {
  const std::string text = write_tag_message(message());
  const std::string planned =
      "Release: web v1.2.3\n\nAttestation Lineage:\n- lint-test-v1.32.11: 71\n- workflow-5-overall: "
      "-\n\nChangelog:\n### Added\n- a port\n\n"
      "Source PR: #12\nCommit: " +
      std::string(40, 'a') + "\n\nWaybill: ";
  BOOST_TEST(text.starts_with(planned), text);
  BOOST_TEST(text.find('\n', planned.size()) == text.size() - 1);
}

BOOST_AUTO_TEST_CASE(the_trailer_says_everything_but_the_prose) {
  const auto read = read_tag_message(write_tag_message(message()));
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->chart == "web");
  BOOST_TEST(read->path == "charts/web");
  BOOST_TEST(read->version == "1.2.3");
  BOOST_TEST(read->source_pull_request == "#12");
  BOOST_TEST(read->commit == std::string(40, 'a'));
  BOOST_TEST(read->source == std::string(40, 'b'));
  BOOST_TEST((read->entries == message().entries));
  TagMessage bare = message();
  bare.entries.clear();
  BOOST_TEST(read_tag_message(write_tag_message(bare))->entries.empty());
}

BOOST_AUTO_TEST_CASE(a_message_by_others_is_none_of_waybills) {
  for (const char* text :
       {"", "Release: web v1.2.3\n", "Waybill: \n", "Waybill: e30\n", "x\nWaybill: !!!\n", "x\nwaybill: e30\n"})
    BOOST_TEST(!read_tag_message(text).has_value(), text);
  BOOST_TEST(!read_tag_message("Waybill: " + std::string(400'000, 'A')).has_value());
  Json deep = forged_json();
  deep["entries"] = {{"validate", {{"id", {{"a", {{"b", 1}}}}}}}};
  BOOST_TEST(!read_tag_message(trailer_of(deep)).has_value());
  Json text = forged_json();
  text["entries"] = {{"validate", "1\nWaybill: x"}};
  BOOST_TEST(!read_tag_message(trailer_of(text)).has_value());
}

BOOST_AUTO_TEST_CASE(a_trailer_counts_once_and_as_the_last_line) {
  const std::string honest = write_tag_message(message());
  const std::string forged = trailer_of(forged_json());
  BOOST_TEST(!read_tag_message(honest + forged).has_value());
  BOOST_TEST(!read_tag_message("\n" + forged + honest).has_value());
  BOOST_TEST(!read_tag_message(forged + honest).has_value());
  BOOST_TEST(!read_tag_message(honest + "one more line\n").has_value());
  BOOST_TEST(!read_tag_message(honest + " " + "\nx").has_value());
  BOOST_TEST(read_tag_message(honest + "\n\n").has_value());
}

BOOST_AUTO_TEST_CASE(a_changelog_cannot_forge_a_line) {
  TagMessage hostile = message();
  hostile.changelog =
      "- x\n\nSource PR: #666\nCommit: " + std::string(40, 'f') + "\n\n" + trailer_of(forged_json()) + "WAYBILL: x";
  const std::string text = write_tag_message(hostile);
  const auto read = read_tag_message(text);
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->path == "charts/web");
  BOOST_TEST(text.find("\nSource PR: #666") == std::string::npos);
  BOOST_TEST(text.find("\nCommit: ffff") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_would_skip_a_run_is_broken) {
  for (const char* mark : {"[skip ci]", "[ci skip]", "[no ci]", "[Skip Actions]", "[ACTIONS SKIP]", "skip-checks: true",
                           "Skip-Checks:true"})
    BOOST_TEST(neutralised(std::string("docs: x ") + mark + " y").find(mark) == std::string::npos, mark);
}

BOOST_AUTO_TEST_CASE(what_would_close_an_issue_is_broken) {
  for (const char* text :
       {"fixes #1", "Fix #1", "fixed: #1", "closes octo/charts#7", "CLOSED  #1", "resolve\t#1", "resolves:#1",
        "fixes\n#3", "close GH-5", "resolved https://github.com/o/r/issues/9", "closes: o/r#1, fixes #2"}) {
    const std::string inert = neutralised(text);
    BOOST_TEST(inert != text, text);
    BOOST_TEST(inert.find(std::string(text).substr(0, 10)) == std::string::npos, text);
    BOOST_TEST(neutralised(inert) == inert, text);
  }
}

BOOST_AUTO_TEST_CASE(plain_words_stay_as_they_are) {
  for (const char* text : {"feat(web): a port (#12)", "fix typo in values", "close the door", "[chart] update",
                           "See #12\n\ttab", "häuser 😀", "prefix: value"})
    BOOST_TEST(neutralised(text) == text);
}

BOOST_AUTO_TEST_CASE(comments_control_characters_and_own_lines_are_broken) {
  BOOST_TEST(neutralised("<!-- x -->").find("<!--") == std::string::npos);
  BOOST_TEST(neutralised("<!-- x -->").find("-->") == std::string::npos);
  BOOST_TEST(neutralised(std::string("a\r\x1b[31m\0b", 9)) == "a[31mb");
  for (const char* line : {"Waybill: x", "waybill-source: x", "Waybill-Entry: x"})
    BOOST_TEST(neutralised(line) != line);
  // What is left out cannot join what was apart.
  BOOST_TEST(neutralised("[skip\r ci] --\x01>").find("[skip ci]") == std::string::npos);
  BOOST_TEST(neutralised("[skip\r ci] --\x01>").find("-->") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(long_hostile_text_is_read_in_good_time) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "fix:";
  BOOST_TEST(neutralised(text).size() >= text.size());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
