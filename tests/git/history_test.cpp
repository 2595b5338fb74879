#include <boost/test/unit_test.hpp>
#include <set>

#include "core/base/process.h"
#include "core/git/repository.h"
#include "testing/first_parents.h"
#include "testing/git_fixture.h"
#include "testing/refusal.h"

namespace waybill::git {
BOOST_AUTO_TEST_SUITE(git_history)

using testing::first_parents;
using testing::GitFixture;
using testing::refuses;

std::vector<std::string> messages(const std::vector<Commit>& commits) {
  std::vector<std::string> texts;
  for (const Commit& commit : commits) texts.push_back(commit.message);
  return texts;
}

using Texts = std::vector<std::string>;

//  A - B - M - C   main        X   alone
//   \     /
//    D - E         side
struct Branched : GitFixture {
  Oid a = commit("main", {{"f", "a"}}, "A");
  Oid b = commit("main", {{"f", "b"}}, "B");
  Oid d = commit("side", {{"g", "d"}}, "D", {a});
  Oid e = commit("side", {{"g", "e"}}, "E");
  Oid m = merge("main", e, {{"f", "b"}, {"g", "e"}}, "M");
  Oid c = commit("main", {{"f", "c"}}, "C");
  Oid x = commit("alone", {{"f", "x"}}, "X");
  Repository repository = Repository::open(path());
};

BOOST_AUTO_TEST_CASE(a_commit_is_told_whole) {
  GitFixture fixture;
  const Oid one = fixture.commit("main", {{"f", "1"}}, "subject \xc3\xbc\n\nbody\n\nTrailer: x\n");
  const Oid two = fixture.commit("main", {{"f", "2"}}, "");
  const Repository repository = Repository::open(fixture.path());
  const Commit commit = repository.commit(one);
  BOOST_CHECK(commit.id == one);
  BOOST_TEST(commit.tree.hex() == fixture.git({"rev-parse", one.hex() + "^{tree}"}));
  BOOST_TEST(commit.message == "subject \xc3\xbc\n\nbody\n\nTrailer: x\n");
  BOOST_TEST(commit.author.name == "Ada Example");
  BOOST_TEST(commit.committer.email == "ada@example.org");
  BOOST_TEST(std::to_string(commit.committer.time.time_since_epoch().count()) ==
             fixture.git({"show", "--no-patch", "--format=%ct", one.hex()}));
  BOOST_TEST(commit.parents.empty());
  BOOST_CHECK(repository.commit(two).parents == std::vector<Oid>{one});
  BOOST_TEST(repository.commit(two).message.empty());
}

BOOST_FIXTURE_TEST_CASE(ancestors_are_known_through_merges, Branched) {
  BOOST_TEST(repository.is_ancestor(a, c));
  BOOST_TEST(repository.is_ancestor(d, c));
  BOOST_TEST(repository.is_ancestor(e, m));
  BOOST_TEST(repository.is_ancestor(c, c));
  BOOST_TEST(!repository.is_ancestor(c, a));
  BOOST_TEST(!repository.is_ancestor(b, e));
  BOOST_TEST(!repository.is_ancestor(x, c));
  BOOST_TEST(!repository.is_ancestor(c, x));
}

BOOST_FIXTURE_TEST_CASE(a_merge_base_is_the_one_git_names, Branched) {
  BOOST_CHECK(repository.merge_base(b, e) == a);
  BOOST_CHECK(repository.merge_base(c, e) == e);
  BOOST_CHECK(repository.merge_base(m, m) == m);
  BOOST_CHECK(repository.merge_base(c, x) == std::nullopt);
  const Oid other = commit("other", {{"f", "o"}}, "O", {b, d});
  BOOST_TEST(repository.merge_base(other, m)->hex() == git({"merge-base", other.hex(), m.hex()}));
  const Oid octopus = commit("octopus", {{"f", "8"}}, "8", {b, e, x});
  BOOST_CHECK(repository.merge_base(octopus, x) == x);
  BOOST_CHECK(repository.merge_base(octopus, d) == d);
}

BOOST_FIXTURE_TEST_CASE(a_criss_cross_has_one_of_its_bases, Branched) {
  const Oid left = commit("left", {{"f", "l"}}, "L", {b, e});
  const Oid right = commit("right", {{"f", "r"}}, "R", {e, b});
  const std::string bases = git({"merge-base", "--all", left.hex(), right.hex()});
  BOOST_TEST(bases.find(repository.merge_base(left, right)->hex()) != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(history_is_what_the_hidden_do_not_reach, Branched) {
  BOOST_TEST(messages(repository.history(c, {m})) == Texts({"C"}), boost::test_tools::per_element());
  BOOST_TEST(messages(repository.history(m, {b})) == Texts({"M", "E", "D"}), boost::test_tools::per_element());
  BOOST_TEST(messages(repository.history(m, {b, e})) == Texts({"M"}), boost::test_tools::per_element());
  BOOST_TEST(repository.history(a, {c}).empty());
  BOOST_TEST(messages(repository.history(b, {x})) == Texts({"B", "A"}), boost::test_tools::per_element());
  BOOST_TEST(repository.history(c, {}).size() == 6U);
}

BOOST_FIXTURE_TEST_CASE(children_come_before_their_parents, Branched) {
  std::set<std::string> seen;
  for (const Commit& commit : repository.history(c, {})) {
    for (const Oid& parent : commit.parents) BOOST_TEST(!seen.contains(parent.hex()), commit.message);
    seen.insert(commit.id.hex());
  }
}

BOOST_FIXTURE_TEST_CASE(first_parents_leave_the_side_branch_out, Branched) {
  BOOST_TEST(messages(first_parents(repository, c)) == Texts({"C", "M", "B", "A"}), boost::test_tools::per_element());
  BOOST_TEST(messages(first_parents(repository, c, b)) == Texts({"C", "M", "B"}), boost::test_tools::per_element());
  BOOST_TEST(first_parents(repository, c, c).size() == 1U);
  BOOST_TEST(first_parents(repository, c, d).size() == 4U);
}

BOOST_FIXTURE_TEST_CASE(a_walk_reads_no_further_than_it_goes_and_nothing_twice, Branched) {
  const Repository opened = Repository::open(path());
  const auto lose = [this](const Oid& id) {
    std::filesystem::remove(path() / "objects" / id.hex().substr(0, 2) / id.hex().substr(2));
  };
  lose(a);
  BOOST_TEST(messages(first_parents(opened, c, b)) == Texts({"C", "M", "B"}), boost::test_tools::per_element());
  for (const Oid& id : {c, m, b}) lose(id);
  BOOST_TEST(messages(first_parents(opened, c, b)) == Texts({"C", "M", "B"}), boost::test_tools::per_element());
  refuses(Fault::kInput, a.hex(), [&] { (void)first_parents(opened, c); });
}

BOOST_FIXTURE_TEST_CASE(more_commits_than_the_limit_are_refused, Branched) {
  BOOST_TEST(repository.history(c, {}, 6).size() == 6U);
  refuses(Fault::kInput, "more than 5 commits lead to `" + c.hex(), [&] { (void)repository.history(c, {}, 5); });
  BOOST_TEST(first_parents(repository, c, b, 3).size() == 3U);
  refuses(Fault::kInput, "more than 2 commits lead to", [&] { (void)first_parents(repository, c, b, 2); });
  BOOST_TEST(first_parents(repository, c, std::nullopt, 4).size() == 4U);
  refuses(Fault::kInput, "more than 3 commits lead to", [&] { (void)first_parents(repository, c, std::nullopt, 3); });
}

BOOST_FIXTURE_TEST_CASE(a_missing_ancestor_is_an_error_everywhere, Branched) {
  std::filesystem::remove(path() / "objects" / a.hex().substr(0, 2) / a.hex().substr(2));
  const Repository broken = Repository::open(path());
  refuses(Fault::kInput, a.hex(), [&] { (void)first_parents(broken, c); });
  refuses(Fault::kInput, a.hex(), [&] { (void)broken.history(c, {}); });
  refuses(Fault::kInput, a.hex(), [&] { (void)broken.is_ancestor(x, c); });
  refuses(Fault::kInput, a.hex(), [&] { (void)broken.merge_base(c, x); });
  refuses(Fault::kInput, a.hex(), [&] { (void)broken.is_ancestor(a, c); });
  refuses(Fault::kInput, a.hex(), [&] { (void)broken.history(c, {a}); });
}

BOOST_FIXTURE_TEST_CASE(what_is_no_commit_is_refused, Branched) {
  const Oid tree = repository.commit(a).tree;
  refuses(Fault::kInput, "is a tree, a commit is wanted", [&] { (void)repository.is_ancestor(tree, c); });
  refuses(Fault::kInput, "is a tree, a commit is wanted", [&] { (void)repository.history(tree, {}); });
  refuses(Fault::kInput, "is a tree, a commit is wanted", [&] { (void)repository.history(c, {tree}); });
  refuses(Fault::kInput, "is a tree, a commit is wanted", [&] { (void)first_parents(repository, tree); });
}

// The commit-graph file of a repository says the parents once more. One that lies, with a right checksum.
constexpr const char* kLie = R"(
import hashlib, sys
path = sys.argv[1]
data = bytearray(open(path, 'rb').read())
count = data[6]
table = [(bytes(data[8 + 12 * i:12 + 12 * i]), int.from_bytes(data[12 + 12 * i:20 + 12 * i], 'big')) for i in range(count + 1)]
start, end = next((at, table[i + 1][1]) for i, (name, at) in enumerate(table[:-1]) if name == b'CDAT')
for at in range(start, end, 36):
    data[at + 20:at + 28] = b'\x70\0\0\0' * 2
data[-20:] = hashlib.sha1(data[:-20]).digest()
open(path, 'wb').write(data)
)";

BOOST_FIXTURE_TEST_CASE(a_lying_commit_graph_is_not_believed, Branched) {
  git({"commit-graph", "write", "--reachable"});
  const auto graph = path() / "objects/info/commit-graph";
  std::filesystem::permissions(graph, std::filesystem::perms::owner_all);
  const Exit lie = run({{"python3", "-c", kLie, graph.string()}, {{"PATH", "/usr/local/bin:/usr/bin:/bin"}}, "/", ""});
  BOOST_REQUIRE_MESSAGE(lie.code == 0, lie.errors);
  BOOST_TEST(git({"rev-list", "--count", "main"}) == "1");
  const Repository opened = Repository::open(path());
  BOOST_TEST(opened.is_ancestor(a, c));
  BOOST_CHECK(opened.merge_base(b, e) == a);
  BOOST_TEST(opened.history(c, {}).size() == 6U);
  BOOST_TEST(first_parents(opened, c).size() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill::git
