#include <boost/test/unit_test.hpp>

#include "core/base/process.h"
#include "core/git/repository.h"
#include "testing/git_fixture.h"
#include "testing/refusal.h"

namespace waybill::git {
BOOST_AUTO_TEST_SUITE(git_references)

using testing::GitFixture;
using testing::refuses;

BOOST_AUTO_TEST_CASE(a_commit_is_found_by_branch_tag_head_and_id) {
  GitFixture fixture;
  const Oid one = fixture.commit("main", {{"f", "1"}}, "one");
  const Oid two = fixture.commit("feature/x", {{"f", "2"}}, "two", {one});
  fixture.tag("light", one);
  const Oid annotated = fixture.tag("app-v1.0.0", two, "the message");
  const Repository repository = Repository::open(fixture.path());
  const auto finds = [&](const std::string& name, const Oid& id) {
    BOOST_CHECK_MESSAGE(repository.find_commit(name) == id, name);
  };
  finds("refs/heads/main", one);
  finds("refs/heads/feature/x", two);
  finds("refs/tags/light", one);
  finds("refs/tags/app-v1.0.0", two);
  finds("HEAD", one);
  finds(one.hex(), one);
  finds(annotated.hex(), two);
}

BOOST_AUTO_TEST_CASE(what_people_type_is_a_tag_before_a_branch_and_goes_back_along_first_parents) {
  GitFixture fixture;
  const Oid one = fixture.commit("main", {{"f", "1"}}, "one");
  const Oid aside = fixture.commit("feature/x", {{"f", "2"}}, "two", {one});
  const Oid merge = fixture.merge("main", aside, {{"f", "2"}}, "three");
  fixture.tag("feature/x", one);
  fixture.set("refs/remotes/origin/other", aside);
  const Repository repository = Repository::open(fixture.path());
  const auto finds = [&](const std::string& name, const std::optional<Oid>& id) {
    BOOST_CHECK_MESSAGE(repository.resolve(name) == id, name);
  };
  finds("HEAD", merge);
  finds("main", merge);
  finds("feature/x", one);
  finds("refs/heads/feature/x", aside);
  finds("origin/other", aside);
  finds("main~", one);
  finds("HEAD~1", one);
  finds("main~0", merge);
  finds("origin/other~0~1", one);
  finds(merge.hex() + "~1", one);
  for (const std::string& none :
       {std::string("main~2"), std::string("main~-1"), std::string("main~x"), std::string("~1"), std::string("none~1"),
        std::string("main^"), "main" + std::string(100'000, '~')})
    finds(none, std::nullopt);
}

BOOST_AUTO_TEST_CASE(what_is_absent_is_nothing_and_what_is_no_name_is_refused) {
  GitFixture fixture;
  const Oid tip = fixture.commit("main", {{"f", "1"}}, "one");
  const Repository repository = Repository::open(fixture.path());
  for (const std::string& name : {std::string("refs/heads/none"), std::string("refs/tags/main"), std::string(40, 'e')})
    BOOST_CHECK(repository.find_commit(name) == std::nullopt);
  for (const std::string& name : {std::string("main"), tip.hex().substr(0, 8), std::string("refs/heads/a..b"),
                                  std::string("main~1"), std::string("refs/heads/main^{tree}"), std::string(),
                                  std::string("FETCH_HEAD"), std::string("refs/heads/../../config")})
    refuses(Fault::kInput, "is neither a full reference name like", [&] { (void)repository.find_commit(name); });
}

BOOST_AUTO_TEST_CASE(what_names_no_commit_is_said_so) {
  GitFixture fixture;
  fixture.commit("main", {{"f", "1"}}, "one");
  const Oid tree = Oid::parse(fixture.git({"rev-parse", "main^{tree}"}));
  fixture.tag("tree", tree, "a tree");
  const Repository repository = Repository::open(fixture.path());
  refuses(Fault::kInput, "names no commit but", [&] { (void)repository.find_commit("refs/tags/tree"); });
  refuses(Fault::kInput, "names no commit but", [&] { (void)repository.find_commit(tree.hex()); });
}

BOOST_AUTO_TEST_CASE(tags_come_by_name_light_annotated_and_of_tags) {
  GitFixture fixture;
  const Oid one = fixture.commit("main", {{"f", "1"}}, "one");
  fixture.tag("light", one);
  const Oid annotated = fixture.tag("annotated", one, "first line\n\nWaybill: v1\n");
  const Oid nested = fixture.tag("nested/tag", annotated, "a tag of a tag");
  const Oid thrice = fixture.tag("thrice", nested, "and once more");
  fixture.tag("of-a-tree", Oid::parse(fixture.git({"rev-parse", "main^{tree}"})), "a tree");
  for (const bool packed : {false, true}) {
    if (packed) fixture.git({"pack-refs", "--all"});
    const std::vector<Tag> tags = Repository::open(fixture.path()).tags();
    BOOST_REQUIRE(tags.size() == 4U);
    BOOST_TEST(tags[0].name == "annotated");
    BOOST_CHECK(tags[0].object == annotated && tags[0].target == one);
    BOOST_TEST(*tags[0].message == "first line\n\nWaybill: v1\n");
    BOOST_TEST(tags[1].name == "light");
    BOOST_CHECK(tags[1].object == one && tags[1].target == one && !tags[1].message);
    BOOST_TEST(tags[2].name == "nested/tag");
    BOOST_CHECK(tags[2].object == nested && tags[2].target == one);
    BOOST_TEST(*tags[2].message == "a tag of a tag");
    BOOST_CHECK(tags[3].object == thrice && tags[3].target == one);
  }
}

BOOST_AUTO_TEST_CASE(tags_of_tags_have_an_end) {
  GitFixture fixture;
  Oid target = fixture.commit("main", {{"f", "1"}}, "one");
  for (int i = 0; i < 17; ++i) target = fixture.tag("t", target, "again");
  const Repository repository = Repository::open(fixture.path());
  refuses(Fault::kInput, "a tag of tags without end", [&] { (void)repository.find_commit("refs/tags/t"); });
  refuses(Fault::kInput, "a tag of tags without end", [&] { (void)repository.tags(); });
}

BOOST_AUTO_TEST_CASE(a_tag_whose_commit_is_gone_is_an_error) {
  GitFixture fixture;
  const Oid one = fixture.commit("main", {{"f", "1"}}, "one");
  fixture.tag("t", one, "message");
  std::filesystem::remove(fixture.path() / "objects" / one.hex().substr(0, 2) / one.hex().substr(2));
  const Repository repository = Repository::open(fixture.path());
  refuses(Fault::kInput, "object `" + one.hex() + "` is missing", [&] { (void)repository.tags(); });
  refuses(Fault::kInput, "object `" + one.hex() + "` is missing", [&] { (void)repository.find_commit("HEAD"); });
}

BOOST_AUTO_TEST_CASE(branches_come_by_full_name_under_a_prefix) {
  GitFixture fixture;
  const Oid one = fixture.commit("main", {{"f", "1"}}, "one");
  const Oid two = fixture.commit("integrate/app-12345678", {{"f", "2"}}, "two");
  fixture.set("refs/pull/7/head", two);
  fixture.git({"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  const Repository repository = Repository::open(fixture.path());
  using Branches = std::map<std::string, Oid>;
  BOOST_CHECK(
      (repository.branches() == Branches{{"refs/heads/main", one}, {"refs/heads/integrate/app-12345678", two}}));
  BOOST_CHECK((repository.branches("refs/heads/integrate/") == Branches{{"refs/heads/integrate/app-12345678", two}}));
  BOOST_CHECK((repository.branches("refs/pull/") == Branches{{"refs/pull/7/head", two}}));
  BOOST_TEST(repository.branches("refs/none/").empty());
}

BOOST_AUTO_TEST_CASE(a_reference_name_is_what_git_accepts) {
  for (const std::string name :
       {"refs/heads/main", "refs/heads/a/b",    "refs/heads/\xc3\xbc", "refs/heads/-x",    "refs/tags/v1.0.0+b",
        "refs/heads/@",    "refs/heads/a@b",    "refs/heads/a{b}",     "refs/x",           "refs/heads/",
        "refs/heads//a",   "refs/heads/a/",     "refs/heads/.a",       "refs/heads/a/.b",  "refs/heads/a.",
        "refs/heads/a..b", "refs/heads/a.lock", "refs/heads/a.lock/b", "refs/heads/a b",   "refs/heads/a~b",
        "refs/heads/a^b",  "refs/heads/a:b",    "refs/heads/a?b",      "refs/heads/a*b",   "refs/heads/a[b",
        "refs/heads/a\\b", "refs/heads/a@{b",   "refs/heads/a\tb",     "refs/heads/a\x7f", "refs"}) {
    const Exit git = run({{"git", "check-ref-format", name}, {{"PATH", "/usr/bin:/bin"}}, "/", ""});
    BOOST_TEST(is_reference_name(name) == (git.code == 0), "`" << name << "`, git says " << git.code);
  }
  for (const std::string& name : {std::string("HEAD"), std::string("main"), std::string("heads/main"), std::string(),
                                  std::string("refs/heads/a\0b", 14)})
    BOOST_TEST(!is_reference_name(name), name);
}

BOOST_AUTO_TEST_CASE(a_symbolic_reference_names_its_branch_before_that_exists) {
  GitFixture fixture;
  const Repository repository = Repository::open(fixture.path());
  BOOST_TEST(repository.symbolic_target("HEAD").value_or("") == "refs/heads/main");
  BOOST_CHECK(repository.symbolic_target("refs/remotes/origin/HEAD") == std::nullopt);
  fixture.commit("main", {{"f", "1"}}, "one");
  fixture.git({"symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk"});
  BOOST_TEST(repository.symbolic_target("refs/remotes/origin/HEAD").value_or("") == "refs/remotes/origin/trunk");
  BOOST_CHECK(repository.symbolic_target("refs/heads/main") == std::nullopt);
  refuses(Fault::kInput, "no full reference name", [&] { (void)repository.symbolic_target("main"); });
}

BOOST_AUTO_TEST_CASE(a_remotes_address_is_what_the_repository_says) {
  GitFixture fixture;
  BOOST_CHECK(Repository::open(fixture.path()).remote_url("origin") == std::nullopt);
  fixture.git({"remote", "add", "origin", "git@github.com:octo/charts.git"});
  BOOST_TEST(Repository::open(fixture.path()).remote_url("origin").value_or("") == "git@github.com:octo/charts.git");
  BOOST_CHECK(Repository::open(fixture.path()).remote_url("up stream") == std::nullopt);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill::git
