#include <snappy.h>

#include <boost/test/unit_test.hpp>

#include "core/crypto/hash.h"
#include "core/forge/exchange.h"
#include "core/http/url.h"
#include "forge/forge_under_test.h"
#include "testing/mutation.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(damaged)

namespace {

using testing::survives_damage;

// A forge that says the same to everything, whatever it is asked.
class OneAnswer final : public http::Client {
 public:
  http::Response answer{200, {{"content-type", "application/json"}}, ""};

  http::Response send(const http::Request&) override { return answer; }
};

struct Asking {
  OneAnswer http;
  Client client{http, {kApi, "octo/charts"}, "ghs_secret", [](std::chrono::milliseconds) {}};

  // What is asked when the forge's answer is a damaged form of this.
  void survives(const std::vector<Json>& good, const std::function<void()>& ask) {
    std::vector<std::string> texts;
    for (const Json& json : good) texts.push_back(json.dump());
    survives_damage(texts, [&](const std::string& text) {
      http.answer.body = text;
      ask();
    });
  }
};

const Json kRun{{"id", 1},
                {"name", "validate"},
                {"head_sha", kHead.hex()},
                {"conclusion", nullptr},
                {"external_id", "x"},
                {"app", {{"slug", "waybill"}}}};
const Json kRelease{{"id", 5},
                    {"tag_name", "web-v1.0.0"},
                    {"draft", true},
                    {"assets", {{{"id", 6}, {"name", "web.tgz"}, {"size", 12}, {"state", "uploaded"}}}}};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_damaged_answer_is_refused_or_read, Asking) {
  survives({pull_json(7), merged_json(7, kOther)}, [&] { static_cast<void>(client.pull_request(7)); });
  survives({Json::array({pull_json(7), pull_json(8)})},
           [&] { static_cast<void>(client.pull_requests("x", "main", "all")); });
  survives({{{"check_runs", {kRun, kRun}}}}, [&] { static_cast<void>(client.check_runs(kHead)); });
  survives({kRelease}, [&] { static_cast<void>(client.release("web-v1.0.0")); });
  survives({{{"sha", kHead.hex()},
             {"author", nullptr},
             {"commit", {{"message", "m"}, {"tree", {{"sha", kBase.hex()}}}}},
             {"parents", {{{"sha", kOther.hex()}}}}}},
           [&] { static_cast<void>(client.commit(kHead)); });
}

BOOST_FIXTURE_TEST_CASE(a_damaged_list_of_attestations_is_refused_or_counted, Asking) {
  const Json bundle{{"bundle", {{"mediaType", "x"}}}};
  survives({{{"attestations", {bundle, bundle}}}}, [&] {
    for (const Json& one : client.attestations(crypto::sha256("chart"))) BOOST_TEST((one.is_object() || one.is_null()));
  });
}

BOOST_AUTO_TEST_CASE(a_damaged_compressed_bundle_is_none_or_read) {
  std::string packed;
  const std::string text = Json{{"mediaType", std::string(3000, 'm')}, {"dsseEnvelope", {{"payload", "eA=="}}}}.dump();
  ::snappy::Compress(text.data(), text.size(), &packed);
  survives_damage({packed}, [&](const std::string& bytes) {
    ForgeUnderTest t;
    const std::string url = "https://store.blob.example/1.json.sn";
    t.http
        .expect("GET", kRepo + "/attestations/" + crypto::sha256("chart").text() + "?per_page=100",
                json_answer(200, {{"attestations", {{{"bundle_url", url}}}}}))
        .expect("GET", url, answer(200, bytes, {{"content-type", "application/x-snappy"}}));
    const std::vector<Json> read = t.client.attestations(crypto::sha256("chart"));
    BOOST_TEST_REQUIRE(read.size() == 1U);
    if (read.front().is_null()) throw Error(Fault::kRemote, "no bundle");
  });
}

BOOST_AUTO_TEST_CASE(a_damaged_link_to_the_next_page_is_none_or_one) {
  const std::string good =
      R"(<https://api.github.com/x?page=2>; rel="next", <https://api.github.com/x?page=9>; rel="last")";
  survives_damage({good}, [&](const std::string& link) {
    const auto next = http::next_page("https://api.github.com/x", link);
    if (!next) throw Error(Fault::kRemote, "no next page");
    BOOST_TEST(http::origin(*next) == "https://api.github.com:443");
  });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
