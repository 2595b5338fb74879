#include "core/lineage/git_shelf.h"

#include <boost/test/unit_test.hpp>
#include <deque>
#include <thread>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "git/smart_server.h"
#include "testing/git_fixture.h"
#include "testing/refusal.h"

// Bundles in a repository itself: nothing is lost, whoever writes at the same time, and nothing that is there harms.
namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage_git_shelf)

using lineage::GitShelf;

namespace {

const Digest kSubject = crypto::sha256("a chart");
const Digest kOther = crypto::sha256("another chart");
const Time kNow = parse_rfc3339("2026-11-22T12:00:00Z");

struct Shelved {
  testing::GitFixture fixture;
  git::SmartServer server{fixture.path().parent_path()};
  std::string reference = "refs/attestations/sha256/" + kSubject.hex();

  Shelved() { fixture.git({"config", "http.receivepack", "true"}); }

  GitShelf shelf() const { return {server.url("/repository.git"), ""}; }
  std::vector<std::string> bundles(const Digest& subject = kSubject) const { return shelf().look({subject})[subject]; }
  int commits() const { return std::stoi(fixture.git({"rev-list", "--count", reference})); }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_is_kept_is_found_by_each_subject, Shelved) {
  BOOST_TEST(bundles().empty());
  shelf().keep("{\"one\":1}", {kSubject, kOther}, kNow);
  shelf().keep("{\"two\":2}", {kSubject}, kNow);
  const auto found = shelf().look({kSubject, kOther, crypto::sha256("none")});
  BOOST_TEST(found.at(kSubject).size() == 2U);
  BOOST_TEST(found.at(kOther) == std::vector<std::string>{"{\"one\":1}"});
  BOOST_TEST(!found.contains(crypto::sha256("none")));
  BOOST_TEST(fixture.git({"ls-tree", "--name-only", reference + "~1"}) ==
             crypto::sha256("{\"one\":1}").hex() + ".json");
}

BOOST_FIXTURE_TEST_CASE(keeping_once_more_changes_nothing, Shelved) {
  for (int i = 0; i < 3; ++i) shelf().keep("{}", {kSubject}, kNow);
  BOOST_TEST(commits() == 1);
  GitShelf same = shelf();
  same.keep("{\"a\":1}", {kSubject}, kNow);
  same.keep("{}", {kSubject, kOther}, kNow);
  BOOST_TEST(commits() == 2);
  BOOST_TEST(bundles(kOther).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(writers_at_the_same_time_lose_nothing, Shelved) {
  constexpr int kWriters = 6;
  constexpr int kEach = 5;
  std::deque<git::SmartServer> servers;  // one each: they meet at git, not at the socket
  std::vector<std::thread> writers;
  std::vector<std::string> gave_up(kWriters);
  for (int writer = 0; writer < kWriters; ++writer) {
    const std::string url = servers.emplace_back(fixture.path().parent_path()).url("/repository.git");
    writers.emplace_back([&gave_up, writer, url] {
      try {
        GitShelf own(url, "");
        for (int i = 0; i < kEach; ++i)
          own.keep(fmt::format("{{\"of\":{},\"number\":{}}}", writer, i), {kSubject}, kNow);
      } catch (const Error& error) {
        gave_up[static_cast<std::size_t>(writer)] = error.what();
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  BOOST_TEST(gave_up == std::vector<std::string>(kWriters), boost::test_tools::per_element());
  BOOST_TEST(bundles().size() == std::size_t{kWriters * kEach});
  BOOST_TEST(commits() == kWriters * kEach);
}

BOOST_FIXTURE_TEST_CASE(junk_of_others_is_handed_on_and_harms_nothing, Shelved) {
  fixture.set(
      reference,
      fixture.commit("junk", {{"folder/file", "x"}, {"junk", "no bundle"}, {"large", std::string(17 << 20, ' ')}},
                     "junk"));
  fixture.set("refs/attestations/sha256/" + kOther.hex(),
              Oid::parse(fixture.git({"hash-object", "-w", "--stdin"}, "a blob, no commit")));
  const auto found = shelf().look({kSubject, kOther});
  BOOST_TEST(found.at(kSubject) == (std::vector<std::string>{"", "no bundle", ""}));
  BOOST_TEST(found.at(kOther) == std::vector<std::string>{""});
  shelf().keep("{}", {kSubject}, kNow);
  BOOST_TEST(fixture.git({"show", reference + ":folder/file"}) == "x");
}

BOOST_FIXTURE_TEST_CASE(a_line_that_may_not_be_written_is_named, Shelved) {
  fixture.git({"config", "receive.hideRefs", "refs/attestations"});
  testing::refuses_saying(Fault::kConflict, {reference, "deny updating a hidden ref"},
                          [&] { shelf().keep("{}", {kSubject}, kNow); });
}

BOOST_FIXTURE_TEST_CASE(a_repository_that_is_not_there_is_an_error, Shelved) {
  GitShelf nowhere((fixture.path().parent_path() / "none.git").string(), "");
  testing::refuses(Fault::kRemote, "fetching from", [&] { static_cast<void>(nowhere.look({kSubject})); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
