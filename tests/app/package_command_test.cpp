#include "core/app/package_command.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "testing/captured_output.h"
#include "testing/git_fixture.h"
#include "testing/refusal.h"

// `waybill package` from the outside.
namespace waybill {
namespace {

std::string chart_yaml(const std::string& name, const std::string& version) {
  return "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n";
}

struct Packaged {
  testing::GitFixture fixture;
  TemporaryFolder folder;

  Packaged() {
    testing::Files files;
    for (const char* name : {"api", "job", "web"})
      files.emplace(std::string("charts/") + name + "/Chart.yaml", chart_yaml(name, "1.0.0"));
    fixture.commit("main", files, "start");
  }

  std::string package(std::vector<std::string> arguments = {}, const std::string& commit = "main") const {
    arguments.insert(arguments.end(), {"--workspace", fixture.path().string(), "--commit", commit, "--output",
                                       (folder.path() / "new").string()});
    const testing::CapturedOutput output;
    BOOST_TEST(app::package_command(arguments) == 0);
    return output.text();
  }

  std::string file(const std::string& name) const { return read_file(folder.path() / "new" / name, 1024 * 1024); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(app_package_command)

BOOST_FIXTURE_TEST_CASE(every_chart_is_packaged_and_told_by_path, Packaged) {
  const std::string told = package();
  std::size_t at = 0;
  for (const char* name : {"api", "job", "web"}) {
    const std::string line = std::string(name) + "-1.0.0.tgz\n" +
                             crypto::sha256(file(std::string(name) + "-1.0.0.tgz")).text() + "\ncontent ";
    const std::size_t found = told.find(line, at);
    BOOST_TEST(found != std::string::npos, line << " is not in " << told);
    at = found;
  }
  BOOST_TEST(package({"charts/web"}) == told.substr(told.find("web-")));
}

BOOST_FIXTURE_TEST_CASE(one_that_cannot_be_packaged_leaves_the_others, Packaged) {
  fixture.change("main", {{"charts/bad/Chart.yaml", "name: bad\n"}, {"charts/also/Chart.yaml", "x"}}, "bad");
  testing::refuses_saying(Fault::kInput, {"charts/also/Chart.yaml", "charts/bad/Chart.yaml"}, [&] { package(); });
  BOOST_TEST(!file("web-1.0.0.tgz").empty());
}

BOOST_FIXTURE_TEST_CASE(two_charts_of_one_name_and_version_are_named, Packaged) {
  fixture.change("main", {{"charts/zwei/Chart.yaml", chart_yaml("web", "1.0.0")}}, "twice");
  testing::refuses_saying(Fault::kInput, {"`charts/web` and `charts/zwei` are both web 1.0.0"}, [&] { package(); });
}

BOOST_FIXTURE_TEST_CASE(what_is_not_there_is_named, Packaged) {
  testing::refuses_saying(Fault::kInput, {"has no chart at `charts/none`"}, [&] { package({"charts/none"}); });
  testing::refuses_saying(Fault::kInput, {"is no commit"}, [&] { package({}, "none"); });
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
