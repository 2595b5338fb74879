#include <boost/test/unit_test.hpp>
#include <set>
#include <sstream>

#include "core/base/file.h"
#include "core/base/process.h"
#include "core/yaml/document.h"
#include "testing/data.h"
#include "yaml/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(yaml)

namespace {

std::string bumped(std::string_view text) {
  return splice_scalar(text, "version", "9.9.9", "Chart.yaml");
}

std::string refused(std::string_view text) {
  return refusal([&] { bumped(text); });
}

std::string git(std::vector<std::string> arguments, const std::filesystem::path& folder, std::string input = "") {
  arguments.insert(arguments.begin(), "git");
  Command command{.arguments = std::move(arguments),
                  .environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"HOME", folder.string()}},
                  .folder = folder,
                  .input = std::move(input)};
  const Exit exit = run(command);
  BOOST_REQUIRE_MESSAGE(exit.code == 0, exit.errors);
  return exit.output;
}

}  // namespace

BOOST_AUTO_TEST_CASE(exactly_the_value_changes) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"version: 1.0.0\n", "version: 9.9.9\n"},
      {"version: 1.0.0", "version: 9.9.9"},
      {"version:   1.0.0   \nname: x\n", "version:   9.9.9   \nname: x\n"},
      {"version: 1.0.0 # keep\n", "version: 9.9.9 # keep\n"},
      {"version: \"1.0.0\"\t# keep\n", "version: \"9.9.9\"\t# keep\n"},
      {"version: '1.0.0' # it's\n", "version: '9.9.9' # it's\n"},
      {"version: \"\"\n", "version: \"9.9.9\"\n"},
      {"\"version\": 1.0.0\n", "\"version\": 9.9.9\n"},
      {"'version' : 1.0.0\n", "'version' : 9.9.9\n"},
      {"version : 1.0.0\n", "version : 9.9.9\n"},
      {"version:\n  # next line\n  1.0.0\n", "version:\n  # next line\n  9.9.9\n"},
      {"---\n# c\nversion: 1.0.0\n...\n", "---\n# c\nversion: 9.9.9\n...\n"},
      {"\xef\xbb\xbfversion: 1.0.0\nb: 1\n", "\xef\xbb\xbfversion: 9.9.9\nb: 1\n"},
      {"\xef\xbb\xbf# \xc3\xa9\nversion: 1.0.0\n", "\xef\xbb\xbf# \xc3\xa9\nversion: 9.9.9\n"},
      {"d: \xf0\x9f\x98\x80 \xc3\xa9\nversion: 1.0.0\n", "d: \xf0\x9f\x98\x80 \xc3\xa9\nversion: 9.9.9\n"},
      {"a: 1\nversion: 1.0.0\r\nb: 2\n", "a: 1\nversion: 9.9.9\r\nb: 2\n"},
      {"a: 1\r\nversion: \"1.0.0\" # c\r\nb: 2", "a: 1\r\nversion: \"9.9.9\" # c\r\nb: 2"},
      {"version: 1.0.0+a#b\n", "version: 9.9.9\n"},
      {"version: it's\n", "version: 9.9.9\n"},
      {"version: \"a\\\"b\" # \"\n", "version: \"9.9.9\" # \"\n"},
      {"version: 'a''b' # '\n", "version: '9.9.9' # '\n"},
  };
  for (const auto& [before, after] : cases) BOOST_TEST(bumped(before) == after);
}

BOOST_AUTO_TEST_CASE(other_versions_are_not_the_version) {
  const std::string before =
      "annotations:\n  version: 0.1\n  text: |\n    version: 0.2\ndescription: \"a\n\nversion: 0.3 \"\n"
      "dependencies:\n- name: x\n  version: 0.4\n# version: 0.5\nappVersion: 0.6\nversion: 1.0.0\n";
  std::string after = before;
  after.replace(after.rfind("1.0.0"), 5, "9.9.9");
  BOOST_TEST(bumped(before) == after);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_edited_is_refused_with_its_line) {
  BOOST_TEST(refused("name: x\nBumversion: 1.26.1\n") == "`version` is missing in Chart.yaml, line 1");
  BOOST_TEST(refused("version: 1\nname: x\nversion: 2\n") ==
             "Chart.yaml, line 3: key `version` stands here and in line 1, wanted once");
  BOOST_TEST(refused("name: x\nversion: |\n  1.0.0\n") ==
             "Chart.yaml: version is written over several lines, wanted one, line 2");
  BOOST_TEST(holds(refused("version: 1.0\n  .0\n"), "over several lines"));
  BOOST_TEST(holds(refused("version: \"1.0\n  .0\"\n"), "over several lines"));
  BOOST_TEST(refused("name: x\nversion:\n") == "Chart.yaml: version is not a scalar, line 2");
  BOOST_TEST(holds(refused("version: ~\n"), "is not a scalar"));
  BOOST_TEST(holds(refused("version: [1]\n"), "is not a scalar"));
  BOOST_TEST(holds(refused("{version: 1.0.0}\n"), "is not a block mapping"));
  BOOST_TEST(holds(refused("- version: 1.0.0\n"), "is not a block mapping"));
  BOOST_TEST(holds(refused("? version\n: 1.0.0\n"), "without a colon"));
  BOOST_TEST(holds(refused("  name: x\n  version: 1.0.0\n"), "does not start its line"));
  BOOST_TEST(holds(refused("text: |\n  version: 1.0.0\n"), "`version` is missing"));
  BOOST_TEST(holds(refused("<<<<<<< HEAD\nversion: 1\n=======\nversion: 2\n>>>>>>> x\n"), "a conflict marker"));
}

BOOST_AUTO_TEST_CASE(the_new_value_must_be_plain) {
  for (const char* value :
       {"", "a b", "1: 2", "#x", "'1'", "\"", "x\ny: 1", "*a", "&a", "!t", "- x", "[1]", "\xc3\xa9"})
    BOOST_TEST(
        holds(refusal([&] { splice_scalar("version: 1\n", "version", value, "c"); }), "cannot be the `version`"));
  BOOST_TEST(
      holds(refusal([&] { splice_scalar("version: 1\n", "version", "null", "c"); }), "a reader takes it for nothing"));
  BOOST_TEST(splice_scalar("version: '1'\n", "version", "null", "c") == "version: 'null'\n");
  BOOST_TEST(splice_scalar("version: 1\n", "version", "1.2.3-rc.1+build.5", "c") == "version: 1.2.3-rc.1+build.5\n");
}

BOOST_AUTO_TEST_CASE(of_a_member_exactly_the_value_changes) {
  const auto set = [](std::string_view text) { return splice_member(text, "a", "b/c", "true", "Chart.yaml"); };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a:\n  b/c: \"false\" # keep\n  d: 1\nb/c: 2\n", "a:\n  b/c: \"true\" # keep\n  d: 1\nb/c: 2\n"},
      {"a:\r\n  d: |\r\n    b/c: 1\r\n  b/c: 'x'\r\n", "a:\r\n  d: |\r\n    b/c: 1\r\n  b/c: 'true'\r\n"},
      {"a: {d: 1, b/c: \"false\", e: [b/c]}\n", "a: {d: 1, b/c: \"true\", e: [b/c]}\n"},
      {"a:\n  'b/c':\n    \"\"\n", "a:\n  'b/c':\n    \"true\"\n"},
      {"a:\n  b/c: \"true\"\n", "a:\n  b/c: \"true\"\n"},
  };
  for (const auto& [before, after] : cases) BOOST_TEST(set(before) == after);
  const auto refused = [&](std::string_view text) { return refusal([&] { set(text); }); };
  BOOST_TEST(refused("a:\n  d: 1\n") == "`b/c` is missing in Chart.yaml: a, line 2");
  BOOST_TEST(refused("b: 1\n") == "`a` is missing in Chart.yaml, line 1");
  BOOST_TEST(refused("a:\n  b/c: |\n    x\n") ==
             "Chart.yaml: a[\"b/c\"] is written over several lines, wanted one, line 2");
  BOOST_TEST(holds(refused("a:\n  b/c: [x]\n"), "is not a scalar"));
  BOOST_TEST(holds(refused("a: 1\n"), "a"));
}

// Every Chart.yaml that a real repository ever had.
BOOST_AUTO_TEST_CASE(real_charts_change_in_their_version_only) {
  const auto bundle = testing::data("charts/argo-charts.bundle");
  if (!bundle) return;
  const TemporaryFolder folder;
  git({"clone", "-q", "--bare", bundle->string(), "r.git"}, folder.path());
  const std::filesystem::path repository = folder.path() / "r.git";
  std::set<std::string> blobs;
  std::istringstream log(git({"log", "--all", "--raw", "--no-abbrev", "--format=", "--", "*Chart.yaml"}, repository));
  for (std::string line; std::getline(log, line);) {
    const std::string blob = line.substr(56, 40);
    if (blob != std::string(40, '0')) blobs.insert(blob);
  }
  std::string wanted;
  for (const std::string& blob : blobs) wanted += blob + "\n";
  const std::string batch = git({"cat-file", "--batch"}, repository, wanted);
  std::size_t spliced = 0;
  for (std::size_t at = 0; at < batch.size();) {
    const std::size_t head = batch.find('\n', at);
    const std::size_t size = std::stoul(batch.substr(batch.rfind(' ', head)));
    const std::string text = batch.substr(head + 1, size);
    at = head + size + 2;
    const std::size_t key = text.starts_with("version:") ? 0 : text.find("\nversion:") + 1;
    const std::size_t begin = text.find_first_not_of(" \"'", key + 8);
    std::string expected = text;
    expected.replace(begin, text.find_first_of(" \"'\r\n", begin) - begin, "99.99.99");
    BOOST_TEST(splice_scalar(text, "version", "99.99.99", "Chart.yaml") == expected);
    const std::string noted = splice_block(text, "annotations", "artifacthub.io/changes",
                                           {"- kind: fixed", "  description: x"}, "Chart.yaml");
    BOOST_TEST(parse(noted, "x").at("annotations").at("artifacthub.io/changes").text() ==
               "- kind: fixed\n  description: x\n");
    ++spliced;
  }
  BOOST_TEST(spliced == blobs.size());
  BOOST_TEST(spliced > 100U);
  BOOST_TEST_MESSAGE(spliced << " real Chart.yaml files");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
