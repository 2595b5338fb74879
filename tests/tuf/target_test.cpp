#include <fmt/ranges.h>

#include "core/crypto/hash.h"
#include "testing/refusal.h"
#include "tests/tuf/repository.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(tuf)

using testing::refuses;
using testing::refuses_saying;

constexpr std::size_t kLimit = 1000;

BOOST_FIXTURE_TEST_SUITE(delegations, Deployment)

// The delegated roles that a search for `name` reads, in order; with " found" behind them when it succeeds.
std::string search(Deployment& deployment, const std::string& name, const Limits& limits = {}) {
  Updater updater = deployment.updater(limits);
  updater.refresh();
  deployment.repository.requests.clear();
  const bool found = updater.target(name).has_value();
  std::string visited = fmt::format("{}", fmt::join(deployment.repository.asked(), " "));
  for (std::size_t at = 0; (at = visited.find("1.")) != std::string::npos;) visited.erase(at, 2);
  for (std::size_t at = 0; (at = visited.find(".json")) != std::string::npos;) visited.erase(at, 5);
  return visited + (found ? " found" : "");
}

BOOST_AUTO_TEST_CASE(are_searched_in_pre_order) {
  repository.delegate("targets", "A");
  repository.delegate("targets", "B");
  repository.delegate("A", "C");
  repository.delegate("A", "D");
  repository.delegate("B", "E");
  repository.release({"A", "B", "C", "D", "E", "targets"});
  BOOST_TEST(search(*this, "missing") == "A C D B E");
}

BOOST_AUTO_TEST_CASE(end_with_the_first_role_that_knows_the_target) {
  repository.delegate("targets", "A");
  repository.delegate("targets", "B");
  repository.delegate("targets", "C");
  repository.add_target("B", "file", "of B");
  repository.add_target("C", "file", "of C");
  repository.release({"A", "B", "C", "targets"});
  BOOST_TEST(search(*this, "file") == "A B found");
  Updater updater = this->updater();
  updater.refresh();
  BOOST_TEST(updater.target("file")->hashes.at("sha256") == crypto::sha256("of B").hex());
}

BOOST_AUTO_TEST_CASE(that_do_not_cover_the_name_are_left_out) {
  repository.delegate("targets", "A", {"*.doc", "*.md"});
  repository.delegate("targets", "B", {"releases/*/*"});
  repository.delegate("B", "C", {"releases/x/*"});
  repository.delegate("B", "D", {"releases/y/*.zip"});
  repository.add_target("A", "other", "A may not say so");
  repository.add_target("C", "releases/x/one", "of C");
  repository.release({"A", "B", "C", "D", "targets"});
  BOOST_TEST(search(*this, "read.md") == "A");
  BOOST_TEST(search(*this, "other") == "");
  BOOST_TEST(search(*this, "releases/x/one") == "B C found");
  BOOST_TEST(search(*this, "releases/z/one") == "");
}

BOOST_AUTO_TEST_CASE(that_terminate_hide_all_behind_them) {
  repository.delegate("targets", "A");
  repository.delegate("targets", "B");
  repository.delegate("A", "C", {"*"}, true);
  repository.delegate("A", "D");
  repository.delegate("C", "E");
  repository.release({"A", "B", "C", "D", "E", "targets"});
  BOOST_TEST(search(*this, "missing") == "A C E");
}

BOOST_AUTO_TEST_CASE(that_terminate_for_other_names_hide_nothing) {
  repository.delegate("targets", "A", {"*.md"}, true);
  repository.delegate("targets", "B");
  repository.release({"A", "B", "targets"});
  BOOST_TEST(search(*this, "missing") == "B");
}

BOOST_AUTO_TEST_CASE(in_a_circle_are_visited_once) {
  repository.delegate("targets", "A");
  repository.delegate("A", "B");
  repository.delegate("B", "C");
  repository.delegate("C", "A");
  repository.delegate("C", "C");
  repository.release({"A", "B", "C", "targets"});
  BOOST_TEST(search(*this, "missing") == "A B C");
}

BOOST_AUTO_TEST_CASE(are_read_up_to_the_limit) {
  std::vector<std::string> roles;
  const auto add = [&](int count) {
    while (count-- > 0) {
      roles.push_back(fmt::format("r{}", roles.size()));
      repository.delegate("targets", roles.back());
    }
  };
  add(32);
  repository.add_target("r31", "last", "of the last");
  roles.emplace_back("targets");
  repository.release(roles);
  Updater enough = updater();
  enough.refresh();
  BOOST_TEST(enough.target("last").has_value());
  BOOST_TEST(!enough.target("missing").has_value());
  roles.pop_back();
  add(1);
  repository.release({"r32", "targets"});
  Updater more = updater();
  more.refresh();
  BOOST_TEST(more.target("last").has_value());
  refuses(Fault::kUntrusted, "the target `missing` is not found in the first 32 delegated roles, more are not read",
          [&] { more.target("missing"); });
}

BOOST_AUTO_TEST_CASE(by_hash_prefix_cover_what_hashes_so) {
  repository.delegate("targets", "A");
  Json& delegation = repository.delegation("targets", "A");
  delegation.erase("paths");
  const std::string hash = crypto::sha256("file").hex();
  delegation["path_hash_prefixes"] = {hash.substr(0, 2)};
  repository.release({"A", "targets"});
  BOOST_TEST(search(*this, "file") == "A");
  repository.delegation("targets", "A")["path_hash_prefixes"] = {"x", hash.substr(1, 4)};
  repository.release();
  std::filesystem::remove(folder / "A.json");
  BOOST_TEST(search(*this, "file") == "");
}

BOOST_AUTO_TEST_CASE(with_odd_names_stay_in_the_folder) {
  for (const std::string role : {"?", "#", "/role", "../role", "..", "a b"}) repository.delegate("targets", role);
  repository.release({"?", "#", "/role", "../role", "..", "a b", "targets"});
  BOOST_TEST(search(*this, "missing") == "%3F %23 %2Frole ..%2Frole .. a%20b");
  BOOST_TEST(files().size() == 10U);
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(temporary.path()), {}) == 1);
}

BOOST_AUTO_TEST_CASE(are_verified_by_the_delegators_keys) {
  repository.delegate("targets", "A");
  repository.set_keys("A", {Signer::ed25519(), Signer::p256()}, 2, "targets");
  repository.release({"A", "targets"});
  BOOST_TEST(search(*this, "missing") == "A");
  repository.signers["A"].pop_back();
  repository.release({"A"});
  refuses(Fault::kUntrusted,
          "A.json has valid signatures by 1 of the keys that the role is delegated to, a threshold of 2 is wanted",
          [&] { search(*this, "missing"); });
  BOOST_TEST(version("A") == 1);
}

// Whoever reached a role first does not vouch for it on another way.
BOOST_AUTO_TEST_CASE(are_verified_again_on_another_way) {
  repository.delegate("targets", "A", {"a/*"});
  repository.delegate("targets", "B", {"b/*"});
  repository.delegate("A", "C");
  repository.delegate("B", "C");
  repository.delegation("A", "C")["paths"] = {"a/*"};
  repository.delegation("B", "C")["paths"] = {"b/*"};
  const std::vector<Signer> right = repository.signers["C"];
  repository.set_keys("C", {Signer::ed25519()}, 1, "B");
  repository.signers["C"] = right;
  repository.add_target("C", "a/file", "a");
  repository.add_target("C", "b/file", "b");
  repository.release({"A", "B", "C", "targets"});
  Updater updater = this->updater();
  updater.refresh();
  BOOST_TEST(updater.target("a/file").has_value());
  refuses(Fault::kUntrusted, "C.json has valid signatures by 0 of the keys", [&] { updater.target("b/file"); });
}

BOOST_AUTO_TEST_CASE(obey_expiry_versions_and_the_snapshot) {
  repository.delegate("targets", "A");
  repository.metadata["A"]["expires"] = to_rfc3339(now);
  repository.release({"A", "targets"});
  refuses(Fault::kUntrusted, "A.json of version 1 expired", [&] { search(*this, "missing"); });
  repository.metadata["A"]["expires"] = to_rfc3339(now + std::chrono::days(7));
  repository.release({"A"});
  BOOST_TEST(search(*this, "missing") == "2.A");
  now += std::chrono::days(8);
  refuses(Fault::kUntrusted, "A.json of version 2 expired", [&] { search(*this, "missing"); });
  repository.delegate("targets", "B");
  repository.metadata["A"]["expires"] = to_rfc3339(now + std::chrono::days(7));
  repository.release({"A", "targets"});
  refuses(Fault::kUntrusted, "snapshot.json does not list `B.json`", [&] { search(*this, "missing"); });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(targets_files, Deployment)

std::string fetch(Deployment& deployment, const std::string& name, std::size_t limit = kLimit) {
  Updater updater = deployment.updater();
  updater.refresh();
  const auto target = updater.target(name);
  if (!target) return "not there";
  return updater.fetch(*target, kTargetsUrl, deployment.targets, limit);
}

BOOST_AUTO_TEST_CASE(are_downloaded_verified_and_kept) {
  for (const bool consistent : {true, false}) {
    repository.metadata["root"]["consistent_snapshot"] = consistent;
    const std::string content = consistent ? "consistent" : "plain";
    repository.add_target("targets", "dir/file.txt", content);
    repository.put_root();
    repository.release();
    BOOST_TEST(fetch(*this, "dir/file.txt") == content);
    BOOST_TEST(repository.requests.back() ==
               kTargetsUrl + "dir/" + (consistent ? crypto::sha256(content).hex() + "." : "") + "file.txt");
    BOOST_TEST(read_file(targets / "dir%2Ffile.txt", kLimit) == content);
  }
  BOOST_TEST(fetch(*this, "missing") == "not there");
}

BOOST_AUTO_TEST_CASE(are_not_downloaded_again) {
  repository.add_target("targets", "file", "content");
  repository.release();
  fetch(*this, "file");
  const std::size_t before = repository.requests.size();
  BOOST_TEST(fetch(*this, "file") == "content");
  BOOST_TEST(repository.requests.size() == before + 2);  // root and timestamp
  write_file(targets / "file", "CONTENT");
  BOOST_TEST(fetch(*this, "file") == "content");
  BOOST_TEST(repository.requests.back().ends_with(".file"));
  BOOST_TEST(read_file(targets / "file", kLimit) == "content");
}

BOOST_AUTO_TEST_CASE(that_were_replaced_are_refused) {
  repository.add_target("targets", "file", "content");
  repository.release();
  const std::string url = kTargetsUrl + crypto::sha256("content").hex() + ".file";
  repository.files[url] = "CONTENT";
  refuses_saying(Fault::kUntrusted, {"the target `file` has the sha256 hash ", crypto::sha256("content").hex()},
                 [&] { fetch(*this, "file"); });
  repository.files[url] = "short";
  refuses(Fault::kUntrusted, "the target `file` has 5 bytes, 7 are wanted", [&] { fetch(*this, "file"); });
  repository.files[url] = "content and more";
  refuses(Fault::kRemote, "an answer of more than 7 bytes", [&] { fetch(*this, "file"); });
  repository.files.erase(url);
  refuses(Fault::kRemote, "answered 403 or 404, the repository lacks its own target", [&] { fetch(*this, "file"); });
  BOOST_TEST(!std::filesystem::exists(targets / "file"));
}

BOOST_AUTO_TEST_CASE(obey_the_callers_limit) {
  repository.add_target("targets", "file", "content");
  repository.release();
  refuses(Fault::kUntrusted, "the target `file` has 7 bytes, at most 6 are read", [&] { fetch(*this, "file", 6); });
  BOOST_TEST(fetch(*this, "file", 7) == "content");
}

BOOST_AUTO_TEST_CASE(need_a_hash_that_is_known) {
  Json& target = repository.metadata["targets"]["targets"]["file"];
  repository.files[kTargetsUrl + crypto::hash("sha512", "content").hex() + ".file"] = "content";
  target = {{"length", 7}, {"hashes", {{"sha512", crypto::hash("sha512", "content").hex()}, {"md5", "?"}}}};
  repository.release();
  BOOST_TEST(fetch(*this, "file") == "content");
  target["hashes"].erase("sha512");
  repository.release();
  refuses(Fault::kUntrusted, "the target `file` is described by no hash of an algorithm that is read",
          [&] { fetch(*this, "file"); });
}

BOOST_AUTO_TEST_CASE(with_odd_names_stay_in_the_folder) {
  for (const std::string name : {"../../up", "/absolute", "..", ".", "a?b#c d"}) {
    repository.add_target("targets", name, "content of " + name);
    repository.release();
    BOOST_TEST(fetch(*this, name) == "content of " + name);
  }
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(targets), {}) == 5);
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(temporary.path()), {}) == 2);
}

BOOST_AUTO_TEST_CASE(are_not_searched_before_a_refresh) {
  refuses(Fault::kInternal, "the target `file` is asked for before any metadata was loaded",
          [&] { updater().target("file"); });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
