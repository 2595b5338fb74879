#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/oci/connection.h"
#include "core/oci/registry.h"
#include "testing/mutation.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(oci)
BOOST_AUTO_TEST_SUITE(damaged)

namespace {

using testing::survives_damage;

const std::string kIndexType = "application/vnd.oci.image.index.v1+json";
const Digest kSubject = crypto::sha256("subject");

// A registry that says the same to everything, whatever it is asked.
class OneAnswer final : public http::Client {
 public:
  http::Response answer{200, {{"content-type", kIndexType}}, ""};

  http::Response send(const http::Request&) override { return answer; }
};

struct Asking {
  OneAnswer http;
  Registry registry{http, Repository::parse("ghcr.io/octo/charts/nginx"), std::nullopt};
};

std::string index_json() {
  const Json entry{{"mediaType", kManifestType},
                   {"digest", kSubject.text()},
                   {"size", 7},
                   {"artifactType", "text/plain"},
                   {"annotations", {{"a", "b"}}}};
  return Json{{"schemaVersion", 2}, {"mediaType", kIndexType}, {"manifests", {entry, entry}}}.dump();
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_damaged_index_or_list_is_refused_or_read, Asking) {
  survives_damage({index_json()}, [&](const std::string& text) {
    http.answer.body = text;
    BOOST_TEST(registry.referrers(kSubject).size() <= 1000U);
  });
  survives_damage({R"({"name": "octo/charts/nginx", "tags": ["1.0.0", "1.1.0_build"]})"}, [&](const std::string& text) {
    http.answer.body = text;
    static_cast<void>(registry.tags());
  });
}

BOOST_FIXTURE_TEST_CASE(a_damaged_manifest_has_another_digest, Asking) {
  const Descriptor part{"text/plain", kSubject, 7, {{"a", "b"}}, {}};
  const Manifest good = bundle_referrer(part, part, "https://slsa.dev/provenance/v1", "2026-11-21T12:00:00Z");
  survives_damage({good.bytes}, [&](const std::string& text) {
    static_cast<void>(descriptor_of({good.media_type, text, crypto::sha256(text)}));
    http.answer.body = text;
    BOOST_TEST(registry.manifest(good.digest.text())->bytes == good.bytes);
  });
}

BOOST_AUTO_TEST_CASE(a_damaged_challenge_or_name_is_refused_or_read) {
  survives_damage({R"(Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:a/b:pull")",
                   R"(Basic realm="a \"quoted\" one")"},
                  [&](const std::string& header) {
                    const auto challenge = parse_challenge(header);
                    if (!challenge.contains("realm")) throw Error(Fault::kRemote, "no realm");
                  });
  survives_damage({"ghcr.io/octo/charts/nginx", "oci://localhost:5000/a_b/c--d", "[::1]:80/x"}, Repository::parse,
                  [](const Repository& repository, const std::string&) {
                    BOOST_TEST((Repository::parse(repository.text()) == repository));
                  });
  survives_damage({"1.2.3", "1.2.3+build.7"},
                  [](const std::string& version) { BOOST_TEST(tag_of_version(version).size() <= 128U); });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
