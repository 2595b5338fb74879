#include <fmt/ranges.h>

#include "core/crypto/hash.h"
#include "testing/refusal.h"
#include "tests/tuf/repository.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(tuf)
BOOST_FIXTURE_TEST_SUITE(refreshing, Deployment)

using testing::refuses;
using testing::refuses_saying;

BOOST_AUTO_TEST_CASE(keeps_exactly_the_bytes_that_came) {
  for (const bool consistent : {true, false}) {
    repository.metadata["root"]["consistent_snapshot"] = consistent;
    repository.put_root();
    repository.release();
    refresh();
    for (const std::string role : {"root", "timestamp", "snapshot", "targets"})
      BOOST_TEST(cached(role + ".json") == repository.files.at(repository.url(role)));
    BOOST_TEST(files().size() == 4U);
  }
}

BOOST_AUTO_TEST_CASE(downloads_only_what_is_new) {
  refresh();
  repository.requests.clear();
  refresh();
  BOOST_TEST(fmt::format("{}", fmt::join(repository.asked(), " ")) == "2.root.json timestamp.json");
  repository.requests.clear();
  repository.put_snapshot_and_timestamp();
  refresh();
  BOOST_TEST(fmt::format("{}", fmt::join(repository.asked(), " ")) == "2.root.json timestamp.json 2.snapshot.json");
}

BOOST_AUTO_TEST_CASE(without_consistent_snapshots_asks_for_plain_names) {
  repository.metadata["root"]["consistent_snapshot"] = false;
  repository.put_root();
  repository.release();
  refresh();
  BOOST_TEST(fmt::format("{}", fmt::join(repository.asked(), " ")) ==
             "2.root.json 3.root.json timestamp.json snapshot.json targets.json");
}

BOOST_AUTO_TEST_CASE(never_goes_back_to_an_older_timestamp) {
  repository.release();
  refresh();
  repository.metadata["timestamp"]["version"] = 1;
  repository.put("timestamp");
  refuses(Fault::kUntrusted, "rollback: timestamp.json has version 1, version 2 was seen before", [&] { refresh(); });
  BOOST_TEST(version("timestamp") == 2);
}

BOOST_AUTO_TEST_CASE(takes_no_other_content_under_the_same_version_of_the_timestamp) {
  repository.release();
  refresh();
  const std::string before = cached("timestamp.json");
  for (const int other : {100, 1}) {
    repository.metadata["timestamp"]["meta"]["snapshot.json"]["version"] = other;
    repository.put("timestamp");
    refresh();
    BOOST_TEST(cached("timestamp.json") == before);
  }
}

BOOST_AUTO_TEST_CASE(never_goes_back_to_an_older_snapshot) {
  for (const bool hashes : {false, true}) {
    repository.lists_hashes = hashes;
    repository.release();
    refresh();
    const std::int64_t seen = version("snapshot");
    repository.metadata["snapshot"]["version"] = 0;
    repository.put_snapshot_and_timestamp();
    refuses(Fault::kUntrusted,
            fmt::format("rollback: snapshot.json in timestamp.json has version 1, version {} was seen before", seen),
            [&] { refresh(); });
    // Even when the timestamp that knew better is gone.
    std::filesystem::remove(folder / "timestamp.json");
    refuses(Fault::kUntrusted, fmt::format("rollback: snapshot.json has version 1, version {} was seen before", seen),
            [&] { refresh(); });
    BOOST_TEST(version("snapshot") == seen);
    repository.metadata["snapshot"]["version"] = seen;
  }
}

BOOST_AUTO_TEST_CASE(never_goes_back_to_older_targets_or_loses_one) {
  repository.delegate("targets", "team");
  repository.release({"team", "targets"});
  repository.release({"team", "targets"});
  refresh();
  for (const std::string role : {"targets", "team"}) {
    const Json meta = repository.metadata["snapshot"]["meta"];
    repository.metadata["snapshot"]["meta"][role + ".json"]["version"] = 1;
    repository.put_snapshot_and_timestamp();
    refuses_saying(Fault::kUntrusted, {"rollback: `" + role + ".json` in snapshot.json has version 1, version"},
                   [&] { refresh(); });
    repository.metadata["snapshot"]["meta"].erase(role + ".json");
    repository.put_snapshot_and_timestamp();
    refuses(Fault::kUntrusted, "rollback: snapshot.json no longer lists `" + role + ".json`", [&] { refresh(); });
    repository.metadata["snapshot"]["meta"] = meta;
  }
}

// The announced length is that of the new snapshot; the one that is longer is still remembered.
BOOST_AUTO_TEST_CASE(never_goes_back_by_way_of_a_shorter_snapshot) {
  repository.lists_hashes = true;
  repository.release();
  repository.metadata["snapshot"]["x"] = std::string(1000, 'x');
  repository.release();
  refresh();
  repository.metadata["snapshot"].erase("x");
  repository.metadata["targets"]["version"] = 1;
  repository.release();
  refuses(Fault::kUntrusted, "rollback: `targets.json` in snapshot.json has version 2, version 3 was seen before",
          [&] { refresh(); });
}

BOOST_AUTO_TEST_CASE(wants_the_versions_that_were_announced) {
  repository.metadata["timestamp"]["meta"]["snapshot.json"]["version"] = 2;
  repository.metadata["timestamp"]["version"] = 2;
  repository.put("timestamp");
  refuses_saying(Fault::kRemote, {"/2.snapshot.json answered 403 or 404"}, [&] { refresh(); });
  repository.files[kMetadataUrl + "/2.snapshot.json"] = repository.sign("snapshot");
  refuses(Fault::kUntrusted, "snapshot.json has version 1, version 2 is wanted", [&] { refresh(); });
  BOOST_TEST(fmt::format("{}", fmt::join(files(), " ")) == "root.json timestamp.json");
  repository.metadata["snapshot"]["meta"]["targets.json"]["version"] = 2;
  repository.put_snapshot_and_timestamp();
  repository.files[kMetadataUrl + "/2.targets.json"] = repository.sign("targets");
  refuses(Fault::kUntrusted, "targets.json has version 1, version 2 is wanted", [&] { refresh(); });
  BOOST_TEST(fmt::format("{}", fmt::join(files(), " ")) == "root.json snapshot.json timestamp.json");
}

BOOST_AUTO_TEST_CASE(refuses_what_has_expired_by_the_start_of_the_refresh) {
  refresh();
  for (const std::string role : {"timestamp", "snapshot", "targets"}) {
    const Json later = repository.metadata[role]["expires"];
    const std::int64_t before = version(role);
    repository.metadata[role]["expires"] = to_rfc3339(now);
    repository.release();
    refuses_saying(Fault::kUntrusted, {role + ".json of version", "expired at 2026-11-21T12:00:00Z"},
                   [&] { refresh(); });
    BOOST_TEST(version(role) == before);
    repository.metadata[role]["expires"] = to_rfc3339(now + std::chrono::seconds(1));
    repository.release();
    refresh();
    repository.metadata[role]["expires"] = later;
  }
}

BOOST_AUTO_TEST_CASE(replaces_what_expired_in_the_folder) {
  repository.metadata["timestamp"]["expires"] = to_rfc3339(now + std::chrono::days(7));
  repository.release();
  refresh();
  repository.metadata["timestamp"]["expires"] = to_rfc3339(now + std::chrono::days(21));
  now += std::chrono::days(18);
  repository.put("timestamp");  // a later time under the version that is known: it stays the old one
  refuses(Fault::kUntrusted, "timestamp.json of version 2 expired at 2026-11-28T12:00:00Z", [&] { refresh(); });
  repository.release();
  refresh();
  BOOST_TEST(version("timestamp") == 3);
}

BOOST_AUTO_TEST_CASE(checks_lengths_and_hashes_before_signatures) {
  repository.lists_hashes = true;
  repository.release();
  refresh();
  for (const std::string role : {"snapshot", "targets"}) {
    const std::string holder = role == "snapshot" ? "timestamp" : "snapshot";
    const auto with = [&](const Json& edit) {
      repository.release();
      repository.metadata[holder]["meta"][role + ".json"].update(edit);
      if (holder == "snapshot")
        repository.put_snapshot_and_timestamp();
      else
        repository.put("timestamp");
      refresh();
    };
    refuses_saying(Fault::kUntrusted, {role + ".json has the sha256 hash ", ", 00ff is wanted"}, [&] {
      with({{"hashes", {{"sha256", "00ff"}}}});
    });
    refuses_saying(Fault::kUntrusted, {role + ".json has the sha512 hash "}, [&] {
      with({{"hashes", {{"sha512", "00ff"}}}});
    });
    refuses(Fault::kUntrusted, role + ".json is described by no hash of an algorithm that is read", [&] {
      with({{"hashes", {{"md5", "00ff"}}}});
    });
    refuses(Fault::kUntrusted, role + ".json is described by no hash of an algorithm that is read", [&] {
      with({{"hashes", Json::object()}});
    });
    refuses_saying(Fault::kUntrusted, {role + ".json has ", " bytes, 9999 are wanted"}, [&] {
      with({{"length", 9999}});
    });
    refuses(Fault::kRemote, "an answer of more than 20 bytes", [&] { with({{"length", 20}}); });
  }
}

BOOST_AUTO_TEST_CASE(accepts_either_hash_beside_unknown_ones) {
  repository.release();
  const std::string snapshot = repository.files[repository.url("snapshot")];
  repository.metadata["timestamp"]["meta"]["snapshot.json"]["hashes"] = {
      {"sha512", crypto::hash("sha512", snapshot).hex()}, {"of-tomorrow", "?"}};
  repository.put("timestamp");
  refresh();
}

BOOST_AUTO_TEST_CASE(reads_no_endless_data) {
  const std::string endless(600'000, ' ');
  for (const auto& [role, limit] : std::map<std::string, std::string>{{"root", "512000"}, {"timestamp", "16384"}}) {
    const std::string url = role == "root" ? kMetadataUrl + "/2.root.json" : repository.url(role);
    const std::string right = repository.files[url];
    repository.files[url] = endless;
    refuses(Fault::kRemote, "more than " + limit + " bytes", [&] { refresh(); });
    repository.files.erase(url);
    if (!right.empty()) repository.files[url] = right;
  }
  for (const auto& [role, limits] :
       std::map<std::string, Limits>{{"snapshot", {.snapshot = 100}}, {"targets", {.targets = 100}}})
    refuses(Fault::kRemote, "more than 100 bytes", [&] {
      Limits tight = limits;
      tight.retry.attempts = 1;
      updater(tight).refresh();
    });
}

// A client that does not keep the limit is no reason to read on.
BOOST_AUTO_TEST_CASE(refuses_more_than_it_asked_for) {
  struct Careless final : http::Client {
    http::Response send(const http::Request&) override {
      return {.status = 200, .headers = {}, .body = std::string(513'000, ' ')};
    }
  } careless;
  Updater updater(folder, kMetadataUrl, careless, now);
  refuses(Fault::kRemote, "2.root.json answered more than the 512000 bytes that are read", [&] { updater.refresh(); });
}

BOOST_AUTO_TEST_CASE(stops_when_the_server_fails) {
  struct Broken final : http::Client {
    http::Response send(const http::Request&) override { return {.status = 401, .headers = {}, .body = {}}; }
  } broken;
  Updater updater(folder, kMetadataUrl, broken, now);
  refuses(Fault::kRemote, "GET https://repository.test/metadata/2.root.json answered 401, 200 is wanted",
          [&] { updater.refresh(); });
  repository.files.erase(repository.url("timestamp"));
  refuses(Fault::kRemote, "timestamp.json answered 403 or 404", [&] { refresh(); });
}

BOOST_AUTO_TEST_CASE(takes_a_root_that_may_not_be_read_for_absent) {
  struct Bucket final : http::Client {
    explicit Bucket(http::Client& holder) : repository(holder) {}
    http::Response send(const http::Request& request) override {
      http::Response response = repository.send(request);
      if (response.status == 404) response.status = 403;
      return response;
    }
    http::Client& repository;
  } bucket(repository);
  Updater(folder, kMetadataUrl, bucket, now).refresh();
}

BOOST_AUTO_TEST_CASE(takes_damaged_files_for_absent) {
  refresh();
  for (const std::string role : {"timestamp", "snapshot", "targets"}) {
    write_file(folder / (role + ".json"), "{ damaged");
    refresh();
    BOOST_TEST(cached(role + ".json") == repository.files.at(repository.url(role)));
    std::filesystem::remove(folder / (role + ".json"));
    std::filesystem::create_directory(folder / (role + ".json"));
    refuses(Fault::kInput, role + ".json` cannot be written", [&] { refresh(); });
    std::filesystem::remove(folder / (role + ".json"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
