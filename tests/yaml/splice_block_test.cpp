#include <boost/test/unit_test.hpp>

#include "core/yaml/document.h"
#include "yaml/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(yaml)

namespace {

using Lines = std::vector<std::string>;

std::string noted(std::string_view text, const Lines& lines = {"- new", "- two"}) {
  return splice_block(text, "annotations", "io/changes", lines, "Chart.yaml");
}

std::string refused(std::string_view text, const Lines& lines = {"x"}) {
  return refusal([&] { noted(text, lines); });
}

const std::string kTop = "name: x\nannotations:\n";
const std::string kEnd = "  io/signKey: |\n    url: k\n# the end\nversion: 1\n";

}  // namespace

BOOST_AUTO_TEST_CASE(any_old_value_gives_way_and_its_siblings_stay) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {": |\n    - old\n    # content\n\n    - more\n", ": |\n    - new\n    - two\n"},
      {": |-\n    - old\n\n", ": |\n    - new\n    - two\n\n"},
      {": |+\n    - old\n\n", ": |\n    - new\n    - two\n"},
      {": >- # why\n        folded\n        text\n", ": | # why\n        - new\n        - two\n"},
      {": |2\n      indented\n", ": |\n    - new\n    - two\n"},
      {": |\n      - old\n    # comment\n", ": |\n      - new\n      - two\n    # comment\n"},
      {": |\n", ": |\n    - new\n    - two\n"},
      {":\n", ": |\n    - new\n    - two\n"},
      {": # why\n", ": | # why\n    - new\n    - two\n"},
      {": ~ # why\n", ": | # why\n    - new\n    - two\n"},
      {": plain text  # why\n", ": |  # why\n    - new\n    - two\n"},
      {": plain\n    on two lines\n", ": |\n    - new\n    - two\n"},
      {": \"a\n\n    # no comment\" # why\n", ": | # why\n    - new\n    - two\n"},
      {": 'it''s'\n", ": |\n    - new\n    - two\n"},
      {": [a, \"]\", # ]\n    {b: c}, d: e]  # why\n", ": |  # why\n    - new\n    - two\n"},
      {": {}\n", ": |\n    - new\n    - two\n"},
      {": {a: , b: }\n", ": |\n    - new\n    - two\n"},
      {": # why\n    - kind: a\n      text: |\n        # content\n    - kind:\n    # after\n",
       ": | # why\n     - new\n     - two\n    # after\n"},
      {":\n  - a\n  -\n", ": |\n    - new\n    - two\n"},
      {":\n      # deep\n      a: b\n      c:\n", ": |\n    - new\n    - two\n"},
      {": x\n      # deep comment\n", ": |\n       - new\n       - two\n      # deep comment\n"},
  };
  for (const auto& [before, after] : cases) {
    BOOST_TEST(noted(kTop + "  io/changes" + before + kEnd) == kTop + "  io/changes" + after + kEnd);
    BOOST_TEST(noted(kTop + "  \"io/changes\"" + before + "version: 1\n") ==
               kTop + "  \"io/changes\"" + after + "version: 1\n");
    BOOST_TEST(noted(kTop + "  a: 1\n  io/changes" + before) == kTop + "  a: 1\n  io/changes" + after);
  }
}

BOOST_AUTO_TEST_CASE(a_new_member_takes_the_indentation_of_its_siblings) {
  BOOST_TEST(noted(kTop + kEnd) == kTop + "  io/changes: |\n    - new\n    - two\n" + kEnd);
  BOOST_TEST(noted("annotations: # c\n      # first\n      a: 1\n") ==
             "annotations: # c\n      io/changes: |\n        - new\n        - two\n      # first\n      a: 1\n");
  BOOST_TEST(noted("annotations:\n a: 1") == "annotations:\n io/changes: |\n   - new\n   - two\n a: 1");
}

BOOST_AUTO_TEST_CASE(an_empty_parent_is_filled) {
  const std::string entry = "  io/changes: |\n    - new\n    - two\n";
  BOOST_TEST(noted("annotations:\nversion: 1\n") == "annotations:\n" + entry + "version: 1\n");
  BOOST_TEST(noted("annotations: {} # none\nversion: 1\n") == "annotations: # none\n" + entry + "version: 1\n");
  BOOST_TEST(noted("annotations: ~\nversion: 1\n") == "annotations:\n" + entry + "version: 1\n");
  BOOST_TEST(noted("a: 1\nannotations:") == "a: 1\nannotations:\n" + entry);
  BOOST_TEST(noted("a: 1\nannotations: {}") == "a: 1\nannotations:\n" + entry);
}

BOOST_AUTO_TEST_CASE(an_absent_parent_is_appended) {
  const std::string entry = "annotations:\n  io/changes: |\n    - new\n    - two\n";
  BOOST_TEST(noted("---\na: 1\n") == "---\na: 1\n" + entry);
  BOOST_TEST(noted("a: 1") == "a: 1\n" + entry);
  BOOST_TEST(noted("a: |\n  b") == "a: |\n  b\n" + entry);
  BOOST_TEST(noted("a: |+\n  b\n\n") == "a: |+\n  b\n\n" + entry);
  BOOST_TEST(noted("a: 1\n...\n") == "a: 1\n" + entry + "...\n");
  BOOST_TEST(noted("a: 1\n# end\n") == "a: 1\n# end\n" + entry);
  BOOST_TEST(noted("a: 1\r\nb: 2\r\n") ==
             "a: 1\r\nb: 2\r\nannotations:\r\n  io/changes: |\r\n    - new\r\n    - two\r\n");
}

BOOST_AUTO_TEST_CASE(line_ends_stay_as_they_were) {
  BOOST_TEST(noted("a: 1\nb: 2\r\nannotations:\n  io/changes: old # c\r\n  z: 1\n") ==
             "a: 1\nb: 2\r\nannotations:\n  io/changes: | # c\r\n    - new\n    - two\n  z: 1\n");
  BOOST_TEST(noted("annotations:\r\n  io/changes: |\r\n    old\r\n  z: 1\r\n") ==
             "annotations:\r\n  io/changes: |\r\n    - new\r\n    - two\r\n  z: 1\r\n");
}

BOOST_AUTO_TEST_CASE(the_lines_come_back_as_they_were_given) {
  const std::vector<std::pair<Lines, std::string>> cases = {
      {{}, ""},
      {{"", ""}, ""},
      {{"a", "", "b", ""}, "a\n\nb\n"},
      {{"  deep", "less"}, "  deep\nless\n"},
      {{"", "  deep", "less"}, "\n  deep\nless\n"},
      {{"\ttab"}, "\ttab\n"},
      {{"trailing  ", " ", "x"}, "trailing\n\nx\n"},
      {{"# heading", "---", "...", "key: [value", "<<<<<<< x", "'\"\\"},
       "# heading\n---\n...\nkey: [value\n<<<<<<< x\n'\"\\\n"},
      {{"\xc3\xa9 \xf0\x9f\x98\x80"}, "\xc3\xa9 \xf0\x9f\x98\x80\n"},
  };
  for (const std::string& text : {kTop + kEnd, kTop + "            io/changes: x\n",
                                  kTop + "  io/changes: >\n                old\nb: 1\n", std::string("a: 1\n")})
    for (const auto& [lines, read] : cases)
      BOOST_TEST(parse(noted(text, lines), "x").at("annotations").at("io/changes").text() == read);
}

BOOST_AUTO_TEST_CASE(no_lines_are_an_empty_text) {
  BOOST_TEST(noted("annotations:\n  io/changes: >\n    old\n   # kept\n  b: 1\n", {}) ==
             "annotations:\n  io/changes: \"\"\n   # kept\n  b: 1\n");
  BOOST_TEST(noted("a: 1", {""}) == "a: 1\nannotations:\n  io/changes: \"\"\n");
}

BOOST_AUTO_TEST_CASE(the_same_edit_twice_is_the_same_text) {
  for (const std::string& text : {kTop + kEnd, kTop + "  io/changes: [a]\n" + kEnd, std::string("a: 1")})
    BOOST_TEST(noted(noted(text)) == noted(text));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_edited_is_refused) {
  BOOST_TEST(refused("a: 1\nannotations: {a: b}\n") ==
             "Chart.yaml: annotations is not written as a block mapping, line 2");
  BOOST_TEST(holds(refused("annotations: text\n"), "is not written as a block mapping"));
  BOOST_TEST(holds(refused("annotations:\n  - a\n"), "is not written as a block mapping"));
  BOOST_TEST(holds(refused("{annotations: {}}\n"), "is not a block mapping (`key: value` lines) at its top level"));
  BOOST_TEST(holds(refused("annotations:\n  ? io/changes\n  : x\n"), "`io/changes` without a colon"));
  BOOST_TEST(holds(refused("a: 1\n", {"x\ny: 1"}), "holds a line end"));
  BOOST_TEST(holds(refused("a: 1\n", {"x\x1b[2J"}), "which YAML readers do not agree on"));
  BOOST_TEST(holds(refusal([] { splice_block("a: 1\n", "b c", "d", {}, "n"); }), "is not a plain key"));
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
