#include "core/base/encoding.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/lineage/shelf.h"
#include "lineage/journey.h"
#include "testing/refusal.h"
#include "testing/strict_reader.h"

// What a store may do to a bundle, and what a signer may not do to a statement (trust.md T13, T28).
namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage_encoding)

using lineage::check_refused;
using lineage::check_verified;
using lineage::Draft;
using lineage::Journey;
using lineage::LineageFile;
namespace keys = lineage::keys;

namespace {

// Members in the opposite order, blanks after every sign: other bytes of the same value.
OrderedJson turned_round(const Json& json) {
  if (json.is_array()) {
    OrderedJson list = OrderedJson::array();
    for (const auto& item : json) list.push_back(turned_round(item));
    return list;
  }
  if (!json.is_object()) return OrderedJson::parse(json.dump());
  OrderedJson object = OrderedJson::object();
  std::vector<std::string> names;
  for (const auto& [name, value] : json.items()) names.insert(names.begin(), name);
  for (const auto& name : names) object[name] = turned_round(json[name]);
  return object;
}

std::string reencoded(const sigstore::Bundle& bundle) {
  std::string spaced;
  for (const char c : turned_round(Json::parse(bundle.json())).dump()) {
    spaced += c;
    if (c == ',') spaced += " \t";
  }
  return spaced;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_bundle_encoded_anew_still_links) {
  Journey journey;
  journey.travel();
  std::string lines;
  for (const std::string& key : Journey::all_keys()) {
    const sigstore::Bundle bundle = journey.bundle(key);
    const std::string line = reencoded(bundle);
    BOOST_TEST(line != bundle.json());
    BOOST_TEST(sigstore::Bundle::parse(line).link().text() == bundle.link().text());
    lines += line + "\n";
  }
  const auto file = LineageFile::parse(lines, "web-1.2.3.lineage.jsonl");
  const sigstore::Verifier verifier(journey.sigstore.trusted_root());
  const auto expected = journey.expectations(verifier);
  check_verified(lineage::Examiner({expected.policy, verifier, file, expected.on_anchor})
                     .examine({journey.requirement(keys::kReleaseOverall)}));
}

BOOST_AUTO_TEST_CASE(duplicate_keys_in_a_statement_are_refused) {
  Journey journey;
  const Draft draft = journey.draft(keys::kValidate);
  std::string payload = intoto::serialise(journey.statement(draft));
  const std::string marker = R"("result":"PASSED")";
  BOOST_REQUIRE(payload.find(marker) != std::string::npos);
  payload.replace(payload.find(marker), marker.size(), R"("result":"FAILED",)" + marker);
  journey.store.put(journey.subject(keys::kValidate),
                    journey.sigstore.sign(payload, std::string(intoto::kPayloadType), draft.identity));
  check_refused(journey.examine(keys::kValidate), "`result`");
}

BOOST_AUTO_TEST_CASE(another_payload_type_is_no_statement) {
  Journey journey;
  const Draft draft = journey.draft(keys::kValidate);
  journey.store.put(journey.subject(keys::kValidate), journey.sigstore.sign(intoto::serialise(journey.statement(draft)),
                                                                            "application/json", draft.identity));
  check_refused(journey.examine(keys::kValidate), "the payload type is `application/json`");
}

BOOST_AUTO_TEST_CASE(links_that_cannot_be_read_void_a_statement) {
  struct Case {
    const char* said;
    void (*edit)(Json& links);
  };
  for (const Case& one :
       {Case{"links are no list of at most 1024", [](Json& links) { links = "none"; }},
        Case{"the statement's links cannot be read: ",
             [](Json& links) {
               links = Json::array({{{"name", "validate"}}});
             }},
        Case{"the statement's links cannot be read: ",
             [](Json& links) {
               links = Json::array(
                   {{{"name", "validate"}, {"digest", {{"sha256", "00"}}}, {"annotations", {{"subject", "x"}}}}});
             }},
        Case{"links are no list of at most 1024", [](Json& links) {
               links = Json::array();
               for (int i = 0; i < 1025; ++i) links.push_back(Json::object());
             }}}) {
    Journey journey;
    const Draft draft = journey.draft(keys::kFilter);
    auto statement = journey.statement(draft);
    one.edit(statement.predicate["buildDefinition"]["resolvedDependencies"]);
    journey.store.put(journey.subject(keys::kFilter), journey.sigstore.sign(statement, draft.identity));
    check_refused(journey.examine(keys::kFilter), one.said);
  }
}

BOOST_AUTO_TEST_CASE(a_stamp_with_a_wrong_member_voids_a_statement) {
  for (const char* member :
       {"key", "stage", "repositoryId", "pullRequest", "policy", "shipment", "executed", "version", "builder"}) {
    Journey journey;
    const Draft draft = journey.draft(keys::kFilter);
    for (const bool absent : {true, false}) {
      auto statement = journey.statement(draft);
      Json& stamp = statement.predicate["waybill_stamp"];
      if (absent)
        stamp.erase(member);
      else
        stamp[member] = Json::array({1});
      journey.store.put(journey.subject(keys::kFilter), journey.sigstore.sign(statement, draft.identity));
    }
    BOOST_TEST_CONTEXT(member) check_refused(journey.examine(keys::kFilter), "2 bundles were rejected: ");
  }
}

BOOST_AUTO_TEST_CASE(a_stamp_and_its_links_come_back_as_they_were_signed) {
  Journey journey;
  journey.travel(keys::kReleaseOverall);
  std::vector<std::string> all = Journey::all_keys();
  all.emplace_back(keys::kBillOfMaterialsSpdx);
  for (const std::string& key : all) {
    Draft draft = journey.draft(key);
    draft.stamp.shipment.last_shipped = Oid::parse(std::string(40, '1'));
    draft.stamp.shipment.split = Oid::parse(std::string(40, '2'));
    draft.stamp.executed = true;
    const auto statement = intoto::parse_statement(intoto::serialise(journey.statement(draft)));
    const lineage::Stamp stamp = lineage::stamp_of(statement);
    BOOST_TEST(stamp.key == key);
    BOOST_TEST(stamp.stage == draft.stamp.stage);
    BOOST_TEST(stamp.pull_request == 12);
    BOOST_TEST(stamp.base_ref == "integration");
    BOOST_TEST(stamp.executed);
    BOOST_TEST((stamp.shipment == draft.stamp.shipment));
    BOOST_TEST((stamp.policy == journey.policy.digest));
    BOOST_TEST((lineage::links_of(statement) == draft.links));
    BOOST_TEST(lineage::builder_of(statement) == draft.identity.signer_uri);
    BOOST_TEST(lineage::passed(statement));
    BOOST_TEST(lineage::result_of(statement, "version") ==
               (statement.predicate_type == intoto::kProvenance ? "1.2.3" : ""));
    BOOST_TEST(lineage::result_of(statement, "versio").empty());
    const bool summary = key == keys::kOverall || key == keys::kReleaseOverall;
    BOOST_TEST(lineage::resource_of(statement) ==
               (summary ? "https://forge.example/octo/charts/releases/tag/web-v1.2.3" : ""));
  }
}

BOOST_AUTO_TEST_CASE(a_lineage_file_says_which_line_is_no_bundle) {
  testing::refuses(Fault::kUntrusted, "x.lineage.jsonl: line 2 is no bundle",
                   [] { static_cast<void>(LineageFile::parse("\n{}\n", "x.lineage.jsonl")); });
  testing::refuses(Fault::kInput, "x.lineage.jsonl: more than 1000 lines",
                   [] { static_cast<void>(LineageFile::parse(std::string(1001, '\n'), "x.lineage.jsonl")); });
  BOOST_TEST(LineageFile::parse("", "empty").find(crypto::sha256("")).empty());
}

BOOST_AUTO_TEST_CASE(the_forge_is_asked_once_for_each_subject_and_its_junk_is_left_out) {
  Journey journey;
  const Digest subject = journey.subject(keys::kValidate);
  const auto good = journey.signature(journey.draft(keys::kValidate));
  testing::StrictReader forge;
  forge.answers_attestations(subject,
                             {Json(nullptr), Json("text"), {{"mediaType", "application/x"}}, Json::parse(good.json())});
  lineage::Shelves store;
  store.add(std::make_unique<lineage::ForgeShelf>(forge));
  BOOST_TEST(store.find(subject).size() == 1U);
  BOOST_TEST(store.find(subject).size() == 1U);
  BOOST_TEST(forge.asked().size() == 1U);
  const auto own = journey.signature(journey.draft("lint-test-v1.33.7"));
  store.remember(subject, own);
  BOOST_TEST(store.find(subject).back().link().text() == own.link().text());
  BOOST_TEST(forge.asked().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
