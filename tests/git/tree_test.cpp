#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <random>

#include "core/git/repository.h"
#include "testing/git_fixture.h"
#include "testing/refusal.h"

namespace waybill::git {
BOOST_AUTO_TEST_SUITE(git_tree)

using testing::Files;
using testing::GitFixture;
using testing::refuses;

const std::string kEmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

std::string raw_id(const Oid& id) {
  std::string bytes;
  for (std::size_t i = 0; i < 40; i += 2) bytes += static_cast<char>(std::stoi(id.hex().substr(i, 2), nullptr, 16));
  return bytes;
}

// A tree object as nobody's git would write it.
Oid literal_tree(const GitFixture& fixture, const std::string& bytes) {
  return Oid::parse(fixture.git({"hash-object", "-t", "tree", "-w", "--literally", "--stdin"}, bytes));
}

std::string entry(const std::string& mode, const std::string& name, const Oid& id) {
  return mode + " " + name + '\0' + raw_id(id);
}

BOOST_AUTO_TEST_CASE(files_come_sorted_with_mode_and_id) {
  GitFixture fixture;
  const Oid other = fixture.commit("other", {{"x", "x"}}, "other");
  const Oid tip = fixture.commit("main",
                                 {{"a/b", "1"},
                                  {"a.txt", "2"},
                                  {"a-z", testing::executable("#!")},
                                  {"b/link", testing::link_to("../a.txt")},
                                  {"b/sub", testing::submodule(other)},
                                  {"\xc3\xbc/\xe2\x82\xac \"odd\" \t\n\\name", "3"},
                                  {"\xff\xfe", "not UTF-8"}},
                                 "all kinds");
  const Repository repository = Repository::open(fixture.path());
  const auto files = repository.files(repository.commit(tip).tree);
  std::string listed;
  for (const Entry& file : files) {
    const char* type = file.mode == Mode::kSubmodule ? "commit" : "blob";
    listed += fmt::format("{:06o} {} {}\t{}", static_cast<unsigned>(file.mode), type, file.id.hex(), file.path) + '\0';
  }
  const std::string wanted = fixture.git({"ls-tree", "-r", "-z", "main"});
  BOOST_TEST(listed == wanted);
  BOOST_TEST(std::ranges::is_sorted(files, {}, &Entry::path));
  BOOST_TEST(files.size() == 7U);
}

BOOST_AUTO_TEST_CASE(a_subtree_is_found_by_its_path) {
  GitFixture fixture;
  const Oid tip = fixture.commit("main", {{"charts/app/Chart.yaml", "name: app\n"}, {"README", "r"}}, "one");
  const Repository repository = Repository::open(fixture.path());
  BOOST_CHECK(repository.subtree(tip, "") == repository.commit(tip).tree);
  BOOST_TEST(repository.subtree(tip, "charts/app")->hex() == fixture.git({"rev-parse", "main:charts/app"}));
  for (const char* path : {"chart", "charts/none", "README", "README/x", "charts/app/Chart.yaml"})
    BOOST_CHECK(repository.subtree(tip, path) == std::nullopt);
  for (const char* path : {"/charts", "charts/", "charts//app", "charts/../charts", ".", "./charts", ".GIT"})
    refuses(Fault::kInput, "is not a name that a git tree may hold", [&] { repository.subtree(tip, path); });
}

BOOST_AUTO_TEST_CASE(a_file_is_read_by_its_path) {
  GitFixture fixture;
  const std::string content("\0\r\nbinary\xff", 10);
  const Oid tip = fixture.commit(
      "main", {{"a/f", content}, {"top", testing::executable("t")}, {"link", testing::link_to("top")}}, "one");
  const Repository repository = Repository::open(fixture.path());
  BOOST_TEST(*repository.file(tip, "a/f", 10) == content);
  BOOST_TEST(*repository.file(tip, "top", 10) == "t");
  for (const char* path : {"link", "a", "none", "a/none", "none/f", "top/f"})
    BOOST_CHECK(repository.file(tip, path, 10) == std::nullopt);
  refuses(Fault::kInput, "has 10 bytes, at most 9 are read", [&] { (void)repository.file(tip, "a/f", 9); });
  for (const char* path : {"", "/a", "/top", "a/", "a//f", "a/../top"})
    refuses(Fault::kInput, "is not a name", [&] { (void)repository.file(tip, path, 10); });
}

BOOST_AUTO_TEST_CASE(a_blob_over_the_limit_is_refused_unread) {
  GitFixture fixture;
  const Oid tip = fixture.commit("main", {{"big", std::string(3'000'000, 'x')}}, "big");
  const Repository repository = Repository::open(fixture.path());
  const Oid id = repository.files(repository.commit(tip).tree).front().id;
  BOOST_TEST(repository.blob(id, 3'000'000).size() == 3'000'000U);
  refuses(Fault::kInput, "the blob `" + id.hex() + "` has 3000000 bytes, at most 2999999 are read",
          [&] { (void)repository.blob(id, 2'999'999); });
  refuses(Fault::kInput, "is a commit, a blob is wanted", [&] { (void)repository.blob(tip, 100); });
  refuses(Fault::kInput, "is a blob, a tree is wanted", [&] { (void)repository.children(id); });
  refuses(Fault::kInput, "is a blob, a commit is wanted", [&] { (void)repository.commit(id); });
}

BOOST_AUTO_TEST_CASE(names_that_trick_are_refused) {
  GitFixture fixture;
  const Oid file = Oid::parse(fixture.git({"hash-object", "-w", "--stdin"}, "x"));
  const Repository repository = Repository::open(fixture.path());
  for (const std::string name : {"..", ".", "", ".git", ".GIT", ".gIt", "a/b"})
    refuses(Fault::kInput, "`" + name + "` of `the tree",
            [&] { (void)repository.children(literal_tree(fixture, entry("100644", name, file))); });
  for (const std::string name : {".gitmodules", ".github", "..a", "git", "a\\b"})
    BOOST_TEST(repository.children(literal_tree(fixture, entry("100644", name, file))).front().path == name);
}

BOOST_AUTO_TEST_CASE(trees_that_read_in_two_ways_are_refused) {
  GitFixture fixture;
  const Oid file = Oid::parse(fixture.git({"hash-object", "-w", "--stdin"}, "x"));
  const Oid folder = literal_tree(fixture, entry("100644", "f", file));
  const Repository repository = Repository::open(fixture.path());
  const auto refused = [&](const std::string& bytes, std::string_view why) {
    const Oid tree = literal_tree(fixture, bytes);
    refuses(Fault::kInput, why, [&] { (void)repository.children(tree); });
    refuses(Fault::kInput, why, [&] { (void)repository.files(tree); });
    refuses(Fault::kInput, why, [&] { (void)repository.changes(std::nullopt, tree); });
  };
  refused(entry("100644", "a", file) + entry("100755", "a", file), "names `a` twice");
  refused(entry("100644", "a", file) + entry("100644", "a.b", file) + entry("40000", "a", folder), "names `a` twice");
  refused(entry("100644", "b", file) + entry("100644", "a", file), "holds `a` out of order");
  refused(entry("40000", "a", folder) + entry("100644", "a.b", file), "holds `a.b` out of order");
  refused("100644 a", "is cut short");
  refused(entry("100644", "a", file).substr(0, 20), "is cut short");
  refused(entry("10644", "a", file), "holds the mode `10644`");
  refused(entry("060000", "a", file), "holds the mode `060000`");
  refused(entry("100944", "a", file), "holds the mode `100944`");
}

BOOST_AUTO_TEST_CASE(modes_of_old_repositories_mean_what_git_says) {
  GitFixture fixture;
  const Oid file = Oid::parse(fixture.git({"hash-object", "-w", "--stdin"}, "x"));
  const Repository repository = Repository::open(fixture.path());
  const auto mode = [&](const std::string& digits) {
    return repository.children(literal_tree(fixture, entry(digits, "a", file))).front().mode;
  };
  BOOST_CHECK(mode("100664") == Mode::kFile);
  BOOST_CHECK(mode("100775") == Mode::kExecutable);
  BOOST_CHECK(mode("040000") == Mode::kTree);
}

BOOST_AUTO_TEST_CASE(sixty_four_levels_are_read_and_not_one_more) {
  GitFixture fixture;
  std::string path = "f";
  for (int i = 0; i < 63; ++i) path.insert(0, "d/");
  const Oid deep = fixture.commit("deep", {{path, "x"}}, "64 names");
  const Oid deeper = fixture.commit("deeper", {{"d/" + path, "x"}}, "65 names");
  const Repository repository = Repository::open(fixture.path());
  BOOST_TEST(repository.files(repository.commit(deep).tree).front().path == path);
  BOOST_TEST(*repository.file(deep, path, 1) == "x");
  BOOST_TEST(repository.changes(std::nullopt, repository.commit(deep).tree).size() == 1U);
  const Oid tree = repository.commit(deeper).tree;
  refuses(Fault::kInput, "lies deeper than 64 levels", [&] { (void)repository.files(tree); });
  refuses(Fault::kInput, "lies deeper than 64 levels", [&] { (void)repository.changes(std::nullopt, tree); });
  refuses(Fault::kInput, "lies deeper than 64 levels", [&] { (void)repository.subtree(deeper, "d/" + path); });
}

BOOST_AUTO_TEST_CASE(a_tree_that_unfolds_without_end_is_stopped) {
  GitFixture fixture;
  for (const bool with_files : {true, false}) {
    const Oid file = Oid::parse(fixture.git({"hash-object", "-w", "--stdin"}, "x"));
    Oid tree = literal_tree(fixture, with_files ? entry("100644", "f", file) : "");
    for (int level = 0; level < 12; ++level) {
      std::string bytes;
      for (char name = 'a'; name <= 'j'; ++name) bytes += entry("40000", std::string(1, name), tree);
      tree = literal_tree(fixture, bytes);
    }
    const Repository repository = Repository::open(fixture.path());
    refuses(Fault::kInput, "more than 1000 entries below the tree", [&] { (void)repository.files(tree, 1000); });
  }
}

BOOST_AUTO_TEST_CASE(the_limit_is_how_many_files_may_be_there) {
  GitFixture fixture;
  const Oid tip = fixture.commit("main", {{"a", "1"}, {"b", "2"}, {"c", "3"}}, "three");
  const Repository repository = Repository::open(fixture.path());
  const Oid tree = repository.commit(tip).tree;
  BOOST_TEST(repository.files(tree, 3).size() == 3U);
  refuses(Fault::kInput, "more than 2 entries below the tree, the last one read is `c`",
          [&] { (void)repository.files(tree, 2); });
}

BOOST_AUTO_TEST_CASE(a_missing_object_is_named) {
  GitFixture fixture;
  const Oid tip = fixture.commit("main", {{"a/f", "1"}, {"g", "2"}}, "one");
  const Repository repository = Repository::open(fixture.path());
  const std::string folder = fixture.git({"rev-parse", "main:a"});
  const std::string file = fixture.git({"rev-parse", "main:g"});
  for (const std::string& id : {folder, file})
    std::filesystem::remove(fixture.path() / "objects" / id.substr(0, 2) / id.substr(2));
  refuses(Fault::kInput, "object `" + folder + "` is missing from `" + fixture.path().string(),
          [&] { (void)repository.files(repository.commit(tip).tree); });
  refuses(Fault::kInput, "`fetch-depth: 0`", [&] { (void)repository.file(tip, "g", 10); });
  refuses(Fault::kInput, "is missing from", [&] { (void)repository.commit(Oid::parse(std::string(40, 'e'))); });
}

BOOST_AUTO_TEST_CASE(an_object_that_has_not_its_id_is_refused) {
  GitFixture fixture;
  const Oid tip = fixture.commit("main", {{"f", "1"}, {"g", "2"}, {"h", "3"}}, "one");
  const auto loose = [&](const std::string& name) {
    const std::string id = fixture.git({"rev-parse", "main:" + name});
    return fixture.path() / "objects" / id.substr(0, 2) / id.substr(2);
  };
  const auto target = loose("f");
  std::filesystem::remove(target);
  std::filesystem::copy_file(loose("g"), target);
  std::filesystem::remove(loose("h"));
  write_file(loose("h"), "no zlib at all");
  const Repository repository = Repository::open(fixture.path());
  refuses(Fault::kInput, "is damaged: ", [&] { (void)repository.file(tip, "f", 10); });
  refuses(Fault::kInput, "git fsck", [&] { (void)repository.file(tip, "f", 10); });
  refuses(Fault::kInput, "is damaged: ", [&] { (void)repository.file(tip, "h", 10); });
  BOOST_TEST(*repository.file(tip, "g", 10) == "2");
}

BOOST_AUTO_TEST_CASE(packed_objects_read_like_loose_ones) {
  GitFixture fixture;
  Files files;
  for (int i = 0; i < 200; ++i)
    files.emplace(fmt::format("d{}/f{}", i % 7, i), std::string(500, 'x') + std::to_string(i));
  const Oid tip = fixture.commit("main", files, "many");
  const auto before = Repository::open(fixture.path()).files(Repository::open(fixture.path()).commit(tip).tree);
  fixture.git({"gc", "--quiet", "--aggressive", "--prune=now"});
  const Repository repository = Repository::open(fixture.path());
  BOOST_CHECK(repository.files(repository.commit(tip).tree) == before);
  BOOST_TEST(*repository.file(tip, "d3/f10", 600) == std::string(500, 'x') + "10");
  const Oid empty = Oid::parse(kEmptyTree);
  BOOST_TEST(repository.files(empty).empty());
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill::git
