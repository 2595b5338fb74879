#include "core/lineage/waybill.h"

#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "testing/refusal.h"

// The waybill in a description: an index that anybody may edit, never evidence.
namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage_waybill)

using lineage::compose_description;
using lineage::Entry;
using lineage::read_waybill;
using lineage::Waybill;
using lineage::write_waybill;

namespace {

const Entry kEntry{"8812345", crypto::sha256("statement"), crypto::sha256("subject"), "https://slsa.dev/provenance/v1"};
const Waybill kWaybill{{"charts/web", {{"validate", kEntry}, {"lint-test-v1.33.7", kEntry}}},
                       {"charts/api", {{"filter", kEntry}}}};

std::string block_of(const std::string& json) {
  return "<!-- waybill:map:v1 sha256=" + crypto::sha256(json).hex() + "\n" + json + "\n-->";
}

void refuses(const std::string& body, std::string_view said) {
  testing::refuses(Fault::kInput, said, [&] { static_cast<void>(read_waybill(body)); });
}

void replace(std::string& text, const std::string& old, const std::string& now) {
  const std::size_t at = text.find(old);
  BOOST_REQUIRE(at != std::string::npos);
  text.replace(at, old.size(), now);
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back) {
  for (const char* prose : {"", "A change", "A change\n", "A change\n\n* list\n"}) {
    const std::string body = write_waybill(prose, kWaybill);
    BOOST_TEST(body.starts_with(prose));
    BOOST_TEST((read_waybill(body) == kWaybill));
  }
  BOOST_TEST(read_waybill("no waybill here").empty());
  BOOST_TEST(read_waybill("").empty());
}

BOOST_AUTO_TEST_CASE(a_second_writing_replaces_the_first_and_keeps_the_prose_around_it) {
  const std::string once = write_waybill("before", kWaybill) + "after\n";
  const Waybill other{{"charts/web", {{"atomic", kEntry}}}};
  const std::string twice = write_waybill(once, other);
  BOOST_TEST(twice.starts_with("before\n\n<!-- waybill:map:v1 sha256="));
  BOOST_TEST(twice.ends_with("-->\nafter\n"));
  BOOST_TEST((read_waybill(twice) == other));
  BOOST_TEST(write_waybill(twice, other) == twice);
}

BOOST_AUTO_TEST_CASE(line_ends_of_a_web_editor_change_nothing) {
  std::string body = write_waybill("A change\n", kWaybill);
  std::string edited;
  for (const char c : body) edited += c == '\n' ? std::string("\r\n") : std::string(1, c);
  BOOST_TEST((read_waybill(edited) == kWaybill));
  BOOST_TEST((read_waybill(write_waybill(edited, kWaybill)) == kWaybill));
}

BOOST_AUTO_TEST_CASE(an_edited_waybill_is_refused) {
  std::string body = write_waybill("", kWaybill);
  replace(body, "8812345", "8812346");
  refuses(body, "the waybill in the description was edited: its digest is ");
  std::string digest = write_waybill("", kWaybill);
  replace(digest, "sha256=", "sha256=0");
  refuses(digest, "was edited");
}

BOOST_AUTO_TEST_CASE(two_waybills_are_refused_even_when_equal) {
  const std::string body = write_waybill("", kWaybill);
  refuses(body + body, "the description holds two waybills, one is wanted");
  testing::refuses(Fault::kInput, "two waybills", [&] { static_cast<void>(write_waybill(body + body, kWaybill)); });
}

BOOST_AUTO_TEST_CASE(a_waybill_that_is_cut_off_is_refused) {
  const std::string body = write_waybill("", kWaybill);
  refuses(body.substr(0, body.find("-->")), "the waybill in the description is cut off");
  refuses("<!-- waybill:map:v1 sha256=00 -->\n", "is cut off");
  refuses("<!-- waybill:map:v1 sha256=", "is cut off");
}

BOOST_AUTO_TEST_CASE(names_cannot_end_the_comment_that_hides_them) {
  const Waybill hostile{
      {"charts/--><img src=x>", {{"--!>", kEntry}, {"-->\n<!-- waybill:map:v1 sha256=", kEntry}, {"&gt;", kEntry}}}};
  const std::string body = write_waybill("text", hostile);
  BOOST_TEST(body.find("-->") == body.size() - 4);
  BOOST_TEST(body.find("--!>") == std::string::npos);
  BOOST_TEST(body.find("<img") == std::string::npos);
  BOOST_TEST((read_waybill(body) == hostile));
}

BOOST_AUTO_TEST_CASE(bare_ids_of_the_older_form_are_readable_and_unresolvable) {
  const Waybill read = read_waybill(block_of(R"({"charts/web":{"atomic":8812346,"validate":"8812345"}})"));
  BOOST_TEST(read.at("charts/web").at("validate").id == "8812345");
  BOOST_TEST(read.at("charts/web").at("atomic").id == "8812346");
  BOOST_TEST(!read.at("charts/web").at("validate").statement);
  BOOST_TEST((read_waybill(write_waybill("", read)).at("charts/web").at("validate") == Entry{"8812345", {}, {}, ""}));
}

BOOST_AUTO_TEST_CASE(an_id_cannot_carry_text_into_a_tag) {
  for (const char* id : {"1\\nWaybill: x", "1 fixes #2", "../1", "<b>", "1\\u0000"}) {
    refuses(block_of(std::string(R"({"c":{"validate":")") + id + "\"}}"), "is no plain word");
    refuses(block_of(std::string(R"({"c":{"validate":{"id":")") + id + R"(","predicateType":"p","statement":"sha256:)" +
                     std::string(64, '0') + R"(","subject":"sha256:)" + std::string(64, '0') + "\"}}}"),
            "is no plain word");
  }
  refuses(block_of(R"({"c":{"validate":")" + std::string(129, '1') + "\"}}"), "129 characters");
}

BOOST_AUTO_TEST_CASE(entries_of_a_wrong_form_are_refused) {
  refuses(block_of("[]"), "where an object of charts is wanted");
  refuses(block_of(R"({"c":[]})"), "`c` holds no entries");
  refuses(block_of(R"({"c":{"validate":{"id":"1"}}})"), "`statement`");
  refuses(
      block_of(R"({"c":{"validate":{"id":"1","predicateType":"p","statement":"sha256:00","subject":"sha256:00"}}})"),
      "`00` is not a sha256 digest");
  refuses(block_of(R"({"c":{"validate":-1}})"), "");
  refuses(block_of(R"({"c":{"validate":"1","validate":"2"}})"), "validate");
  refuses(block_of("{"), "waybill in the description");
}

BOOST_AUTO_TEST_CASE(deep_json_is_refused) {
  refuses(block_of(R"({"a":{"b":{"c":{"d":{"e":1}}}}})"), "");
  refuses(block_of(std::string(50'000, '[')), "");
}

BOOST_AUTO_TEST_CASE(a_description_holds_so_many_characters_and_so_many_bytes) {
  const std::string block = write_waybill("", {});
  const std::size_t room = lineage::kBodyCodePoints - block.size() - 1;
  BOOST_TEST(write_waybill(std::string(room, 'x'), {}).size() == lineage::kBodyCodePoints);
  testing::refuses(Fault::kInput, "has 65537 characters",
                   [&] { static_cast<void>(write_waybill(std::string(room + 1, 'x'), {})); });
  std::string wide;
  for (std::size_t i = 0; i < room; ++i) wide += "\xC3\xA9";  // two bytes, one character
  BOOST_TEST(write_waybill(wide, {}).size() > lineage::kBodyCodePoints);
  refuses(std::string(65'537, 'x'), "shorten the text of the pull request");
  std::string faces;
  for (std::size_t i = 0; i < 65'536; ++i) faces += "\xF0\x9F\x98\x80";  // four bytes each: exactly as many as are kept
  BOOST_TEST(read_waybill(faces).empty());
  refuses(faces + "\x80", "262145 bytes");
}

BOOST_AUTO_TEST_CASE(entries_that_have_no_room_are_said_to_be_elsewhere) {
  Waybill many;
  for (int i = 0; i < 500; ++i) many["charts/service-" + std::to_string(i)] = kWaybill.begin()->second;
  const std::size_t entries = 500 * kWaybill.begin()->second.size();
  testing::refuses(Fault::kInput, "at most 65536", [&] { static_cast<void>(write_waybill("A change\n", many)); });
  const std::string body = write_waybill("A change\n", many, "[the list](https://forge.example/list)");
  BOOST_TEST(body.starts_with("A change\n"));
  BOOST_TEST(body.find(fmt::format(
                 "The {} entries of 500 charts have no room here: [the list](https://forge.example/list)", entries)) !=
             std::string::npos);
  BOOST_TEST(read_waybill(body).empty());
  BOOST_TEST(write_waybill(body, many, "[the list](https://forge.example/list)") == body);
  BOOST_TEST(write_waybill(body, kWaybill, "[the list](x)") == write_waybill("A change\n", kWaybill));
  BOOST_TEST(compose_description("A change\n", many, "[the list](https://forge.example/list)") == body);
  refuses(body + body, "two waybills");
  refuses(body + write_waybill("", kWaybill), "two waybills");
  refuses(body.substr(0, body.find("<!-- waybill:end -->")), "its end `<!-- waybill:end -->` is wanted");
}

BOOST_AUTO_TEST_CASE(a_map_without_its_text_is_no_empty_one) {
  refuses("<!-- waybill:map:v1 sha256=\n-->", "waybill in the description");
}

BOOST_AUTO_TEST_CASE(prose_that_leaves_no_room_is_cut_where_waybill_composes_it) {
  std::string prose;
  for (int i = 0; i < 3000; ++i) prose += "- ä change with the number " + std::to_string(i) + "\n";
  const std::string body = compose_description(prose, kWaybill);
  BOOST_TEST((read_waybill(body) == kWaybill));
  BOOST_TEST(body.find("cut here") != std::string::npos);
  Waybill more = kWaybill;
  const Entry entry = more.begin()->second.begin()->second;
  for (int i = 0; i < 30; ++i) more.begin()->second.insert_or_assign("another-key-" + std::to_string(i), entry);
  BOOST_TEST((read_waybill(write_waybill(body, more)) == more));
  BOOST_TEST(compose_description("short\n", kWaybill) == write_waybill("short\n", kWaybill));
  BOOST_TEST(compose_description("short\n", {}) == "short\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
