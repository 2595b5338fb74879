#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/lineage/shelf.h"
#include "testing/refusal.h"
#include "testing/scripted_http.h"

// Referrers as bundles: by what their manifests say, from the API or the fallback tag, without a login.
namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage_registry_shelf)

namespace {

using testing::answer;

const std::string kRepository = "https://registry.example/v2/octo/web";
const Digest kSubject = crypto::sha256("an image");
const std::string kIndexType = "application/vnd.oci.image.index.v1+json";

struct Referrers {
  testing::ScriptedHttp http;
  oci::Registry registry{http, oci::Repository::parse("oci://registry.example/octo/web"), std::nullopt};
  Json index{{"schemaVersion", 2}, {"mediaType", kIndexType}, {"manifests", Json::array()}};

  // A referrer that the index lists without a word about its kind.
  std::string add(const std::string& layer_type, const std::string& content) {
    const std::string manifest =
        Json{{"schemaVersion", 2},
             {"layers",
              {{{"mediaType", layer_type}, {"digest", crypto::sha256(content).text()}, {"size", content.size()}}}}}
            .dump();
    index["manifests"].push_back(
        {{"mediaType", oci::kManifestType}, {"digest", crypto::sha256(manifest).text()}, {"size", manifest.size()}});
    return manifest;
  }

  void listed(bool by_tag = false) {
    http.expect("GET", kRepository + "/referrers/" + kSubject.text(),
                by_tag ? answer(404) : answer(200, index.dump(), {{"content-type", kIndexType}}));
    http.expect("GET", kRepository + "/manifests/sha256-" + kSubject.hex(),
                by_tag ? answer(200, index.dump(), {{"content-type", kIndexType}}) : answer(404));
  }

  void has(const std::string& manifest) {
    http.expect("GET", kRepository + "/manifests/" + crypto::sha256(manifest).text(),
                answer(200, manifest, {{"content-type", std::string(oci::kManifestType)}}),
                testing::without_header("authorization"));
  }

  void has_blob(const std::string& content, const std::string& sent) {
    const std::string url = kRepository + "/blobs/" + crypto::sha256(content).text();
    http.expect("HEAD", url, answer(200)).expect("GET", url, answer(200, sent));
  }

  std::vector<std::string> found() { return lineage::RegistryShelf(registry).look({kSubject})[kSubject]; }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(bundles_are_known_by_their_manifests, Referrers) {
  const std::string bundle = add("application/vnd.dev.sigstore.bundle.v0.3+json", "{\"a\":1}");
  const std::string sbom = add("application/spdx+json", "{}");
  for (const bool by_tag : {false, true}) {
    listed(by_tag);
    has(bundle);
    has_blob("{\"a\":1}", "{\"a\":1}");
    has(sbom);
    BOOST_TEST(found() == std::vector<std::string>{"{\"a\":1}"});
  }
}

BOOST_FIXTURE_TEST_CASE(what_is_gone_or_rotten_counts_as_unreadable, Referrers) {
  const std::string rotten = add("application/vnd.dev.sigstore.bundle+json;version=0.3", "{\"a\":1}");
  const std::string gone = add("application/vnd.dev.sigstore.bundle.v0.3+json", "{\"b\":1}");
  index["manifests"].push_back({{"mediaType", "x"}, {"digest", kSubject.text()}, {"size", 1}});
  listed();
  has(rotten);
  has_blob("{\"a\":1}", "{\"a\":2}");
  has(gone);
  http.expect("HEAD", kRepository + "/blobs/" + crypto::sha256("{\"b\":1}").text(), answer(404));
  http.expect("GET", kRepository + "/manifests/" + kSubject.text(), answer(404));
  BOOST_TEST(found() == (std::vector<std::string>{"", ""}));
}

BOOST_FIXTURE_TEST_CASE(a_registry_that_does_not_answer_is_an_error, Referrers) {
  http.expect("GET", kRepository + "/referrers/" + kSubject.text(), answer(418, "no"));
  BOOST_CHECK_THROW(found(), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
