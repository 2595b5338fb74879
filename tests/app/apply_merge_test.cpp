#include <boost/test/unit_test.hpp>
#include <sstream>

#include "core/app/applier.h"
#include "core/app/command_line.h"
#include "core/base/error.h"
#include "testing/refusal.h"
#include "testing/scripted_http.h"

// What was verified is merged: this head, into this branch (trust.md T2).
namespace waybill {

BOOST_AUTO_TEST_SUITE(app_apply_merge)

namespace {

const Oid kHead = Oid::parse(std::string(40, '1'));
const Oid kBase = Oid::parse(std::string(40, '2'));
const std::string kRepo = "https://api.example/repos/octo/charts";

// A run that has gathered what it needs and carries out one step.
struct Applying {
  Applying() {
    const forge::Address address{"https://api.example", "octo/charts"};
    session.app_forge.emplace(http, address, "token");
    session.job_forge.emplace(http, address, "token");
  }

  // The forge says of pull request #31.
  Applying& pull(const std::string& base_ref, const Oid& head = kHead, bool merged = false) {
    http.expect(
        "GET", kRepo + "/pulls/31",
        testing::json_answer(
            200,
            {{"number", 31},
             {"title", "web"},
             {"body", ""},
             {"state", merged ? "closed" : "open"},
             {"merged", merged},
             {"merged_at", merged ? Json("2026-11-21T12:00:00Z") : Json()},
             {"head", {{"ref", "split/web/11111111"}, {"sha", head.hex()}, {"repo", {{"full_name", "octo/charts"}}}}},
             {"base", {{"ref", base_ref}, {"sha", kBase.hex()}}},
             {"user", {{"login", "waybill[bot]"}}},
             {"html_url", "https://forge.example/octo/charts/pull/31"}}));
    return *this;
  }

  Applying& branch_at(const Oid& tip) {
    http.expect("GET", kRepo + "/git/ref/heads/integrate/web",
                testing::json_answer(
                    200, {{"ref", "refs/heads/integrate/web"}, {"object", {{"type", "commit"}, {"sha", tip.hex()}}}}));
    return *this;
  }

  bool merge() {
    stages::Plan plan;
    plan.add(stages::EnsureMerged{31, kHead, "integrate/web", "merge", "web (#31)", "", kBase});
    bool already = false;
    app::Applier applier(session, job, [](const std::string& repository) -> oci::Registry& {
      throw Error(Fault::kInternal, "the registry {} was asked for", repository);
    });
    applier.apply(plan, [&already](const app::Done& done) { already = done.already; });
    return already;
  }

  void refuses(std::string_view said) {
    testing::refuses(Fault::kStale, said, [this] { merge(); });
  }

  runner::Environment environment{{"GITHUB_ACTIONS", "true"}};
  app::Invocation invocation = app::from_action(stages::stage_named("enforce-atomic"), environment);
  std::ostringstream printed;
  Log log{printed};
  runner::Commands commands{environment, log};
  testing::ScriptedHttp http;
  SystemClock clock;
  app::Session session{.invocation = invocation, .log = log, .commands = commands, .http = http, .clock = clock};
  stages::Facts facts{.policy = lineage::Policy::standard("", "", ""), .anchor = kBase};
  stages::Ports ports;
  stages::Job job{facts, ports, invocation.inputs, {}, {}, lineage::Upstream::nothing()};
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_verified_head_is_merged_into_the_verified_base) {
  Applying applying;
  applying.pull("integrate/web").branch_at(kBase);
  applying.http.expect("PUT", kRepo + "/pulls/31/merge",
                       testing::json_answer(200, {{"sha", std::string(40, '3')}, {"merged", true}}),
                       testing::body_has({{"sha", kHead.hex()}, {"merge_method", "merge"}}));
  BOOST_TEST(!applying.merge());
}

BOOST_AUTO_TEST_CASE(a_pull_request_that_was_pointed_at_another_base_is_not_merged) {
  Applying applying;
  applying.pull("integrate/api");
  applying.refuses("pull request #31: it is into `integrate/api` now, `integrate/web` was verified");
  Applying merged;
  merged.pull("main", kHead, true);
  merged.refuses("it is into `main` now");
}

BOOST_AUTO_TEST_CASE(a_base_that_moved_after_the_proof_stops_the_merge) {
  Applying applying;
  applying.pull("integrate/web").branch_at(Oid::parse(std::string(40, '9')));
  applying.refuses("`integrate/web` is at " + std::string(40, '9') + " now, " + kBase.hex() + " was verified");
}

BOOST_AUTO_TEST_CASE(another_head_is_not_merged) {
  Applying applying;
  applying.pull("integrate/web", kBase);
  applying.refuses("its head is " + kBase.hex() + ", " + kHead.hex() + " was verified");
}

BOOST_AUTO_TEST_CASE(what_is_merged_is_already_so) {
  Applying applying;
  applying.pull("integrate/web", kHead, true);
  BOOST_TEST(applying.merge());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
