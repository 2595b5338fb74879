#include <fmt/ranges.h>

#include "testing/refusal.h"
#include "tests/tuf/repository.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(tuf)

using testing::refuses;

struct Filled : Deployment {
  Filled() {
    repository.delegate("targets", "team", {"team/*"});
    repository.add_target("targets", "file", "content");
    repository.add_target("team", "team/file", "of the team");
    repository.release({"team", "targets"});
    Updater first = updater();
    first.refresh();
    first.fetch(*first.target("file"), kTargetsUrl, targets, 1000);
    first.fetch(*first.target("team/file"), kTargetsUrl, targets, 1000);
    repository.requests.clear();
  }
};

BOOST_FIXTURE_TEST_SUITE(offline, Filled)

BOOST_AUTO_TEST_CASE(everything_in_the_folder_is_used_and_nobody_asked) {
  Updater updater = this->updater();
  updater.load_cached();
  BOOST_TEST(updater.fetch(*updater.target("file"), kTargetsUrl, targets, 1000) == "content");
  BOOST_TEST(updater.fetch(*updater.target("team/file"), kTargetsUrl, targets, 1000) == "of the team");
  BOOST_TEST(updater.expired().empty());
  BOOST_TEST(repository.requests.empty());
}

BOOST_AUTO_TEST_CASE(what_expired_is_used_and_told_with_its_age) {
  repository.metadata["team"]["expires"] = to_rfc3339(now + std::chrono::days(365));
  repository.metadata["root"]["expires"] = to_rfc3339(now + std::chrono::days(365));
  repository.put_root();
  repository.release({"team"});
  refresh();
  Updater first = updater();
  first.refresh();
  static_cast<void>(first.target("team/file"));
  now += std::chrono::days(40);
  Updater updater = this->updater();
  updater.load_cached();
  BOOST_TEST(updater.target("team/file").has_value());
  BOOST_TEST(fmt::format("{}", fmt::join(updater.expired(), " ")) == "timestamp.json snapshot.json targets.json");
  BOOST_TEST((updater.age() == std::chrono::days(40)));
  now += std::chrono::days(400);
  Updater later = this->updater();
  later.load_cached();
  static_cast<void>(later.target("team/file"));
  BOOST_TEST(fmt::format("{}", fmt::join(later.expired(), " ")) ==
             "root.json timestamp.json snapshot.json targets.json team.json");
}

BOOST_AUTO_TEST_CASE(what_is_missing_or_damaged_is_told) {
  const auto refuses_without = [&](const std::string& name, Fault fault, const std::string& reason,
                                   const std::string& content) {
    const std::string right = cached(name);
    const auto use = [&] {
      Updater updater = this->updater();
      updater.load_cached();
      static_cast<void>(updater.target("team/file"));
    };
    write_file(folder / name, content);
    refuses(fault, reason, use);
    std::filesystem::remove(folder / name);
    refuses(Fault::kInput, "holds no " + name, use);
    write_file(folder / name, right);
  };
  for (const std::string name : {"timestamp.json", "snapshot.json", "targets.json", "team.json"})
    refuses_without(name, Fault::kInput, name + ": not JSON", "damaged");
  repository.signers["timestamp"] = repository.signers["snapshot"] = {Signer::ed25519()};
  refuses_without("timestamp.json", Fault::kUntrusted, "timestamp.json has valid signatures by 0",
                  repository.sign("timestamp"));
  refuses_without("snapshot.json", Fault::kUntrusted, "snapshot.json has valid signatures by 0",
                  repository.sign("snapshot"));
  BOOST_TEST(repository.requests.empty());
}

BOOST_AUTO_TEST_CASE(a_target_that_is_not_there_is_not_downloaded) {
  Updater updater = this->updater();
  updater.load_cached();
  write_file(targets / "file", "CONTENT");
  refuses(Fault::kInput, "holds no right file, and offline none is downloaded",
          [&] { updater.fetch(*updater.target("file"), kTargetsUrl, targets, 1000); });
}

BOOST_AUTO_TEST_CASE(a_refresh_is_owed_once_in_a_while) {
  const std::chrono::hours day(24);
  BOOST_TEST(updater().refreshed_within(day));
  now += day;
  BOOST_TEST(updater().refreshed_within(day));
  now += std::chrono::seconds(1);
  BOOST_TEST(!updater().refreshed_within(day));
  refresh();  // the server has nothing new, and yet it was asked
  BOOST_TEST(updater().refreshed_within(day));
  now -= std::chrono::seconds(1);
  BOOST_TEST(!updater().refreshed_within(day));  // the clock went back: better to ask
  std::filesystem::remove(folder / "targets.json");
  BOOST_TEST(!updater().refreshed_within(day));
  BOOST_TEST(!updater().age().has_value());
}

BOOST_AUTO_TEST_CASE(a_refresh_that_failed_does_not_count) {
  now += std::chrono::hours(25);
  repository.metadata["snapshot"]["expires"] = to_rfc3339(now);
  repository.put_snapshot_and_timestamp();
  const std::string before = cached("timestamp.json");
  refuses(Fault::kUntrusted, "snapshot.json of version 3 expired", [&] { refresh(); });
  BOOST_TEST(cached("timestamp.json") != before);
  BOOST_TEST(!updater().refreshed_within(std::chrono::hours(24)));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
