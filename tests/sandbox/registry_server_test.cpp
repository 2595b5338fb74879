#include "core/sandbox/registry_server.h"

#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/oci/registry.h"
#include "sandbox/run_host.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(registry_server)

using testing::foreign_program;
using testing::run_foreign;

const std::string kManifest = "application/vnd.oci.image.manifest.v1+json";
const std::string kEmpty = "application/vnd.oci.empty.v1+json";

struct Scene {
  Scene() {
    registry.install(server);
    host = "127.0.0.1:" + std::to_string(server.listen(0));
    writer = tokens.issue({TokenKind::kJob, "github-actions[bot]", "acme/charts", {{"packages", "write"}}});
  }

  ~Scene() {
    client.reset();  // an open connection would hold the server up
    server.stop();
  }

  http::Response send(const std::string& method, const std::string& path, const std::string& body = "",
                      std::string token = "-", const std::string& type = "application/octet-stream") {
    std::map<std::string, std::string> headers = {{"content-type", type}};
    if (token == "-") token = writer;
    if (!token.empty()) headers["authorization"] = "Basic " + to_base64("bot:" + token);
    return client->send({.method = method,
                         .url = path.starts_with("http") ? path : "http://" + host + path,
                         .headers = headers,
                         .body = body});
  }

  void push_blob(const std::string& repository, const std::string& content) {
    const auto response =
        send("POST", "/v2/" + repository + "/blobs/uploads/?digest=" + crypto::sha256(content).text(), content);
    BOOST_TEST_REQUIRE(response.status == 201, response.body);
  }

  // A manifest of the empty config and one layer.
  std::string manifest(const std::string& layer, const Json& more = Json::object()) {
    Json value = {
        {"schemaVersion", 2},
        {"mediaType", kManifest},
        {"config", {{"mediaType", kEmpty}, {"digest", crypto::sha256("{}").text()}, {"size", 2}}},
        {"layers",
         Json::array(
             {{{"mediaType", "text/plain"}, {"digest", crypto::sha256(layer).text()}, {"size", layer.size()}}})}};
    value.update(more);
    return canonical(value);
  }

  TemporaryFolder folder;
  Tokens tokens;
  RegistryServer registry{folder.path(), tokens};
  HttpServer server;
  std::string host;
  std::string writer;
  std::unique_ptr<http::Client> client = http::open();
};

std::string code(const http::Response& response) {
  return parse_json(response.body, "error").at("errors")[0].at("code");
}

BOOST_AUTO_TEST_CASE(blobs_are_uploaded_whole_or_in_pieces) {
  Scene scene;
  scene.push_blob("acme/charts/web", "whole");
  const auto begun = scene.send("POST", "/v2/acme/charts/web/blobs/uploads/");
  BOOST_TEST(begun.status == 202);
  const std::string upload = begun.header("location");
  BOOST_TEST(scene.send("PATCH", upload, "in ").status == 202);
  const auto more = scene.send("PATCH", upload, "pieces");
  BOOST_TEST(more.header("range") == "0-8");
  BOOST_TEST(scene.send("PUT", upload + "?digest=" + crypto::sha256("in pieces").text()).status == 201);
  for (const std::string content : {"whole", "in pieces"}) {
    const auto got = scene.send("GET", "/v2/acme/charts/web/blobs/" + crypto::sha256(content).text(), "", "");
    BOOST_TEST(got.body == content);
    const auto head = scene.send("HEAD", "/v2/acme/charts/web/blobs/" + crypto::sha256(content).text(), "", "");
    BOOST_TEST(head.header("content-length") == std::to_string(content.size()));
  }
  BOOST_TEST(scene.send("GET", "/v2/acme/other/blobs/" + crypto::sha256("whole").text(), "", "").status == 404);
  const auto wrong = scene.send("POST", "/v2/acme/charts/web/blobs/uploads/?digest=" + crypto::sha256("a").text(), "b");
  BOOST_TEST(wrong.status == 400);
  BOOST_TEST(code(wrong) == "DIGEST_INVALID");
}

BOOST_AUTO_TEST_CASE(manifests_come_after_their_blobs_and_under_their_digest) {
  Scene scene;
  const std::string manifest = scene.manifest("layer");
  const std::string path = "/v2/acme/charts/web/manifests/";
  const auto early = scene.send("PUT", path + "1.0.0", manifest, "-", kManifest);
  BOOST_TEST(code(early) == "MANIFEST_BLOB_UNKNOWN");
  scene.push_blob("acme/charts/web", "layer");
  scene.push_blob("acme/charts/web", "{}");
  const std::string digest = crypto::sha256(manifest).text();
  BOOST_TEST(code(scene.send("PUT", path + crypto::sha256("x").text(), manifest, "-", kManifest)) == "DIGEST_INVALID");
  BOOST_TEST(scene.send("PUT", path + digest, manifest, "-", kManifest).status == 201);
  BOOST_TEST(scene.send("GET", path + "1.0.0", "", "").status == 404);
  BOOST_TEST(scene.send("PUT", path + "1.0.0", manifest, "-", kManifest).status == 201);
  const auto got = scene.send("GET", path + "1.0.0", "", "");
  BOOST_TEST(got.body == manifest);
  BOOST_TEST(got.header("content-type") == kManifest);
  BOOST_TEST(got.header("docker-content-digest") == digest);
  BOOST_TEST(scene.send("HEAD", path + digest, "", "").header("content-length") == std::to_string(manifest.size()));
  BOOST_TEST(scene.send("GET", "/v2/acme/charts/web/tags/list", "", "").body ==
             R"({"name":"acme/charts/web","tags":["1.0.0"]})");
  BOOST_TEST(code(scene.send("PUT", path + "x", "{", "-", kManifest)) == "MANIFEST_INVALID");
  BOOST_TEST(scene.send("GET", "/v2/acme/charts/none/tags/list", "", "").status == 404);
}

BOOST_AUTO_TEST_CASE(tags_are_paged) {
  Scene scene;
  scene.push_blob("acme/web", "{}");
  scene.push_blob("acme/web", "layer");
  for (const std::string tag : {"a", "b", "c"})
    scene.send("PUT", "/v2/acme/web/manifests/" + tag, scene.manifest("layer"), "-", kManifest);
  const auto first = scene.send("GET", "/v2/acme/web/tags/list?n=2", "", "");
  BOOST_TEST(parse_json(first.body, "tags").at("tags") == Json::array({"a", "b"}));
  BOOST_TEST(first.header("link") == "</v2/acme/web/tags/list?n=2&last=b>; rel=\"next\"");
  BOOST_TEST(parse_json(scene.send("GET", "/v2/acme/web/tags/list?n=2&last=b", "", "").body, "tags").at("tags") ==
             Json::array({"c"}));
}

BOOST_AUTO_TEST_CASE(a_subject_makes_a_referrer) {
  Scene scene;
  scene.push_blob("acme/web", "{}");
  scene.push_blob("acme/web", "bundle");
  const std::string subject = crypto::sha256("the subject").text();
  const std::string referrer =
      scene.manifest("bundle", {{"artifactType", "application/x"},
                                {"annotations", {{"a", "b"}}},
                                {"subject", {{"mediaType", kManifest}, {"digest", subject}, {"size", 11}}}});
  const std::string digest = crypto::sha256(referrer).text();
  const auto pushed = scene.send("PUT", "/v2/acme/web/manifests/" + digest, referrer, "-", kManifest);
  BOOST_TEST(pushed.header("oci-subject") == subject);
  const auto listed = scene.send("GET", "/v2/acme/web/referrers/" + subject, "", "");
  BOOST_TEST(listed.header("content-type") == "application/vnd.oci.image.index.v1+json");
  const Json one = parse_json(listed.body, "referrers").at("manifests").at(0);
  BOOST_TEST(one.at("digest") == digest);
  BOOST_TEST(one.at("artifactType") == "application/x");
  BOOST_TEST(one.at("size") == referrer.size());
  BOOST_TEST(one.at("annotations").at("a") == "b");
  const auto filtered = scene.send("GET", "/v2/acme/web/referrers/" + subject + "?artifactType=other", "", "");
  BOOST_TEST(parse_json(filtered.body, "referrers").at("manifests").empty());
  BOOST_TEST(filtered.header("oci-filters-applied") == "artifactType");
  BOOST_TEST(parse_json(scene.send("GET", "/v2/acme/web/referrers/" + digest, "", "").body, "referrers")
                 .at("manifests")
                 .empty());
}

BOOST_AUTO_TEST_CASE(a_push_needs_packages_write_below_the_own_owner) {
  Scene scene;
  const auto push = [&](const std::string& token, const std::string& repository) {
    return scene.send("POST", "/v2/" + repository + "/blobs/uploads/", "", token);
  };
  const auto anonymous = push("", "acme/web");
  BOOST_TEST(anonymous.status == 401);
  BOOST_TEST(anonymous.header("www-authenticate") == "Basic realm=\"waybill-sandbox registry\"");
  BOOST_TEST(push("nonsense", "acme/web").status == 401);
  const auto reader = scene.tokens.issue(
      {TokenKind::kJob, "github-actions[bot]", "acme/charts", {{"packages", "read"}, {"contents", "write"}}});
  const auto denied = push(reader, "acme/web");
  BOOST_TEST(denied.status == 403);
  BOOST_TEST(denied.body.find("the token lacks `packages: write`") != std::string::npos);
  BOOST_TEST(push(scene.writer, "other/web").status == 403);
  BOOST_TEST(push(scene.writer, "acme/web").status == 202);
  BOOST_TEST(scene.send("GET", "/v2/", "", "").status == 401);
  BOOST_TEST(scene.send("GET", "/v2/").status == 200);
}

BOOST_AUTO_TEST_CASE(waybills_own_client_pushes_tags_and_refers) {
  Scene scene;
  const oci::Registry registry(*scene.client, oci::Repository::parse(scene.host + "/acme/charts/web"),
                               oci::Credentials{"bot", scene.writer});
  const auto blob = [&](const std::string& content, const std::string& type) {
    registry.push_blob(content, crypto::sha256(content));
    return oci::Descriptor{type, crypto::sha256(content), content.size(), {}, {}};
  };
  const auto chart = oci::chart_manifest(blob(R"({"name":"web"})", std::string(oci::kHelmConfigType)),
                                         blob("package", std::string(oci::kHelmChartType)), {});
  registry.push_manifest(chart);
  registry.tag("1.2.3", chart);
  BOOST_TEST(registry.tags() == std::vector<std::string>{"1.2.3"}, boost::test_tools::per_element());
  BOOST_TEST(registry.manifest("1.2.3")->bytes == chart.bytes);
  const oci::Descriptor subject{chart.media_type, chart.digest, chart.bytes.size(), {}, {}};
  blob(std::string(oci::kEmptyConfig), std::string(oci::kEmptyConfigType));
  const auto referrer = oci::bundle_referrer(blob("{\"a\":1}", std::string(oci::kBundleType)), subject,
                                             "https://slsa.dev/provenance/v1", "2026-11-21T12:00:00Z");
  registry.push_referrer(
      referrer, {referrer.media_type, referrer.digest, referrer.bytes.size(), {}, std::string(oci::kBundleType)},
      chart.digest);
  const auto listed = registry.referrers(chart.digest);
  BOOST_TEST_REQUIRE(listed.size() == 1U);
  BOOST_TEST(listed[0].digest.text() == referrer.digest.text());
  BOOST_TEST(listed[0].artifact_type == oci::kBundleType);
  const oci::Registry anonymous(*scene.client, oci::Repository::parse(scene.host + "/acme/charts/web"), std::nullopt);
  BOOST_TEST(anonymous.blob(crypto::sha256("package"), 1024) == "package");
  BOOST_CHECK_EXCEPTION(anonymous.push_blob("x", crypto::sha256("x")), Error,
                        [](const Error& error) { return error.fault() == Fault::kPermission; });
}

BOOST_AUTO_TEST_CASE(helm_pushes_and_pulls) {
  const auto helm = foreign_program("helm");
  if (!helm) return;
  Scene scene;
  const auto& home = scene.folder.path();
  std::filesystem::create_directories(home / "web" / "templates");
  write_file(home / "web" / "Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\n");
  write_file(home / "web" / "templates" / "map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n");
  const auto ran = [&](const std::vector<std::string>& arguments, const std::string& input = "") {
    const Exit done = run_foreign(*helm, arguments, home, input);
    BOOST_TEST(done.code == 0, "helm " << arguments[0] << ": " << done.errors);
  };
  ran({"package", "web"});
  const std::string package = read_file(home / "web-1.2.3.tgz", 1024 * 1024);
  const std::string address = "oci://" + scene.host + "/acme/charts";
  BOOST_TEST(run_foreign(*helm, {"push", "--plain-http", "web-1.2.3.tgz", address}, home).code != 0,
             "nobody is logged in");
  ran({"registry", "login", scene.host, "--plain-http", "--username", "bot", "--password-stdin"}, scene.writer);
  ran({"push", "--plain-http", "web-1.2.3.tgz", address});
  ran({"registry", "logout", scene.host});
  std::filesystem::create_directories(home / "pulled");
  ran({"pull", "--plain-http", address + "/web", "--version", "1.2.3", "--destination", "pulled"});
  BOOST_TEST(read_file(home / "pulled" / "web-1.2.3.tgz", 1024 * 1024) == package);
}

BOOST_AUTO_TEST_CASE(crane_reads_and_writes) {
  const auto crane = foreign_program("crane");
  if (!crane) return;
  Scene scene;
  const auto& home = scene.folder.path();
  const auto ran = [&](const std::vector<std::string>& arguments, const std::string& input = "") {
    const Exit done = run_foreign(*crane, arguments, home, input);
    BOOST_TEST(done.code == 0, "crane " << arguments[0] << ": " << done.errors);
    return done.output;
  };
  write_file(home / "layer.txt", "hello");
  ran({"auth", "login", scene.host, "--username", "bot", "--password-stdin"}, scene.writer);
  run_foreign("/bin/tar", {"-cf", "layer.tar", "layer.txt"}, home);
  ran({"append", "--insecure", "--new_layer", "layer.tar", "--new_tag", scene.host + "/acme/image:v1"});
  ran({"auth", "logout", scene.host});
  BOOST_TEST(ran({"ls", "--insecure", scene.host + "/acme/image"}) == "v1\n");
  BOOST_TEST(ran({"digest", "--insecure", scene.host + "/acme/image:v1"}).starts_with("sha256:"));
  BOOST_TEST(ran({"manifest", "--insecure", scene.host + "/acme/image:v1"}).find("layers") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
