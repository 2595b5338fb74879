#include <fmt/ranges.h>

#include "core/tuf/rules.h"
#include "testing/refusal.h"
#include "tests/tuf/repository.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(tuf)
BOOST_FIXTURE_TEST_SUITE(roots, Deployment)

using testing::refuses;
using testing::refuses_saying;

std::vector<Signer> some_signers(std::size_t count) {
  std::vector<Signer> signers;
  while (signers.size() < count) signers.push_back(Signer::ed25519());
  return signers;
}

// The next root has these keys and is signed by those.
void rotate(Repository& repository, const std::vector<Signer>& keys, int threshold, const std::vector<Signer>& by) {
  repository.set_keys("root", keys, threshold);
  repository.signers["root"] = by;
  repository.put_root();
}

BOOST_AUTO_TEST_CASE(are_followed_one_by_one_to_the_newest) {
  const std::vector<Signer> keys = some_signers(6);
  const Signer first = repository.signers["root"].front();
  rotate(repository, {keys[0], keys[1], keys[2]}, 2, {first, keys[0], keys[2]});
  rotate(repository, {keys[0], keys[1], keys[3]}, 2, {keys[0], keys[1], keys[5]});
  rotate(repository, {keys[4]}, 1, {keys[3], keys[0], keys[4]});
  refresh();
  BOOST_TEST(version("root") == 4);
  BOOST_TEST(cached("root.json") == repository.files.at(kMetadataUrl + "/4.root.json"));
  BOOST_TEST(fmt::format("{}", fmt::join(repository.asked(), " ")) ==
             "2.root.json 3.root.json 4.root.json 5.root.json timestamp.json 1.snapshot.json 1.targets.json");
}

BOOST_AUTO_TEST_CASE(need_the_old_keys_and_the_new_ones) {
  const std::vector<Signer> keys = some_signers(2);
  const Signer first = repository.signers["root"].front();
  rotate(repository, {keys[0], keys[1]}, 2, {keys[0], keys[1]});
  refuses(Fault::kUntrusted,
          "2.root.json has valid signatures by 0 of the root keys of root version 1, a threshold of 1 is wanted",
          [&] { refresh(); });
  repository.signers["root"] = {first, keys[0]};
  repository.put("root");
  refuses(Fault::kUntrusted, "2.root.json has valid signatures by 1 of its own root keys, a threshold of 2 is wanted",
          [&] { refresh(); });
  BOOST_TEST(version("root") == 1);
  BOOST_TEST(files().size() == 1U);
  repository.signers["root"] = {first, keys[0], keys[1]};
  repository.put("root");
  refresh();
  BOOST_TEST(version("root") == 2);
}

BOOST_AUTO_TEST_CASE(are_the_version_that_was_asked_for) {
  for (const int version : {1, 3}) {
    repository.metadata["root"]["version"] = version;
    repository.files[kMetadataUrl + "/2.root.json"] = repository.sign("root");
    refuses(Fault::kUntrusted,
            fmt::format("2.root.json has version {}, the trusted root's version 1 and one more is wanted", version),
            [&] { refresh(); });
  }
}

BOOST_AUTO_TEST_CASE(may_be_expired_but_for_the_last) {
  Json& expires = repository.metadata["root"]["expires"];
  const Json later = expires;
  expires = to_rfc3339(now);
  repository.put_root();
  refuses_saying(Fault::kUntrusted, {"root.json of version 2 expired at 2026-11-21T12:00:00Z"}, [&] { refresh(); });
  BOOST_TEST(version("root") == 2);  // it is the trusted one all the same, and nothing else came
  BOOST_TEST(files().size() == 1U);
  expires = later;
  repository.put_root();
  refresh();
  BOOST_TEST(version("root") == 3);
}

BOOST_AUTO_TEST_CASE(are_followed_no_further_than_the_limit) {
  for (int root = 0; root < 5; ++root) repository.put_root();
  Updater updater = this->updater({.root_rotations = 3, .retry = {.attempts = 1}});
  updater.refresh();
  BOOST_TEST(version("root") == 4);
}

BOOST_AUTO_TEST_CASE(that_take_a_key_away_make_the_versions_of_timestamp_and_snapshot_forgotten) {
  for (const std::string role : {"timestamp", "snapshot"}) {
    repository.metadata["timestamp"]["version"] = 90;
    repository.metadata["snapshot"]["version"] = 90;
    repository.metadata["targets"]["version"] = 90;
    repository.release();
    refresh();
    BOOST_TEST(version("timestamp") == 91);
    repository.set_keys(role, {Signer::p256()});
    repository.put_root();
    for (const char* back : {"timestamp", "snapshot", "targets"}) repository.metadata[back]["version"] = 10;
    repository.release();
    refresh();
    BOOST_TEST(version("timestamp") == 11);
    BOOST_TEST(version("snapshot") == 11);
    BOOST_TEST(version("targets") == 11);
  }
}

BOOST_AUTO_TEST_CASE(that_put_another_key_under_a_name_take_the_first_away) {
  const Root before = first_root(cached("root.json"), "before");
  const auto with_snapshot_key = [&](const Signer& key) {
    repository.set_keys("snapshot", {key});
    repository.put_root();
    return first_root(repository.files.at(repository.url("root")), "after");
  };
  Signer other = Signer::ed25519();
  other.id = repository.signers["snapshot"].front().id;
  BOOST_TEST(!keys_rotated(before, with_snapshot_key(repository.signers["snapshot"].front())));
  BOOST_TEST(keys_rotated(before, with_snapshot_key(other)));
}

BOOST_AUTO_TEST_CASE(that_only_add_a_key_forget_nothing) {
  repository.metadata["timestamp"]["version"] = 90;
  repository.release();
  refresh();
  std::vector<Signer> keys = repository.signers["timestamp"];
  keys.push_back(Signer::p256());
  repository.set_keys("timestamp", keys);
  repository.put_root();
  repository.metadata["timestamp"]["version"] = 10;
  repository.release();
  refuses(Fault::kUntrusted, "rollback: timestamp.json has version 11, version 91 was seen before", [&] { refresh(); });
  BOOST_TEST(version("root") == 2);
}

BOOST_AUTO_TEST_CASE(with_unknown_members_keep_them_under_the_signature) {
  repository.metadata["root"]["x-note"] = {{"b", 1}, {"a", "\u00e4\n\""}};
  repository.metadata["root"]["roles"]["root"]["x"] = true;
  repository.metadata["root"]["keys"][repository.signers["root"].front().id]["x"] = Json::array();
  repository.put_root();
  refresh();
  BOOST_TEST(version("root") == 2);
}

BOOST_AUTO_TEST_CASE(must_be_there_and_sound_at_the_start) {
  std::filesystem::remove(folder / "root.json");
  refuses_saying(Fault::kInput, {"holds no root.json", folder.string()}, [&] { refresh(); });
  write_file(folder / "root.json", "{}");
  refuses(Fault::kInput, "root.json.signatures is missing", [&] { refresh(); });
  repository.signers["root"] = {Signer::ed25519()};
  write_file(folder / "root.json", repository.sign("root"));
  refuses(Fault::kUntrusted, "root.json has valid signatures by 0 of its own root keys", [&] { refresh(); });
  BOOST_TEST(repository.requests.empty());
}

BOOST_AUTO_TEST_CASE(given_at_the_start_never_replace_a_newer_one) {
  const std::string first = cached("root.json");
  repository.put_root();
  refresh();
  const std::string second = cached("root.json");
  Updater::init(folder, first);
  BOOST_TEST(cached("root.json") == second);
  write_file(folder / "root.json", "damaged");
  Updater::init(folder, first);
  BOOST_TEST(cached("root.json") == first);
  Updater::init(folder, second);
  BOOST_TEST(cached("root.json") == second);
  refuses(Fault::kInput, "root.json: not JSON", [&] { Updater::init(folder, "damaged"); });
  refuses(Fault::kInput, "root.json has 10 bytes, at most 5 are read",
          [&] { Updater::init(folder, "0123456789", {.root = 5}); });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
