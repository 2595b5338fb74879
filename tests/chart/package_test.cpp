#include "core/chart/package.h"

#include <sys/stat.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "chart/charts.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "testing/data.h"

namespace waybill {
namespace {

using chart::Subtree;
using testing::says;
using testing::subtree;

std::vector<std::string> names(const Subtree& chart) {
  std::vector<std::string> names;
  for (const archive::Member& member : chart::shipped_files(chart, "charts/x")) names.push_back(member.path);
  return names;
}

// What the real `helm package` puts into a package, in its order.
std::vector<std::string> names_by_helm(const Subtree& chart, const std::string& name, const std::string& version) {
  const TemporaryFolder folder;
  testing::write_files(chart, folder.path() / name);
  testing::printed({testing::helm().string(), "package", name, "--destination", "out"}, folder.path());
  const std::string listed = testing::printed(
      {"tar", "--list", "--quoting-style=literal", "--file", "out/" + name + "-" + version + ".tgz"}, folder.path());
  std::vector<std::string> names;
  for (std::size_t at = 0; at < listed.size(); at = listed.find('\n', at) + 1)
    names.push_back(listed.substr(at, listed.find('\n', at) - at));
  return names;
}

const std::string kYaml = "apiVersion: v2\nname: x\nversion: 1.0.0\n";

Subtree sub_chart(const std::string& name, const std::string& version = "1.0.0") {
  return subtree({{"Chart.yaml", "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n"},
                  {"templates/a.yaml", ""},
                  {"values.yaml", "a: 1\n"}});
}

void add(Subtree& to, const std::string& folder, const Subtree& files) {
  for (const auto& [path, file] : files) to[folder + path] = file;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_package)

BOOST_AUTO_TEST_CASE(entries_and_their_order_are_those_of_helm) {
  Subtree chart = subtree({{"Chart.yaml", kYaml},
                           {"Chart.lock", "digest: sha256:00\ngenerated: \"2026-01-01T00:00:00Z\"\ndependencies: []\n"},
                           {"values.yaml", "a: 1\n"},
                           {"values.schema.json", "{}"},
                           {"templates/Z.yaml", "#"},
                           {"templates/_h.tpl", "#"},
                           {"templates/a/b.yaml", "#"},
                           {"templates/a-b.yaml", "#"},
                           {"templates/a.yaml", "#"},
                           {"templates/.hidden", "#"},
                           {".helmignore", "*.bak\n/docs/\n"},
                           {"README.md", "#"},
                           {"docs/x.md", "#"},
                           {"x.bak", "#"},
                           {"crds/c.yaml", "#"},
                           {"ci/values.yaml", "#"},
                           {"files/ä.txt", "#"},
                           {"charts/_skipped/Chart.yaml", "#"},
                           {"charts/.skipped", "#"},
                           {"charts/sub-1.0.0.tgz.prov", "#"}});
  add(chart, "charts/sub/", sub_chart("sub"));
  add(chart, "charts/sub/charts/deeper/", sub_chart("deeper"));
  chart["charts/sub/.helmignore"].content = "*.yaml\n";
  const std::vector<std::string> ours = names(chart);
  BOOST_TEST(ours == names_by_helm(chart, "x", "1.0.0"), boost::test_tools::per_element());
  BOOST_TEST(std::ranges::count(ours, "x/charts/sub/charts/deeper/Chart.yaml") == 1);
}

BOOST_AUTO_TEST_CASE(charts_of_the_first_api_version_keep_requirements_and_lose_the_lock) {
  const Subtree chart = subtree({{"Chart.yaml", "apiVersion: v1\nname: x\nversion: 1.0.0\n"},
                                 {"requirements.yaml", "dependencies: []\n"},
                                 {"Chart.lock", "dependencies: []\n"},
                                 {"templates/a.yaml", "#"}});
  BOOST_TEST(names(chart) == names_by_helm(chart, "x", "1.0.0"), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(sub_charts_come_in_one_order_always) {
  Subtree chart = subtree({{"Chart.yaml", kYaml}});
  for (const char* name : {"c", "a", "b"}) add(chart, std::string("charts/z") + name + "/", sub_chart(name));
  chart["charts/bb-1.0.0.tgz"].content = testing::packed(testing::small_chart("bb", "1.0.0"));
  std::vector<std::string> firsts;
  for (const std::string& name : names(chart))
    if (name.ends_with("Chart.yaml") || name.ends_with(".tgz")) firsts.push_back(name);
  const std::vector<std::string> expected{"x/Chart.yaml", "x/charts/a/Chart.yaml", "x/charts/b/Chart.yaml",
                                          "x/charts/bb-1.0.0.tgz", "x/charts/c/Chart.yaml"};
  BOOST_TEST(firsts == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bytes_ship_as_they_were_reviewed) {
  const std::string yaml = "# a comment\r\n" + kYaml + "engine: gotpl # kept\n";
  for (const archive::Member& member : chart::shipped_files(subtree({{"Chart.yaml", yaml}}), "charts/x"))
    BOOST_TEST(member.content == yaml);
}

BOOST_AUTO_TEST_CASE(a_package_has_one_digest_whoever_builds_it) {
  Subtree chart = testing::small_chart("x", "1.0.0");
  const chart::Package one = chart::package(chart, "charts/x");
  const TemporaryFolder elsewhere;
  const auto before = ::umask(0077);
  chart.at("README.md").mode = git::Mode::kExecutable;
  const chart::Package two = chart::package(chart, (elsewhere.path() / "deep/x").string());
  ::umask(before);
  BOOST_TEST(one.digest.text() == two.digest.text());
  BOOST_TEST(one.digest.text() == crypto::sha256(one.bytes).text());
  BOOST_TEST(one.content.text() == chart::content_digest(chart, "charts/x").text());
  BOOST_TEST(one.file_name == "x-1.0.0.tgz");
  BOOST_TEST(chart::subtree_digest(chart).text() != chart::subtree_digest(testing::small_chart("x", "1.0.0")).text());
}

BOOST_AUTO_TEST_CASE(a_package_is_read_back) {
  const Subtree chart = testing::small_chart("x", "1.0.0");
  const chart::Package made = chart::package(chart, "charts/x");
  const chart::Package read = chart::read_package(made.bytes);
  BOOST_TEST(read.name == "x");
  BOOST_TEST(read.version == "1.0.0");
  BOOST_TEST(read.digest.text() == made.digest.text());
  BOOST_TEST(read.content.text() == made.content.text());
  BOOST_TEST((chart::package_files(made.bytes) == chart));

  const std::string two = archive::gzip(archive::tar({{"x/Chart.yaml", kYaml}, {"y/Chart.yaml", kYaml}}));
  BOOST_CHECK_EXCEPTION(chart::read_package(two), Error,
                        [](const Error& e) { return says(e, "`y/Chart.yaml` is not in the package's one folder x"); });
  const std::string other = archive::gzip(archive::tar({{"y/Chart.yaml", kYaml}}));
  BOOST_CHECK_EXCEPTION(chart::read_package(other), Error,
                        [](const Error& e) { return says(e, "folder is y, its Chart.yaml says x"); });
}

BOOST_AUTO_TEST_CASE(what_helm_cannot_package_is_refused_with_the_path) {
  const auto refused = [](const Subtree& chart, std::string_view why) {
    BOOST_CHECK_EXCEPTION(chart::shipped_files(chart, "charts/x"), Error,
                          [&](const Error& e) { return e.fault() == Fault::kInput && says(e, why); });
  };
  refused(subtree({{"Chart.yaml", kYaml}, {".helmignore", "*.yaml\n"}}),
          "charts/x/Chart.yaml is missing from what ships");
  refused(subtree({{"Chart.yaml", kYaml}, {"charts/README.md", "#"}}), "`charts/x/charts/README.md` is no sub-chart");
  refused(subtree({{"Chart.yaml", kYaml}, {"charts/sub/values.yaml", "#"}}),
          "charts/x/charts/sub/Chart.yaml is missing");
  refused(subtree({{"Chart.yaml", kYaml}, {"webhook/Chart.yaml", kYaml}}),
          "`charts/x/webhook/Chart.yaml` makes a chart inside");
  refused(subtree({{"Chart.yaml", kYaml}, {"requirements.yaml", "dependencies: []"}}), "apiVersion v2");
  refused(subtree({{"Chart.yaml", "name: x\nversion: 1.0.0\n"}, {"requirements.yaml", "version: 9.0.0"}}), "version");
  refused(subtree({{"Chart.yaml", kYaml}, {"charts/a.tgz", "no archive"}}), "charts/x/charts/a.tgz");
  Subtree twice = subtree({{"Chart.yaml", kYaml}});
  add(twice, "charts/one/", sub_chart("sub"));
  add(twice, "charts/two/", sub_chart("sub"));
  refused(twice, "holds sub 1.0.0 twice");
}

BOOST_AUTO_TEST_CASE(dependencies_must_be_inside) {
  Subtree chart =
      subtree({{"Chart.yaml", kYaml + "dependencies:\n  - name: redis-ha\n    version: 4.33.7\n    repository: "
                                      "https://example.com\n  - name: common\n    version: 1.x\n"}});
  add(chart, "charts/common/", sub_chart("common"));
  BOOST_CHECK_EXCEPTION(chart::require_vendored_dependencies(chart, "charts/x"), Error, [](const Error& e) {
    BOOST_TEST(e.hint() == "helm dependency update charts/x && git add --force charts/x/charts");
    return says(e, "charts/x/Chart.yaml: `redis-ha` 4.33.7 of https://example.com is not under charts/");
  });
  chart["charts/redis-ha-4.33.7.tgz"].content = testing::packed(testing::small_chart("redis-ha", "4.33.7"));
  chart::require_vendored_dependencies(chart, "charts/x");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
