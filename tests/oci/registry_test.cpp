#include "core/oci/registry.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "testing/scripted_http.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(oci)
BOOST_AUTO_TEST_SUITE(registry)

using testing::answer;
using testing::header_is;
using testing::json_answer;
using testing::without_header;

const std::string kHost = "https://ghcr.io";
const std::string kRepo = kHost + "/v2/octo/charts/nginx";
const std::string kToken = kHost + "/token?service=ghcr.io&scope=repository%3Aocto%2Fcharts%2Fnginx%3A";
const std::string kIndexType = "application/vnd.oci.image.index.v1+json";
const Digest kSubject = crypto::sha256("subject");
const std::string kFallback = kRepo + "/manifests/sha256-" + kSubject.hex();
const std::string kReferrers = kRepo + "/referrers/" + kSubject.text();

http::Response challenge() {
  return answer(
      401, R"({"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]})",
      {{"www-authenticate",
        R"(Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:octo/charts/nginx:pull")"}});
}

struct Fixture {
  testing::ScriptedHttp http;
  Registry registry{http, Repository::parse("ghcr.io/octo/charts/nginx"), Credentials{"someone", "s3cr3t"}};

  static Manifest manifest(const std::string& bytes) {
    return {std::string(kManifestType), bytes, crypto::sha256(bytes)};
  }

  void expect_put(const std::string& reference, const Manifest& manifest, int status = 201) {
    http.expect("PUT", kRepo + "/manifests/" + reference, answer(status),
                [bytes = manifest.bytes](const http::Request& request) { return request.body == bytes; });
  }

  void expect_get(const std::string& reference, const Manifest& manifest) {
    http.expect("GET", kRepo + "/manifests/" + reference,
                answer(200, manifest.bytes, {{"content-type", manifest.media_type}}));
  }

  void expect_absent(const std::string& reference) {
    http.expect("GET", kRepo + "/manifests/" + reference, answer(404));
  }

  static auto fails(Fault fault, std::string text) {
    return [fault, text = std::move(text)](const Error& error) {
      const std::string said = std::string(error.what()) + "\n" + error.hint();
      BOOST_TEST_MESSAGE("said: " << said);
      return error.fault() == fault && said.find(text) != std::string::npos && said.find("s3cr3t") == std::string::npos;
    };
  }
};

BOOST_FIXTURE_TEST_CASE(a_challenge_is_answered_with_a_token_that_is_kept, Fixture) {
  http.expect("GET", kRepo + "/tags/list?n=1000", challenge(), without_header("authorization"))
      .expect("GET", kToken + "pull", json_answer(200, {{"token", "t1"}}),
              header_is("authorization", "Basic c29tZW9uZTpzM2NyM3Q="))
      .expect("GET", kRepo + "/tags/list?n=1000", json_answer(200, {{"tags", {"1.0.0"}}}),
              header_is("authorization", "Bearer t1"))
      .expect("GET", kRepo + "/tags/list?n=1000", json_answer(200, {{"tags", nullptr}}),
              header_is("authorization", "Bearer t1"));
  BOOST_TEST(registry.tags() == std::vector<std::string>{"1.0.0"});
  BOOST_TEST(registry.tags().empty());
}

BOOST_FIXTURE_TEST_CASE(writing_asks_for_a_token_that_may_push, Fixture) {
  const Manifest chart = manifest("{}");
  http.expect("PUT", kRepo + "/manifests/" + chart.digest.text(), challenge())
      .expect("GET", kToken + "pull%2Cpush", json_answer(200, {{"access_token", "t2"}}))
      .expect("PUT", kRepo + "/manifests/" + chart.digest.text(), answer(201), header_is("authorization", "Bearer t2"));
  expect_get(chart.digest.text(), chart);
  registry.push_manifest(chart);
}

BOOST_FIXTURE_TEST_CASE(a_token_that_has_ended_is_renewed_once, Fixture) {
  http.expect("GET", kRepo + "/tags/list?n=1000", challenge())
      .expect("GET", kToken + "pull", json_answer(200, {{"token", "t1"}}))
      .expect("GET", kRepo + "/tags/list?n=1000", challenge());
  BOOST_CHECK_EXCEPTION(registry.tags(), Error,
                        fails(Fault::kPermission, "ghcr.io does not allow pull of octo/charts/nginx (401 to GET"));
  http.expect("GET", kRepo + "/tags/list?n=1000", challenge(), header_is("authorization", "Bearer t1"))
      .expect("GET", kToken + "pull", json_answer(200, {{"token", "t2"}}))
      .expect("GET", kRepo + "/tags/list?n=1000", json_answer(200, {{"tags", {"a"}}}),
              header_is("authorization", "Bearer t2"));
  BOOST_TEST(registry.tags().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_missing_permission_names_the_line_to_add, Fixture) {
  http.expect("GET", kRepo + "/tags/list?n=1000",
              answer(403, R"({"errors":[{"code":"DENIED","message":"permission_denied: write_package"}]})"));
  BOOST_CHECK_EXCEPTION(registry.tags(), Error, fails(Fault::kPermission, "packages: write"));
  http.expect("GET", kRepo + "/tags/list?n=1000", challenge()).expect("GET", kToken + "pull", answer(403));
  BOOST_CHECK_EXCEPTION(registry.tags(), Error,
                        fails(Fault::kPermission, "gives no token for pull of octo/charts/nginx"));
}

BOOST_FIXTURE_TEST_CASE(a_password_is_not_sent_in_plain_text, Fixture) {
  http.expect("GET", kRepo + "/tags/list?n=1000",
              answer(401, "", {{"www-authenticate", "Bearer realm=\"http://ghcr.io/token\""}}));
  BOOST_CHECK_EXCEPTION(registry.tags(), Error, fails(Fault::kUntrusted, "in plain text"));
}

BOOST_FIXTURE_TEST_CASE(basic_authentication_is_understood, Fixture) {
  http.expect("GET", kRepo + "/tags/list?n=1000", answer(401, "", {{"www-authenticate", "Basic realm=\"here\""}}))
      .expect("GET", kRepo + "/tags/list?n=1000", json_answer(200, {{"tags", {"a"}}}),
              header_is("authorization", "Basic c29tZW9uZTpzM2NyM3Q="));
  BOOST_TEST(registry.tags().size() == 1U);
  const Registry anonymous(http, registry.repository(), std::nullopt);
  http.expect("GET", kRepo + "/tags/list?n=1000", answer(401, "", {{"www-authenticate", "Basic realm=\"here\""}}));
  BOOST_CHECK_EXCEPTION(anonymous.tags(), Error, fails(Fault::kPermission, "wants to know who asks"));
}

BOOST_FIXTURE_TEST_CASE(only_the_loopback_is_spoken_to_without_tls, Fixture) {
  for (const char* host : {"127.0.0.1:5000", "localhost:5000", "[::1]:5000"}) {
    http.expect("GET", "http://" + std::string(host) + "/v2/x/tags/list?n=1000", answer(404));
    BOOST_TEST(Registry(http, {host, "x"}, std::nullopt).tags().empty());
  }
  for (const char* host : {"127.0.0.1.example:5000", "localhost.example"}) {
    http.expect("GET", "https://" + std::string(host) + "/v2/x/tags/list?n=1000", answer(404));
    BOOST_TEST(Registry(http, {host, "x"}, std::nullopt).tags().empty());
  }
}

BOOST_FIXTURE_TEST_CASE(an_upload_elsewhere_goes_without_the_token, Fixture) {
  const Digest digest = crypto::sha256("layer");
  http.expect("HEAD", kRepo + "/blobs/" + digest.text(), challenge())
      .expect("GET", kToken + "pull", json_answer(200, {{"token", "t1"}}))
      .expect("HEAD", kRepo + "/blobs/" + digest.text(), answer(404))
      .expect("POST", kRepo + "/blobs/uploads/", answer(202, "", {{"location", "https://storage.example/u?id=1"}}))
      .expect("PUT", "https://storage.example/u?id=1&digest=" + digest.text(), answer(201),
              [](const http::Request& request) {
                return request.body == "layer" && without_header("authorization")(request);
              })
      .expect("HEAD", kRepo + "/blobs/" + digest.text(), answer(200));
  registry.push_blob("layer", digest);
}

BOOST_FIXTURE_TEST_CASE(an_upload_that_breaks_starts_anew, Fixture) {
  const Digest digest = crypto::sha256("layer");
  const std::string head = kRepo + "/blobs/" + digest.text();
  http.expect("HEAD", head, answer(404))
      .expect("POST", kRepo + "/blobs/uploads/",
              answer(202, "", {{"location", "/v2/octo/charts/nginx/blobs/uploads/1"}}))
      .expect("PUT", kRepo + "/blobs/uploads/1?digest=" + digest.text(), answer(500))
      .expect("HEAD", head, answer(404))
      .expect("POST", kRepo + "/blobs/uploads/",
              answer(202, "", {{"location", "/v2/octo/charts/nginx/blobs/uploads/2"}}))
      .lose("PUT", kRepo + "/blobs/uploads/2?digest=" + digest.text())
      .expect("HEAD", head, answer(200));
  registry.push_blob("layer", digest);
}

BOOST_FIXTURE_TEST_CASE(a_blob_that_is_there_is_not_sent, Fixture) {
  http.expect("HEAD", kRepo + "/blobs/" + crypto::sha256("layer").text(), answer(200));
  registry.push_blob("layer", crypto::sha256("layer"));
  BOOST_CHECK_EXCEPTION(registry.push_blob("other", crypto::sha256("layer")), Error,
                        fails(Fault::kInternal, "another digest"));
}

BOOST_FIXTURE_TEST_CASE(bytes_of_another_digest_are_not_trusted, Fixture) {
  const Digest digest = crypto::sha256("layer");
  http.expect("GET", kRepo + "/blobs/" + digest.text(), answer(200, "evil"));
  BOOST_CHECK_EXCEPTION(registry.blob(digest, 100), Error,
                        fails(Fault::kUntrusted, "ghcr.io/octo/charts/nginx: the registry sent the bytes of"));
  http.expect("GET", kRepo + "/manifests/" + digest.text(), answer(200, "{}", {{"content-type", "x"}}));
  BOOST_CHECK_EXCEPTION(registry.manifest(digest.text()), Error,
                        fails(Fault::kUntrusted, "the registry sent the bytes of"));
  http.expect("GET", kRepo + "/manifests/1.0.0", answer(200, "{}", {{"docker-content-digest", digest.text()}}));
  BOOST_CHECK_EXCEPTION(registry.manifest("1.0.0"), Error,
                        fails(Fault::kUntrusted, "the registry names " + digest.text()));
}

BOOST_FIXTURE_TEST_CASE(a_reference_is_a_tag_or_a_digest, Fixture) {
  for (const char* text : {"", "a/b", "../x", "a?b", "sha256:12", "-a"})
    BOOST_CHECK_EXCEPTION(registry.manifest(text), Error, fails(Fault::kInput, "neither a tag nor a digest"));
}

BOOST_FIXTURE_TEST_CASE(a_tag_is_set_read_back_and_never_moved, Fixture) {
  const Manifest chart = manifest("{\"a\":1}");
  const Manifest other = manifest("{\"a\":2}");
  expect_absent("1.0.0");
  expect_put("1.0.0", chart);
  expect_get("1.0.0", chart);
  registry.tag("1.0.0", chart);

  expect_get("1.0.0", chart);
  registry.tag("1.0.0", chart);

  expect_get("1.0.0", other);
  BOOST_CHECK_EXCEPTION(registry.tag("1.0.0", chart), Error,
                        fails(Fault::kConflict, "ghcr.io/octo/charts/nginx:1.0.0 is " + other.digest.text() +
                                                    " already, " + chart.digest.text() + " was to be published"));
  expect_absent("1.0.0");
  expect_put("1.0.0", chart);
  expect_get("1.0.0", other);
  BOOST_CHECK_EXCEPTION(registry.tag("1.0.0", chart), Error, fails(Fault::kConflict, "already"));
}

BOOST_FIXTURE_TEST_CASE(a_manifest_that_did_not_stay_is_noticed, Fixture) {
  const Manifest chart = manifest("{}");
  expect_put(chart.digest.text(), chart);
  expect_absent(chart.digest.text());
  BOOST_CHECK_EXCEPTION(registry.push_manifest(chart), Error, fails(Fault::kRemote, "pushed, but not there"));
}

Json entry(const Digest& digest) {
  return {{"mediaType", kManifestType}, {"digest", digest.text()}, {"size", 2}, {"artifactType", "a"}};
}

http::Response index(const std::vector<Json>& entries, const std::string& link = {}) {
  return json_answer(200, {{"schemaVersion", 2}, {"manifests", entries}},
                     {{"content-type", kIndexType}, {"link", link}});
}

BOOST_FIXTURE_TEST_CASE(referrers_are_paged_and_joined_with_the_fallback_tag, Fixture) {
  const Digest a = crypto::sha256("a");
  const Digest b = crypto::sha256("b");
  const Digest c = crypto::sha256("c");
  http.expect("GET", kReferrers,
              index({entry(a), {{"digest", "junk"}}}, "</v2/octo/charts/nginx/referrers/x?last=1>; rel=\"next\""))
      .expect("GET", kRepo + "/referrers/x?last=1", index({entry(b)}))
      .expect("GET", kFallback, index({entry(b), entry(c)}));
  const std::vector<Descriptor> found = registry.referrers(kSubject);
  BOOST_REQUIRE(found.size() == 3U);
  BOOST_TEST((found[0].digest == a));
  BOOST_TEST(found[0].artifact_type == "a");
  BOOST_TEST((found[2].digest == c));
}

BOOST_FIXTURE_TEST_CASE(a_next_page_on_another_host_is_not_followed, Fixture) {
  http.expect("GET", kReferrers, index({}, "<https://evil.example/x>; rel=\"next\""));
  BOOST_CHECK_EXCEPTION(registry.referrers(kSubject), Error, fails(Fault::kRemote, "on another host"));
  BOOST_TEST(http.seen().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(the_next_page_is_found_behind_other_links, Fixture) {
  const Digest a = crypto::sha256("a");
  http.expect("GET", kReferrers,
              index({}, "</v2/x>; rel=\"prev\"; title=\"rel=next\", </v2/octo/charts/nginx/referrers/x?n=2>; rel=next"))
      .expect("GET", kRepo + "/referrers/x?n=2", index({entry(a)}))
      .expect("GET", kFallback, answer(404));
  BOOST_TEST(registry.referrers(kSubject).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_registry_that_lists_referrers_needs_no_tag, Fixture) {
  const Manifest referrer = manifest("{\"config\":{\"mediaType\":\"a\"}}");
  expect_put(referrer.digest.text(), referrer);
  expect_get(referrer.digest.text(), referrer);
  http.expect("GET", kReferrers, index({entry(referrer.digest)}));
  registry.push_referrer(referrer, descriptor_of(referrer), kSubject);
}

BOOST_FIXTURE_TEST_CASE(without_the_api_an_entry_is_added_to_the_others_and_read_back, Fixture) {
  const Manifest referrer = manifest("{\"config\":{\"mediaType\":\"a\"}}");
  const Digest other = crypto::sha256("other");
  expect_put(referrer.digest.text(), referrer);
  expect_get(referrer.digest.text(), referrer);
  const auto holds_both = [&](const http::Request& request) {
    const Json json = Json::parse(request.body);
    return json["manifests"].size() == 2 && json["manifests"][0]["digest"] == other.text() &&
           json["manifests"][1]["digest"] == referrer.digest.text() && json["manifests"][1]["artifactType"] == "a";
  };
  http.expect("GET", kReferrers, answer(404))
      .expect("GET", kFallback, index({entry(other)}))
      .expect("PUT", kFallback, answer(201), holds_both)
      .expect("GET", kFallback, index({entry(other)}))  // somebody overwrote it
      .expect("PUT", kFallback, answer(201), holds_both)
      .expect("GET", kFallback, index({entry(other), entry(referrer.digest)}));
  registry.push_referrer(referrer, descriptor_of(referrer), kSubject);
}

BOOST_FIXTURE_TEST_CASE(a_fallback_tag_that_is_no_index_is_left_alone, Fixture) {
  const Manifest referrer = manifest("{\"config\":{\"mediaType\":\"a\"}}");
  expect_put(referrer.digest.text(), referrer);
  expect_get(referrer.digest.text(), referrer);
  http.expect("GET", kReferrers, answer(404)).expect("GET", kFallback, answer(200, "{}"));
  BOOST_CHECK_EXCEPTION(registry.push_referrer(referrer, descriptor_of(referrer), kSubject), Error,
                        fails(Fault::kConflict, "is not an index of referrers"));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
