#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/lineage/policy.h"
#include "core/lineage/waybill.h"
#include "lineage/journey.h"
#include "testing/data.h"
#include "testing/mutation.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(lineage)
BOOST_AUTO_TEST_SUITE(damaged)

namespace {

using testing::survives_damage;

Waybill waybill() {
  const Entry entry{"12345", Digest::sha256(std::string(64, 'a')), Digest::sha256(std::string(64, 'b')),
                    "https://slsa.dev/provenance/v1"};
  return {{"charts/web", {{"validate", entry}, {"filter", {"77", std::nullopt, std::nullopt, ""}}}},
          {"charts/api", {{"validate", entry}}}};
}

void question(const Waybill& read, const std::string&) {
  BOOST_TEST((waybill_from_json(to_json(read), "copy") == read));
}

std::string block(const std::string& json) {
  return "prose\n<!-- waybill:map:v1 sha256=" + crypto::sha256(json).hex() + "\n" + json + "\n-->\n";
}

const TagMessage kTag{.chart = "web",
                      .path = "charts/web",
                      .version = "1.2.3",
                      .entries = waybill().at("charts/web"),
                      .changelog = "### Added\n\n- A text",
                      .source_pull_request = "#12",
                      .commit = std::string(40, 'c'),
                      .source = std::string(40, 'd')};

}  // namespace

BOOST_AUTO_TEST_CASE(a_damaged_description_holds_the_waybill_or_none) {
  const std::string body = write_waybill("A contribution.\r\n\r\nWith text.", waybill());
  survives_damage({body, write_waybill("", {})}, read_waybill, question);
  survives_damage(
      {body, "Text alone."}, [](const std::string& text) { return write_waybill(text, waybill()); },
      [](const std::string& written, const std::string&) { BOOST_TEST((read_waybill(written) == waybill())); });
  // With the digest that belongs to it, as anybody who edits the description can write it.
  survives_damage(
      {canonical(to_json(waybill())), "{}"}, [](const std::string& json) { return read_waybill(block(json)); },
      question);
}

BOOST_AUTO_TEST_CASE(a_damaged_tag_message_is_not_waybills_or_reads_whole) {
  const auto read = [](const std::string& text) {
    auto tag = read_tag_message(text);
    if (!tag) throw Error(Fault::kInput, "not waybill's");
    return *tag;
  };
  const auto question = [](const TagMessage& tag, const std::string&) {
    BOOST_TEST(Oid::parse(tag.commit).hex() == tag.commit);
    BOOST_TEST((tag.entries.empty() ||
                waybill_from_json(to_json({{tag.path, tag.entries}}), "copy").at(tag.path) == tag.entries));
  };
  const std::string message = write_tag_message(kTag);
  survives_damage({message}, read, question);
  const std::string trailer = message.substr(message.rfind(' ') + 1);
  survives_damage(
      {from_base64url(trailer.substr(0, trailer.size() - 1))},
      [&](const std::string& json) { return read("Release\n\nWaybill: " + to_base64url(json) + "\n"); }, question);
}

BOOST_AUTO_TEST_CASE(a_damaged_policy_is_refused_or_whole) {
  const std::string example = read_file(testing::source_folder() / "examples/chart-pipeline/.waybill.yml", 100'000);
  survives_damage(
      {example, kPolicyText}, [](const std::string& text) { return Policy::parse(text, ".waybill.yml"); },
      [](const Policy& policy, const std::string& text) {
        BOOST_TEST(policy.digest.text() == crypto::sha256(text).text());
        BOOST_TEST(!policy.anchor.repository_id.empty());
        for (const Signer& signer : policy.signers) {
          BOOST_TEST(!signer.workflow.empty());
          for (const std::string& key : signer.keys) BOOST_TEST(policy.signer_of(key).workflow == signer.workflow);
          for (const std::string& event : signer.events)
            BOOST_TEST((event == "push" || event == "workflow_dispatch" || event == "pull_request_target"), event);
        }
      });
}

BOOST_AUTO_TEST_CASE(a_damaged_statement_of_a_stage_is_refused_or_says_what_it_says) {
  Journey journey;
  journey.travel();
  std::vector<std::string> statements;
  for (const std::string_view key : {keys::kValidate, keys::kTag, keys::kBillOfMaterials, keys::kReleaseOverall})
    statements.push_back(intoto::serialise(journey.statement(journey.draft(key))));
  survives_damage(statements, [](const std::string& text) {
    const intoto::Statement statement = intoto::parse_statement(text);
    static_cast<void>(stamp_of(statement));
    static_cast<void>(links_of(statement));
    static_cast<void>(builder_of(statement));
    static_cast<void>(invocation_of(statement));
    static_cast<void>(passed(statement));
    static_cast<void>(resource_of(statement));
  });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
