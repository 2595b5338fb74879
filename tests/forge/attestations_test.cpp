#include <snappy.h>

#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/crypto/hash.h"
#include "forge/forge_under_test.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(attestations)

const Digest kSubject = crypto::sha256("chart");
const std::string kList = kRepo + "/attestations/" + kSubject.text() + "?per_page=100";
const std::string kBlob = "https://store.blob.example/attestations/1.json.sn?sig=secret";

Json bundle_json(const std::string& signature = "c2ln") {
  const Json statement{{"subject", Json::array({{{"name", "nginx"}, {"digest", {{"sha256", kSubject.hex()}}}}})}};
  return {{"mediaType", "application/vnd.dev.sigstore.bundle.v0.3+json"},
          {"dsseEnvelope",
           {{"payload", to_base64(statement.dump())}, {"signatures", Json::array({{{"sig", signature}}})}}}};
}

std::string snappy_of(const std::string& text) {
  std::string bytes;
  ::snappy::Compress(text.data(), text.size(), &bytes);
  return bytes;
}

Json page(std::vector<Json> items) {
  return {{"attestations", std::move(items)}};
}

Json linked(const std::string& url) {
  return {{"bundle", nullptr}, {"bundle_url", url}};
}

BOOST_AUTO_TEST_CASE(none_is_an_empty_list_however_the_forge_says_it) {
  ForgeUnderTest t;
  t.http.expect("GET", kList, json_answer(404, message("Not Found"))).expect("GET", kList, json_answer(200, page({})));
  BOOST_TEST(t.client.attestations(kSubject).empty());
  BOOST_TEST(t.client.attestations(kSubject).empty());
}

BOOST_AUTO_TEST_CASE(bundles_come_inline_by_address_plain_or_compressed) {
  ForgeUnderTest t;
  t.http
      .expect("GET", kList,
              json_answer(200, page({{{"bundle", bundle_json("YQ==")}}, linked(kBlob)}),
                          {{"link", "<" + kList + "&after=Y3>; rel=\"next\""}}))
      .expect("GET", kList + "&after=Y3", json_answer(200, page({linked("https://store.blob.example/2.json")})))
      .expect("GET", kBlob,
              answer(200, snappy_of(bundle_json("Yg==").dump()), {{"content-type", "application/x-snappy"}}),
              without_header("authorization"))
      .expect("GET", "https://store.blob.example/2.json",
              answer(200, bundle_json("Yw==").dump(), {{"content-type", "application/json"}}),
              without_header("authorization"));
  const std::vector<Json> bundles = t.client.attestations(kSubject);
  BOOST_REQUIRE(bundles.size() == 3U);
  BOOST_TEST(bundles[0] == bundle_json("YQ=="));
  BOOST_TEST(bundles[1] == bundle_json("Yg=="));
  BOOST_TEST(bundles[2] == bundle_json("Yw=="));
}

BOOST_AUTO_TEST_CASE(junk_in_the_store_is_counted_and_not_fatal) {
  ForgeUnderTest t;
  const std::string bomb = "\xff\xff\xff\xff\x0f tiny";  // claims 4 GiB
  t.http
      .expect(
          "GET", kList,
          json_answer(
              200,
              page({linked(kBlob), linked(kBlob), linked(kBlob), {{"bundle", nullptr}}, {{"bundle", bundle_json()}}})))
      .expect("GET", kBlob, answer(200, bomb, {{"content-type", "application/x-snappy"}}))
      .expect("GET", kBlob, answer(200, "\x05 neither", {}))
      .expect("GET", kBlob, answer(200, R"({"a":1,"a":2})", {{"content-type", "application/json"}}));
  const std::vector<Json> bundles = t.client.attestations(kSubject);
  BOOST_REQUIRE(bundles.size() == 5U);
  for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(bundles[i].is_null());
  BOOST_TEST(bundles[4] == bundle_json());
}

BOOST_AUTO_TEST_CASE(a_page_full_of_large_bundles_is_read) {
  ForgeUnderTest t;
  const std::string large(220'000, 'x');
  t.http.expect("GET", kList, json_answer(200, page(std::vector<Json>(100, {{"bundle", bundle_json(large)}}))));
  BOOST_TEST(t.client.attestations(kSubject).size() == 100U);
}

BOOST_AUTO_TEST_CASE(a_bundle_that_is_withheld_is_an_error_without_its_signed_address) {
  ForgeUnderTest t;
  t.http.expect("GET", kList, json_answer(200, page({linked(kBlob)}))).expect("GET", kBlob, answer(403, "expired"));
  BOOST_CHECK_EXCEPTION(t.client.attestations(kSubject), Error, [](const Error& error) {
    return fails(Fault::kRemote, "answered 403")(error) &&
           std::string(error.what()).find("sig=secret") == std::string::npos;
  });
}

const Json kRepository = {{"id", 9},
                          {"full_name", "octo/charts"},
                          {"owner", {{"id", 4}, {"type", "Organization"}}},
                          {"default_branch", "main"},
                          {"private", true}};
const std::string kBulk = kApi + "/orgs/octo/attestations/bulk-list?per_page=100";
const std::vector<Digest> kSeveral{kSubject, crypto::sha256("two"), crypto::sha256("three")};

Json stored(const Json& bundle, std::int64_t repository = 9) {
  return {{"bundle", bundle}, {"repository_id", repository}};
}

std::string single(const Digest& subject) {
  return kRepo + "/attestations/" + subject.text() + "?per_page=100";
}

BOOST_AUTO_TEST_CASE(several_subjects_are_asked_for_at_once_and_only_this_repository_counts) {
  ForgeUnderTest t;
  Json digests = Json::array();
  for (const Digest& subject : kSeveral) digests.push_back(subject.text());
  t.http.expect("GET", kRepo, json_answer(200, kRepository))
      .expect("POST", kBulk,
              json_answer(200, {{"attestations_subject_digests",
                                 {{kSubject.text(), {stored(bundle_json("YQ==")), stored(bundle_json("eA=="), 8)}},
                                  {kSeveral[1].text(), nullptr}}},
                                {"page_info", {{"has_next", true}, {"next", "Y3="}}}}),
              body_is({{"subject_digests", digests}}))
      .expect("POST", kBulk + "&after=Y3%3D",
              json_answer(200, {{"attestations_subject_digests",
                                 {{kSeveral[2].text(), {stored(bundle_json("Yw=="), 8), stored(bundle_json("Yg=="))}}}},
                                {"page_info", {{"has_next", false}}}}))
      .expect("GET", single(kSeveral[1]), json_answer(404, message("Not Found")));
  const auto found = t.client.attestations(kSeveral);
  BOOST_REQUIRE(found.size() == 3U);
  BOOST_TEST(found.at(kSubject) == std::vector<Json>{bundle_json("YQ==")});
  BOOST_TEST(found.at(kSeveral[1]).empty());
  BOOST_TEST(found.at(kSeveral[2]) == std::vector<Json>{bundle_json("Yg==")});
}

BOOST_AUTO_TEST_CASE(a_forge_without_bulk_lists_is_asked_for_each) {
  for (const int status : {403, 404}) {
    ForgeUnderTest t;
    t.http.expect("GET", kRepo, json_answer(200, kRepository))
        .expect("POST", kBulk, json_answer(status, message("Resource not accessible by integration")));
    for (const Digest& subject : kSeveral)
      t.http.expect("GET", single(subject), json_answer(200, page({{{"bundle", bundle_json()}}})));
    BOOST_TEST(t.client.attestations(kSeveral).at(kSeveral[2]).size() == 1U);
  }
}

BOOST_AUTO_TEST_CASE(a_bulk_list_without_end_is_left_for_single_ones) {
  ForgeUnderTest t;
  t.http.expect("GET", kRepo, json_answer(200, kRepository));
  const Json endless{{"attestations_subject_digests", {{kSubject.text(), {stored(bundle_json("ZmxvbwQ="))}}}},
                     {"page_info", {{"has_next", true}, {"next", "1"}}}};
  for (int asked = 0; asked < 10; ++asked)
    t.http.expect("POST", asked == 0 ? kBulk : kBulk + "&after=1", json_answer(200, endless));
  for (const Digest& subject : kSeveral)
    t.http.expect("GET", single(subject), json_answer(200, page({{{"bundle", bundle_json()}}})));
  BOOST_TEST(t.client.attestations(kSeveral).at(kSubject) == std::vector<Json>{bundle_json()});
}

BOOST_AUTO_TEST_CASE(one_or_two_subjects_are_not_worth_a_bulk_list) {
  ForgeUnderTest t;
  t.http.expect("GET", single(kSubject), json_answer(200, page({{{"bundle", bundle_json()}}})))
      .expect("GET", single(kSeveral[1]), json_answer(200, page({})));
  BOOST_TEST(t.client.attestations({kSubject, kSeveral[1]}).size() == 2U);
}

BOOST_AUTO_TEST_CASE(storing_returns_the_id) {
  ForgeUnderTest t;
  t.http.expect("POST", kRepo + "/attestations", json_answer(201, {{"id", 77}}), body_is({{"bundle", bundle_json()}}));
  BOOST_TEST(t.client.create_attestation(bundle_json()) == 77);
}

BOOST_AUTO_TEST_CASE(a_plan_without_attestations_is_named) {
  ForgeUnderTest t;
  t.http.expect("POST", kRepo + "/attestations",
                json_answer(403, message("Feature not available for user-owned private repositories.")));
  BOOST_CHECK_EXCEPTION(t.client.create_attestation(bundle_json()), Error,
                        fails(Fault::kPermission, "Enterprise Cloud"));
}

BOOST_AUTO_TEST_CASE(after_a_lost_answer_the_store_is_asked_for_the_same_envelope) {
  ForgeUnderTest t;
  t.http.lose("POST", kRepo + "/attestations")
      .expect("GET", kList, json_answer(200, page({{{"bundle", bundle_json("b3RoZXI=")}}})))
      .expect("POST", kRepo + "/attestations", answer(502))
      .expect("GET", kList, json_answer(200, page({{{"bundle", bundle_json()}}})));
  BOOST_TEST(t.client.create_attestation(bundle_json()) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
