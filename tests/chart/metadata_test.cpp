#include <boost/test/unit_test.hpp>

#include "chart/charts.h"
#include "core/base/error.h"
#include "core/chart/chart.h"
#include "core/chart/package.h"

namespace waybill {
namespace {

using testing::says;

chart::Metadata read(const std::string& text) {
  return chart::read_metadata(text, "charts/x/Chart.yaml");
}

std::string refusal(const std::string& text) {
  try {
    read(text);
  } catch (const Error& error) {
    BOOST_TEST((error.fault() == Fault::kInput));
    return error.what();
  }
  return "accepted";
}

bool refused(const std::string& text, std::string_view why) {
  const std::string said = refusal(text);
  if (said.find(why) != std::string::npos) return true;
  BOOST_TEST_MESSAGE("said: " << said << "\nwanted: " << why);
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_metadata)

BOOST_AUTO_TEST_CASE(a_chart_yaml_is_read_as_helm_reads_it) {
  const chart::Metadata metadata = read(
      "apiVersion: v2\nname: nginx\nversion: \"1.2.3\"\nappVersion: 1.10\ntype: application\ndescription: >-\n  one\n  "
      "two\n"
      "home: https://example.com\nsources: [https://a, https://b]\nmaintainers:\n  - name: Ann\n    email: "
      "a@example.com\n"
      "dependencies:\n  - name: redis\n    version: ^18\n    repository: oci://r\n    alias: cache\n"
      "annotations:\n  a/b: \"yes\"\n  c: yes\n  d: |\n    - x\n");
  BOOST_TEST(metadata.name == "nginx");
  BOOST_TEST(metadata.version == "1.2.3");
  BOOST_TEST(metadata.app_version == "1.10");
  BOOST_TEST(metadata.description == "one two");
  BOOST_TEST(metadata.sources.size() == 2);
  BOOST_TEST(metadata.maintainers.at(0).second == "a@example.com");
  BOOST_TEST(metadata.dependencies.at(0).alias == "cache");
  BOOST_TEST(metadata.annotations.at("a/b") == "yes");
  BOOST_TEST(metadata.annotations.at("c") == "true");
  BOOST_TEST(metadata.annotations.at("d") == "- x\n");
}

BOOST_AUTO_TEST_CASE(bad_input_is_refused_with_its_reason) {
  const std::string start = "apiVersion: v2\nname: x\n";
  BOOST_TEST(refused(start, "has no `version`"));
  BOOST_TEST(refused("apiVersion: v2\nversion: 1.0.0\n", "has no `name`"));
  BOOST_TEST(refused(start + "version:\n", "has no `version`"));
  BOOST_TEST(refused(start + "version: 1.46.\n", "line 3: `1.46.` is not a version"));
  BOOST_TEST(refused(start + "version: 0.1\n", "is not a version"));
  BOOST_TEST(refused(start + "version: v1.0.0\n", "is not a version"));
  BOOST_TEST(refused(start + "version: 1.0.0\nversion: 1.0.1\n", "version"));
  BOOST_TEST(refused(start + "<<<<<<< HEAD\nversion: 1.0.0\n=======\nversion: 1.0.1\n>>>>>>> x\n", "line"));
  BOOST_TEST(refused(start + "version: 1.0.0\nVersion: 9.0.0\n", "another spelling of `version`"));
  BOOST_TEST(refused(start + "version: 1.0.0\nver\xC5\xBFion: 9.0.0\n", "another spelling of `version`"));
  BOOST_TEST(refused(start + "version: 1.0.0\ntype: plugin\n", "type is `plugin`"));
  BOOST_TEST(refused("apiVersion: v3\nname: x\nversion: 1.0.0\n", "apiVersion is `v3`"));
  BOOST_TEST(refused("- a\n", "not a mapping"));
  BOOST_TEST(refused("\xEF\xBB\xBF" + start + "version: 1.0.0\n", "byte order mark"));
  BOOST_TEST(refused(start + "version: 1.0.0\ndescription: [a]\n", "description"));
}

BOOST_AUTO_TEST_CASE(a_bomb_of_aliases_is_refused_at_once) {
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 12; ++i)
    bomb += fmt::format("a{0}: &a{0} [*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1}]\n", i, i - 1);
  BOOST_TEST(refusal("name: x\nversion: 1.0.0\n" + bomb) != "accepted");
}

BOOST_AUTO_TEST_CASE(a_name_is_a_text_to_every_reader) {
  for (const char* name : {"n", "y", "no", "off", "1e3", "0x10", "123", "1_0", "2001-01-01", "0b11", "0o7"})
    BOOST_TEST(refused(std::string("name: ") + name + "\nversion: 1.0.0\n", "not a text to every reader"), name);
  BOOST_TEST(refused("name: null\nversion: 1.0.0\n", "has no `name`"));
  BOOST_TEST(read("name: \"n\"\nversion: 1.0.0\n").name == "n");
  BOOST_TEST(read("name: '123'\nversion: 1.0.0\n").name == "123");
  BOOST_TEST(read("name: nginx-2\nversion: 1.0.0\n").name == "nginx-2");
}

BOOST_AUTO_TEST_CASE(names_that_are_not_names_are_refused) {
  for (const char* name : {"Nginx", "a_b", "-a", "a-", "a/b", "..", "a.b", "ä"})
    BOOST_TEST(refused(std::string("name: \"") + name + "\"\nversion: 1.0.0\n", "is not a chart's name"), name);
  BOOST_TEST(refused("name: " + std::string(64, 'a') + "\nversion: 1.0.0\n", "is not a chart's name"));
  chart::require_name(std::string(63, 'a'), "here");
}

BOOST_AUTO_TEST_CASE(helm_gets_the_same_texts_from_a_chart_yaml) {
  const chart::Subtree files =
      testing::subtree({{"Chart.yaml",
                         "name: x\nversion: 1.0.0\napiVersion: v2\nappVersion: 1.10\nkeywords: [a<b, 1e3]\n"
                         "deprecated: true\nannotations: {z: 0x10, a: on}\ndescription: \"a\\tb\"\n"
                         "dependencies:\n- name: d\n  version: 1_0\n  tags: [t]\n  import-values: "
                         "[data, {parent: p, child: c}]\n"}});
  BOOST_TEST(chart::helm_config(files, "charts/x") ==
             R"({"name":"x","version":"1.0.0","description":"a b","keywords":["a\u003cb","1000"],"apiVersion":"v2",)"
             R"("appVersion":"1.1","deprecated":true,"annotations":{"a":"true","z":"16"},)"
             R"("dependencies":[{"name":"d","version":"10","repository":"","tags":["t"],)"
             R"("import-values":["data",{"child":"c","parent":"p"}]}]})");
}

BOOST_AUTO_TEST_CASE(annotations_of_the_manifest_are_those_of_helm_push) {
  const chart::Metadata metadata = read(
      "name: x\nversion: 1.0.0\ndescription: d\nhome: h\nsources: [up]\nmaintainers: [{name: A, email: a@b}, {name: "
      "B}]\n"
      "annotations: {org.opencontainers.image.title: other, extra: e}\n");
  const std::map<std::string, std::string> expected{{"org.opencontainers.image.title", "x"},
                                                    {"org.opencontainers.image.version", "1.0.0"},
                                                    {"org.opencontainers.image.description", "d"},
                                                    {"org.opencontainers.image.url", "h"},
                                                    {"org.opencontainers.image.source", "https://github.com/o/r"},
                                                    {"org.opencontainers.image.authors", "A (a@b), B"},
                                                    {"org.opencontainers.image.created", "2026-11-21T00:00:00Z"},
                                                    {"extra", "e"}};
  BOOST_TEST((chart::helm_annotations(metadata, "https://github.com/o/r", "2026-11-21T00:00:00Z") == expected));
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
