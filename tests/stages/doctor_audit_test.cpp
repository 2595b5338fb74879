#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/lineage/keys.h"
#include "stages/sound_repository.h"

// Behind every statement of what was released stands a run of the workflow that signed it (trust.md T28).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_doctor_audit)

using stages::kDoctor;
using stages::SoundRepository;
using stages::World;
namespace keys = lineage::keys;

namespace {

const Time kNoon = parse_rfc3339("2026-11-21T12:00:00Z");

// charts/web 1.3.0 is released; each stage signed in one run.
struct Audited : SoundRepository {
  Audited() {
    released();
    for (const std::string_view stage : lineage::stages_of(lineage::Pipeline::kFull)) {
      const auto& policy = world.facts.policy;
      const auto signer = std::ranges::find(policy.signers, stage, &lineage::Signer::stage);
      attempts[World::run_of(stage)] = {.path = signer->workflow,
                                        .event = signer->events.front(),
                                        .head_sha = std::string(40, 'b'),
                                        .repository_id = 2002,
                                        .status = "completed",
                                        .conclusion = "success",
                                        .started = kNoon,
                                        .updated = kNoon + std::chrono::hours(2),
                                        .url = ""};
    }
    settings.runs = [this](std::int64_t run, std::int64_t attempt) {
      const auto found = attempts.find(run);
      return found == attempts.end() || attempt != 1 ? std::nullopt : std::optional(found->second);
    };
    world.use_inputs(kDoctor, {{"audit", "true"}});
  }

  std::map<std::int64_t, forge::RunAttempt> attempts;

  forge::RunAttempt& run_of(std::string_view stage) { return attempts.at(World::run_of(stage)); }
  void check_note(const std::string& text) { stages::check_note(examined(), text); }

  // Its page is public, its package attested.
  void published() {
    const chart::Package package = chart::package(world.web(world.main()).subtree, "charts/web");
    forge::Release& page = world.forge.release_pages["web-v1.3.0"];
    page.tag = "web-v1.3.0";
    page.assets.push_back({1, "web-1.3.0.tgz", "uploaded", 1, package.digest.text(), ""});
    for (const std::string_view key : {keys::kPublish, keys::kReleaseOverall}) world.attest(key, world.main(), source);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(every_run_is_asked_for_once_and_those_of_the_package_too) {
  Audited repository;
  repository.check_sound();
  BOOST_TEST(
      repository.settings.asked == (std::vector<std::string>{"101.1", "102.1", "103.1", "104.1", "105.1", "106.1"}),
      boost::test_tools::per_element());
  repository.published();
  repository.check_sound();
  repository.check_note("14 statements behind 1 releases: 8 of 8 runs that signed them are as they say");
  repository.run_of("tag-charts").event = "schedule";
  repository.check_wrong("run 106, attempt 1, which signed `tag` of charts/web: its event", "gh run list",
                         Fault::kUntrusted);
}

BOOST_AUTO_TEST_CASE(without_audit_no_run_is_asked_for) {
  Audited repository;
  repository.world.use_inputs(kDoctor, {});
  repository.check_sound();
  BOOST_TEST(repository.settings.asked.empty());
  repository.world.use_inputs(kDoctor, {{"audit", "true"}, {"versions", "0"}});
  repository.check_sound();
  BOOST_TEST(repository.settings.asked.empty());
}

BOOST_AUTO_TEST_CASE(a_run_that_is_not_there_or_not_as_its_certificate_says_is_an_alarm) {
  Audited repository;
  auto& run = repository.run_of("tag-charts");
  const forge::RunAttempt sound = run;
  run.path = ".github/workflows/mine.yml";
  repository.check_wrong(
      "run 106, attempt 1, which signed `tag` of charts/web: its workflow is "
      "`.github/workflows/mine.yml`",
      "gh run list --repo octo/charts --workflow tag-charts.yml", Fault::kUntrusted);
  run = sound;
  run.event = "schedule";
  repository.check_wrong("its event is `schedule`", "gh run list", Fault::kUntrusted);
  run = sound;
  run.updated = kNoon;
  repository.check_wrong("it ran from 2026-11-21T12:00:00Z to 2026-11-21T12:00:00Z", "gh run list", Fault::kUntrusted);
  repository.attempts.erase(World::run_of("tag-charts"));
  repository.check_wrong("the forge knows no such run", "a forge keeps runs for some time only", Fault::kUntrusted);
}

BOOST_AUTO_TEST_CASE(an_attempt_that_failed_needs_one_that_succeeded_since) {
  Audited repository;
  auto& run = repository.run_of("filter-charts");
  run.conclusion = "failure";
  repository.check_wrong("it ended with `failure`, and none of its workflow succeeded since", "gh run list",
                         Fault::kUntrusted);
  auto& later = repository.settings.successes["filter-charts.yml"];
  later = run;
  later.started = run.started - std::chrono::seconds(1);  // that was before
  repository.check_wrong("it ended with `failure`", "gh run list", Fault::kUntrusted);
  later.started = run.started + std::chrono::hours(1);
  repository.check_sound();
  repository.settings.successes.clear();
  run.status = "in_progress";  // what comes of it is not known yet
  run.conclusion.clear();
  repository.check_sound();
}

BOOST_AUTO_TEST_CASE(a_release_without_evidence_is_an_alarm) {
  Audited repository;
  repository.world.fixture.tag("web-v9.0.0", repository.world.main(), "by hand\n");
  repository.check_wrong("no statement behind the release `web-v9.0.0` verifies", "reconcile.yml", Fault::kUntrusted);
  repository.world.facts.policy.adopted.emplace("web-v9.0.0", repository.world.main());
  repository.check_sound();
}

BOOST_AUTO_TEST_CASE(runs_that_may_not_be_seen_do_not_count_as_right) {
  Audited repository;
  repository.settings.hidden = {"run_attempt"};
  repository.check_wrong("which runs signed what was released could not be looked at: run_attempt",
                         "token:", Fault::kPermission);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
