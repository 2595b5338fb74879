#include <boost/test/unit_test.hpp>
#include <chrono>
#include <numeric>

#include "core/base/encoding.h"
#include "core/crypto/hash.h"
#include "core/lineage/shelf.h"
#include "lineage/journey.h"
#include "testing/scripted_http.h"
#include "testing/strict_reader.h"

// Stores that were flooded: what is there beside the true statement changes nothing (trust.md T28).
namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage)

BOOST_AUTO_TEST_CASE(junk_is_counted_and_never_enough) {
  Journey journey;
  const Digest subject = journey.subject(keys::kValidate);
  const Json good = Json::parse(journey.signature(journey.draft(keys::kValidate)).json());
  for (int i = 0; i < 999; ++i) {
    Json junk = good;
    Json payload = Json::parse(from_base64(junk["dsseEnvelope"]["payload"].get<std::string>()));
    payload["predicate"]["url"] = fmt::format("https://junk.example/{}", i);
    junk["dsseEnvelope"]["payload"] = to_base64(payload.dump());
    journey.store.put(subject, sigstore::Bundle::parse(junk.dump()));
  }
  const Judge judge(journey);
  const auto refused = judge.examine(keys::kValidate);
  check_refused(refused, "999 bundles were rejected: ");
  BOOST_TEST(listed(refused).size() < 4000U);
  journey.sign(keys::kValidate);
  check_verified(judge.examine(keys::kValidate));
}

BOOST_AUTO_TEST_CASE(what_is_passed_over_is_counted_and_said) {
  Journey journey;
  const Digest subject = journey.subject(keys::kValidate);
  Journey stranger;  // another Sigstore
  Draft theirs = stranger.draft(keys::kValidate);
  theirs.stamp.head = std::string(40, 'f');
  const Json foreign = Json::parse(stranger.signature(theirs).json());
  const Json own = Json::parse(journey.signature(journey.draft(keys::kValidate)).json());
  Draft outdated = journey.draft(keys::kValidate);
  outdated.stamp.policy = crypto::sha256("the policy before");
  const Json before = Json::parse(journey.signature(outdated).json());
  std::vector<Json> kept{Json(), foreign, {{"mediaType", "none"}}, foreign, before, own};
  testing::StrictReader forge;
  forge.answers_attestations(subject, kept);
  lineage::Shelves store;
  store.add(std::make_unique<lineage::ForgeShelf>(forge));
  const sigstore::Verifier verifier(journey.sigstore.trusted_root());
  const Examiner examiner({journey.policy, verifier, store, nullptr, true});
  BOOST_TEST(examiner.passed_over() == "");
  check_verified(examiner.examine({journey.requirement(keys::kValidate)}));
  check_verified(examiner.examine({journey.requirement(keys::kValidate)}));
  BOOST_TEST(store.unreadable() == 2U);
  BOOST_TEST(examiner.passed_over() ==
             "1 statements by others were passed over, 2 bundles that nobody can read were passed over, 1 statements "
             "under an earlier policy count no longer");
  BOOST_TEST(forge.asked().size() == 1U);
}

BOOST_AUTO_TEST_CASE(one_true_statement_behind_999_bundles_of_junk_is_found) {
  Journey journey;
  const Digest subject = journey.subject(keys::kValidate);
  std::vector<Json> kept(999, Json{{"mediaType", "application/vnd.dev.sigstore.bundle.v0.3+json"}});
  kept.push_back(Json::parse(journey.signature(journey.draft(keys::kValidate)).json()));
  // As the forge hands it out: a hundred a page.
  testing::ScriptedHttp http;
  const forge::Client client(http, {"https://api.example", "octo/charts"}, "token");
  const std::string list = "https://api.example/repos/octo/charts/attestations/" + subject.text() + "?per_page=100";
  for (std::size_t page = 0; page < 10; ++page) {
    Json items = Json::array();
    for (std::size_t i = page * 100; i < page * 100 + 100; ++i) items.push_back({{"bundle", kept[i]}});
    http.expect("GET", page == 0 ? list : fmt::format("{}&after={}", list, page),
                testing::json_answer(200, {{"attestations", items}},
                                     {{"link", fmt::format("<{}&after={}>; rel=\"next\"", list, page + 1)}}));
  }
  lineage::Shelves store;
  store.add(std::make_unique<lineage::ForgeShelf>(client));
  const sigstore::Verifier verifier(journey.sigstore.trusted_root());
  const Examiner examiner({journey.policy, verifier, store, nullptr, true});
  check_verified(examiner.examine({journey.requirement(keys::kValidate)}));
  BOOST_TEST(examiner.passed_over() == "999 bundles that nobody can read were passed over");
}

BOOST_AUTO_TEST_CASE(what_an_index_names_is_looked_for_again_while_it_is_not_listed) {
  Journey journey;
  const Digest subject = journey.subject(keys::kValidate);
  const sigstore::Bundle bundle = journey.signature(journey.draft(keys::kValidate));
  struct LateShelf final : Shelf {
    LateShelf(int before, std::string text) : late(before), bundle(std::move(text)) {}
    std::map<Digest, std::vector<std::string>> look(const std::vector<Digest>& subjects) const override {
      if (late-- > 0) return {};
      return {{subjects.front(), {bundle}}};
    }
    mutable int late;
    std::string bundle;
  };
  std::vector<std::chrono::milliseconds> waited;
  const auto pause = [&waited](std::chrono::milliseconds time) { waited.push_back(time); };
  const auto awaited = [&](int late, const Digest& statement) {
    Shelves store;
    store.add(std::make_unique<LateShelf>(late, bundle.json()));
    waited.clear();
    store.await({{subject, statement}}, pause);
    return store.find(subject).size();
  };
  BOOST_TEST(awaited(0, bundle.link()) == 1U);
  BOOST_TEST(waited.empty());
  BOOST_TEST(awaited(2, bundle.link()) == 1U);
  BOOST_TEST(waited.size() == 2U);
  BOOST_TEST(awaited(9, bundle.link()) == 0U);
  BOOST_TEST(awaited(0, subject) == 1U);  // an index that names what nobody signed
  BOOST_TEST((std::accumulate(waited.begin(), waited.end(), std::chrono::milliseconds()) == std::chrono::seconds(7)));
  Shelves store;
  store.add(std::make_unique<LateShelf>(9, bundle.json()));
  store.await({{subject, subject}}, pause);
  waited.clear();
  store.await({{subject, bundle.link()}}, pause);  // who was kept waiting in vain once waits no more
  BOOST_TEST(waited.empty());
}

BOOST_AUTO_TEST_CASE(foreign_bundles_under_the_same_digest_do_no_harm) {
  Journey journey;
  Journey stranger;  // another Sigstore
  stranger.sign(keys::kValidate);
  for (const auto& bundle : stranger.store.find(stranger.subject(keys::kValidate)))
    journey.store.put(journey.subject(keys::kValidate), bundle);
  Draft unstamped = journey.draft(keys::kValidate);
  intoto::Statement plain = journey.statement(unstamped);
  plain.predicate = {{"result", "PASSED"}, {"configuration", Json::array()}};
  journey.store.put(journey.subject(keys::kValidate), journey.sigstore.sign(plain, unstamped.identity));
  check_refused(journey.examine(keys::kValidate), "2 bundles were rejected: ");
  check_refused(journey.examine(keys::kValidate), "the statement has no valid stamp: ");
  journey.sign(keys::kValidate);
  check_verified(journey.examine(keys::kValidate));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
