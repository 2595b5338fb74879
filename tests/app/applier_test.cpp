#include "core/app/applier.h"

#include <boost/test/unit_test.hpp>
#include <sstream>

#include "core/app/command_line.h"
#include "core/crypto/hash.h"
#include "lineage/journey.h"
#include "testing/refusal.h"
#include "testing/scripted_http.h"

// What is found half done is completed, what is there is left alone, what cannot end well is not begun.
namespace waybill {

BOOST_AUTO_TEST_SUITE(app_applier)

using testing::answer;
using testing::body_is;
using testing::json_answer;

namespace {

const std::string kRepo = "https://api.forge.example/repos/octo/charts";
const Oid kCommit = Oid::parse(std::string(40, 'b'));

// A stage of octo/charts that has planned and is about to apply; its forge and registry answer by a script.
struct Apply {
  Apply() {
    const forge::Address address{"https://api.forge.example", "octo/charts"};
    session.app_forge.emplace(http, address, "ghs_app", [](std::chrono::milliseconds) {});
    session.job_forge.emplace(http, address, "ghs_job", [](std::chrono::milliseconds) {});
    session.examiner.emplace(journey.expectations(verifier));
    facts.pull = forge::PullRequest{.number = 21,
                                    .title = "",
                                    .body = "prose\n",
                                    .state = "open",
                                    .merged = false,
                                    .merge_commit = std::nullopt,
                                    .head_ref = "feature/x",
                                    .head_repository = "octo/charts",
                                    .head = kCommit,
                                    .base_ref = "integration",
                                    .base = kCommit,
                                    .author = "alice",
                                    .merged_by = "",
                                    .url = ""};
  }

  // Each step's title, with whether it was so before.
  std::vector<std::pair<std::string, bool>> operator()(std::vector<stages::Step> steps) {
    stages::Plan plan;
    for (stages::Step& step : steps) plan.add(std::move(step));
    std::vector<std::pair<std::string, bool>> done;
    app::Applier applier(session, job, [this](const std::string& repository) -> oci::Registry& {
      return registry.emplace(http, oci::Repository::parse(repository), std::nullopt);
    });
    applier.apply(plan, [&](const app::Done& one) { done.emplace_back(one.title, one.already); });
    ledger = applier.ledger();
    return done;
  }

  // The plan's words for what the journey has signed under this key.
  stages::Claim claim(std::string_view key) const {
    const lineage::Draft draft = journey.draft(key);
    stages::Claim claim{draft.stamp.key, draft.stamp, draft.subjects, {}, {}};
    for (const lineage::Link& link : draft.links) claim.inputs.push_back(link.key);
    claim.content = stages::Claim::Produced{{{"version", "1.2.3"}}};
    return claim;
  }

  lineage::Journey journey;
  sigstore::Verifier verifier{journey.sigstore.trusted_root()};
  testing::ScriptedHttp http;  // strict: any other request fails the test
  std::optional<oci::Registry> registry;
  runner::Environment environment;
  app::Invocation invocation = app::from_action(stages::stage_named("publish-charts"), environment);
  std::ostringstream printed;
  Log log{printed};
  runner::Commands commands{environment, log};
  SystemClock clock;
  app::Session session{.invocation = invocation, .log = log, .commands = commands, .http = http, .clock = clock};
  stages::Facts facts{
      .policy = journey.policy,
      .anchor = kCommit,
      .event = "workflow_dispatch",
      .pull = std::nullopt,
      .builder = {journey.policy.anchor.identity(".github/workflows/publish-charts.yml"), "a later run"},
      .repository_id = "2002",
      .tool = "waybill 0.1.0",
      .now = parse_rfc3339("2026-11-21T12:00:00Z")};
  stages::Ports ports;
  stages::Values inputs;
  stages::Job job{facts, ports, inputs, {}, {}, lineage::Upstream::nothing()};
  app::Ledger ledger;
};

const Json kPayload{{"chart", "web"}, {"version", "1.2.3"}};
const std::string kDeployments = kRepo + "/deployments?per_page=100&sha=" + kCommit.hex() + "&environment=charts%2Fweb";

Json deployment(std::int64_t id, const Json& payload) {
  return {{"id", id}, {"sha", kCommit.hex()}, {"environment", "charts/web"}, {"payload", payload}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_deployment_that_was_left_without_its_status_gets_it) {
  Apply apply;
  apply.http.expect("GET", kDeployments, json_answer(200, Json::array({deployment(7, {}), deployment(8, kPayload)})))
      .expect("GET", kRepo + "/deployments/8/statuses?per_page=1", json_answer(200, Json::array()))
      .expect("POST", kRepo + "/deployments/8/statuses", json_answer(201, {{"id", 1}}),
              body_is({{"state", "success"}}));
  BOOST_TEST(!apply({stages::EnsureDeployment{kCommit, "charts/web", kPayload}}).front().second);
}

BOOST_AUTO_TEST_CASE(a_deployment_with_its_status_is_left_alone) {
  Apply apply;
  apply.http.expect("GET", kDeployments, json_answer(200, Json::array({deployment(8, kPayload)})))
      .expect("GET", kRepo + "/deployments/8/statuses?per_page=1",
              json_answer(200, Json::array({{{"state", "success"}}})));
  BOOST_TEST(apply({stages::EnsureDeployment{kCommit, "charts/web", kPayload}}).front().second);
}

BOOST_AUTO_TEST_CASE(what_is_kept_apart_holds_up_nothing_but_its_own_kind) {
  Apply apply;
  const auto place = [&](const char* commit) {
    return stages::EnsureDeployment{Oid::parse(std::string(40, *commit)), "charts/web", kPayload};
  };
  const auto list = [](const char* commit) {
    return kRepo + "/deployments?per_page=100&sha=" + std::string(40, *commit) + "&environment=charts%2Fweb";
  };
  stages::Plan plan;
  plan.add_apart("one", place("1"));
  plan.add_apart("one", place("2"));
  plan.add_apart("other", place("3"));
  plan.add(place("4"));
  apply.http.expect("GET", list("1"), json_answer(403, {{"message", "Resource not accessible by integration"}}));
  for (const char* commit : {"3", "4"})
    apply.http.expect("GET", list(commit), json_answer(200, Json::array({deployment(8, kPayload)})))
        .expect("GET", kRepo + "/deployments/8/statuses?per_page=1",
                json_answer(200, Json::array({{{"state", "success"}}})));
  app::Applier applier(apply.session, apply.job, [&](const std::string&) -> oci::Registry& { return *apply.registry; });
  std::vector<std::string> done;
  const auto left = applier.apply(plan, [&](const app::Done& one) { done.push_back(one.title); });
  BOOST_TEST(done.size() == 2U);
  BOOST_REQUIRE(left.size() == 1U);
  BOOST_TEST((left.front().fault() == Fault::kPermission));
  BOOST_TEST(std::string(left.front().what()).starts_with("deployment of 1111111"));
}

BOOST_AUTO_TEST_CASE(a_description_without_room_is_refused_before_anything_is_signed) {
  Apply apply;
  apply.facts.pull->body = std::string(65'400, 'x');
  testing::refuses(Fault::kInput, "pull request #21 has no room for its waybill: with it, the description has 65", [&] {
    apply({apply.claim(lineage::keys::kValidate), stages::EnsureWaybill{21, {}}});
  });
  testing::refuses(Fault::kInput, "shorten the text of the pull request", [&] {
    apply({apply.claim(lineage::keys::kValidate), stages::EnsureWaybill{21, {}}});
  });
}

BOOST_AUTO_TEST_CASE(what_is_to_be_said_once_and_was_said_by_an_earlier_run_is_not_signed_again) {
  Apply apply;
  apply.journey.travel();
  for (const std::string& key : lineage::Journey::all_keys()) {
    const auto examined = apply.session.examiner->examine({apply.journey.requirement(key)});
    BOOST_TEST_REQUIRE(examined.upstream.has_value());
    if (key != lineage::keys::kPublish) continue;
    stages::Claim claim = apply.claim(key);
    claim.once = true;
    claim.stamp.pull_request = 0;
    claim.stamp.head = std::string(40, '9');
    apply.job.upstream = *apply.session.examiner
                              ->examine({apply.journey.requirement(lineage::keys::kPackage),
                                         apply.journey.requirement(lineage::keys::kBillOfMaterials),
                                         apply.journey.requirement(lineage::keys::kTag)})
                              .upstream;
    BOOST_TEST(apply({claim}).front().second);
    BOOST_TEST_REQUIRE(apply.ledger.receipts().size() == 1U);
    BOOST_TEST(apply.ledger.receipts().front().link.statement.text() == apply.journey.link(key).statement.text());
    BOOST_TEST(apply.ledger.receipts().front().entry.id.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_referrer_whose_manifest_is_there_but_in_no_list_is_listed) {
  Apply apply;
  apply.journey.travel();
  apply.job.upstream = *apply.session.examiner
                            ->examine({apply.journey.requirement(lineage::keys::kPackage),
                                       apply.journey.requirement(lineage::keys::kBillOfMaterials),
                                       apply.journey.requirement(lineage::keys::kTag)})
                            .upstream;
  stages::Claim claim = apply.claim(lineage::keys::kPublish);
  claim.once = true;
  const Digest subject = crypto::sha256("a chart");
  const stages::EnsureReferrer step{"registry.example/octo/charts/web",
                                    {std::string(oci::kManifestType), subject, 7, {}, ""},
                                    "charts/web",
                                    std::string(lineage::keys::kPublish),
                                    "2026-11-21T12:00:00Z"};
  const auto published = apply.session.examiner->examine({apply.journey.requirement(lineage::keys::kPublish)}).upstream;
  const std::string bundle = published->at(lineage::keys::kPublish, "charts/web").bundle.json();
  const std::string place = "https://registry.example/v2/octo/charts/web/";
  const std::string list = place + "manifests/sha256-" + subject.hex();
  const oci::Manifest manifest =
      oci::bundle_referrer({std::string(oci::kBundleType), crypto::sha256(bundle), bundle.size(), {}, ""}, step.subject,
                           std::string(intoto::kProvenance), step.created);
  const std::string there = place + "manifests/" + manifest.digest.text();
  const auto no_list = [&] {
    apply.http.expect("GET", place + "referrers/" + subject.text(), answer(404)).expect("GET", list, answer(404));
  };
  no_list();
  apply.http.expect("HEAD", place + "blobs/" + crypto::sha256(bundle).text(), answer(200))
      .expect("HEAD", place + "blobs/" + crypto::sha256(oci::kEmptyConfig).text(), answer(200))
      .expect("PUT", there, answer(201))
      .expect("GET", there, answer(200, manifest.bytes, {{"content-type", manifest.media_type}}));
  no_list();
  apply.http.expect("PUT", list, answer(201), [&](const http::Request& request) {
    return request.body.find(manifest.digest.text()) != std::string::npos;
  });
  std::string index;
  apply.http.expect(
      "GET", list,
      answer(200, R"({"manifests":[{"mediaType":"m","digest":")" + manifest.digest.text() + R"(","size":1}]})"));
  const auto done = apply({claim, step});
  BOOST_TEST_REQUIRE(done.size() == 2U);
  BOOST_TEST(!done.back().second);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
