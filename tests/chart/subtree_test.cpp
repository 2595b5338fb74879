#include <boost/test/unit_test.hpp>

#include "chart/charts.h"
#include "core/base/error.h"
#include "core/chart/chart.h"
#include "core/crypto/hash.h"
#include "testing/git_fixture.h"

namespace waybill {
namespace {

using testing::Files;
using testing::GitFixture;
using testing::says;

const std::string kYaml = "apiVersion: v2\nname: x\nversion: 1.0.0\n";

// The chart at charts/x of a commit with these files below it.
chart::Subtree read(const Files& files, const chart::SubtreeLimits& limits = {}) {
  GitFixture fixture;
  Files below;
  for (const auto& [path, file] : files) below.emplace("charts/x/" + path, file);
  const Oid commit = fixture.commit("main", below, "one");
  const git::Repository repository = git::Repository::open(fixture.path());
  return chart::read_subtree(repository, *repository.subtree(commit, "charts/x"), "charts/x", limits);
}

void refused(const Files& files, std::string_view why, const chart::SubtreeLimits& limits = {}) {
  BOOST_CHECK_EXCEPTION(read(files, limits), Error,
                        [&](const Error& error) { return error.fault() == Fault::kInput && says(error, why); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_subtree)

BOOST_AUTO_TEST_CASE(a_subtree_is_every_file_with_its_mode) {
  const chart::Subtree subtree = read({{"Chart.yaml", kYaml},
                                       {".gitattributes", "* text\n"},
                                       {"ci/run.sh", testing::executable("#!/bin/sh\r\n")},
                                       {"templates/é.yaml", "#"}});
  BOOST_TEST(subtree.size() == 4);
  BOOST_TEST(subtree.at("ci/run.sh").content == "#!/bin/sh\r\n");
  BOOST_TEST((subtree.at("ci/run.sh").mode == git::Mode::kExecutable));
}

BOOST_AUTO_TEST_CASE(its_digest_is_the_one_the_rules_describe) {
  const chart::Subtree subtree = read({{"b", testing::executable("two")}, {"a/c", "one"}});
  const std::string entries = "100644 a/c" + std::string(1, '\0') + crypto::sha256("one").hex() + "\n" + "100755 b" +
                              std::string(1, '\0') + crypto::sha256("two").hex() + "\n";
  BOOST_TEST(chart::subtree_digest(subtree).text() == crypto::sha256(entries).text());
}

BOOST_AUTO_TEST_CASE(its_tree_is_the_one_git_writes) {
  GitFixture fixture;
  const Oid commit = fixture.commit(
      "main", {{"c/a-b", "1"}, {"c/a/x", "2"}, {"c/a.txt", "3"}, {"c/a/b/c", testing::executable("4")}, {"d", ""}},
      "one");
  const git::Repository repository = git::Repository::open(fixture.path());
  const Oid tree = *repository.subtree(commit, "c");
  BOOST_TEST(chart::tree_id(chart::read_subtree(repository, tree, "c")).hex() == tree.hex());
  BOOST_TEST(chart::tree_id({}).hex() == "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
}

BOOST_AUTO_TEST_CASE(links_are_refused_all_with_their_paths) {
  refused({{"Chart.yaml", kYaml},
           {"a", testing::link_to("/etc/hostname")},
           {"templates/b", testing::link_to("../values.yaml")}},
          "`charts/x/a`, `charts/x/templates/b` are links");
  refused({{"Chart.yaml", kYaml}, {"sub", testing::submodule(Oid::parse(std::string(40, '1')))}},
          "`charts/x/sub` is a submodule");
}

BOOST_AUTO_TEST_CASE(names_that_mean_two_things_are_refused) {
  refused({{"README.md", "1"}, {"readme.MD", "2"}}, "differ only in upper and lower case");
  refused({{"Docs/a", "1"}, {"docs/b", "2"}}, "`charts/x/Docs` and `charts/x/docs` differ only");
  refused({{"É", "1"}, {"é", "2"}}, "differ only in upper and lower case");
  refused({{"a\\b", "1"}}, "has a backslash");
  refused({{"a\tb", "1"}}, "has a control character");
  refused({{"a\xFF", "1"}}, "is not UTF-8");
  refused({{"a\xE2\x80\xAE", "1"}}, "has a control character");
}

BOOST_AUTO_TEST_CASE(the_folder_of_a_chart_has_a_name_that_means_one_thing) {
  const auto refused_at = [](const std::string& path, const std::string& said) {
    GitFixture fixture;
    const Oid commit = fixture.commit("main", {{path + "/Chart.yaml", kYaml}}, "one");
    const git::Repository repository = git::Repository::open(fixture.path());
    BOOST_CHECK_EXCEPTION(
        chart::read_subtree(repository, *repository.subtree(commit, path), path), Error,
        [&](const Error& error) { return std::string(error.what()).find(said) != std::string::npos; });
  };
  refused_at("charts/x\n::error::y", "the name of `charts/x?::error::y` has a control character");
  refused_at("charts/caf\xE9", "is not UTF-8");
}

BOOST_AUTO_TEST_CASE(limits_name_what_is_over_them) {
  refused({{"Chart.yaml", kYaml}, {"big", std::string(101, 'x')}}, "`charts/x/big`", {.file_bytes = 100});
  refused({{"a", "12345"}, {"b", "12345"}}, "`charts/x` has more than 9 bytes", {.total_bytes = 9});
  BOOST_CHECK_THROW(read({{"a", "1"}, {"b", "2"}}, {.files = 1}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
