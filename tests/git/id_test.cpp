#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <random>

#include "core/git/repository.h"
#include "testing/git_fixture.h"
#include "testing/refusal.h"

namespace waybill::git {
BOOST_AUTO_TEST_SUITE(git_id)

using testing::GitFixture;

BOOST_AUTO_TEST_CASE(a_blob_has_the_id_that_git_gives_it) {
  const GitFixture fixture;
  for (const std::string& bytes :
       {std::string(), std::string("hello\n"), std::string("\0\r\n\xff", 4), std::string(100'000, 'x')})
    BOOST_TEST(blob_id(bytes).hex() == fixture.git({"hash-object", "--stdin"}, bytes));
  BOOST_TEST(blob_id("").hex() == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
}

BOOST_AUTO_TEST_CASE(a_tree_has_the_id_that_git_gives_it) {
  const GitFixture fixture;
  const Oid file = blob_id("x");
  const Oid folder = tree_id({});
  BOOST_TEST(folder.hex() == "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
  // Folders sort as if they ended in a slash: "a-", "a.", "a" (folder), "a0".
  const std::vector<Entry> entries{{"a0", Mode::kFile, file},
                                   {"a", Mode::kTree, folder},
                                   {"a.", Mode::kExecutable, file},
                                   {"a-", Mode::kLink, file},
                                   {"\xc3\xbc", Mode::kFile, file},
                                   {"B", Mode::kSubmodule, file},
                                   {"a b\n\"c", Mode::kFile, file},
                                   {"-", Mode::kFile, file},
                                   {"a/"[0] + std::string("z"), Mode::kTree, folder}};
  std::string input;
  for (const Entry& entry : entries) {
    const char* type = entry.mode == Mode::kTree ? "tree" : entry.mode == Mode::kSubmodule ? "commit" : "blob";
    input +=
        fmt::format("{:06o} {} {}\t{}", static_cast<unsigned>(entry.mode), type, entry.id.hex(), entry.path) + '\0';
  }
  BOOST_TEST(tree_id(entries).hex() == fixture.git({"mktree", "-z", "--missing"}, input));
}

BOOST_AUTO_TEST_CASE(the_order_given_does_not_matter) {
  std::vector<Entry> entries;
  for (int i = 0; i < 50; ++i)
    entries.push_back({fmt::format("n{}", i), i % 3 == 0 ? Mode::kTree : Mode::kFile, blob_id(std::to_string(i))});
  const Oid id = tree_id(entries);
  std::mt19937 random(7);
  for (int round = 0; round < 5; ++round) {
    std::ranges::shuffle(entries, random);
    BOOST_CHECK(tree_id(entries) == id);
  }
}

BOOST_AUTO_TEST_CASE(the_children_of_a_tree_make_its_id_again) {
  GitFixture fixture;
  const Oid tip = fixture.commit("main", {{"a/b", "1"}, {"a.b", "2"}, {"x", testing::executable("3")}}, "one");
  const Repository repository = Repository::open(fixture.path());
  const Oid tree = repository.commit(tip).tree;
  BOOST_CHECK(tree_id(repository.children(tree)) == tree);
}

BOOST_AUTO_TEST_CASE(a_tree_with_entries_laid_over_it_is_the_one_that_git_makes) {
  GitFixture fixture;
  const testing::Files before{{"a/b/c", "1"}, {"a/d", "2"}, {"e", "3"}, {"f/g", "4"}, {"h/i", "5"}};
  const testing::Files after{
      {"a/b/c", testing::executable("1")}, {"a/d", "new"}, {"e/under", "6"}, {"h", "7"}, {"j/k/l", "8"}};
  const Oid first = fixture.commit("main", before, "one");
  const Oid second = fixture.commit("main", after, "two");
  const Repository repository = Repository::open(fixture.path());
  const auto tree_of = [&](const Oid& commit) { return repository.commit(commit).tree; };
  for (const auto& [from, to] : {std::pair{first, second}, std::pair{second, first}}) {
    std::map<std::string, std::optional<Entry>> laid;
    for (const auto& [path, change] : repository.changes(tree_of(from), tree_of(to))) laid[path];
    for (const Entry& entry : repository.files(tree_of(to)))
      if (laid.contains(entry.path)) laid[entry.path] = entry;
    BOOST_TEST(overlaid_tree(repository, tree_of(from), laid).hex() == tree_of(to).hex());
  }
  std::map<std::string, std::optional<Entry>> all;
  for (const Entry& entry : repository.files(tree_of(first))) all[entry.path] = entry;
  BOOST_TEST(overlaid_tree(repository, std::nullopt, all).hex() == tree_of(first).hex());
  for (auto& [path, entry] : all) entry.reset();
  BOOST_TEST(overlaid_tree(repository, tree_of(first), all).hex() == tree_id({}).hex());
}

BOOST_AUTO_TEST_CASE(names_that_no_tree_may_hold_are_refused) {
  const Oid file = blob_id("x");
  for (const std::string& name : {std::string(), std::string("."), std::string(".."), std::string(".Git"),
                                  std::string("a/b"), std::string("a\0b", 3)})
    testing::refuses(Fault::kInput, "is not a name that a git tree may hold", [&] {
      tree_id({{name, Mode::kFile, file}});
    });
  testing::refuses(Fault::kInput, "names `a` twice", [&] {
    tree_id({{"a", Mode::kFile, file}, {"a.", Mode::kFile, file}, {"a", Mode::kTree, file}});
  });
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill::git
