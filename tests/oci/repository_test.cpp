#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/oci/connection.h"
#include "core/oci/registry.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(oci)
BOOST_AUTO_TEST_SUITE(repository)

BOOST_AUTO_TEST_CASE(a_repository_is_a_host_and_a_path) {
  const Repository repository = Repository::parse("oci://ghcr.io/octo/charts/nginx");
  BOOST_TEST(repository.host == "ghcr.io");
  BOOST_TEST(repository.name == "octo/charts/nginx");
  BOOST_TEST(repository.text() == "ghcr.io/octo/charts/nginx");
  for (const char* text : {"localhost/x", "127.0.0.1:5000/x", "[::1]:5000/x", "registry.example:443/a_b/c__d/e-f/g.h"})
    BOOST_TEST(Repository::parse(text).text() == text);
}

BOOST_AUTO_TEST_CASE(what_is_none_is_refused) {
  for (const char* text : {"", "nginx", "octo/nginx", "ghcr.io/", "ghcr.io/Octo/x", "ghcr.io/a//b", "ghcr.io/a/",
                           "ghcr.io/a:1.0", "ghcr.io/a@sha256:1", "ghcr.io/../x", "https://ghcr.io/x", "user@ghcr.io/x",
                           "ghcr.io/a b", "ghcr.io/a?b", "ghcr.io/-a", "ghcr.io/a._b"})
    BOOST_CHECK_EXCEPTION(Repository::parse(text), Error, [](const Error& error) {
      return error.fault() == Fault::kInput &&
             std::string(error.what()).find("is not a repository of a registry") != std::string::npos;
    });
  BOOST_CHECK_THROW(Repository::parse("ghcr.io/" + std::string(256, 'a')), Error);
}

BOOST_AUTO_TEST_CASE(a_plus_becomes_an_underscore_in_a_tag) {
  BOOST_TEST(tag_of_version("1.2.3+build.5") == "1.2.3_build.5");
  for (const std::string& version : {std::string(), std::string("1.0 0"), std::string("-1"), std::string(129, '1')})
    BOOST_CHECK_THROW(tag_of_version(version), Error);
}

BOOST_AUTO_TEST_CASE(challenges_are_read_with_quotes_and_without) {
  const auto bearer =
      parse_challenge(R"(Bearer realm="https://a/token?x=1,2", service=b , scope="repository:a:pull,push")");
  BOOST_TEST(bearer.at("") == "bearer");
  BOOST_TEST(bearer.at("realm") == "https://a/token?x=1,2");
  BOOST_TEST(bearer.at("scope") == "repository:a:pull,push");
  BOOST_TEST(parse_challenge("BASIC realm=\"a\\\"b\"").at("realm") == "a\"b");
  BOOST_TEST(parse_challenge("Basic").at("") == "basic");
  BOOST_TEST(parse_challenge("").empty());
  BOOST_TEST(parse_challenge("Bearer realm=\"unfinished").at("realm") == "unfinished");
}

const Descriptor kConfig{std::string(kHelmConfigType), crypto::sha256("c"), 1, {}, {}};
const Descriptor kLayer{std::string(kHelmChartType), crypto::sha256("l"), 2, {}, {}};

BOOST_AUTO_TEST_CASE(a_charts_manifest_is_the_one_that_helm_writes) {
  const Manifest manifest =
      chart_manifest(kConfig, kLayer,
                     {{"org.opencontainers.image.version", "1.0.0"}, {"org.opencontainers.image.authors", "A <a&b>"}});
  BOOST_TEST(
      manifest.bytes ==
      R"({"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":")" +
          kConfig.digest.text() +
          R"(","size":1},"layers":[{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":")" +
          kLayer.digest.text() +
          R"(","size":2}],"annotations":{"org.opencontainers.image.authors":"A \u003ca\u0026b\u003e","org.opencontainers.image.version":"1.0.0"}})");
  BOOST_TEST((manifest.digest == crypto::sha256(manifest.bytes)));
  BOOST_TEST(manifest.media_type == kManifestType);
}

BOOST_AUTO_TEST_CASE(a_bundle_refers_to_its_subject) {
  const Manifest chart = chart_manifest(kConfig, kLayer, {{"a", "b"}});
  const Descriptor bundle{std::string(kBundleType), crypto::sha256("b"), 9, {}, {}};
  const Manifest manifest =
      bundle_referrer(bundle, descriptor_of(chart), "https://slsa.dev/provenance/v1", "2026-11-21T12:00:00Z");
  const Json json = Json::parse(manifest.bytes);
  BOOST_TEST(json["mediaType"] == kManifestType);
  BOOST_TEST(json["artifactType"] == kBundleType);
  BOOST_TEST(json["config"]["digest"] == "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  BOOST_TEST(json["config"]["size"] == 2);
  BOOST_TEST(json["layers"][0]["mediaType"] == kBundleType);
  BOOST_TEST(json["subject"] ==
             (Json{{"mediaType", kManifestType}, {"digest", chart.digest.text()}, {"size", chart.bytes.size()}}));
  BOOST_TEST(json["annotations"]["dev.sigstore.bundle.content"] == "dsse-envelope");
  BOOST_TEST(json["annotations"]["dev.sigstore.bundle.predicateType"] == "https://slsa.dev/provenance/v1");
  const Descriptor own = descriptor_of(manifest);
  BOOST_TEST(own.artifact_type == kBundleType);
  BOOST_TEST(own.annotations.size() == 3U);
  BOOST_TEST(descriptor_of(chart).artifact_type == kHelmConfigType);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
