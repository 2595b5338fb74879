#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "core/yaml/document.h"
#include "testing/mutation.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(yaml)
BOOST_AUTO_TEST_SUITE(damaged)

namespace {

using testing::survives_damage;

const std::vector<std::string> kDocuments = {
    "name: web\nversion: 1.2.3 # of the chart\nannotations:\n  artifacthub.io/changes: |\n    - kind: added\n      "
    "description: x\n  b: 'c'\n",
    "version: \"1.2.3\"\r\nname: web\r\nannotations: {}\r\nkeywords: [a, 'b', \"c\\n\"]\r\n",
    "\xef\xbb\xbf# first\nversion: '1.2.3'\ndescription: >-\n  folded\n  text\nannotations:\n  a: \"b\"\nnothing:\n",
    "version: 1.2.3\na:\n- b: {c: [d, {e: f}]}\n- - g\n  - h: 0x1F\ni: ~\nannotations:\n  old: |2-\n    x\n"};

// Looks at every node: how many there are and how deep they lie.
struct Extent {
  std::size_t nodes = 0;
  std::size_t depth = 0;

  void walk(const Node& node, std::size_t level = 1) {
    ++nodes;
    depth = std::max(depth, level);
    BOOST_TEST(!node.where().empty());
    if (node.kind() == Kind::kSequence)
      for (const Node& item : node.items()) walk(item, level + 1);
    if (node.kind() == Kind::kMapping)
      for (const auto& [key, value] : node.members()) {
        BOOST_TEST(node.at(key).line() == value.line());
        walk(value, level + 1);
      }
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_damaged_document_is_refused_or_read_within_the_limits) {
  constexpr Limits kSmall{.bytes = 16UL * 1024, .depth = 8, .nodes = 100};
  survives_damage(
      kDocuments, [&](const std::string& text) { return parse(text, "x.yaml", kSmall); },
      [&](const Node& node, const std::string& text) {
        Extent extent;
        extent.walk(node);
        BOOST_TEST(text.size() <= kSmall.bytes);
        BOOST_TEST(extent.nodes <= kSmall.nodes);
        BOOST_TEST(extent.depth <= kSmall.depth);
      });
  survives_damage(
      kDocuments, [](const std::string& text) { return parse(text, "x.yaml"); },
      [](const Node& node, const std::string&) { Extent().walk(node); });
}

BOOST_AUTO_TEST_CASE(a_spliced_scalar_is_there_and_nothing_else_changed) {
  survives_damage(
      kDocuments, [](const std::string& text) { return splice_scalar(text, "version", "2.0.0", "x.yaml"); },
      [](const std::string& spliced, const std::string& text) {
        BOOST_TEST(parse(spliced, "x.yaml").at("version").text() == "2.0.0");
        const std::size_t at = spliced.find("2.0.0");
        const std::size_t tail = spliced.size() - at - 5;
        BOOST_TEST(text.substr(0, at) == spliced.substr(0, at));
        BOOST_TEST(text.substr(text.size() - tail) == spliced.substr(at + 5));
      });
}

BOOST_AUTO_TEST_CASE(a_spliced_block_is_there_and_nothing_else_changed) {
  survives_damage(
      kDocuments,
      [](const std::string& text) {
        return splice_block(text, "annotations", "artifacthub.io/changes", {"- kind: fixed", "  description: y"},
                            "x.yaml");
      },
      [](const std::string& spliced, const std::string& text) {
        const Node after = parse(spliced, "x.yaml");
        BOOST_TEST(after.at("annotations").at("artifacthub.io/changes").text() == "- kind: fixed\n  description: y\n");
        const Node before = parse(text, "x.yaml");
        for (const auto& [key, value] : before.members()) {
          if (value.kind() != Kind::kScalar) continue;
          const std::string& now = after.at(key).text();
          // A block scalar at the end of a file whose last line does not end gets the line feed.
          BOOST_TEST((now == value.text() || (!text.ends_with('\n') && now == value.text() + "\n")), now);
        }
      });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
