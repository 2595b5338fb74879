#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "core/git/repository.h"
#include "testing/git_fixture.h"

namespace waybill::git {
BOOST_AUTO_TEST_SUITE(git_changes)

using testing::Files;
using testing::GitFixture;
using Changes = std::map<std::string, Change>;

Changes between(GitFixture& fixture, const Files& before, const Files& after) {
  const Oid one = fixture.commit("main", before, "before");
  const Oid two = fixture.commit("main", after, "after");
  const Repository repository = Repository::open(fixture.path());
  return repository.changes(repository.commit(one).tree, repository.commit(two).tree);
}

BOOST_AUTO_TEST_CASE(each_differing_file_is_told_by_its_full_path) {
  GitFixture fixture;
  const Changes found = between(fixture, {{"same/f", "1"}, {"a/x", "1"}, {"a/gone", "2"}, {"top", "3"}},
                                {{"same/f", "1"}, {"a/x", "new"}, {"a/b/c", "4"}, {"top", "3"}});
  BOOST_CHECK((found == Changes{{"a/x", Change::kModified}, {"a/gone", Change::kDeleted}, {"a/b/c", Change::kAdded}}));
}

BOOST_AUTO_TEST_CASE(a_move_is_one_deleted_and_one_added) {
  GitFixture fixture;
  const Changes found = between(fixture, {{"old/chart/f", "same content"}}, {{"new/chart/f", "same content"}});
  BOOST_CHECK((found == Changes{{"old/chart/f", Change::kDeleted}, {"new/chart/f", Change::kAdded}}));
}

BOOST_AUTO_TEST_CASE(a_mode_alone_is_a_change) {
  GitFixture fixture;
  const Changes found = between(fixture, {{"f", "x"}, {"l", "target"}},
                                {{"f", testing::executable("x")}, {"l", testing::link_to("target")}});
  BOOST_CHECK((found == Changes{{"f", Change::kModified}, {"l", Change::kModified}}));
}

BOOST_AUTO_TEST_CASE(a_file_that_becomes_a_folder_is_both) {
  GitFixture fixture;
  const Changes there = between(fixture, {{"a", "file"}}, {{"a/b/c", "1"}, {"a/d", "2"}});
  BOOST_CHECK((there == Changes{{"a", Change::kDeleted}, {"a/b/c", Change::kAdded}, {"a/d", Change::kAdded}}));
  const Changes back = between(fixture, {{"a/b", "1"}, {"a.b", "2"}}, {{"a", "file"}, {"a.b", "2"}});
  BOOST_CHECK((back == Changes{{"a/b", Change::kDeleted}, {"a", Change::kAdded}}));
}

BOOST_AUTO_TEST_CASE(a_submodule_counts_like_a_file) {
  GitFixture fixture;
  const Oid one = fixture.commit("other", {{"x", "1"}}, "1");
  const Oid two = fixture.commit("other", {{"x", "2"}}, "2");
  const Changes found = between(fixture, {{"s", testing::submodule(one)}, {"t", testing::submodule(one)}},
                                {{"s", testing::submodule(two)}, {"t/f", "now files"}});
  BOOST_CHECK((found == Changes{{"s", Change::kModified}, {"t", Change::kDeleted}, {"t/f", Change::kAdded}}));
}

BOOST_AUTO_TEST_CASE(odd_names_come_as_they_are) {
  GitFixture fixture;
  const Changes found = between(fixture, {}, {{"\xc3\xa9 t\xc3\xa9/\"q\"\n", "1"}, {"-x", "2"}, {"\xff", "3"}});
  BOOST_CHECK(
      (found ==
       Changes{{"\xc3\xa9 t\xc3\xa9/\"q\"\n", Change::kAdded}, {"-x", Change::kAdded}, {"\xff", Change::kAdded}}));
}

BOOST_AUTO_TEST_CASE(from_nothing_everything_is_added_and_to_itself_nothing) {
  GitFixture fixture;
  const Oid tip = fixture.commit("main", {{"a/b", "1"}, {"c", "2"}}, "one");
  const Repository repository = Repository::open(fixture.path());
  const Oid tree = repository.commit(tip).tree;
  BOOST_CHECK((repository.changes(std::nullopt, tree) == Changes{{"a/b", Change::kAdded}, {"c", Change::kAdded}}));
  BOOST_TEST(repository.changes(tree, tree).empty());
}

BOOST_AUTO_TEST_CASE(equal_folders_are_never_opened) {
  GitFixture fixture;
  const Oid one = fixture.commit("main", {{"same/f", "1"}, {"x", "1"}}, "one");
  const Oid two = fixture.commit("main", {{"same/f", "1"}, {"x", "2"}}, "two");
  const std::string same = fixture.git({"rev-parse", "main:same"});
  std::filesystem::remove(fixture.path() / "objects" / same.substr(0, 2) / same.substr(2));
  const Repository repository = Repository::open(fixture.path());
  BOOST_CHECK((repository.changes(repository.commit(one).tree, repository.commit(two).tree) ==
               Changes{{"x", Change::kModified}}));
}

BOOST_AUTO_TEST_CASE(what_git_itself_finds_is_found) {
  GitFixture fixture;
  Files before;
  Files after;
  for (int i = 0; i < 300; ++i) {
    const std::string path = fmt::format("{}/{}/{}", i % 3, i % 11, i);
    if (i % 5 != 0) before.emplace(path, std::to_string(i % 17));
    if (i % 7 != 0) after.emplace(path, std::to_string(i % 9 == 0 ? i : i % 17));
  }
  const Changes found = between(fixture, before, after);
  std::string listed;
  for (const auto& [path, change] : found)
    listed += std::string(change == Change::kAdded ? "A" : change == Change::kDeleted ? "D" : "M") + "\t" + path + "\n";
  BOOST_TEST(listed == fixture.git({"diff-tree", "-r", "--no-renames", "--name-status", "main~1", "main"}) + "\n");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill::git
