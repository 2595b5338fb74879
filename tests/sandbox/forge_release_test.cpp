#include <boost/test/unit_test.hpp>

#include "core/crypto/hash.h"
#include "sandbox/forge_host.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(releases)

using testing::Answer;
using testing::ForgeHost;
using testing::kRepository;

Answer upload(ForgeHost& host, const Json& release, const std::string& name, const std::string& bytes) {
  std::string url = release["upload_url"];
  url = url.substr(0, url.find('{')) + "?name=" + name;
  return host.raw("POST", url, bytes,
                  {{"authorization", "Bearer " + host.token}, {"content-type", "application/gzip"}});
}

BOOST_AUTO_TEST_CASE(a_draft_takes_assets_and_is_frozen_when_published) {
  ForgeHost host;
  const Answer draft = host.post(kRepository + "/releases", {{"tag_name", "a-v1.0.0"},
                                                             {"target_commitish", "main"},
                                                             {"name", "a 1.0.0"},
                                                             {"body", "notes"},
                                                             {"draft", true},
                                                             {"make_latest", "false"}});
  BOOST_TEST(draft.status == 201, draft.text);
  const std::string path = kRepository + "/releases/" + draft.body["id"].dump();
  BOOST_TEST(host.get(kRepository + "/releases/tags/a-v1.0.0").status == 404);
  BOOST_TEST(host.get(kRepository + "/releases").body.size() == 1);
  BOOST_TEST(host.send("GET", kRepository + "/releases", nullptr, "").body.size() == 0);
  BOOST_TEST(host.send("GET", path, nullptr, "").status == 404);

  const std::string bytes("\0\1package", 9);
  const Answer asset = upload(host, draft.body, "a-1.0.0.tgz", bytes);
  BOOST_TEST(asset.status == 201, asset.text);
  BOOST_TEST(asset.body["digest"] == crypto::sha256(bytes).text());
  BOOST_TEST(asset.body["state"] == "uploaded");
  BOOST_TEST(upload(host, draft.body, "a-1.0.0.tgz", "other").error() == "already_exists");
  BOOST_TEST(upload(host, draft.body, "a-1.0.0%2Bbuild.tgz", "x").body["name"] == "a-1.0.0.build.tgz");
  const std::string asset_path = kRepository + "/releases/assets/" + asset.body["id"].dump();
  BOOST_TEST(host.get(asset_path).body["size"] == 9);
  BOOST_TEST(host.send("GET", asset_path, nullptr, "-", {{"accept", "application/octet-stream"}}).text == bytes);

  host.events();
  const Answer published = host.send("PATCH", path, {{"draft", false}});
  BOOST_TEST(published.body["immutable"] == true);
  BOOST_TEST(published.body["assets"].size() == 2);
  BOOST_TEST(host.events().size() == 1);
  BOOST_TEST(host.get(kRepository + "/git/ref/tags/a-v1.0.0").status == 200);
  BOOST_TEST(host.get(kRepository + "/releases/tags/a-v1.0.0").body["id"] == draft.body["id"]);
  BOOST_TEST(upload(host, draft.body, "late.tgz", "x").message() == "Cannot upload assets to an immutable release.");
  BOOST_TEST(host.send("DELETE", asset_path).status == 422);
  BOOST_TEST(host.send("DELETE", kRepository + "/git/refs/tags/a-v1.0.0").message() ==
             "Cannot change a tag that belongs to an immutable release");
  BOOST_TEST(host.raw("GET", host.base + "/acme/charts/releases/download/a-v1.0.0/a-1.0.0.tgz", "", {}).text == bytes);
  const Json same = {{"tag_name", "a-v1.0.0"}, {"draft", true}};
  BOOST_TEST(host.post(kRepository + "/releases", same).error() == "already_exists");
  BOOST_TEST(host.send("DELETE", path).status == 204);
  BOOST_TEST(host.post(kRepository + "/releases", same).error() == "tag_name was used by an immutable release");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
