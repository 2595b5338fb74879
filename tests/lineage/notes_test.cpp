#include "core/lineage/notes.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/intoto/statement.h"
#include "testing/refusal.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage_notes)

using lineage::note_in;
using lineage::noted;

namespace {

const Json kNote{{"key", "sbom"}, {"deep", {{"list", {1, 2}}}}};

Json spdx() {
  return {{"spdxVersion", "SPDX-2.3"},
          {"creationInfo", {{"created", "2026-11-21T12:00:00Z"}, {"creators", Json::array({"Tool: waybill-0.1.0"})}}}};
}

std::vector<std::string> members(const Json& json) {
  std::vector<std::string> names;
  for (const auto& [name, value] : json.items()) names.push_back(name);
  return names;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_note_comes_back_as_it_was_and_takes_the_place_of_one_before) {
  for (const auto& [type, predicate] : {std::pair{intoto::kCycloneDx, Json::object()}, std::pair{intoto::kSpdx, spdx()},
                                        std::pair{intoto::kProvenance, Json::object()}}) {
    Json with = noted(noted(predicate, type, "stamp", "before"), type, "other", "kept");
    with = noted(std::move(with), type, "stamp", kNote);
    BOOST_TEST((note_in(with, type, "stamp") == kNote), type);
    BOOST_TEST((note_in(with, type, "other") == "kept"), type);
    BOOST_TEST(noted(with, type, "stamp", kNote) == with, type);
    testing::refuses(Fault::kInput, "is missing", [&, &type = type] { note_in(with, type, "third"); });
  }
}

BOOST_AUTO_TEST_CASE(cyclonedx_and_spdx_get_no_members_of_others) {
  const Json bill = noted({{"bomFormat", "CycloneDX"}, {"properties", Json::array({{{"name", "x"}, {"value", "y"}}})}},
                          intoto::kCycloneDx, "stamp", kNote);
  BOOST_TEST(members(bill) == (std::vector<std::string>{"bomFormat", "properties"}), boost::test_tools::per_element());
  BOOST_TEST(bill.at("properties").size() == 2U);
  const Json document = noted(spdx(), intoto::kSpdx, "stamp", kNote);
  BOOST_TEST(members(document) == (std::vector<std::string>{"annotations", "creationInfo", "spdxVersion"}),
             boost::test_tools::per_element());
  const Json wanted{{"annotationDate", "2026-11-21T12:00:00Z"},
                    {"annotationType", "OTHER"},
                    {"annotator", "Tool: waybill-0.1.0"},
                    {"comment", "stamp: " + canonical(kNote)}};
  BOOST_TEST(document.at("annotations").at(0) == wanted);
}

BOOST_AUTO_TEST_CASE(notes_of_earlier_releases_are_members) {
  Json bill{{"bomFormat", "CycloneDX"}, {"stamp", kNote}};
  BOOST_TEST((note_in(bill, intoto::kCycloneDx, "stamp") == kNote));
  bill = noted(std::move(bill), intoto::kCycloneDx, "stamp", "now");
  BOOST_TEST(!bill.contains("stamp"));
  BOOST_TEST((note_in(bill, intoto::kCycloneDx, "stamp") == "now"));
}

BOOST_AUTO_TEST_CASE(what_two_readers_may_read_in_two_ways_is_refused) {
  const auto refused = [](const Json& properties, std::string_view said) {
    testing::refuses(Fault::kInput, said, [&] { note_in({{"properties", properties}}, intoto::kCycloneDx, "stamp"); });
  };
  const Json one{{"name", "stamp"}, {"value", "1"}};
  refused({one, one}, "`stamp` stands twice in its `properties`");
  refused(Json::array({{{"name", "stamp"}}}), "stamp: not JSON");
  refused(Json::array({{{"name", "stamp"}, {"value", R"({"a":1,"a":2})"}}}), "stands twice in one object");
  refused(one, "`properties` is no list");
  refused({1, "stamp", Json::array()}, "`stamp` is missing in its `properties`");
}

BOOST_AUTO_TEST_CASE(a_predicate_that_has_no_place_for_a_note_is_refused) {
  const auto refused = [](const Json& predicate, std::string_view type, std::string_view said) {
    testing::refuses(Fault::kInput, said, [&] { noted(predicate, type, "stamp", kNote); });
  };
  refused(Json::array(), intoto::kProvenance, "the predicate is no object");
  refused("text", intoto::kCycloneDx, "the predicate is no object");
  refused({{"properties", 1}}, intoto::kCycloneDx, "`properties` is no list");
  refused(Json::object(), intoto::kSpdx, "`creationInfo` is missing");
  for (const Json& creators : {Json("Tool: x"), Json::array(), Json::array({1})})
    refused({{"creationInfo", {{"created", "2026-11-21T12:00:00Z"}, {"creators", creators}}}},
            "https://spdx.dev/Document/v2.2", "`creators` is no list of texts");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
