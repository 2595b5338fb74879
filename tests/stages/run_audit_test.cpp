#include "core/stages/run_audit.h"

#include <boost/test/unit_test.hpp>

#include "testing/virtual_run.h"

// What the forge's record of a run has to say of it, for a signature to be that run's (trust.md T28).
namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_run_audit)

using stages::run_differences;
using stages::run_named;
using stages::RunName;
using Texts = std::vector<std::string>;

namespace {

const Time kSigned = parse_rfc3339("2026-11-21T12:00:00Z");
const Time kNow = parse_rfc3339("2026-11-22T12:00:00Z");
const lineage::Anchor kAnchor{.server = "https://forge.example", .issuer = "", .repository = "octo/charts"};

sigstore::Identity signer() {
  return testing::virtual_run(".github/workflows/tag-charts.yml", "push");
}

forge::RunAttempt run() {
  return {.path = ".github/workflows/tag-charts.yml",
          .event = "push",
          .head_sha = std::string(40, 'b'),
          .repository_id = 2002,
          .status = "completed",
          .conclusion = "success",
          .started = kSigned - std::chrono::minutes(1),
          .updated = kSigned + std::chrono::minutes(1),
          .url = ""};
}

void check_differs(const forge::RunAttempt& run, const std::string& text) {
  const Texts found = run_differences(signer(), kSigned, run, kAnchor, kNow);
  BOOST_TEST(found == Texts{text}, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_run_is_named_by_number_and_attempt) {
  const std::string runs = "https://forge.example/octo/charts/actions/runs/";
  BOOST_TEST((run_named(runs + "7/attempts/2") == RunName{7, 2}));
  for (const std::string text : {"", "7", "7/attempts/", "7/attempts/x", "0/attempts/1", "7/attempts/0", "7/jobs/1",
                                 "7/attempts/1/x", "99999999999999999999/attempts/1"})
    BOOST_TEST(!run_named(runs + text), text);
  BOOST_TEST(!run_named("https://forge.example/octo/charts"));
}

BOOST_AUTO_TEST_CASE(a_run_as_its_certificate_says_it_differs_in_nothing) {
  BOOST_TEST(run_differences(signer(), kSigned, run(), kAnchor, kNow).empty());
}

BOOST_AUTO_TEST_CASE(each_field_counts) {
  forge::RunAttempt other = run();
  other.path = ".github/workflows/x.yml";
  check_differs(other,
                "its workflow is `.github/workflows/x.yml`, the certificate says `.github/workflows/tag-charts.yml`");
  other = run();
  other.event = "schedule";
  check_differs(other, "its event is `schedule`, the certificate says `push`");
  other = run();
  other.head_sha = std::string(40, 'c');
  check_differs(other,
                "its commit is `" + std::string(40, 'c') + "`, the certificate says `" + std::string(40, 'b') + "`");
  other = run();
  other.repository_id = 2;
  check_differs(other, "its repository is `2`, the certificate says `2002`");
}

BOOST_AUTO_TEST_CASE(what_was_signed_lies_in_its_time_give_or_take_five_minutes) {
  constexpr std::chrono::seconds kSlack = std::chrono::minutes(5);
  forge::RunAttempt late = run();
  late.started = late.updated = kSigned + kSlack;
  BOOST_TEST(run_differences(signer(), kSigned, late, kAnchor, kNow).empty());
  late.started = late.updated = kSigned + kSlack + std::chrono::seconds(1);
  check_differs(late,
                "it ran from 2026-11-21T12:05:01Z to 2026-11-21T12:05:01Z, what it signed is of "
                "2026-11-21T12:00:00Z");
  forge::RunAttempt early = run();
  early.started = early.updated = kSigned - kSlack;
  BOOST_TEST(run_differences(signer(), kSigned, early, kAnchor, kNow).empty());
  early.started = early.updated = kSigned - kSlack - std::chrono::seconds(1);
  BOOST_TEST(run_differences(signer(), kSigned, early, kAnchor, kNow).size() == 1U);
  early.status = "in_progress";  // until now
  BOOST_TEST(run_differences(signer(), kSigned, early, kAnchor, kNow).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
