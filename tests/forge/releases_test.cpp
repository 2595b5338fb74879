#include <boost/test/unit_test.hpp>

#include "core/crypto/hash.h"
#include "forge/forge_under_test.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(releases)

const std::string kTag = "nginx-v1.0.0+b1";
const std::string kByTag = kRepo + "/releases/tags/nginx-v1.0.0%2Bb1";
const std::string kAll = kRepo + "/releases?per_page=100";
const std::string kAssets = kRepo + "/releases/3/assets?per_page=100";
const std::string kUpload = "https://uploads.github.com/repos/octo/charts/releases/3/assets?name=a%2Bb.tgz";

Json release_json(std::int64_t id, bool draft) {
  return {{"id", id},
          {"tag_name", kTag},
          {"name", "n"},
          {"body", "b"},
          {"draft", draft},
          {"assets", Json::array()},
          {"upload_url", "https://uploads.github.com/repos/octo/charts/releases/3/assets{?name,label}"},
          {"html_url", "https://github.com/x"}};
}

Json asset_json(const std::string& content, const std::string& state = "uploaded") {
  return {{"id", 5},
          {"name", "a+b.tgz"},
          {"state", state},
          {"size", content.size()},
          {"digest", crypto::sha256(content).text()},
          {"url", kRepo + "/releases/assets/5"}};
}

Release draft(
    const std::string& upload_url = "https://uploads.github.com/repos/octo/charts/releases/3/assets{?name,label}") {
  return {.id = 3,
          .tag = kTag,
          .name = {},
          .body = {},
          .draft = true,
          .prerelease = false,
          .upload_url = upload_url,
          .url = {},
          .assets = {}};
}

BOOST_AUTO_TEST_CASE(a_published_release_is_found_by_its_tag) {
  ForgeUnderTest t;
  Json json = release_json(3, false);
  json["assets"].push_back(asset_json("x"));
  t.http.expect("GET", kByTag, json_answer(200, json));
  const auto release = t.client.release(kTag);
  BOOST_REQUIRE(release);
  BOOST_TEST(!release->draft);
  BOOST_TEST(release->assets.at(0).name == "a+b.tgz");
}

BOOST_AUTO_TEST_CASE(a_draft_is_found_by_listing_and_of_two_the_oldest_counts) {
  ForgeUnderTest t;
  Json foreign = release_json(1, true);
  foreign["tag_name"] = "other";
  t.http.expect("GET", kByTag, json_answer(404, message("Not Found")))
      .expect("GET", kAll,
              json_answer(200, {release_json(9, true), foreign}, {{"link", "<" + kAll + "&page=2>; rel=\"next\""}}))
      .expect("GET", kAll + "&page=2", json_answer(200, Json::array({release_json(3, true)})));
  const auto release = t.client.release(kTag);
  BOOST_REQUIRE(release);
  BOOST_TEST(release->id == 3);
  BOOST_TEST(release->draft);
}

BOOST_AUTO_TEST_CASE(no_release_at_all_is_nothing) {
  ForgeUnderTest t;
  t.http.expect("GET", kByTag, json_answer(404, message("Not Found")))
      .expect("GET", kAll, json_answer(200, Json::array()));
  BOOST_TEST(!t.client.release(kTag));
}

BOOST_AUTO_TEST_CASE(a_draft_claims_nothing_and_a_lost_answer_is_looked_for) {
  ForgeUnderTest t;
  t.http
      .expect("POST", kRepo + "/releases", answer(500),
              body_is({{"tag_name", kTag},
                       {"name", "n"},
                       {"body", "b"},
                       {"draft", true},
                       {"prerelease", false},
                       {"make_latest", "false"}}))
      .expect("GET", kByTag, json_answer(404, message("Not Found")))
      .expect("GET", kAll, json_answer(200, Json::array({release_json(3, true)})));
  BOOST_TEST(t.client.create_draft(kTag, "n", "b").id == 3);
}

BOOST_AUTO_TEST_CASE(publishing_is_checked) {
  ForgeUnderTest t;
  t.http.expect("PATCH", kRepo + "/releases/3", json_answer(200, release_json(3, false)), body_has({{"draft", false}}));
  t.client.publish(draft());
  t.http.expect("PATCH", kRepo + "/releases/3", json_answer(200, release_json(3, true)));
  BOOST_CHECK_EXCEPTION(t.client.publish(draft()), Error, fails(Fault::kConflict, "a draft of"));
}

BOOST_AUTO_TEST_CASE(an_asset_is_sent_as_it_is_and_its_digest_compared) {
  ForgeUnderTest t;
  t.http.expect("POST", kUpload, json_answer(201, asset_json("bytes")), [](const http::Request& request) {
    return request.body == "bytes" && header_is("content-type", "application/gzip")(request);
  });
  BOOST_TEST(t.client.upload(draft(), "a+b.tgz", "application/gzip", "bytes").id == 5);
  t.http.expect("POST", kUpload, json_answer(201, asset_json("other")));
  BOOST_CHECK_EXCEPTION(t.client.upload(draft(), "a+b.tgz", "application/gzip", "bytes"), Error,
                        fails(Fault::kUntrusted, "the forge stored"));
}

BOOST_AUTO_TEST_CASE(the_token_goes_to_no_upload_host_but_the_forges) {
  ForgeUnderTest t;
  for (const char* url : {"https://evil.example/x{?name,label}", "https://uploads.evil.example/x",
                          "http://uploads.github.com/x", "https://uploads.github.com:444/x"})
    BOOST_CHECK_EXCEPTION(t.client.upload(draft(url), "a", "b", "c"), Error,
                          fails(Fault::kUntrusted, "wants its assets sent to"));
  t.http.expect("POST", kApi + "/uploads/x?name=a", json_answer(201, asset_json("c")));
  t.client.upload(draft(kApi + "/uploads/x{?name,label}"), "a", "b", "c");
}

BOOST_AUTO_TEST_CASE(the_same_asset_again_is_success_and_another_one_a_conflict) {
  ForgeUnderTest t;
  const Json exists{{"message", "Validation Failed"},
                    {"errors", {{{"resource", "ReleaseAsset"}, {"code", "already_exists"}, {"field", "name"}}}}};
  t.http.expect("POST", kUpload, json_answer(422, exists))
      .expect("GET", kAssets, json_answer(200, Json::array({asset_json("bytes")})));
  BOOST_TEST(t.client.upload(draft(), "a+b.tgz", "x", "bytes").id == 5);
  t.http.expect("POST", kUpload, json_answer(422, exists))
      .expect("GET", kAssets, json_answer(200, Json::array({asset_json("evil")})));
  BOOST_CHECK_EXCEPTION(t.client.upload(draft(), "a+b.tgz", "x", "bytes"), Error,
                        fails(Fault::kConflict, "there already with sha256:"));
}

BOOST_AUTO_TEST_CASE(a_half_uploaded_asset_is_replaced) {
  ForgeUnderTest t;
  t.http.expect("POST", kUpload, answer(502))
      .expect("GET", kAssets, json_answer(200, Json::array({asset_json("", "starter")})))
      .expect("DELETE", kRepo + "/releases/assets/5", answer(204))
      .expect("POST", kUpload, json_answer(201, asset_json("bytes")));
  BOOST_TEST(t.client.upload(draft(), "a+b.tgz", "x", "bytes").state == "uploaded");
}

BOOST_AUTO_TEST_CASE(an_immutable_release_says_so) {
  ForgeUnderTest t;
  t.http.expect("POST", kUpload, json_answer(422, message("Cannot upload assets to an immutable release.")))
      .expect("GET", kAssets, json_answer(200, Json::array()));
  BOOST_CHECK_EXCEPTION(t.client.upload(draft(), "a+b.tgz", "x", "bytes"), Error,
                        fails(Fault::kConflict, "immutable release"));
}

BOOST_AUTO_TEST_CASE(an_asset_is_read_as_bytes_within_a_limit_and_compared_with_its_digest) {
  ForgeUnderTest t;
  const Asset asset{
      .id = 5, .name = "a.tgz", .state = "uploaded", .size = 5, .digest = crypto::sha256("bytes").text(), .url = {}};
  const std::string url = kRepo + "/releases/assets/5";
  t.http.expect("GET", url, answer(200, "bytes"), [](const http::Request& request) {
    return header_is("accept", "application/octet-stream")(request) && request.answer_limit == 100 &&
           request.redirects > 0;
  });
  BOOST_TEST(t.client.asset(asset, 100) == "bytes");
  BOOST_CHECK_EXCEPTION(t.client.asset(asset, 4), Error, fails(Fault::kRemote, "5 bytes, at most 4 are read"));
  t.http.expect("GET", url, answer(200, "evil!"));
  BOOST_CHECK_EXCEPTION(t.client.asset(asset, 100), Error, fails(Fault::kUntrusted, "the forge lists sha256:"));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
