#include "core/chart/chart_lock.h"

#include <boost/test/unit_test.hpp>

#include "chart/charts.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/chart/package.h"

namespace waybill {
namespace {

using chart::Subtree;
using testing::says;
using testing::subtree;

// A chart with one vendored dependency, locked.
Subtree locked(const std::string& digest, const std::string& locked_version = "1.2.3") {
  Subtree files = subtree(
      {{"Chart.yaml",
        "apiVersion: v2\nname: x\nversion: 1.0.0\ndependencies:\n  - name: sub\n    version: 1.x\n    "
        "repository: https://example.com\n"},
       {"Chart.lock", "dependencies:\n- name: sub\n  repository: https://example.com\n  version: " + locked_version +
                          "\ndigest: " + digest + "\n"}});
  for (const auto& [path, file] : testing::small_chart("sub", "1.2.3")) files["charts/sub/" + path] = file;
  return files;
}

std::string own_digest(const Subtree& files) {
  return chart::lock_digest(files.at("Chart.yaml").content, files.at("Chart.lock").content, "charts/x");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_lock)

// Chart.yaml, Chart.lock and digest of argo-helm's argo-cd 9 (Apache-2.0).
BOOST_AUTO_TEST_CASE(a_real_lock_has_the_digest_that_helm_gave_it) {
  BOOST_TEST(chart::lock_digest("apiVersion: v2\nname: argo-cd\nversion: 9.0.0\ndependencies:\n  - name: redis-ha\n"
                                "    version: 4.38.0\n    repository: https://dandydeveloper.github.io/charts/\n"
                                "    condition: redis-ha.enabled\n",
                                "dependencies:\n- name: redis-ha\n  repository: "
                                "https://dandydeveloper.github.io/charts/\n  version: 4.38.0\n",
                                "x") == "sha256:0d8b0161248c5ab2c77d62fc77d5ca28393f73f7b7a8abd5474b78bc969cab39");
}

BOOST_AUTO_TEST_CASE(the_digest_is_the_one_that_helm_writes) {
  const TemporaryFolder folder;
  testing::write_files(testing::small_chart("one", "1.2.3"), folder.path() / "one");
  testing::write_files(testing::small_chart("two", "0.4.0"), folder.path() / "two");
  Subtree files = testing::small_chart("x", "1.0.0");
  files.at("Chart.yaml").content +=
      "dependencies:\n"
      "  - {name: one, version: '>=1.0.0 <2', repository: 'file://../one', condition: one.enabled}\n"
      "  - name: two\n    version: ^0.4\n    repository: file://../two\n    alias: second\n    tags: [a, 'b&c']\n"
      "    import-values:\n      - data\n      - parent: b\n        child: a\n";
  testing::write_files(files, folder.path() / "x");
  testing::printed({testing::helm().string(), "dependency", "update", "x"}, folder.path());
  const std::string lock = read_file(folder.path() / "x/Chart.lock", 4096);
  const std::string digest = chart::lock_digest(files.at("Chart.yaml").content, lock, "x");
  BOOST_TEST(lock.find("digest: " + digest + "\n") != std::string::npos, lock);
}

BOOST_AUTO_TEST_CASE(a_lock_must_be_of_its_chart_and_of_what_is_vendored) {
  const std::string digest = own_digest(locked(""));
  BOOST_CHECK_NO_THROW(chart::require_vendored_dependencies(locked(digest), "charts/x"));

  BOOST_CHECK_EXCEPTION(
      chart::require_vendored_dependencies(locked("sha256:00"), "charts/x"), Error, [&](const Error& e) {
        BOOST_TEST(e.hint() ==
                   "helm dependency update charts/x && git add --force charts/x/charts charts/x/Chart.lock");
        return e.fault() == Fault::kInput && says(e,
                                                  "charts/x/Chart.lock is not of the dependencies in Chart.yaml: its "
                                                  "digest is `sha256:00`, " +
                                                      digest + " is wanted");
      });
  const Subtree other = locked(own_digest(locked("", "1.2.4")), "1.2.4");
  BOOST_CHECK_EXCEPTION(chart::require_vendored_dependencies(other, "charts/x"), Error, [](const Error& e) {
    return says(e, "charts/x/Chart.lock names sub 1.2.4, under charts/ lies 1.2.3");
  });
}

BOOST_AUTO_TEST_CASE(a_lock_of_the_first_api_version_means_nothing) {
  Subtree files = locked("sha256:00");
  files["requirements.yaml"] = {git::Mode::kFile, "dependencies: [{name: sub, version: 1.x}]\n"};
  for (const char* api_version : {"apiVersion: v1\n", ""}) {
    files.at("Chart.yaml").content = std::string(api_version) + "name: x\nversion: 1.0.0\n";
    BOOST_CHECK_NO_THROW(chart::require_vendored_dependencies(files, "charts/x"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
