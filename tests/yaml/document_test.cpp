#include "core/yaml/document.h"

#include <boost/test/unit_test.hpp>
#include <ctime>

#include "yaml/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(yaml)

namespace {

const char* const kChart = R"(# an application
apiVersion: v2
name: "on"
version: 1.10
home: ~
empty:
dependencies:
  - name: common
    version: 0x10
    enabled: true
  - {name: other, version: '2', enabled: "true"}
keywords: [a, b]
count: 12
annotations:
  artifacthub.io/changes: |
    - kind: added
)";

Node chart() {
  return parse(kChart, "Chart.yaml");
}

std::string refused(std::string_view text, const Limits& limits = {}) {
  return refusal([&] { parse(text, "c.yaml", limits); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(scalars_keep_the_text_they_were_written_with) {
  BOOST_TEST(chart().at("version").text() == "1.10");
  BOOST_TEST(!chart().at("version").quoted());
  BOOST_TEST(chart().at("name").text() == "on");
  BOOST_TEST(chart().at("name").quoted());
  BOOST_TEST(chart().at("dependencies").items()[0].at("version").text() == "0x10");
  BOOST_TEST(chart().at("annotations").at("artifacthub.io/changes").text() == "- kind: added\n");
  BOOST_TEST(chart().at("annotations").at("artifacthub.io/changes").quoted());
  BOOST_TEST((chart().at("home").kind() == Kind::kNull));
  BOOST_TEST((chart().at("empty").kind() == Kind::kNull));
  BOOST_TEST((parse("a: \"null\"", "x").at("a").kind() == Kind::kScalar));
}

BOOST_AUTO_TEST_CASE(members_keep_their_order_and_their_place) {
  std::string keys;
  const Node root = chart();
  for (const auto& [key, value] : root.members()) keys += key + " ";
  BOOST_TEST(keys == "apiVersion name version home empty dependencies keywords count annotations ");
  const Node second = chart().at("dependencies").items()[1].at("version");
  BOOST_TEST(second.where() == "Chart.yaml: dependencies[1].version");
  BOOST_TEST(second.line() == 11U);
  BOOST_TEST(chart().where() == "Chart.yaml");
  BOOST_TEST(chart().line() == 2U);
  BOOST_TEST(chart().at("empty").line() == 6U);
  BOOST_TEST(chart().at("annotations").at("artifacthub.io/changes").where() ==
             "Chart.yaml: annotations[\"artifacthub.io/changes\"]");
  BOOST_TEST(parse("- a\n- b", "list").items()[1].where() == "list: [1]");
}

BOOST_AUTO_TEST_CASE(what_is_asked_for_must_be_what_stands_there) {
  BOOST_TEST(chart().at("dependencies").items()[0].at("enabled").as_boolean());
  BOOST_TEST(chart().at("count").as_integer() == 12);
  BOOST_TEST(parse("-3", "x").as_integer() == -3);
  BOOST_TEST(chart().at("keywords").texts() == std::vector<std::string>({"a", "b"}), boost::test_tools::per_element());
  BOOST_TEST(refusal([] { chart().at("icon"); }) == "`icon` is missing in Chart.yaml, line 2");
  BOOST_TEST(refusal([] { chart().at("empty").text(); }) == "Chart.yaml: empty is nothing, wanted a scalar, line 6");
  BOOST_TEST(refusal([] { chart().at("keywords").text(); }) ==
             "Chart.yaml: keywords is a sequence, wanted a scalar, line 12");
  BOOST_TEST(refusal([] { chart().at("count").find("x"); }) ==
             "Chart.yaml: count is a scalar, wanted a mapping, line 13");
  BOOST_TEST(refusal([] { chart().at("dependencies").items()[1].at("enabled").as_boolean(); }) ==
             "Chart.yaml: dependencies[1].enabled is `true` in quotes, wanted true or false, line 11");
  for (const char* text : {"yes", "True", "1", "on"})
    BOOST_TEST(holds(refusal([&] { parse(text, "x").as_boolean(); }), "wanted true or false"));
  for (const char* text : {"1.0", "0x10", "010", "+1", "1_0", "99999999999999999999", "one", "\"1\"", "1e3"})
    BOOST_TEST(holds(refusal([&] { parse(text, "x").as_integer(); }), "wanted a whole number"));
}

BOOST_AUTO_TEST_CASE(unknown_members_are_named_all_at_once) {
  const std::string text = refusal([] { parse("a: 1\nb:\n  - 2\nc: 3\n", ".waybill.yml").require_only({"a"}); });
  BOOST_TEST(text == ".waybill.yml has keys nobody knows: `b` (line 2), `c` (line 4)");
  BOOST_CHECK_NO_THROW(parse("a: 1\n", "x").require_only({"a", "b"}));
}

BOOST_AUTO_TEST_CASE(nothing_is_referred_to_and_nothing_is_tagged) {
  BOOST_TEST(refused("a: &x 1\nb: *x\n") == "c.yaml, line 1: an anchor (`&x`), which is not read: write the value out");
  BOOST_TEST(holds(refused("a: 1\nb: *x\n"), "line 2: "));
  BOOST_TEST(holds(refused("&k a: 1\n"), "an anchor"));
  BOOST_TEST(holds(refused("a: &x\n  b: 1\n"), "an anchor"));
  BOOST_TEST(holds(refused("a: &x [1]\n"), "an anchor"));
  for (const char* text :
       {"a: !!str 3\n", "a: !t x\n", "a: ! 5\n", "a: !!binary |\n  eA==\n", "!!map {a: 1}\n", "!t a: 1\n",
        "a: !t\nb: 2\n", "a: !!seq [1]\n", "a: ! \"x\"\n", "a: !\n  - b\n", "a: !<tag:x> y\n"})
    BOOST_TEST(holds(refused(text), "a tag"), text << " gave " << refused(text));
  BOOST_TEST(holds(refused("b: {c: 1}\na:\n  <<: {d: 1}\n"), "line 3: a merge key"));
}

BOOST_AUTO_TEST_CASE(a_laughing_bomb_does_not_get_to_laugh) {
  std::string bomb = "a: &a [x, x, x]\n";
  for (char c = 'b'; c < 'z'; ++c) bomb += fmt::format("{0}: &{0} [*{1}, *{1}, *{1}]\n", c, static_cast<char>(c - 1));
  BOOST_TEST(holds(refused(bomb), "line 1: an anchor"));
}

BOOST_AUTO_TEST_CASE(a_key_stands_once_and_is_a_scalar) {
  BOOST_TEST(refused("version: 1\nname: x\nversion: 2\n") ==
             "c.yaml, line 3: key `version` stands here and in line 1, wanted once");
  BOOST_TEST(holds(refused("a: {b: 1, \"b\": 2}\n"), "key `b` stands here and in line 1"));
  BOOST_TEST(holds(refused("[a, b]: c\n"), "a key that is no scalar"));
  BOOST_TEST(refused("a: 1\nicon://x.example\n") ==
             "c.yaml, line 2: `icon://x.example` without a colon, wanted `key: value`");
  for (const char* text : {"? a\n: b\n", "{a, b}\n", "a: 1\nb", "a: [1]\n\"]\n", "a\n: b\n", "\"a\n b\": c\n"})
    BOOST_TEST(refused(text).starts_with("c.yaml, line "), text << " gave " << refused(text));
  BOOST_TEST(holds(refused("? {a: b}\n: c\n"), "a key that is no scalar"));
  BOOST_TEST(holds(refused(": c\n"), "a key that is empty"));
  BOOST_TEST(holds(refused("? \"" + std::string(1025, 'k') + "\"\n: v\n"), "a key of more than 1024 bytes"));
}

BOOST_AUTO_TEST_CASE(one_file_is_one_document) {
  BOOST_TEST(refused("a: 1\nb: >-\n  c\n  ") ==
             "c.yaml, line 2: a folded text whose last line holds blanks alone and does not end");
  BOOST_CHECK_NO_THROW(parse("b: >-\n  c\n  \n", "c.yaml"));
  BOOST_CHECK_NO_THROW(parse("b: >-\n  c\nd: |-\n  e\n  ", "c.yaml"));
  BOOST_TEST(refused("a: 1\n---\nb: 2\n") == "c.yaml, line 2: a second document, wanted one");
  BOOST_TEST(holds(refused("a: 1\n...\nb: 2\n"), "a second document"));
  BOOST_TEST(refused("") == "c.yaml is empty, wanted a YAML document");
  BOOST_TEST(holds(refused("# only a comment\n"), "is empty"));
  BOOST_TEST(parse("--- # start\na: 1\n...\n", "x").at("a").text() == "1");
  BOOST_TEST(refused("%YAML 1.2\n---\na: 1\n") == "c.yaml, line 1: a directive (`%`), which is not read");
}

BOOST_AUTO_TEST_CASE(conflict_markers_are_called_what_they_are) {
  const std::string text = "name: x\n<<<<<<< HEAD\nversion: 1\n=======\nversion: 2\n>>>>>>> other\n";
  BOOST_TEST(refused(text) == "c.yaml, line 2: a conflict marker of git `<<<<<<<`");
  BOOST_TEST(holds(refused("a: 1\r\n=======\r\nb: 2\r\n"), "line 2: a conflict marker"));
  BOOST_TEST(holds(refused(">>>>>>> x\n"), "line 1: a conflict marker"));
  BOOST_TEST(parse("a: |\n  =======\n  <<<<<<< x\n# ========\n", "x").at("a").text() == "=======\n<<<<<<< x\n");
}

BOOST_AUTO_TEST_CASE(bytes_that_readers_disagree_on_are_refused) {
  using namespace std::string_literals;
  BOOST_TEST(refused("a: 1\nb: \xff\n") == "c.yaml, line 2: not UTF-8");
  for (const char* bytes : {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80", "\xf8\x88\x80\x80\x80"})
    BOOST_TEST(holds(refused("a: "s + bytes), "not UTF-8"));
  BOOST_TEST(refused("a: x\0y\n"s) == "c.yaml, line 1: character U+0000, which YAML readers do not agree on");
  for (const char* bytes : {"\x1b", "\x7f", "\xc2\x85", "\xe2\x80\xa8", "\xef\xbb\xbf", "\x04"})
    BOOST_TEST(holds(refused("a: x"s + bytes + "y\n"), "which YAML readers do not agree on"));
  BOOST_TEST(refused("a: 1\nb: 2\rc: 3\n") == "c.yaml, line 2: a carriage return without a line feed");
  BOOST_TEST(holds(refused("\xff\xfe"
                           "a\0:\0 \0"
                           "1\0"s),
                   "not UTF-8"));
  BOOST_TEST(parse("\xef\xbb\xbf"
                   "a: \xc3\xa9\r\nb: 2\r\n",
                   "x")
                 .at("b")
                 .line() == 2U);
}

BOOST_AUTO_TEST_CASE(tabs_do_not_indent) {
  for (const char* text : {"a:\n\tb: 1\n", "a:\n\tb\n", "a:\n  - x\n\t- y\n", "\ta: 1\n", "a:\n \t- x\n"})
    BOOST_TEST(holds(refused(text), "a tab in the indentation"), text << " gave " << refused(text));
  BOOST_TEST(parse("a: |\n  \ttab\n", "x").at("a").text() == "\ttab\n");
  BOOST_TEST(parse("a:\t1\n", "x").at("a").text() == "1");
}

BOOST_AUTO_TEST_CASE(syntax_errors_name_file_and_line) {
  for (const char* text : {"a: 1\nb: [1, 2\n", "a: 1\nb: c: d\n", "a: 1\n  b: 2\n", "a: 1\nb: \"x\n", "a: 1\n@b: 2\n",
                           "a: 1\nb: }\n", "a: 1\nb: \"\\q\"\n"})
    BOOST_TEST(refused(text).starts_with("c.yaml, line "), text << " gave " << refused(text));
}

BOOST_AUTO_TEST_CASE(what_other_readers_refuse_is_refused) {
  for (const char* text : {"b:\n\"x\"\n", "b:\n[1]\n", "b:\n{a: 1}\n"})
    BOOST_TEST(holds(refused(text), "a value that is not indented below its key"), text << " gave " << refused(text));
  for (const char* text : {"[, a]", "[a,, b]"}) BOOST_TEST(holds(refused(text), "nothing between two commas"));
  BOOST_TEST(holds(refused("{b:}"), "`b` without a colon"));
  BOOST_TEST(parse("a:\n- 1\nb: [1, ]\nc: {\"d\":1, e: , f: null}\ng: [~]\nh:\n-\n- 2\n", "x").members().size() == 5U);
}

BOOST_AUTO_TEST_CASE(bytes_levels_and_values_are_limited) {
  BOOST_TEST(refused("a: 12345\n", {.bytes = 8}) == "c.yaml has 9 bytes, allowed are 8");
  BOOST_CHECK_NO_THROW(parse("a: 12345\n", "x", {.bytes = 9}));
  BOOST_TEST(refused("a: {b: {c: 1}}\n", {.depth = 3}) == "c.yaml, line 1: more than 3 levels");
  BOOST_CHECK_NO_THROW(parse("a: {b: 1}\n", "x", {.depth = 3}));
  BOOST_TEST(refused("[1, 2, 3]", {.nodes = 3}) == "c.yaml, line 1: more than 3 values");
  BOOST_CHECK_NO_THROW(parse("[1, 2]", "x", {.nodes = 3}));
}

BOOST_AUTO_TEST_CASE(the_worst_texts_of_the_allowed_size_end_soon) {
  const std::size_t size = Limits().bytes;
  const auto repeated = [&](std::string_view part) {
    std::string text;
    while (text.size() + part.size() <= size) text += part;
    return text;
  };
  std::vector<std::string> texts;
  for (const char* part : {"[",    "{",      "- ", "? ",   "a: ", "[]", "'",   "\"",  "#",  "\n",  "|",       "[a: ",
                           "{a: ", "- - \n", ",",  "a\n ", "%",   "a ", "[1,", " \n", "!a", "&a ", "\xc3\xa9"})
    texts.push_back(repeated(part));
  texts.push_back("a: \"" + repeated("x\n ").substr(0, size - 8) + "\"");
  texts.push_back("[" + repeated("1,").substr(0, 190'000) + "1]");
  texts.push_back("a:\n" + std::string(500'000, ' ') + "[" + std::string(180'000, ',') + "]");
  texts.push_back(std::string(500'000, ' ') + "[" + repeated("1,").substr(0, 190'000) + "1]");
  texts.push_back("[" + std::string(size - 8, '\n') + "]");
  for (const std::string& text : texts) {
    const std::clock_t start = std::clock();  // processor time: other programs do not count
    try {
      parse(text, "worst");
    } catch (const Error&) {
    }
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    BOOST_TEST(seconds < 10.0, text.substr(0, 6) << " took " << seconds << " s");
  }
}

BOOST_AUTO_TEST_CASE(a_long_way_to_many_values_costs_nothing_until_asked_for) {
  std::string text;
  for (int depth = 0; depth < 28; ++depth)
    text += std::string(static_cast<std::size_t>(depth), ' ') + std::string(1000, 'k') + ":\n";
  text += std::string(30, ' ') + "- [";
  for (int i = 0; i < 90'000; ++i) text += "1,";
  text += "1]\n";
  Node node = parse(text, "deep");
  for (int depth = 0; depth < 28; ++depth) node = node.members().front().second;
  BOOST_TEST(node.items()[0].items().back().where().size() > 28'000U);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
