#include <boost/test/unit_test.hpp>

#include "core/git/repository.h"
#include "testing/git_fixture.h"
#include "testing/refusal.h"

namespace waybill::git {
BOOST_AUTO_TEST_SUITE(git_open)

using testing::GitFixture;
using testing::refuses;

void refused(const std::filesystem::path& path, std::string_view why) {
  refuses(Fault::kInput, why, [&] { Repository::open(path); });
}

BOOST_AUTO_TEST_CASE(a_bare_repository_and_a_work_tree_open_alike) {
  GitFixture fixture;
  const Oid tip = fixture.commit("main", {{"f", "1"}}, "one");
  const TemporaryFolder elsewhere;
  const auto clone = elsewhere.path() / "clone";
  fixture.git({"clone", "--quiet", "--no-local", fixture.path().string(), clone.string()});
  BOOST_CHECK(Repository::open(fixture.path()).find_commit("refs/heads/main") == tip);
  BOOST_CHECK(Repository::open(clone).find_commit("refs/heads/main") == tip);
  BOOST_CHECK(Repository::open(clone / ".git").find_commit("HEAD") == tip);
  BOOST_CHECK(Repository::open(clone).path() == clone / ".git");
}

BOOST_AUTO_TEST_CASE(a_new_repository_is_empty_and_bare) {
  const TemporaryFolder folder;
  const Repository made = Repository::create(folder.path() / "a/b.git");
  BOOST_TEST(made.branches().empty());
  BOOST_TEST(made.tags().empty());
  BOOST_CHECK(made.find_commit("HEAD") == std::nullopt);
  BOOST_CHECK(Repository::open(folder.path() / "a/b.git").path() == folder.path() / "a/b.git");
  refuses(Fault::kInput, "already is a git repository", [&] { Repository::create(folder.path() / "a/b.git"); });
}

BOOST_AUTO_TEST_CASE(what_is_no_repository_is_said_so) {
  const TemporaryFolder folder;
  refused(folder.path(), "is not a git repository");
  refused(folder.path() / "absent", "is not a git repository");
  GitFixture fixture;
  std::filesystem::create_directories(fixture.path() / "inside");
  refused(fixture.path() / "inside", "is not a git repository");
}

BOOST_AUTO_TEST_CASE(a_shallow_clone_is_refused_with_the_line_to_add) {
  GitFixture fixture;
  fixture.commit("main", {{"f", "1"}}, "one");
  fixture.commit("main", {{"f", "2"}}, "two");
  const TemporaryFolder elsewhere;
  const auto clone = elsewhere.path() / "clone";
  fixture.git({"clone", "--quiet", "--depth=1", "file://" + fixture.path().string(), clone.string()});
  refused(clone, "holds only a part of its history");
  refused(clone, "add `fetch-depth: 0` to actions/checkout");
  refused(clone, "git fetch --unshallow --tags");
}

BOOST_AUTO_TEST_CASE(replaced_objects_are_refused) {
  GitFixture fixture;
  const Oid one = fixture.commit("main", {{"f", "1"}}, "one");
  const Oid two = fixture.commit("other", {{"f", "2"}}, "two");
  fixture.git({"replace", one.hex(), two.hex()});
  refused(fixture.path(), "has the replace ref `refs/replace/" + one.hex() + "`");
  refused(fixture.path(), "git replace -d " + one.hex());
  fixture.git({"pack-refs", "--all"});
  refused(fixture.path(), "has the replace ref");
  fixture.git({"replace", "-d", one.hex()});
  BOOST_CHECK(Repository::open(fixture.path()).find_commit("refs/heads/main") == one);
}

BOOST_AUTO_TEST_CASE(grafts_and_foreign_objects_are_refused) {
  for (const auto& [name, why] :
       std::map<std::string, std::string>{{"info/grafts", "claims other parents"},
                                          {"objects/info/alternates", "objects from elsewhere"},
                                          {"objects/info/http-alternates", "from elsewhere"},
                                          {"commondir", "one work tree of another"}}) {
    GitFixture fixture;
    std::filesystem::create_directories((fixture.path() / name).parent_path());
    write_file(fixture.path() / name, "");
    refused(fixture.path(), why);
    std::filesystem::remove(fixture.path() / name);
    std::filesystem::create_symlink("/nowhere", fixture.path() / name);
    refused(fixture.path(), why);
  }
}

BOOST_AUTO_TEST_CASE(a_link_to_a_repository_elsewhere_is_refused) {
  GitFixture fixture;
  fixture.commit("main", {{"f", "1"}}, "one");
  const TemporaryFolder elsewhere;
  fixture.git({"worktree", "add", "--quiet", (elsewhere.path() / "linked").string(), "main"});
  refused(elsewhere.path() / "linked", "is a link to a repository elsewhere");
  refused(fixture.path() / "worktrees/linked", "is not a git repository");
  std::filesystem::create_directories(elsewhere.path() / "symbolic");
  std::filesystem::create_directory_symlink(fixture.path(), elsewhere.path() / "symbolic/.git");
  refused(elsewhere.path() / "symbolic", "is a link to a repository elsewhere");
}

BOOST_AUTO_TEST_CASE(a_repository_of_unknown_format_is_refused) {
  GitFixture fixture;
  fixture.git({"config", "core.repositoryFormatVersion", "1"});
  fixture.git({"config", "extensions.partialClone", "origin"});
  refused(fixture.path(), "cannot be opened: unsupported extension");
  fixture.git({"config", "--unset", "extensions.partialClone"});
  fixture.git({"config", "extensions.worktreeConfig", "true"});
  BOOST_CHECK_NO_THROW(Repository::open(fixture.path()));
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill::git
