// Against registries by others: what is pushed here must be what they hold, with the referrers API and without.

#include "oci/real_registry.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/process.h"
#include "core/crypto/hash.h"
#include "core/oci/registry.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(oci)
BOOST_AUTO_TEST_SUITE(real_registry)

Descriptor described(std::string_view type, std::string_view content) {
  return {std::string(type), crypto::sha256(content), content.size(), {}, {}};
}

// The journey of one chart: blobs, manifest, two attestations, the tag, and every way back.
void publish_and_read_back(const std::string& host) {
  const std::unique_ptr<http::Client> http = http::open();
  const Registry registry(*http, Repository::parse("oci://" + host + "/charts/nginx"), std::nullopt);
  BOOST_TEST(registry.tags().empty());
  BOOST_TEST(!registry.manifest("1.0.0"));

  const std::string config = R"({"name":"nginx","version":"1.0.0"})";
  const std::string layer(300'000, 'x');
  for (const std::string_view content : {std::string_view(config), std::string_view(layer), kEmptyConfig}) {
    BOOST_TEST(!registry.has_blob(crypto::sha256(content)));
    registry.push_blob(content, crypto::sha256(content));
    registry.push_blob(content, crypto::sha256(content));
    BOOST_TEST(registry.has_blob(crypto::sha256(content)));
  }
  BOOST_TEST((registry.blob(crypto::sha256(layer), 400'000) == layer));
  BOOST_CHECK_EXCEPTION(registry.blob(crypto::sha256(layer), 1000), Error,
                        [](const Error& error) { return error.fault() == Fault::kRemote; });

  const Manifest chart = chart_manifest(described(kHelmConfigType, config), described(kHelmChartType, layer),
                                        {{"org.opencontainers.image.version", "1.0.0"}});
  registry.push_manifest(chart);
  registry.push_manifest(chart);
  BOOST_TEST(registry.manifest(chart.digest.text())->bytes == chart.bytes);
  BOOST_TEST(registry.referrers(chart.digest).empty());

  std::vector<Digest> referrers;
  for (const char* type : {"https://slsa.dev/provenance/v1", "https://cyclonedx.org/bom"}) {
    const std::string bundle = std::string("{\"about\":\"") + type + "\"}";
    registry.push_blob(bundle, crypto::sha256(bundle));
    const Manifest referrer =
        bundle_referrer(described(kBundleType, bundle), descriptor_of(chart), type, "2026-11-21T12:00:00Z");
    for (int again = 0; again < 2; ++again) registry.push_referrer(referrer, descriptor_of(referrer), chart.digest);
    referrers.push_back(referrer.digest);
  }
  const std::vector<Descriptor> found = registry.referrers(chart.digest);
  BOOST_REQUIRE(found.size() == 2U);
  for (const Descriptor& one : found) {
    BOOST_TEST((one.digest == referrers[0] || one.digest == referrers[1]));
    BOOST_TEST(one.artifact_type == kBundleType);
    BOOST_TEST(one.annotations.contains("dev.sigstore.bundle.predicateType"));
  }

  registry.tag("1.0.0", chart);
  registry.tag("1.0.0", chart);
  const Manifest other = chart_manifest(described(kHelmConfigType, config), described(kHelmChartType, layer), {});
  BOOST_CHECK_EXCEPTION(registry.tag("1.0.0", other), Error, [&](const Error& error) {
    return error.fault() == Fault::kConflict &&
           std::string(error.what()).find(chart.digest.text() + " already") != std::string::npos;
  });
  BOOST_TEST((registry.manifest("1.0.0")->digest == chart.digest));
  const std::vector<std::string> tags = registry.tags();
  BOOST_TEST((std::ranges::find(tags, "1.0.0") != tags.end()));
}

BOOST_AUTO_TEST_CASE(a_chart_and_its_attestations_reach_a_registry_and_come_back) {
  const auto crane = program("crane");
  BOOST_REQUIRE_MESSAGE(crane,
                        "crane is not installed: go install github.com/google/go-containerregistry/cmd/crane@latest");
  const RealRegistry server(*crane, {"registry", "serve", "--address", "127.0.0.1:PORT"});
  publish_and_read_back(server.host());
}

BOOST_AUTO_TEST_CASE(the_same_holds_where_the_fallback_tag_is_needed) {
  const auto distribution = program("docker-registry");
  BOOST_REQUIRE_MESSAGE(distribution, "docker-registry is not installed: apt-get install docker-registry");
  const TemporaryFolder folder;
  write_file(folder.path() / "config.yml", "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: " +
                                               (folder.path() / "data").string() + "}}\n");
  const RealRegistry server(*distribution, {"serve", (folder.path() / "config.yml").string()},
                            {"REGISTRY_HTTP_ADDR=127.0.0.1:PORT", "OTEL_TRACES_EXPORTER=none"});
  publish_and_read_back(server.host());
}

BOOST_AUTO_TEST_CASE(helms_own_push_gives_the_manifest_that_is_written_here) {
  const auto crane = program("crane");
  const auto helm = program("helm");
  BOOST_REQUIRE_MESSAGE(crane && helm, "crane and helm are not installed");
  const RealRegistry server(*crane, {"registry", "serve", "--address", "127.0.0.1:PORT"});
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() / "nginx/templates");
  write_file(folder.path() / "nginx/Chart.yaml",
             "apiVersion: v2\nname: nginx\nversion: 1.2.3+b.4\ndescription: \"<b> & \\\"c\\\"\"\nhome: "
             "https://example.org/?a=1&b=2\n"
             "sources: [https://example.org/source]\nmaintainers: [{name: A, email: a@example.org}]\nannotations: "
             "{example.org/x: y}\n");
  const auto helm_does = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), helm->string());
    const Exit exit = run({.arguments = std::move(arguments),
                           .environment = {{"HOME", folder.path().string()}, {"PATH", "/usr/bin:/bin"}},
                           .folder = folder.path(),
                           .input = {}});
    BOOST_REQUIRE_MESSAGE(exit.code == 0, exit.errors);
  };
  helm_does({"package", "nginx"});
  helm_does({"push", "nginx-1.2.3+b.4.tgz", "oci://" + server.host() + "/charts", "--plain-http"});

  const std::unique_ptr<http::Client> http = http::open();
  const Registry registry(*http, Repository::parse(server.host() + "/charts/nginx"), std::nullopt);
  const std::optional<Manifest> pushed = registry.manifest(tag_of_version("1.2.3+b.4"));
  BOOST_REQUIRE(pushed);
  const Json json = Json::parse(pushed->bytes);
  const auto descriptor = [&](const Json& part) {
    return Descriptor{part["mediaType"].get<std::string>(),
                      Digest::parse(part["digest"].get<std::string>()),
                      part["size"].get<std::size_t>(),
                      {},
                      {}};
  };
  const Manifest ours = chart_manifest(descriptor(json["config"]), descriptor(json["layers"][0]),
                                       json["annotations"].get<std::map<std::string, std::string>>());
  BOOST_TEST(ours.bytes == pushed->bytes);
  BOOST_TEST((ours.digest == pushed->digest));
  BOOST_TEST(json["annotations"].size() >= 6U);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
