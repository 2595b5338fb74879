#include <boost/test/unit_test.hpp>

#include "core/base/process.h"
#include "core/git/repository.h"
#include "git/smart_server.h"
#include "testing/git_fixture.h"
#include "testing/refusal.h"

namespace waybill::git {
BOOST_AUTO_TEST_SUITE(git_push)

using testing::GitFixture;
using testing::refuses;

const std::string kReference = "refs/attestations/sha256/aa";
const Signature kBy{"waybill", "waybill@example.com", parse_rfc3339("2026-11-22T12:00:00Z")};

// A repository to push to, and one that has nothing of it.
struct Remote {
  GitFixture fixture;
  SmartServer server{fixture.path().parent_path(), "secret"};
  TemporaryFolder folder;
  Repository local = Repository::create(folder.path() / "local.git");

  Remote() { fixture.git({"config", "http.receivepack", "true"}); }

  std::string url() const { return server.url("/repository.git"); }

  Oid commit(const std::string& content, const std::vector<Oid>& parents = {}) {
    const Oid tree = local.write_tree(
        {{"b.json", Mode::kFile, local.write_blob(content)}, {"a.json", Mode::kFile, local.write_blob("{}")}});
    return local.write_commit(tree, parents, kBy, "one more");
  }
};

BOOST_FIXTURE_TEST_CASE(new_objects_are_what_git_makes_of_them, Remote) {
  const Oid first = commit("text");
  local.push(url(), {{kReference, std::nullopt, first}}, "secret");
  BOOST_TEST(fixture.git({"cat-file", "commit", first.hex()}) ==
             "tree " + fixture.git({"rev-parse", first.hex() + "^{tree}"}) +
                 "\nauthor waybill <waybill@example.com> 1795348800 +0000"
                 "\ncommitter waybill <waybill@example.com> 1795348800 +0000\n\none more");
  BOOST_TEST(fixture.git({"ls-tree", "--name-only", first.hex()}) == "a.json\nb.json");
  BOOST_TEST(fixture.git({"show", first.hex() + ":b.json"}) == "text");
  BOOST_TEST(fixture.git({"fsck", "--strict", "--no-dangling"}) == "");
}

BOOST_FIXTURE_TEST_CASE(references_are_made_and_go_forward_over_http, Remote) {
  const Oid first = commit("one");
  const Oid other = commit("another subject's");
  BOOST_TEST(local.push(url(), {{kReference, std::nullopt, first}, {kReference + "b", std::nullopt, other}}, "secret")
                 .empty());
  BOOST_CHECK(fixture.tip(kReference) == first);
  BOOST_CHECK(fixture.tip(kReference + "b") == other);
  const Oid second = commit("two", {first});
  BOOST_TEST(local.push(url(), {{kReference, first, second}}, "secret").empty());
  BOOST_CHECK(fixture.tip(kReference) == second);
  refuses(Fault::kPermission, "contents: write", [&] {
    local.push(url(), {{kReference, second, commit("three", {second})}}, "wrong");
  });
}

BOOST_FIXTURE_TEST_CASE(what_others_set_meanwhile_stays_and_is_told, Remote) {
  const Oid theirs = fixture.commit("main", {{"f", "theirs"}}, "theirs");
  fixture.set(kReference, theirs);
  const Oid ours = commit("ours");
  const Oid more = commit("more");
  const auto refused =
      local.push(url(), {{kReference, std::nullopt, ours}, {"refs/attestations/b", std::nullopt, more}}, "secret");
  BOOST_REQUIRE(refused.size() == 1U);
  BOOST_TEST(refused.at(kReference) == "it was set meanwhile");
  BOOST_CHECK(fixture.tip(kReference) == theirs);
  BOOST_CHECK(fixture.tip("refs/attestations/b") == more);
  BOOST_TEST(local.push(url(), {{kReference, ours, commit("two", {ours})}}, "secret").contains(kReference));
  BOOST_TEST(local.push(url(), {{"refs/attestations/none", ours, commit("3", {ours})}}, "secret").size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_servers_own_words_are_told, Remote) {
  fixture.git({"config", "receive.hideRefs", "refs/attestations"});
  const auto refused = local.push(url(), {{kReference, std::nullopt, commit("x")}}, "secret");
  BOOST_REQUIRE(refused.size() == 1U);
  BOOST_TEST(refused.at(kReference) == "deny updating a hidden ref");
  BOOST_TEST(local.branches("refs/").empty());
}

BOOST_FIXTURE_TEST_CASE(names_that_are_none_are_refused_before_anything_is_sent, Remote) {
  const Oid first = commit("x");
  for (const char* name : {"refs/a b", "refs/x:refs/heads/main", "+refs/x", "main"})
    refuses(Fault::kInput, "is no reference name", [&] { local.push(url(), {{name, std::nullopt, first}}, "secret"); });
  refuses(Fault::kInput, "", [&] { local.write_tree({{"../x", Mode::kFile, local.write_blob("x")}}); });
  refuses(Fault::kInput, "only `https://` and `http://` can", [&] {
    local.push(fixture.path(), {{kReference, std::nullopt, first}}, "");
  });
  refuses(Fault::kInput, "without user, password", [&] { local.push("https://user:pass@example.com/x", {}, ""); });
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill::git
