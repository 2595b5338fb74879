#include <boost/test/unit_test.hpp>

#include "core/base/file.h"
#include "core/chart/chart_yaml.h"
#include "core/chart/helmignore.h"
#include "core/chart/schema.h"
#include "core/chart/version.h"
#include "testing/data.h"
#include "testing/mutation.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(chart)
BOOST_AUTO_TEST_SUITE(damaged)

namespace {

using testing::survives_damage;

const std::string kChart = R"(apiVersion: v2
name: web
version: 1.2.3
appVersion: "2.10"
description: >-
  A site
  on the web
type: application
home: https://example.org
sources: [https://example.org/source]
maintainers:
  - {name: Ada, email: ada@example.org}
dependencies:
  - name: redis
    version: ^18.1.0
    repository: https://charts.example.org
    alias: cache
  - {name: common, version: 0.1.0, repository: "file://../common"}
annotations:
  artifacthub.io/changes: |
    - kind: added
      description: Something
)";

std::string example(const std::string& path) {
  return read_file(testing::source_folder() / "examples/charts/charts" / path, 100'000);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_damaged_chart_yaml_is_refused_or_names_one_chart) {
  survives_damage(
      {kChart, example("web/Chart.yaml"), example("api/Chart.yaml")},
      [](const std::string& text) { return read_metadata(text, "Chart.yaml"); },
      [](const Metadata& read, const std::string& text) {
        require_name(read.name, "Chart.yaml");
        const std::string bumped = yaml::splice_scalar(text, "version", "99.0.0", "Chart.yaml");
        const Metadata again = read_metadata(bumped, "Chart.yaml");
        BOOST_TEST(again.version == "99.0.0");
        BOOST_TEST(again.name == read.name);
        BOOST_TEST((again.annotations == read.annotations));
      });
}

BOOST_AUTO_TEST_CASE(a_damaged_version_is_refused_or_has_one_order) {
  survives_damage({"1.2.3", "0.0.1-rc.1+build.7", "10.20.30-alpha.beta"}, Version::parse,
                  [](const Version& read, const std::string& text) {
                    BOOST_TEST((Version::parse_loose(text) == read));
                    BOOST_TEST(read.text() == text);
                    BOOST_TEST((read < read.next_major() && read.next_patch() <= read.next_minor()));
                  });
}

BOOST_AUTO_TEST_CASE(a_damaged_ignore_file_is_refused_or_ignores_by_rules) {
  survives_damage({example("web/.helmignore"), "*.md\n!README.md\n/docs/\n[a-c]?\\*x\n# note\n"},
                  [](const std::string& text) {
                    const HelmIgnore rules(text, ".helmignore");
                    for (const std::string path :
                         {"README.md", "docs/a/b.txt", "templates/x.yaml", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"})
                      static_cast<void>(rules.ignores(path));
                  });
}

BOOST_AUTO_TEST_CASE(a_damaged_schema_is_refused_or_closed) {
  const std::string schema =
      R"({"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"a": {"$ref": "#/definitions/a"}}, "definitions": {"a": {"type": "string"}}})";
  survives_damage({schema}, [](const std::string& text) {
    require_closed_schemas({{"values.schema.json", {git::Mode::kFile, text}}}, "charts/web");
  });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
