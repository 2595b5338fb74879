#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/base/json.h"
#include "core/crypto/hash.h"
#include "core/lineage/waybill.h"
#include "testing/refusal.h"

// Messages that waybill composes, and that people try to speak through (trust.md T12).
namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage_tag_message)

using lineage::Entry;
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

BOOST_AUTO_TEST_CASE(a_changelog_that_forges_a_trailer_is_never_written) {
  TagMessage hostile = message();
  hostile.changelog = "- x\n\n" + trailer_of(forged_json());
  testing::refuses(Fault::kInternal, "the tag message of web 1.2.3 cannot be read back",
                   [&] { static_cast<void>(write_tag_message(hostile)); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
