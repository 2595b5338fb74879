#include "core/chart/repository_index.h"

#include <boost/test/unit_test.hpp>

#include "chart/charts.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/yaml/document.h"
#include "testing/refusal.h"

// The index of a classic chart repository: helm's own entries, and nothing else touched.
namespace waybill {

BOOST_AUTO_TEST_SUITE(chart_repository_index)

using chart::IndexEntry;
using chart::RepositoryIndex;

namespace {

const std::string kIndex =
    "apiVersion: v1\n"
    "entries:\n"
    "  nginx:\n"
    "  - apiVersion: v2\n"
    "    description: |\n"
    "      Not an entry:\n"
    "      - version: 9.9.9\n"
    "    digest: " +
    std::string(64, 'a') +
    "\n"
    "    name: nginx\n"
    "    urls:\n"
    "    - https://example.com/nginx-1.0.0.tgz\n"
    "    version: 1.0.0\n"
    "  - apiVersion: v2\n"
    "    digest: " +
    std::string(64, 'b') +
    "\n"
    "    name: nginx\n"
    "    version: 0.9.0\n"
    "  redis:\n"
    "  - digest: " +
    std::string(64, 'c') +
    "\n"
    "    name: redis\n"
    "    version: \"1.10\"\n"
    "generated: \"2026-01-01T00:00:00Z\"\n";

IndexEntry entry(const std::string& name, const std::string& version) {
  return {name, version, crypto::sha256(name + version),
          "- name: " + name + "\n  version: " + version + "\n  digest: " + crypto::sha256(name + version).hex() + "\n"};
}

std::string without_created(const std::string& index) {
  std::string text;
  for (std::size_t at = 0; at < index.size(); at = index.find('\n', at) + 1) {
    const std::string line = index.substr(at, index.find('\n', at) + 1 - at);
    if (line.find("created:") == std::string::npos && !line.starts_with("generated:")) text += line;
  }
  return text;
}

// Equal as values, whatever is quoted.
bool same(const yaml::Node& a, const yaml::Node& b) {
  if (a.kind() != b.kind()) return false;
  if (a.kind() == yaml::Kind::kScalar) return a.text() == b.text();
  if (a.kind() == yaml::Kind::kSequence)
    return std::ranges::equal(a.items(), b.items(), [](const auto& x, const auto& y) { return same(x, y); });
  if (a.kind() == yaml::Kind::kMapping)
    return std::ranges::equal(a.members(), b.members(), [](const auto& x, const auto& y) {
      return x.first == y.first && same(x.second, y.second);
    });
  return true;
}

}  // namespace

BOOST_AUTO_TEST_CASE(versions_are_found_by_name_and_digest_and_texts_that_look_like_them_are_not) {
  const RepositoryIndex index(kIndex);
  BOOST_TEST(index.find("nginx", "1.0.0")->hex() == std::string(64, 'a'));
  BOOST_TEST(index.find("nginx", "0.9.0")->hex() == std::string(64, 'b'));
  BOOST_TEST(index.find("redis", "1.10")->hex() == std::string(64, 'c'));
  for (const char* version : {"9.9.9", "1.0", "1.0.0-rc.1"}) BOOST_TEST(!index.find("nginx", version));
  BOOST_TEST(!index.find("ngin", "1.0.0"));
}

BOOST_AUTO_TEST_CASE(an_entry_comes_first_of_its_chart_and_everything_else_stays) {
  RepositoryIndex index(kIndex);
  index.add(entry("nginx", "1.1.0"));
  const std::size_t first = kIndex.find("  - apiVersion");
  std::string wanted = kIndex;
  wanted.insert(first, "  - name: nginx\n    version: 1.1.0\n    digest: " + crypto::sha256("nginx1.1.0").hex() + "\n");
  BOOST_TEST(index.text() == wanted);
  index.add(entry("nginx", "1.1.0"));
  BOOST_TEST(index.text() == wanted);
}

BOOST_AUTO_TEST_CASE(new_charts_come_in_the_order_of_names) {
  RepositoryIndex index(kIndex);
  for (const char* name : {"zookeeper", "api", "postgres"}) index.add(entry(name, "1.0.0"));
  std::vector<std::string> names;
  const yaml::Node read = yaml::parse(index.text(), "index.yaml").at("entries");
  for (const auto& [name, versions] : read.members()) names.push_back(name);
  const std::vector<std::string> wanted{"api", "nginx", "postgres", "redis", "zookeeper"};
  BOOST_TEST(names == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_was_added_and_removed_leaves_the_rest_as_it_was) {
  RepositoryIndex index(kIndex);
  for (const char* version : {"2.0.0", "2.1.0"}) index.add(entry("nginx", version));
  for (const char* version : {"2.0.0", "2.1.0", "3.0.0"}) index.remove("nginx", version);
  BOOST_TEST(index.text() == kIndex);
  index.remove("redis", "1.10");
  BOOST_TEST(!index.find("redis", "1.10"));
  BOOST_TEST(yaml::parse(index.text(), "index.yaml").at("entries").at("redis").items().empty());
  index.add(entry("redis", "1.11.0"));
  BOOST_TEST(index.find("redis", "1.11.0").has_value());
}

BOOST_AUTO_TEST_CASE(a_version_listed_with_another_digest_is_a_conflict) {
  RepositoryIndex index(kIndex);
  testing::refuses(Fault::kConflict, "index.yaml lists nginx 1.0.0 with sha256:aaaa",
                   [&] { index.add(entry("nginx", "1.0.0")); });
  BOOST_TEST(index.text() == kIndex);
}

BOOST_AUTO_TEST_CASE(nothing_and_an_index_of_nothing_take_a_first_entry) {
  for (const char* text : {"", "apiVersion: v1\nentries: {}\ngenerated: \"x\"\n", "---\napiVersion: v1\nentries:\n",
                           "apiVersion: v1\nentries: {}"}) {
    RepositoryIndex index(text);
    index.add(entry("nginx", "1.0.0"));
    BOOST_TEST(index.find("nginx", "1.0.0").has_value());
    BOOST_TEST(yaml::parse(index.text(), "index.yaml").at("entries").at("nginx").items().size() == 1U);
  }
}

BOOST_AUTO_TEST_CASE(items_that_are_indented_further_and_quoted_names_are_read) {
  RepositoryIndex index("entries:\n  \"nginx\":\n    - version: 1.0.0\n      digest: sha256:" + std::string(64, 'd') +
                        "\n");
  BOOST_TEST(index.find("nginx", "1.0.0")->hex() == std::string(64, 'd'));
  index.add(entry("nginx", "1.1.0"));
  BOOST_TEST(yaml::parse(index.text(), "index.yaml").at("entries").at("nginx").items().size() == 2U);
}

BOOST_AUTO_TEST_CASE(another_form_is_refused_with_its_line) {
  for (const auto& [text, said] :
       std::map<std::string, std::string>{{"{\"apiVersion\":\"v1\"}\n", "line 1: `{"},
                                          {"apiVersion: v1\n", "line 1: `the end, without `entries:``"},
                                          {"entries: [1]\n", "line 1: `entries: [1]"},
                                          {"entries:\n  - a\n", "line 2: `  - a"},
                                          {"entries:\n  nginx: {}\n", "line 2: `  nginx: {}"},
                                          {"entries:\n  nginx:\n    version: 1\n", "line 3: `    version: 1"},
                                          {"entries:\n\tnginx:\n", "line 2:"},
                                          {"entries:\nentries:\n", "line 2: `entries:"}})
    testing::refuses(Fault::kInput, "index.yaml, " + said, [&text = text] { RepositoryIndex index(text); });
}

BOOST_AUTO_TEST_CASE(the_time_of_writing_is_set_where_there_is_one) {
  RepositoryIndex index(kIndex);
  index.set_generated("2026-11-23T12:00:00Z");
  BOOST_TEST(index.text().ends_with("generated: \"2026-11-23T12:00:00Z\"\n"));
  RepositoryIndex none("entries: {}\n");
  none.set_generated("2026-11-23T12:00:00Z");
  BOOST_TEST(none.text() == "entries: {}\n");
}

// Chart.yaml in full, with texts that a careless writer would spoil.
BOOST_AUTO_TEST_CASE(an_entry_says_what_helm_says_of_the_same_package) {
  chart::Subtree chart = testing::small_chart("nginx");
  chart["Chart.yaml"].content +=
      "home: https://example.com/#top\nkeywords: [\"yes\", web: no, '1.10']\nmaintainers:\n- name: Ann O'Neill\n  "
      "email: ann@example.com\n"
      "annotations:\n  artifacthub.io/changes: |\n    - kind: added\n      description: \"one: two\"\n  number: \"1\"\n"
      "dependencies:\n- name: redis\n  version: 1.x\n  repository: \"\"\n  tags: [cache]\n  import-values:\n  - child: "
      "a\n    parent: b\n  - data\n";
  chart["Chart.yaml"].content.replace(chart["Chart.yaml"].content.find("web: no"), 7, "'web: no'");
  chart["charts/redis-1.2.3.tgz"].content = testing::packed(testing::small_chart("redis"));
  const chart::Package package = chart::package(chart, "charts/nginx");
  TemporaryFolder folder;
  write_file(folder.path() / package.file_name, package.bytes);
  testing::printed({testing::helm().string(), "repo", "index", ".", "--url", "https://example.com/charts"},
                   folder.path());
  const std::string by_helm = read_file(folder.path() / "index.yaml", 1024 * 1024);
  RepositoryIndex ours;
  ours.add(
      chart::index_entry(chart, package, "https://example.com/charts/" + package.file_name, "2026-11-23T12:00:00Z"));
  const bool equal =
      same(yaml::parse(without_created(ours.text()), "ours"), yaml::parse(without_created(by_helm), "helm's"));
  BOOST_TEST(equal, ours.text() << "\nhelm:\n" << by_helm);
}

// What helm wrote of many packages is edited, and helm reads what comes out.
BOOST_AUTO_TEST_CASE(helm_reads_what_was_made_of_its_own_index) {
  TemporaryFolder folder;
  for (const auto& [name, version] : {std::pair{"api", "1.0.0"}, {"api", "1.1.0"}, {"web", "0.1.0"}}) {
    const chart::Package package = chart::package(testing::small_chart(name, version), name);
    write_file(folder.path() / package.file_name, package.bytes);
  }
  testing::printed({testing::helm().string(), "repo", "index", "."}, folder.path());
  RepositoryIndex index(read_file(folder.path() / "index.yaml", 1024 * 1024));
  const chart::Subtree chart = testing::small_chart("api", "1.2.0");
  index.add(chart::index_entry(chart, chart::package(chart, "api"), "https://example.com/api-1.2.0.tgz",
                               "2026-11-23T12:00:00Z"));
  index.remove("api", "1.0.0");
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    std::filesystem::remove_all(entry.path());
  write_file(folder.path() / "index.yaml", index.text());
  testing::printed({testing::helm().string(), "repo", "index", ".", "--merge", "index.yaml"}, folder.path());
  const RepositoryIndex merged(read_file(folder.path() / "index.yaml", 1024 * 1024));
  for (const auto& [version, is_listed] : {std::pair{"1.0.0", false}, {"1.1.0", true}, {"1.2.0", true}})
    BOOST_TEST(merged.find("api", version).has_value() == is_listed, version);
  BOOST_TEST(merged.find("web", "0.1.0").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
